set -eo pipefail
sparsetool init resnet20 --data cifar10:16 --seed 0 -o init-7b1b53d2.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-7b1b53d2.st -o dense-0.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 dense-0.st -o dense-cyclic-0.st
sparsetool prune --magnitude --rate 0.5 dense-0.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-ee3ae063.st
sparsetool prune --magnitude --rate 0.5 train-cycles-ee3ae063.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-2.st
sparsetool prune --magnitude --global 0.9 level-2.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-0.st
sparsetool prune --magnitude --rate 0.5 lrr-0.9-0.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-68b94660.st
sparsetool prune --magnitude --global 0.98 train-cycles-68b94660.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.98-0.st
sparsetool mask --random --balanced 0.9 init-7b1b53d2.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 -o random-0.9-0.st
sparsetool mask --random --balanced 0.98 init-7b1b53d2.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 -o random-0.98-0.st
sparsetool mask --random --balanced 0.5 init-7b1b53d2.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 -o train-cycles-ced2c9bc.st
sparsetool prune --magnitude --global 0.8 train-cycles-ced2c9bc.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-0.8-0.st
sparsetool prune --magnitude --global 0.9 train-cycles-ced2c9bc.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-0.9-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-ced2c9bc.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-0.95-0.st
sparsetool prune --magnitude --global 0.98 train-cycles-ced2c9bc.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-0.98-0.st

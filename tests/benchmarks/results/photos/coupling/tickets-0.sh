set -eo pipefail
sparsetool init resnet20 --data cifar10:16 --seed 0 -o init-7b1b53d2.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-7b1b53d2.st \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-fe082761.st
sparsetool prune --magnitude --global 0.9 train-cycles-fe082761.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-0.st
sparsetool mask --from lrr-0.9-0.st train-cycles-fe082761.st \
  | sparsetool mask --from lrr-0.9-0.st -o mask-ed5da5de.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 10 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 842973000000 mask-ed5da5de.st -o lrr-own-own-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 469722000000 --n 2 mask-ed5da5de.st -o lrr-own-own-0.9-cyclic-0.st
sparsetool init resnet20 --data cifar10:16 --seed 1000 -o init-d5625277.st
sparsetool mask --from lrr-0.9-0.st init-d5625277.st -o mask-d3804826.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 10 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 672484000000 mask-d3804826.st -o lrr-random-own-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 905217000000 --n 2 mask-d3804826.st -o lrr-random-own-0.9-cyclic-0.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-7b1b53d2.st -o train-cycles-3e701084.st
sparsetool transfer-signs --from train-cycles-3e701084.st mask-d3804826.st -o transfer-signs-ef0e4646.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 10 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 503705000000 transfer-signs-ef0e4646.st -o lrr-random-warm-up-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 173286000000 --n 2 transfer-signs-ef0e4646.st -o lrr-random-warm-up-0.9-cyclic-0.st
sparsetool mask --from lrr-0.9-0.st train-cycles-3e701084.st -o mask-d20a7e00.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 10 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 723352000000 mask-d20a7e00.st -o lrr-warm-up-own-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 672206000000 mask-d20a7e00.st -o train-cycles-90903f35.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 672206000000 train-cycles-90903f35.st -o lrr-warm-up-own-0.9-cyclic-0.st
sparsetool mask --random --balanced 0.9 init-7b1b53d2.st -o mask-20126e80.st
sparsetool mask --from mask-20126e80.st init-d5625277.st -o mask-a4349b08.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 475876000000 --n 2 mask-a4349b08.st -o random-random-own-0.9-cyclic-0.st
sparsetool transfer-signs --from train-cycles-3e701084.st mask-a4349b08.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 912761000000 --n 2 -o random-random-warm-up-0.9-cyclic-0.st
sparsetool mask --from mask-20126e80.st train-cycles-3e701084.st \
  | sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 428703000000 -o train-cycles-86c97dd3.st
sparsetool train-cycles --batch-size 128 --data cifar10:16 --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 428703000000 train-cycles-86c97dd3.st -o random-warm-up-own-0.9-cyclic-0.st

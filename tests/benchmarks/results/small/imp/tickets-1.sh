set -eo pipefail
sparsetool init resnet20 --data digits --seed 1 -o init-fef45e90.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-fef45e90.st -o dense-1.st
sparsetool prune --magnitude --rate 0.2 dense-1.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-d0b70b21.st
sparsetool prune --magnitude --rate 0.2 train-cycles-d0b70b21.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-6dc085ce.st
sparsetool prune --magnitude --rate 0.2 train-cycles-6dc085ce.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-b344dbc7.st
sparsetool prune --magnitude --rate 0.2 train-cycles-b344dbc7.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-d157f43c.st
sparsetool prune --magnitude --global 0.67 train-cycles-d157f43c.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.67-1.st
sparsetool prune --magnitude --rate 0.2 imp-0.67-1.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-73ef13d9.st
sparsetool prune --magnitude --rate 0.2 train-cycles-73ef13d9.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-2454a6a2.st
sparsetool prune --magnitude --rate 0.2 train-cycles-2454a6a2.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-cc8fff7c.st
sparsetool prune --magnitude --rate 0.2 train-cycles-cc8fff7c.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-76450798.st
sparsetool prune --magnitude --global 0.9 train-cycles-76450798.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.9-1.st
sparsetool prune --magnitude --rate 0.2 imp-0.9-1.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-f99777f9.st
sparsetool prune --magnitude --rate 0.2 train-cycles-f99777f9.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-570c7ecc.st
sparsetool prune --magnitude --global 0.95 train-cycles-570c7ecc.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.95-1.st

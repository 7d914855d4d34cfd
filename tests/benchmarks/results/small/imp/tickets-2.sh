set -eo pipefail
sparsetool init resnet20 --data digits --seed 2 -o init-062bc250.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-062bc250.st -o dense-2.st
sparsetool prune --magnitude --rate 0.2 dense-2.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-ee845c16.st
sparsetool prune --magnitude --rate 0.2 train-cycles-ee845c16.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-0f5cf8ab.st
sparsetool prune --magnitude --rate 0.2 train-cycles-0f5cf8ab.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-6f4fec1b.st
sparsetool prune --magnitude --rate 0.2 train-cycles-6f4fec1b.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-6eb65344.st
sparsetool prune --magnitude --global 0.67 train-cycles-6eb65344.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.67-2.st
sparsetool prune --magnitude --rate 0.2 imp-0.67-2.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-9acec541.st
sparsetool prune --magnitude --rate 0.2 train-cycles-9acec541.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-94150b8b.st
sparsetool prune --magnitude --rate 0.2 train-cycles-94150b8b.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-7b89d818.st
sparsetool prune --magnitude --rate 0.2 train-cycles-7b89d818.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-e803aeed.st
sparsetool prune --magnitude --global 0.9 train-cycles-e803aeed.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.9-2.st
sparsetool prune --magnitude --rate 0.2 imp-0.9-2.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-fa50e0d0.st
sparsetool prune --magnitude --rate 0.2 train-cycles-fa50e0d0.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-14e2c818.st
sparsetool prune --magnitude --global 0.95 train-cycles-14e2c818.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.95-2.st

set -eo pipefail
sparsetool init resnet20 --data digits --seed 0 -o init-066dca70.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-066dca70.st -o dense-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-066dca70.st -o train-cycles-98e6eb8c.st
sparsetool prune --magnitude --rate 0.2 dense-0.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-f4758285.st
sparsetool prune --magnitude --rate 0.2 train-cycles-f4758285.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-6ef344f7.st
sparsetool prune --magnitude --rate 0.2 train-cycles-6ef344f7.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-ce2db54b.st
sparsetool prune --magnitude --rate 0.2 train-cycles-ce2db54b.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-33e63f06.st
sparsetool prune --magnitude --global 0.67 train-cycles-33e63f06.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.67-0.st
sparsetool prune --magnitude --rate 0.2 wr-0.67-0.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-73277dee.st
sparsetool prune --magnitude --rate 0.2 train-cycles-73277dee.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-4881270e.st
sparsetool prune --magnitude --rate 0.2 train-cycles-4881270e.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-39841a0e.st
sparsetool prune --magnitude --rate 0.2 train-cycles-39841a0e.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-12328eff.st
sparsetool prune --magnitude --global 0.9 train-cycles-12328eff.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.9-0.st
sparsetool prune --magnitude --rate 0.2 wr-0.9-0.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-622fb8ab.st
sparsetool prune --magnitude --rate 0.2 train-cycles-622fb8ab.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-2174d646.st
sparsetool prune --magnitude --global 0.95 train-cycles-2174d646.st \
  | sparsetool rewind --to train-cycles-98e6eb8c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.95-0.st

set -eo pipefail
sparsetool init resnet20 --data digits --seed 2 -o init-062bc250.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-062bc250.st -o dense-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-062bc250.st -o train-cycles-1d8a384f.st
sparsetool prune --magnitude --rate 0.2 dense-2.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-a60fba5f.st
sparsetool prune --magnitude --rate 0.2 train-cycles-a60fba5f.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-f38c0e86.st
sparsetool prune --magnitude --rate 0.2 train-cycles-f38c0e86.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-1ca4189f.st
sparsetool prune --magnitude --rate 0.2 train-cycles-1ca4189f.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-c3972aff.st
sparsetool prune --magnitude --global 0.67 train-cycles-c3972aff.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.67-2.st
sparsetool prune --magnitude --rate 0.2 wr-0.67-2.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-40f30d37.st
sparsetool prune --magnitude --rate 0.2 train-cycles-40f30d37.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-3b933a96.st
sparsetool prune --magnitude --rate 0.2 train-cycles-3b933a96.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-551840fa.st
sparsetool prune --magnitude --rate 0.2 train-cycles-551840fa.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-6b51864d.st
sparsetool prune --magnitude --global 0.9 train-cycles-6b51864d.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.9-2.st
sparsetool prune --magnitude --rate 0.2 wr-0.9-2.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-12e4ae37.st
sparsetool prune --magnitude --rate 0.2 train-cycles-12e4ae37.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-70904e54.st
sparsetool prune --magnitude --global 0.95 train-cycles-70904e54.st \
  | sparsetool rewind --to train-cycles-1d8a384f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.95-2.st

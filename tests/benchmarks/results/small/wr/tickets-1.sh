set -eo pipefail
sparsetool init resnet20 --data digits --seed 1 -o init-fef45e90.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-fef45e90.st -o dense-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-fef45e90.st -o train-cycles-fa1ce8ef.st
sparsetool prune --magnitude --rate 0.2 dense-1.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-6b8d9a2a.st
sparsetool prune --magnitude --rate 0.2 train-cycles-6b8d9a2a.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-f88af2c9.st
sparsetool prune --magnitude --rate 0.2 train-cycles-f88af2c9.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-e10bdcda.st
sparsetool prune --magnitude --rate 0.2 train-cycles-e10bdcda.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-4ab35978.st
sparsetool prune --magnitude --global 0.67 train-cycles-4ab35978.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.67-1.st
sparsetool prune --magnitude --rate 0.2 wr-0.67-1.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-53d855fb.st
sparsetool prune --magnitude --rate 0.2 train-cycles-53d855fb.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-3cd38e78.st
sparsetool prune --magnitude --rate 0.2 train-cycles-3cd38e78.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-f100cf90.st
sparsetool prune --magnitude --rate 0.2 train-cycles-f100cf90.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-6aa8db5a.st
sparsetool prune --magnitude --global 0.9 train-cycles-6aa8db5a.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.9-1.st
sparsetool prune --magnitude --rate 0.2 wr-0.9-1.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-b10f0b0f.st
sparsetool prune --magnitude --rate 0.2 train-cycles-b10f0b0f.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-0eee0134.st
sparsetool prune --magnitude --global 0.95 train-cycles-0eee0134.st \
  | sparsetool rewind --to train-cycles-fa1ce8ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.95-1.st

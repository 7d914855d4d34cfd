set -eo pipefail
sparsetool init resnet20 --data digits --seed 0 -o init-066dca70.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-066dca70.st -o dense-0.st
sparsetool prune --magnitude --rate 0.2 dense-0.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-37aa45cb.st
sparsetool prune --magnitude --rate 0.2 train-cycles-37aa45cb.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-5bcb3364.st
sparsetool prune --magnitude --rate 0.2 train-cycles-5bcb3364.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-08876687.st
sparsetool prune --magnitude --rate 0.2 train-cycles-08876687.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-5ba6bdeb.st
sparsetool prune --magnitude --global 0.67 train-cycles-5ba6bdeb.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.67-0.st
sparsetool prune --magnitude --rate 0.2 imp-0.67-0.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-2576cf34.st
sparsetool prune --magnitude --rate 0.2 train-cycles-2576cf34.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-ea7c06da.st
sparsetool prune --magnitude --rate 0.2 train-cycles-ea7c06da.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-970a3db5.st
sparsetool prune --magnitude --rate 0.2 train-cycles-970a3db5.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-233b964f.st
sparsetool prune --magnitude --global 0.9 train-cycles-233b964f.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.9-0.st
sparsetool prune --magnitude --rate 0.2 imp-0.9-0.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-76e9195b.st
sparsetool prune --magnitude --rate 0.2 train-cycles-76e9195b.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-254b69be.st
sparsetool prune --magnitude --global 0.95 train-cycles-254b69be.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.95-0.st

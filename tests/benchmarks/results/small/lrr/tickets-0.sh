set -eo pipefail
sparsetool init resnet20 --data digits --seed 0 -o init-066dca70.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-066dca70.st -o cycle-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-1.st -o cycle-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-2.st -o cycle-3.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-3.st -o cycle-4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-4.st -o cycle-5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-5.st -o cycle-6.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-6.st -o cycle-7.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-7.st -o cycle-8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-8.st -o cycle-9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-9.st -o cycle-10.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-10.st -o cycle-11.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-11.st -o cycle-12.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-12.st -o cycle-13.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 cycle-13.st -o cycle-14.st
sparsetool prune --magnitude --rate 0.2 cycle-1.st -o prune-0b6e6b68.st
sparsetool rewind --to init-066dca70.st prune-0b6e6b68.st \
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
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 prune-0b6e6b68.st -o train-cycles-248552af.st
sparsetool prune --magnitude --rate 0.2 train-cycles-248552af.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-39d65e59.st
sparsetool prune --magnitude --rate 0.2 train-cycles-39d65e59.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-315a3956.st
sparsetool prune --magnitude --rate 0.2 train-cycles-315a3956.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-42916a6f.st
sparsetool prune --magnitude --global 0.67 train-cycles-42916a6f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.67-0.st
sparsetool prune --magnitude --rate 0.2 lrr-0.67-0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-1d0a2da5.st
sparsetool prune --magnitude --rate 0.2 train-cycles-1d0a2da5.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-eeed30b4.st
sparsetool prune --magnitude --rate 0.2 train-cycles-eeed30b4.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-274e625c.st
sparsetool prune --magnitude --rate 0.2 train-cycles-274e625c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-3f58107d.st
sparsetool prune --magnitude --global 0.9 train-cycles-3f58107d.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-0.st
sparsetool prune --magnitude --rate 0.2 lrr-0.9-0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-d232eb51.st
sparsetool prune --magnitude --rate 0.2 train-cycles-d232eb51.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-5362e332.st
sparsetool prune --magnitude --global 0.95 train-cycles-5362e332.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.95-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-066dca70.st -o train-cycles-98e6eb8c.st
sparsetool rewind --to train-cycles-98e6eb8c.st prune-0b6e6b68.st \
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

set -eo pipefail
sparsetool init resnet20 --data digits --seed 2 -o init-062bc250.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-062bc250.st -o cycle-1.st
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
sparsetool prune --magnitude --rate 0.2 cycle-1.st -o prune-b73ccdea.st
sparsetool rewind --to init-062bc250.st prune-b73ccdea.st \
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
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 prune-b73ccdea.st -o train-cycles-4dd6bb3e.st
sparsetool prune --magnitude --rate 0.2 train-cycles-4dd6bb3e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-529a028c.st
sparsetool prune --magnitude --rate 0.2 train-cycles-529a028c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-3fead9b7.st
sparsetool prune --magnitude --rate 0.2 train-cycles-3fead9b7.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-794476d6.st
sparsetool prune --magnitude --global 0.67 train-cycles-794476d6.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.67-2.st
sparsetool prune --magnitude --rate 0.2 lrr-0.67-2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-3f2840c2.st
sparsetool prune --magnitude --rate 0.2 train-cycles-3f2840c2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-8308612a.st
sparsetool prune --magnitude --rate 0.2 train-cycles-8308612a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-0f516ff7.st
sparsetool prune --magnitude --rate 0.2 train-cycles-0f516ff7.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-c0cbf752.st
sparsetool prune --magnitude --global 0.9 train-cycles-c0cbf752.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-2.st
sparsetool prune --magnitude --rate 0.2 lrr-0.9-2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-03f13eac.st
sparsetool prune --magnitude --rate 0.2 train-cycles-03f13eac.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-08ff488d.st
sparsetool prune --magnitude --global 0.95 train-cycles-08ff488d.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.95-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-062bc250.st -o train-cycles-1d8a384f.st
sparsetool rewind --to train-cycles-1d8a384f.st prune-b73ccdea.st \
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

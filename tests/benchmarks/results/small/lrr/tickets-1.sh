set -eo pipefail
sparsetool init resnet20 --data digits --seed 1 -o init-fef45e90.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-fef45e90.st -o cycle-1.st
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
sparsetool prune --magnitude --rate 0.2 cycle-1.st -o prune-ee978732.st
sparsetool rewind --to init-fef45e90.st prune-ee978732.st \
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
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 prune-ee978732.st -o train-cycles-4b2884e6.st
sparsetool prune --magnitude --rate 0.2 train-cycles-4b2884e6.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-34102fee.st
sparsetool prune --magnitude --rate 0.2 train-cycles-34102fee.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-e5d99772.st
sparsetool prune --magnitude --rate 0.2 train-cycles-e5d99772.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-83c57c53.st
sparsetool prune --magnitude --global 0.67 train-cycles-83c57c53.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.67-1.st
sparsetool prune --magnitude --rate 0.2 lrr-0.67-1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-422a45d2.st
sparsetool prune --magnitude --rate 0.2 train-cycles-422a45d2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-8415f139.st
sparsetool prune --magnitude --rate 0.2 train-cycles-8415f139.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-3bfea90e.st
sparsetool prune --magnitude --rate 0.2 train-cycles-3bfea90e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-d1719b67.st
sparsetool prune --magnitude --global 0.9 train-cycles-d1719b67.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-1.st
sparsetool prune --magnitude --rate 0.2 lrr-0.9-1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-3c4361ad.st
sparsetool prune --magnitude --rate 0.2 train-cycles-3c4361ad.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-dbb0f6ef.st
sparsetool prune --magnitude --global 0.95 train-cycles-dbb0f6ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.95-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-fef45e90.st -o train-cycles-fa1ce8ef.st
sparsetool rewind --to train-cycles-fa1ce8ef.st prune-ee978732.st \
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

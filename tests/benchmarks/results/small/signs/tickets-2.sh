set -eo pipefail
sparsetool init resnet20 --data digits --seed 2 -o init-062bc250.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-062bc250.st \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.93 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.93-2.st
sparsetool init resnet20 --data digits --seed 1002 \
  | sparsetool mask --from lrr-0.93-2.st -o mask-edadd634.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-062bc250.st -o train-cycles-1d8a384f.st
sparsetool transfer-signs --perturb 0 --from train-cycles-1d8a384f.st mask-edadd634.st -o transfer-signs-6cecd075.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 478471000002 transfer-signs-6cecd075.st -o train-cycles-1c76f724.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 478471000002 train-cycles-1c76f724.st -o train-cycles-e6f2342e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 478471000002 train-cycles-e6f2342e.st -o train-cycles-363ed64c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 478471000002 train-cycles-363ed64c.st -o train-cycles-6ef6f24c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 478471000002 train-cycles-6ef6f24c.st -o train-cycles-44117a3f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 478471000002 train-cycles-44117a3f.st -o train-cycles-b017b2c3.st
sparsetool transfer-signs --perturb 0.2 --from train-cycles-1d8a384f.st mask-edadd634.st -o transfer-signs-2a8ff736.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 5114000002 transfer-signs-2a8ff736.st -o train-cycles-25d87d64.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 5114000002 train-cycles-25d87d64.st -o train-cycles-f983c248.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 5114000002 train-cycles-f983c248.st -o train-cycles-bdc6d616.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 5114000002 train-cycles-bdc6d616.st -o train-cycles-f412e4ba.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 5114000002 train-cycles-f412e4ba.st -o train-cycles-a8c21cb7.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 5114000002 train-cycles-a8c21cb7.st -o train-cycles-7a89cd93.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 634306000002 --stop-after 10 transfer-signs-6cecd075.st -o train-cycles-c3619602.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 634306000002 --stop-after 20 transfer-signs-6cecd075.st -o train-cycles-d6e16455.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 634306000002 --stop-after 30 transfer-signs-6cecd075.st -o train-cycles-d4ce5d58.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 634306000002 --stop-after 40 transfer-signs-6cecd075.st -o train-cycles-27ea5a4b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 634306000002 --stop-after 50 transfer-signs-6cecd075.st -o train-cycles-7646948f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 634306000002 transfer-signs-6cecd075.st -o train-cycles-9021a433.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 281527000002 --stop-after 10 transfer-signs-2a8ff736.st -o train-cycles-42fb07de.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 281527000002 --stop-after 20 transfer-signs-2a8ff736.st -o train-cycles-d006aca5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 281527000002 --stop-after 30 transfer-signs-2a8ff736.st -o train-cycles-b0a376f0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 281527000002 --stop-after 40 transfer-signs-2a8ff736.st -o train-cycles-c268810b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 281527000002 --stop-after 50 transfer-signs-2a8ff736.st -o train-cycles-4b75ac7c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 281527000002 transfer-signs-2a8ff736.st -o train-cycles-82f2d8fc.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 2 transfer-signs-2a8ff736.st -o train-cycles-3a92f4ca.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 2 train-cycles-3a92f4ca.st -o train-cycles-00c1638e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 2 train-cycles-00c1638e.st -o train-cycles-043e1ab0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 2 train-cycles-043e1ab0.st -o train-cycles-c3c86d8b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 2 train-cycles-c3c86d8b.st -o train-cycles-89e76d45.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 2 train-cycles-89e76d45.st -o train-cycles-16ba2bd3.st

set -eo pipefail
sparsetool init resnet20 --data digits --seed 2 -o init-062bc250.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-062bc250.st \
  | sparsetool prune --magnitude --rate 0.2 -o prune-16c23275.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 prune-16c23275.st \
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
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-c4d6c421.st
sparsetool prune --magnitude --global 0.9 train-cycles-c4d6c421.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-2.st
sparsetool mask --from lrr-0.9-2.st init-062bc250.st -o mask-b8455743.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 309291000002 mask-b8455743.st -o lrr-init-own-0.9-control-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 626666000002 mask-b8455743.st -o train-cycles-742390a5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 626666000002 --n 2 train-cycles-742390a5.st -o lrr-init-own-0.9-cyclic-2.st
sparsetool mask --from lrr-0.9-2.st train-cycles-c4d6c421.st \
  | sparsetool mask --from lrr-0.9-2.st -o mask-1a35c3be.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 842973000002 mask-1a35c3be.st -o lrr-own-own-0.9-control-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 469722000002 --n 3 mask-1a35c3be.st -o lrr-own-own-0.9-cyclic-2.st
sparsetool init resnet20 --data digits --seed 1002 -o init-b34ff83c.st
sparsetool mask --from lrr-0.9-2.st init-b34ff83c.st -o mask-8f8f3514.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 672484000002 mask-8f8f3514.st -o lrr-random-own-0.9-control-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 905217000002 --n 3 mask-8f8f3514.st -o lrr-random-own-0.9-cyclic-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-062bc250.st -o train-cycles-489a267a.st
sparsetool transfer-signs --from train-cycles-489a267a.st mask-8f8f3514.st -o transfer-signs-28b0f7d2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 503705000002 transfer-signs-28b0f7d2.st -o lrr-random-warm-up-0.9-control-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 173286000002 --n 3 transfer-signs-28b0f7d2.st -o lrr-random-warm-up-0.9-cyclic-2.st
sparsetool mask --from lrr-0.9-2.st train-cycles-489a267a.st -o mask-eb777fea.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 723352000002 mask-eb777fea.st -o lrr-warm-up-own-0.9-control-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 672206000002 mask-eb777fea.st -o train-cycles-f3d91176.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 672206000002 --n 2 train-cycles-f3d91176.st -o lrr-warm-up-own-0.9-cyclic-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 mask-eb777fea.st -o lrr-warm-up-own-0.9-shared-2.st
sparsetool mask --random --balanced 0.9 init-062bc250.st -o mask-90a7b7b9.st
sparsetool mask --from mask-90a7b7b9.st init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 173053000002 -o train-cycles-9209f09d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 173053000002 --n 2 train-cycles-9209f09d.st -o random-init-own-0.9-cyclic-2.st
sparsetool mask --from mask-90a7b7b9.st init-b34ff83c.st -o mask-81b607e8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 475876000002 --n 3 mask-81b607e8.st -o random-random-own-0.9-cyclic-2.st
sparsetool transfer-signs --from train-cycles-489a267a.st mask-81b607e8.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 912761000002 --n 3 -o random-random-warm-up-0.9-cyclic-2.st
sparsetool mask --from mask-90a7b7b9.st train-cycles-489a267a.st -o mask-58156245.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 428703000002 mask-58156245.st -o train-cycles-22183faf.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 428703000002 --n 2 train-cycles-22183faf.st -o random-warm-up-own-0.9-cyclic-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 mask-58156245.st -o random-warm-up-own-0.9-shared-2.st
sparsetool rewind --to train-cycles-489a267a.st prune-16c23275.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-04d886cf.st
sparsetool prune --magnitude --global 0.9 train-cycles-04d886cf.st \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.9-2.st
sparsetool mask --from wr-0.9-2.st init-062bc250.st -o mask-4cec8dc3.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 878826000002 mask-4cec8dc3.st -o wr-init-own-0.9-control-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 592764000002 mask-4cec8dc3.st -o train-cycles-6d6c9faf.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 592764000002 --n 2 train-cycles-6d6c9faf.st -o wr-init-own-0.9-cyclic-2.st
sparsetool mask --from wr-0.9-2.st train-cycles-04d886cf.st \
  | sparsetool mask --from wr-0.9-2.st -o mask-2d656519.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 564877000002 mask-2d656519.st -o wr-own-own-0.9-control-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 179386000002 --n 3 mask-2d656519.st -o wr-own-own-0.9-cyclic-2.st
sparsetool mask --from wr-0.9-2.st init-b34ff83c.st -o mask-081bbfed.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 433297000002 mask-081bbfed.st -o wr-random-own-0.9-control-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 114738000002 --n 3 mask-081bbfed.st -o wr-random-own-0.9-cyclic-2.st
sparsetool transfer-signs --from train-cycles-489a267a.st mask-081bbfed.st -o transfer-signs-cb7433fe.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 220501000002 transfer-signs-cb7433fe.st -o wr-random-warm-up-0.9-control-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 507042000002 --n 3 transfer-signs-cb7433fe.st -o wr-random-warm-up-0.9-cyclic-2.st
sparsetool mask --from wr-0.9-2.st train-cycles-489a267a.st -o mask-afb00652.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 389948000002 mask-afb00652.st -o wr-warm-up-own-0.9-control-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 119766000002 mask-afb00652.st -o train-cycles-2c44c3d7.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 119766000002 --n 2 train-cycles-2c44c3d7.st -o wr-warm-up-own-0.9-cyclic-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 mask-afb00652.st -o wr-warm-up-own-0.9-shared-2.st

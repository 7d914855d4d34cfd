set -eo pipefail
sparsetool init resnet20 --data digits --seed 1 -o init-fef45e90.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-fef45e90.st \
  | sparsetool prune --magnitude --rate 0.2 -o prune-a5bfeb2e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 prune-a5bfeb2e.st \
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
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-951ed2c6.st
sparsetool prune --magnitude --global 0.9 train-cycles-951ed2c6.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-1.st
sparsetool mask --from lrr-0.9-1.st init-fef45e90.st -o mask-239bc3fc.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 309291000001 mask-239bc3fc.st -o lrr-init-own-0.9-control-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 626666000001 mask-239bc3fc.st -o train-cycles-784fffd7.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 626666000001 --n 2 train-cycles-784fffd7.st -o lrr-init-own-0.9-cyclic-1.st
sparsetool mask --from lrr-0.9-1.st train-cycles-951ed2c6.st \
  | sparsetool mask --from lrr-0.9-1.st -o mask-3dfbb2c4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 842973000001 mask-3dfbb2c4.st -o lrr-own-own-0.9-control-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 469722000001 --n 3 mask-3dfbb2c4.st -o lrr-own-own-0.9-cyclic-1.st
sparsetool init resnet20 --data digits --seed 1001 -o init-8b87134c.st
sparsetool mask --from lrr-0.9-1.st init-8b87134c.st -o mask-b7284fdb.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 672484000001 mask-b7284fdb.st -o lrr-random-own-0.9-control-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 905217000001 --n 3 mask-b7284fdb.st -o lrr-random-own-0.9-cyclic-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-fef45e90.st -o train-cycles-85acd903.st
sparsetool transfer-signs --from train-cycles-85acd903.st mask-b7284fdb.st -o transfer-signs-05f7ce6c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 503705000001 transfer-signs-05f7ce6c.st -o lrr-random-warm-up-0.9-control-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 173286000001 --n 3 transfer-signs-05f7ce6c.st -o lrr-random-warm-up-0.9-cyclic-1.st
sparsetool mask --from lrr-0.9-1.st train-cycles-85acd903.st -o mask-befc0fc4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 723352000001 mask-befc0fc4.st -o lrr-warm-up-own-0.9-control-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 672206000001 mask-befc0fc4.st -o train-cycles-c8828b43.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 672206000001 --n 2 train-cycles-c8828b43.st -o lrr-warm-up-own-0.9-cyclic-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 mask-befc0fc4.st -o lrr-warm-up-own-0.9-shared-1.st
sparsetool mask --random --balanced 0.9 init-fef45e90.st -o mask-20b6d683.st
sparsetool mask --from mask-20b6d683.st init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 173053000001 -o train-cycles-dde6253d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 173053000001 --n 2 train-cycles-dde6253d.st -o random-init-own-0.9-cyclic-1.st
sparsetool mask --from mask-20b6d683.st init-8b87134c.st -o mask-af4a5423.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 475876000001 --n 3 mask-af4a5423.st -o random-random-own-0.9-cyclic-1.st
sparsetool transfer-signs --from train-cycles-85acd903.st mask-af4a5423.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 912761000001 --n 3 -o random-random-warm-up-0.9-cyclic-1.st
sparsetool mask --from mask-20b6d683.st train-cycles-85acd903.st -o mask-1957d1e9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 428703000001 mask-1957d1e9.st -o train-cycles-4c47d519.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 428703000001 --n 2 train-cycles-4c47d519.st -o random-warm-up-own-0.9-cyclic-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 mask-1957d1e9.st -o random-warm-up-own-0.9-shared-1.st
sparsetool rewind --to train-cycles-85acd903.st prune-a5bfeb2e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-d801f65f.st
sparsetool prune --magnitude --global 0.9 train-cycles-d801f65f.st \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.9-1.st
sparsetool mask --from wr-0.9-1.st init-fef45e90.st -o mask-f8964b62.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 878826000001 mask-f8964b62.st -o wr-init-own-0.9-control-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 592764000001 mask-f8964b62.st -o train-cycles-9df806b6.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 592764000001 --n 2 train-cycles-9df806b6.st -o wr-init-own-0.9-cyclic-1.st
sparsetool mask --from wr-0.9-1.st train-cycles-d801f65f.st \
  | sparsetool mask --from wr-0.9-1.st -o mask-ee7a2866.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 564877000001 mask-ee7a2866.st -o wr-own-own-0.9-control-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 179386000001 --n 3 mask-ee7a2866.st -o wr-own-own-0.9-cyclic-1.st
sparsetool mask --from wr-0.9-1.st init-8b87134c.st -o mask-f92b0810.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 433297000001 mask-f92b0810.st -o wr-random-own-0.9-control-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 114738000001 --n 3 mask-f92b0810.st -o wr-random-own-0.9-cyclic-1.st
sparsetool transfer-signs --from train-cycles-85acd903.st mask-f92b0810.st -o transfer-signs-d92721e0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 220501000001 transfer-signs-d92721e0.st -o wr-random-warm-up-0.9-control-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 507042000001 --n 3 transfer-signs-d92721e0.st -o wr-random-warm-up-0.9-cyclic-1.st
sparsetool mask --from wr-0.9-1.st train-cycles-85acd903.st -o mask-c8b7e068.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 389948000001 mask-c8b7e068.st -o wr-warm-up-own-0.9-control-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 119766000001 mask-c8b7e068.st -o train-cycles-b3e8c58d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 119766000001 --n 2 train-cycles-b3e8c58d.st -o wr-warm-up-own-0.9-cyclic-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 mask-c8b7e068.st -o wr-warm-up-own-0.9-shared-1.st

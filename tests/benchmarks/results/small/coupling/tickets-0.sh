set -eo pipefail
sparsetool init resnet20 --data digits --seed 0 -o init-066dca70.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-066dca70.st \
  | sparsetool prune --magnitude --rate 0.2 -o prune-c7a96133.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 prune-c7a96133.st \
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
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-62f54419.st
sparsetool prune --magnitude --global 0.9 train-cycles-62f54419.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-0.st
sparsetool mask --from lrr-0.9-0.st init-066dca70.st -o mask-e0b02e69.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 309291000000 mask-e0b02e69.st -o lrr-init-own-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 626666000000 mask-e0b02e69.st -o train-cycles-998e56f9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 626666000000 --n 2 train-cycles-998e56f9.st -o lrr-init-own-0.9-cyclic-0.st
sparsetool mask --from lrr-0.9-0.st train-cycles-62f54419.st \
  | sparsetool mask --from lrr-0.9-0.st -o mask-25685f74.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 842973000000 mask-25685f74.st -o lrr-own-own-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 469722000000 --n 3 mask-25685f74.st -o lrr-own-own-0.9-cyclic-0.st
sparsetool init resnet20 --data digits --seed 1000 -o init-a70d32f5.st
sparsetool mask --from lrr-0.9-0.st init-a70d32f5.st -o mask-fb7b9da1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 672484000000 mask-fb7b9da1.st -o lrr-random-own-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 905217000000 --n 3 mask-fb7b9da1.st -o lrr-random-own-0.9-cyclic-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-066dca70.st -o train-cycles-78126908.st
sparsetool transfer-signs --from train-cycles-78126908.st mask-fb7b9da1.st -o transfer-signs-0dd7d8e2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 503705000000 transfer-signs-0dd7d8e2.st -o lrr-random-warm-up-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 173286000000 --n 3 transfer-signs-0dd7d8e2.st -o lrr-random-warm-up-0.9-cyclic-0.st
sparsetool mask --from lrr-0.9-0.st train-cycles-78126908.st -o mask-eef03c6f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 723352000000 mask-eef03c6f.st -o lrr-warm-up-own-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 672206000000 mask-eef03c6f.st -o train-cycles-0cf68cbb.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 672206000000 --n 2 train-cycles-0cf68cbb.st -o lrr-warm-up-own-0.9-cyclic-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 mask-eef03c6f.st -o lrr-warm-up-own-0.9-shared-0.st
sparsetool mask --random --balanced 0.9 init-066dca70.st -o mask-e9d20420.st
sparsetool mask --from mask-e9d20420.st init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 173053000000 -o train-cycles-3c27763f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 173053000000 --n 2 train-cycles-3c27763f.st -o random-init-own-0.9-cyclic-0.st
sparsetool mask --from mask-e9d20420.st init-a70d32f5.st -o mask-28d4cc04.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 475876000000 --n 3 mask-28d4cc04.st -o random-random-own-0.9-cyclic-0.st
sparsetool transfer-signs --from train-cycles-78126908.st mask-28d4cc04.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 912761000000 --n 3 -o random-random-warm-up-0.9-cyclic-0.st
sparsetool mask --from mask-e9d20420.st train-cycles-78126908.st -o mask-ddbf511a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 428703000000 mask-ddbf511a.st -o train-cycles-92d1e0a1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 428703000000 --n 2 train-cycles-92d1e0a1.st -o random-warm-up-own-0.9-cyclic-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 mask-ddbf511a.st -o random-warm-up-own-0.9-shared-0.st
sparsetool rewind --to train-cycles-78126908.st prune-c7a96133.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-ed4c3fd0.st
sparsetool prune --magnitude --global 0.9 train-cycles-ed4c3fd0.st \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.9-0.st
sparsetool mask --from wr-0.9-0.st init-066dca70.st -o mask-4f455def.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 878826000000 mask-4f455def.st -o wr-init-own-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 592764000000 mask-4f455def.st -o train-cycles-823a1a78.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 592764000000 --n 2 train-cycles-823a1a78.st -o wr-init-own-0.9-cyclic-0.st
sparsetool mask --from wr-0.9-0.st train-cycles-ed4c3fd0.st \
  | sparsetool mask --from wr-0.9-0.st -o mask-6464e2aa.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 564877000000 mask-6464e2aa.st -o wr-own-own-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 179386000000 --n 3 mask-6464e2aa.st -o wr-own-own-0.9-cyclic-0.st
sparsetool mask --from wr-0.9-0.st init-a70d32f5.st -o mask-64b349e6.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 433297000000 mask-64b349e6.st -o wr-random-own-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 114738000000 --n 3 mask-64b349e6.st -o wr-random-own-0.9-cyclic-0.st
sparsetool transfer-signs --from train-cycles-78126908.st mask-64b349e6.st -o transfer-signs-7578233b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 220501000000 transfer-signs-7578233b.st -o wr-random-warm-up-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 507042000000 --n 3 transfer-signs-7578233b.st -o wr-random-warm-up-0.9-cyclic-0.st
sparsetool mask --from wr-0.9-0.st train-cycles-78126908.st -o mask-46ac2723.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 30 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 389948000000 mask-46ac2723.st -o wr-warm-up-own-0.9-control-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 119766000000 mask-46ac2723.st -o train-cycles-3846430f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 119766000000 --n 2 train-cycles-3846430f.st -o wr-warm-up-own-0.9-cyclic-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 mask-46ac2723.st -o wr-warm-up-own-0.9-shared-0.st

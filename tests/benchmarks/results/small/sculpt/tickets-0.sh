set -eo pipefail
sparsetool init resnet20 --data digits --seed 0 -o init-066dca70.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-066dca70.st -o dense-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 4 dense-0.st -o dense-cyclic-0.st
sparsetool prune --magnitude --rate 0.2 dense-0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-8587a41f.st
sparsetool prune --magnitude --rate 0.2 train-cycles-8587a41f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-2a7b92f5.st
sparsetool prune --magnitude --rate 0.2 train-cycles-2a7b92f5.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-3.st
sparsetool prune --magnitude --rate 0.2 level-3.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-4.st
sparsetool prune --magnitude --rate 0.2 level-4.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-5.st
sparsetool prune --magnitude --rate 0.2 level-5.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-6.st
sparsetool prune --magnitude --global 0.8 level-6.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.8-0.st
sparsetool prune --magnitude --rate 0.2 lrr-0.8-0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-6477553f.st
sparsetool prune --magnitude --rate 0.2 train-cycles-6477553f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-7acdb806.st
sparsetool prune --magnitude --global 0.9 train-cycles-7acdb806.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-0.st
sparsetool prune --magnitude --rate 0.2 lrr-0.9-0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-0656dfd2.st
sparsetool prune --magnitude --rate 0.2 train-cycles-0656dfd2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-d0211949.st
sparsetool prune --magnitude --global 0.95 train-cycles-d0211949.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.95-0.st
sparsetool mask --random --balanced 0.8 init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 5 -o random-0.8-0.st
sparsetool mask --random --balanced 0.9 init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 5 -o random-0.9-0.st
sparsetool mask --random --balanced 0.95 init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 5 -o random-0.95-0.st
sparsetool mask --random --balanced 0.2 init-066dca70.st -o mask-6a04f4c6.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-6a04f4c6.st -o train-cycles-d46a55d9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-d46a55d9.st -o train-cycles-40bd22cb.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-40bd22cb.st -o train-cycles-a347fdd1.st
sparsetool prune --magnitude --global 0.8 train-cycles-a347fdd1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-0.8-0.st
sparsetool prune --magnitude --global 0.9 train-cycles-a347fdd1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-0.9-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-a347fdd1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-0.95-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-d46a55d9.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-after-1-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-40bd22cb.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-after-2-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-6a04f4c6.st -o train-cycles-c0b6a957.st
sparsetool prune --magnitude --global 0.8 train-cycles-c0b6a957.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-peak-0.8-0.st
sparsetool prune --magnitude --global 0.9 train-cycles-c0b6a957.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-peak-0.9-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-c0b6a957.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-peak-0.95-0.st
sparsetool mask --random --balanced 0.5 init-066dca70.st -o mask-750b6652.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-750b6652.st -o train-cycles-3df9254a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-3df9254a.st -o train-cycles-00680fad.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-00680fad.st -o train-cycles-903b9870.st
sparsetool prune --magnitude --global 0.8 train-cycles-903b9870.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-0.8-0.st
sparsetool prune --magnitude --global 0.9 train-cycles-903b9870.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-0.9-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-903b9870.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-0.95-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-3df9254a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-after-1-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-00680fad.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-after-2-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-750b6652.st -o train-cycles-33f77237.st
sparsetool prune --magnitude --global 0.8 train-cycles-33f77237.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-peak-0.8-0.st
sparsetool prune --magnitude --global 0.9 train-cycles-33f77237.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-peak-0.9-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-33f77237.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-peak-0.95-0.st
sparsetool mask --random --balanced 0.7 init-066dca70.st -o mask-30939abb.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-30939abb.st -o train-cycles-f2983c9f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-f2983c9f.st -o train-cycles-2b8539fe.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-2b8539fe.st -o train-cycles-2fd38708.st
sparsetool prune --magnitude --global 0.8 train-cycles-2fd38708.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-0.8-0.st
sparsetool prune --magnitude --global 0.9 train-cycles-2fd38708.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-0.9-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-2fd38708.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-0.95-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-f2983c9f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-after-1-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-2b8539fe.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-after-2-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-30939abb.st -o train-cycles-dac81fc6.st
sparsetool prune --magnitude --global 0.8 train-cycles-dac81fc6.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-peak-0.8-0.st
sparsetool prune --magnitude --global 0.9 train-cycles-dac81fc6.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-peak-0.9-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-dac81fc6.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-peak-0.95-0.st
sparsetool mask --snip --global 0.5 --batch-size 128 --batches 1 --data digits --threads 1 init-066dca70.st -o mask-29788ca8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-29788ca8.st -o train-cycles-745d8046.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-745d8046.st -o train-cycles-ecc8f99e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-ecc8f99e.st -o train-cycles-7348b575.st
sparsetool prune --magnitude --global 0.8 train-cycles-7348b575.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-0.8-0.st
sparsetool prune --magnitude --global 0.9 train-cycles-7348b575.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-0.9-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-7348b575.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-0.95-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-745d8046.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-after-1-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-ecc8f99e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-after-2-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-29788ca8.st -o train-cycles-ad8e4f5b.st
sparsetool prune --magnitude --global 0.8 train-cycles-ad8e4f5b.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-peak-0.8-0.st
sparsetool prune --magnitude --global 0.9 train-cycles-ad8e4f5b.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-peak-0.9-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-ad8e4f5b.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-peak-0.95-0.st
sparsetool mask --synflow --global 0.5 --iterations 100 --threads 1 init-066dca70.st -o mask-2d5e49f4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-2d5e49f4.st -o train-cycles-d3177d6c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-d3177d6c.st -o train-cycles-2b66bb69.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-2b66bb69.st -o train-cycles-ec01355d.st
sparsetool prune --magnitude --global 0.8 train-cycles-ec01355d.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-0.8-0.st
sparsetool prune --magnitude --global 0.9 train-cycles-ec01355d.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-0.9-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-ec01355d.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-0.95-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-d3177d6c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-after-1-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-2b66bb69.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-after-2-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-2d5e49f4.st -o train-cycles-5484691f.st
sparsetool prune --magnitude --global 0.8 train-cycles-5484691f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-peak-0.8-0.st
sparsetool prune --magnitude --global 0.9 train-cycles-5484691f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-peak-0.9-0.st
sparsetool prune --magnitude --global 0.95 train-cycles-5484691f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-peak-0.95-0.st

set -eo pipefail
sparsetool init resnet20 --data digits --seed 2 -o init-062bc250.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-062bc250.st -o dense-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 4 dense-2.st -o dense-cyclic-2.st
sparsetool prune --magnitude --rate 0.2 dense-2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-2acf5a9c.st
sparsetool prune --magnitude --rate 0.2 train-cycles-2acf5a9c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-a095450e.st
sparsetool prune --magnitude --rate 0.2 train-cycles-a095450e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-3.st
sparsetool prune --magnitude --rate 0.2 level-3.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-4.st
sparsetool prune --magnitude --rate 0.2 level-4.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-5.st
sparsetool prune --magnitude --rate 0.2 level-5.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-6.st
sparsetool prune --magnitude --global 0.8 level-6.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.8-2.st
sparsetool prune --magnitude --rate 0.2 lrr-0.8-2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-ab05b88d.st
sparsetool prune --magnitude --rate 0.2 train-cycles-ab05b88d.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-59a24e1d.st
sparsetool prune --magnitude --global 0.9 train-cycles-59a24e1d.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-2.st
sparsetool prune --magnitude --rate 0.2 lrr-0.9-2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-1ff6fa8b.st
sparsetool prune --magnitude --rate 0.2 train-cycles-1ff6fa8b.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-35e5763f.st
sparsetool prune --magnitude --global 0.95 train-cycles-35e5763f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.95-2.st
sparsetool mask --random --balanced 0.8 init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 5 -o random-0.8-2.st
sparsetool mask --random --balanced 0.9 init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 5 -o random-0.9-2.st
sparsetool mask --random --balanced 0.95 init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 5 -o random-0.95-2.st
sparsetool mask --random --balanced 0.2 init-062bc250.st -o mask-109d256d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-109d256d.st -o train-cycles-606780a3.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-606780a3.st -o train-cycles-d09ee4f9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-d09ee4f9.st -o train-cycles-dbf98a22.st
sparsetool prune --magnitude --global 0.8 train-cycles-dbf98a22.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-0.8-2.st
sparsetool prune --magnitude --global 0.9 train-cycles-dbf98a22.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-0.9-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-dbf98a22.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-0.95-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-606780a3.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-after-1-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-d09ee4f9.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-after-2-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-109d256d.st -o train-cycles-6c1ea855.st
sparsetool prune --magnitude --global 0.8 train-cycles-6c1ea855.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-peak-0.8-2.st
sparsetool prune --magnitude --global 0.9 train-cycles-6c1ea855.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-peak-0.9-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-6c1ea855.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-peak-0.95-2.st
sparsetool mask --random --balanced 0.5 init-062bc250.st -o mask-d6499054.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-d6499054.st -o train-cycles-31367a83.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-31367a83.st -o train-cycles-4e72122e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-4e72122e.st -o train-cycles-a3b9e0fb.st
sparsetool prune --magnitude --global 0.8 train-cycles-a3b9e0fb.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-0.8-2.st
sparsetool prune --magnitude --global 0.9 train-cycles-a3b9e0fb.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-0.9-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-a3b9e0fb.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-0.95-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-31367a83.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-after-1-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-4e72122e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-after-2-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-d6499054.st -o train-cycles-9253ee5c.st
sparsetool prune --magnitude --global 0.8 train-cycles-9253ee5c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-peak-0.8-2.st
sparsetool prune --magnitude --global 0.9 train-cycles-9253ee5c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-peak-0.9-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-9253ee5c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-peak-0.95-2.st
sparsetool mask --random --balanced 0.7 init-062bc250.st -o mask-bf15e935.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-bf15e935.st -o train-cycles-b378cab4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-b378cab4.st -o train-cycles-92552e52.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-92552e52.st -o train-cycles-dd779cf7.st
sparsetool prune --magnitude --global 0.8 train-cycles-dd779cf7.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-0.8-2.st
sparsetool prune --magnitude --global 0.9 train-cycles-dd779cf7.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-0.9-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-dd779cf7.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-0.95-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-b378cab4.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-after-1-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-92552e52.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-after-2-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-bf15e935.st -o train-cycles-a589d488.st
sparsetool prune --magnitude --global 0.8 train-cycles-a589d488.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-peak-0.8-2.st
sparsetool prune --magnitude --global 0.9 train-cycles-a589d488.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-peak-0.9-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-a589d488.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-peak-0.95-2.st
sparsetool mask --snip --global 0.5 --batch-size 128 --batches 1 --data digits --threads 1 init-062bc250.st -o mask-ef182b05.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-ef182b05.st -o train-cycles-894c65b9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-894c65b9.st -o train-cycles-20f63a17.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-20f63a17.st -o train-cycles-76fbd8c0.st
sparsetool prune --magnitude --global 0.8 train-cycles-76fbd8c0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-0.8-2.st
sparsetool prune --magnitude --global 0.9 train-cycles-76fbd8c0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-0.9-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-76fbd8c0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-0.95-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-894c65b9.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-after-1-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-20f63a17.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-after-2-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-ef182b05.st -o train-cycles-ee20e9fb.st
sparsetool prune --magnitude --global 0.8 train-cycles-ee20e9fb.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-peak-0.8-2.st
sparsetool prune --magnitude --global 0.9 train-cycles-ee20e9fb.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-peak-0.9-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-ee20e9fb.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-peak-0.95-2.st
sparsetool mask --synflow --global 0.5 --iterations 100 --threads 1 init-062bc250.st -o mask-6d1a7491.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-6d1a7491.st -o train-cycles-181b0104.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-181b0104.st -o train-cycles-0ed3391c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-0ed3391c.st -o train-cycles-115b99fc.st
sparsetool prune --magnitude --global 0.8 train-cycles-115b99fc.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-0.8-2.st
sparsetool prune --magnitude --global 0.9 train-cycles-115b99fc.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-0.9-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-115b99fc.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-0.95-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-181b0104.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-after-1-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-0ed3391c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-after-2-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-6d1a7491.st -o train-cycles-fa6a0b59.st
sparsetool prune --magnitude --global 0.8 train-cycles-fa6a0b59.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-peak-0.8-2.st
sparsetool prune --magnitude --global 0.9 train-cycles-fa6a0b59.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-peak-0.9-2.st
sparsetool prune --magnitude --global 0.95 train-cycles-fa6a0b59.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-peak-0.95-2.st

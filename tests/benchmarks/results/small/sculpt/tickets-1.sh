set -eo pipefail
sparsetool init resnet20 --data digits --seed 1 -o init-fef45e90.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-fef45e90.st -o dense-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 4 dense-1.st -o dense-cyclic-1.st
sparsetool prune --magnitude --rate 0.2 dense-1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-4f406286.st
sparsetool prune --magnitude --rate 0.2 train-cycles-4f406286.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-9e70043a.st
sparsetool prune --magnitude --rate 0.2 train-cycles-9e70043a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-3.st
sparsetool prune --magnitude --rate 0.2 level-3.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-4.st
sparsetool prune --magnitude --rate 0.2 level-4.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-5.st
sparsetool prune --magnitude --rate 0.2 level-5.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o level-6.st
sparsetool prune --magnitude --global 0.8 level-6.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.8-1.st
sparsetool prune --magnitude --rate 0.2 lrr-0.8-1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-280a941c.st
sparsetool prune --magnitude --rate 0.2 train-cycles-280a941c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-8eff2d6d.st
sparsetool prune --magnitude --global 0.9 train-cycles-8eff2d6d.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-1.st
sparsetool prune --magnitude --rate 0.2 lrr-0.9-1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-87f0e85b.st
sparsetool prune --magnitude --rate 0.2 train-cycles-87f0e85b.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-48594c4c.st
sparsetool prune --magnitude --global 0.95 train-cycles-48594c4c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.95-1.st
sparsetool mask --random --balanced 0.8 init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 5 -o random-0.8-1.st
sparsetool mask --random --balanced 0.9 init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 5 -o random-0.9-1.st
sparsetool mask --random --balanced 0.95 init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 5 -o random-0.95-1.st
sparsetool mask --random --balanced 0.2 init-fef45e90.st -o mask-9d3991e5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-9d3991e5.st -o train-cycles-5ee7de00.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-5ee7de00.st -o train-cycles-3228e241.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-3228e241.st -o train-cycles-043f57a2.st
sparsetool prune --magnitude --global 0.8 train-cycles-043f57a2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-0.8-1.st
sparsetool prune --magnitude --global 0.9 train-cycles-043f57a2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-0.9-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-043f57a2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-0.95-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-5ee7de00.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-after-1-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-3228e241.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-after-2-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-9d3991e5.st -o train-cycles-3c6ed49e.st
sparsetool prune --magnitude --global 0.8 train-cycles-3c6ed49e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-peak-0.8-1.st
sparsetool prune --magnitude --global 0.9 train-cycles-3c6ed49e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-peak-0.9-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-3c6ed49e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.2-peak-0.95-1.st
sparsetool mask --random --balanced 0.5 init-fef45e90.st -o mask-3a7f9feb.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-3a7f9feb.st -o train-cycles-3cde8edd.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-3cde8edd.st -o train-cycles-cf9218f9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-cf9218f9.st -o train-cycles-00f2f534.st
sparsetool prune --magnitude --global 0.8 train-cycles-00f2f534.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-0.8-1.st
sparsetool prune --magnitude --global 0.9 train-cycles-00f2f534.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-0.9-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-00f2f534.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-0.95-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-3cde8edd.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-after-1-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-cf9218f9.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-after-2-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-3a7f9feb.st -o train-cycles-7ef5ec0a.st
sparsetool prune --magnitude --global 0.8 train-cycles-7ef5ec0a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-peak-0.8-1.st
sparsetool prune --magnitude --global 0.9 train-cycles-7ef5ec0a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-peak-0.9-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-7ef5ec0a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.5-peak-0.95-1.st
sparsetool mask --random --balanced 0.7 init-fef45e90.st -o mask-9c1b1a32.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-9c1b1a32.st -o train-cycles-10f69c46.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-10f69c46.st -o train-cycles-874c85d8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-874c85d8.st -o train-cycles-c3ecf466.st
sparsetool prune --magnitude --global 0.8 train-cycles-c3ecf466.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-0.8-1.st
sparsetool prune --magnitude --global 0.9 train-cycles-c3ecf466.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-0.9-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-c3ecf466.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-0.95-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-10f69c46.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-after-1-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-874c85d8.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-after-2-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-9c1b1a32.st -o train-cycles-d49f78dc.st
sparsetool prune --magnitude --global 0.8 train-cycles-d49f78dc.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-peak-0.8-1.st
sparsetool prune --magnitude --global 0.9 train-cycles-d49f78dc.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-peak-0.9-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-d49f78dc.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-random-0.7-peak-0.95-1.st
sparsetool mask --snip --global 0.5 --batch-size 128 --batches 1 --data digits --threads 1 init-fef45e90.st -o mask-d2abe353.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-d2abe353.st -o train-cycles-d3ab9659.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-d3ab9659.st -o train-cycles-b344d841.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-b344d841.st -o train-cycles-4e217e08.st
sparsetool prune --magnitude --global 0.8 train-cycles-4e217e08.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-0.8-1.st
sparsetool prune --magnitude --global 0.9 train-cycles-4e217e08.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-0.9-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-4e217e08.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-0.95-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-d3ab9659.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-after-1-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-b344d841.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-after-2-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-d2abe353.st -o train-cycles-73ab2ae9.st
sparsetool prune --magnitude --global 0.8 train-cycles-73ab2ae9.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-peak-0.8-1.st
sparsetool prune --magnitude --global 0.9 train-cycles-73ab2ae9.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-peak-0.9-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-73ab2ae9.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-snip-0.5-peak-0.95-1.st
sparsetool mask --synflow --global 0.5 --iterations 100 --threads 1 init-fef45e90.st -o mask-5002fd12.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-5002fd12.st -o train-cycles-5196a3ff.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-5196a3ff.st -o train-cycles-1138a8b4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 2 train-cycles-1138a8b4.st -o train-cycles-b0de785c.st
sparsetool prune --magnitude --global 0.8 train-cycles-b0de785c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-0.8-1.st
sparsetool prune --magnitude --global 0.9 train-cycles-b0de785c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-0.9-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-b0de785c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-0.95-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-5196a3ff.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-after-1-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-1138a8b4.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-after-2-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --min-gain 0 --momentum 0.9 --most-cycles 8 --patience 2 --schedule step-warmup --threads 1 --until-peak --val 0.1 --weight-decay 0.0001 mask-5002fd12.st -o train-cycles-7c1b4692.st
sparsetool prune --magnitude --global 0.8 train-cycles-7c1b4692.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-peak-0.8-1.st
sparsetool prune --magnitude --global 0.9 train-cycles-7c1b4692.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-peak-0.9-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-7c1b4692.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-synflow-0.5-peak-0.95-1.st

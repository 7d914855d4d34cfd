set -eo pipefail
sparsetool init resnet20 --data digits --seed 0 -o init-066dca70.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-066dca70.st \
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
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.93-0.st
sparsetool init resnet20 --data digits --seed 1000 \
  | sparsetool mask --from lrr-0.93-0.st -o mask-440165f8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-066dca70.st -o train-cycles-98e6eb8c.st
sparsetool transfer-signs --perturb 0 --from train-cycles-98e6eb8c.st mask-440165f8.st -o transfer-signs-c0eed697.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 905746000000 transfer-signs-c0eed697.st -o train-cycles-d8949302.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 905746000000 train-cycles-d8949302.st -o train-cycles-8b7df17b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 905746000000 train-cycles-8b7df17b.st -o train-cycles-28c601e0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 905746000000 train-cycles-28c601e0.st -o train-cycles-d37d23cd.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 905746000000 train-cycles-d37d23cd.st -o train-cycles-7c75f3de.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 905746000000 train-cycles-7c75f3de.st -o train-cycles-c2c8bf83.st
sparsetool transfer-signs --perturb 0.2 --from train-cycles-98e6eb8c.st mask-440165f8.st -o transfer-signs-0cfaf9d7.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 449393000000 transfer-signs-0cfaf9d7.st -o train-cycles-a6560c64.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 449393000000 train-cycles-a6560c64.st -o train-cycles-5d26e86f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 449393000000 train-cycles-5d26e86f.st -o train-cycles-a721d7c1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 449393000000 train-cycles-a721d7c1.st -o train-cycles-b3e9cbf9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 449393000000 train-cycles-b3e9cbf9.st -o train-cycles-4ccca191.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 449393000000 train-cycles-4ccca191.st -o train-cycles-1df615b3.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 61578000000 --stop-after 10 transfer-signs-c0eed697.st -o train-cycles-4afe05e4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 61578000000 --stop-after 20 transfer-signs-c0eed697.st -o train-cycles-c1bec482.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 61578000000 --stop-after 30 transfer-signs-c0eed697.st -o train-cycles-e1efe9c7.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 61578000000 --stop-after 40 transfer-signs-c0eed697.st -o train-cycles-59595891.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 61578000000 --stop-after 50 transfer-signs-c0eed697.st -o train-cycles-aa441321.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 61578000000 transfer-signs-c0eed697.st -o train-cycles-e0f2ca15.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 725806000000 --stop-after 10 transfer-signs-0cfaf9d7.st -o train-cycles-9b1d10af.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 725806000000 --stop-after 20 transfer-signs-0cfaf9d7.st -o train-cycles-cd8068b2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 725806000000 --stop-after 30 transfer-signs-0cfaf9d7.st -o train-cycles-2cdaf50f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 725806000000 --stop-after 40 transfer-signs-0cfaf9d7.st -o train-cycles-984f8acf.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 725806000000 --stop-after 50 transfer-signs-0cfaf9d7.st -o train-cycles-0ccf2d6d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 725806000000 transfer-signs-0cfaf9d7.st -o train-cycles-8980e0a5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 transfer-signs-0cfaf9d7.st -o train-cycles-35afc3b3.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 train-cycles-35afc3b3.st -o train-cycles-c35ee530.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 train-cycles-c35ee530.st -o train-cycles-ddd9dcd8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 train-cycles-ddd9dcd8.st -o train-cycles-b913a316.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 train-cycles-b913a316.st -o train-cycles-286efea4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 train-cycles-286efea4.st -o train-cycles-8d7a2224.st

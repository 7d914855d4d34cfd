set -eo pipefail
sparsetool init resnet20 --data digits --seed 0 -o init-066dca70.st
sparsetool mask --random --balanced 0.9 init-066dca70.st -o mask-e9d20420.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000000 --stop-after 10 mask-e9d20420.st -o train-cycles-2de40beb.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000000 --stop-after 20 mask-e9d20420.st -o train-cycles-b5dd2af8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000000 --stop-after 30 mask-e9d20420.st -o train-cycles-d0b070de.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000000 mask-e9d20420.st -o train-cycles-a0d5fb76.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000000 mask-e9d20420.st -o train-cycles-72dc6ea9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000000 train-cycles-72dc6ea9.st -o train-cycles-8b41705f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000000 train-cycles-8b41705f.st -o train-cycles-4c45755e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000000 train-cycles-4c45755e.st -o train-cycles-50dc6c38.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-066dca70.st -o dense-0.st
sparsetool prune --magnitude --rate 0.2 dense-0.st -o prune-c7a96133.st
sparsetool rewind --to init-066dca70.st prune-c7a96133.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-fc9ee902.st
sparsetool prune --magnitude --rate 0.2 train-cycles-fc9ee902.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-330b315c.st
sparsetool prune --magnitude --rate 0.2 train-cycles-330b315c.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-88c54de8.st
sparsetool prune --magnitude --rate 0.2 train-cycles-88c54de8.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-93ad3ba5.st
sparsetool prune --magnitude --rate 0.2 train-cycles-93ad3ba5.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-6097b1e8.st
sparsetool prune --magnitude --rate 0.2 train-cycles-6097b1e8.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-e4831f82.st
sparsetool prune --magnitude --rate 0.2 train-cycles-e4831f82.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-fd57fea9.st
sparsetool prune --magnitude --rate 0.2 train-cycles-fd57fea9.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-7dfcd477.st
sparsetool prune --magnitude --rate 0.2 train-cycles-7dfcd477.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-aa31bd07.st
sparsetool prune --magnitude --global 0.9 train-cycles-aa31bd07.st \
  | sparsetool rewind --to init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.9-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 prune-c7a96133.st -o train-cycles-8587a41f.st
sparsetool prune --magnitude --rate 0.2 train-cycles-8587a41f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-2a7b92f5.st
sparsetool prune --magnitude --rate 0.2 train-cycles-2a7b92f5.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-715f1dbc.st
sparsetool prune --magnitude --rate 0.2 train-cycles-715f1dbc.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-c36403ca.st
sparsetool prune --magnitude --rate 0.2 train-cycles-c36403ca.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-47f4b343.st
sparsetool prune --magnitude --rate 0.2 train-cycles-47f4b343.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-553300ed.st
sparsetool prune --magnitude --rate 0.2 train-cycles-553300ed.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-fafa0203.st
sparsetool prune --magnitude --rate 0.2 train-cycles-fafa0203.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-6126270e.st
sparsetool prune --magnitude --rate 0.2 train-cycles-6126270e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-62f54419.st
sparsetool prune --magnitude --global 0.9 train-cycles-62f54419.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-0.st
sparsetool init resnet20 --data digits --seed 1000 \
  | sparsetool mask --from lrr-0.9-0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000000 -o train-cycles-0e0165e2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000000 train-cycles-0e0165e2.st -o train-cycles-e5625d7e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000000 train-cycles-e5625d7e.st -o train-cycles-6415d387.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000000 train-cycles-6415d387.st -o train-cycles-0a0f86e4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-066dca70.st -o train-cycles-78126908.st
sparsetool mask --from lrr-0.9-0.st train-cycles-78126908.st -o mask-eef03c6f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-eef03c6f.st -o train-cycles-188c443d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-188c443d.st -o train-cycles-3e068908.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-3e068908.st -o train-cycles-570fa577.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-570fa577.st -o train-cycles-9dab3d2d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000000 mask-eef03c6f.st -o train-cycles-c786ac07.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000000 train-cycles-c786ac07.st -o train-cycles-cf8e152d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000000 train-cycles-cf8e152d.st -o train-cycles-32acf886.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000000 train-cycles-32acf886.st -o train-cycles-d1303420.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000000 --stop-after 10 mask-e9d20420.st -o train-cycles-eeb07df7.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000000 --stop-after 20 mask-e9d20420.st -o train-cycles-9dbc8d93.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000000 --stop-after 30 mask-e9d20420.st -o train-cycles-ded67fb5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000000 mask-e9d20420.st -o train-cycles-bce68c90.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000000 mask-e9d20420.st -o train-cycles-85c703a3.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000000 train-cycles-85c703a3.st -o train-cycles-c2410074.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000000 train-cycles-c2410074.st -o train-cycles-9c8971a5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000000 train-cycles-9c8971a5.st -o train-cycles-83c60093.st
sparsetool rewind --to train-cycles-78126908.st prune-c7a96133.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-0b6649fe.st
sparsetool prune --magnitude --rate 0.2 train-cycles-0b6649fe.st \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-53551298.st
sparsetool prune --magnitude --rate 0.2 train-cycles-53551298.st \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-c9a539e2.st
sparsetool prune --magnitude --rate 0.2 train-cycles-c9a539e2.st \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-37a2ef38.st
sparsetool prune --magnitude --rate 0.2 train-cycles-37a2ef38.st \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-a6163b20.st
sparsetool prune --magnitude --rate 0.2 train-cycles-a6163b20.st \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-224c43fa.st
sparsetool prune --magnitude --rate 0.2 train-cycles-224c43fa.st \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-f9c365c7.st
sparsetool prune --magnitude --rate 0.2 train-cycles-f9c365c7.st \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-2efac28c.st
sparsetool prune --magnitude --rate 0.2 train-cycles-2efac28c.st \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-ed4c3fd0.st
sparsetool prune --magnitude --global 0.9 train-cycles-ed4c3fd0.st \
  | sparsetool rewind --to train-cycles-78126908.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.9-0.st

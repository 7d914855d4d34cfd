set -eo pipefail
sparsetool init resnet20 --data digits --seed 1 -o init-fef45e90.st
sparsetool mask --random --balanced 0.9 init-fef45e90.st -o mask-20b6d683.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000001 --stop-after 10 mask-20b6d683.st -o train-cycles-ef8e8553.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000001 --stop-after 20 mask-20b6d683.st -o train-cycles-02fcce24.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000001 --stop-after 30 mask-20b6d683.st -o train-cycles-261694d7.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000001 mask-20b6d683.st -o train-cycles-aef2e67d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000001 mask-20b6d683.st -o train-cycles-5701f873.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000001 train-cycles-5701f873.st -o train-cycles-6b1e321a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000001 train-cycles-6b1e321a.st -o train-cycles-44303a64.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000001 train-cycles-44303a64.st -o train-cycles-5c27bd4a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-fef45e90.st -o dense-1.st
sparsetool prune --magnitude --rate 0.2 dense-1.st -o prune-a5bfeb2e.st
sparsetool rewind --to init-fef45e90.st prune-a5bfeb2e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-354b0de5.st
sparsetool prune --magnitude --rate 0.2 train-cycles-354b0de5.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-432fee7a.st
sparsetool prune --magnitude --rate 0.2 train-cycles-432fee7a.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-6ac5c255.st
sparsetool prune --magnitude --rate 0.2 train-cycles-6ac5c255.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-0b74bacd.st
sparsetool prune --magnitude --rate 0.2 train-cycles-0b74bacd.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-aaa163b4.st
sparsetool prune --magnitude --rate 0.2 train-cycles-aaa163b4.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-9ca620fb.st
sparsetool prune --magnitude --rate 0.2 train-cycles-9ca620fb.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-7975e188.st
sparsetool prune --magnitude --rate 0.2 train-cycles-7975e188.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-31a3374a.st
sparsetool prune --magnitude --rate 0.2 train-cycles-31a3374a.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-89e86c1b.st
sparsetool prune --magnitude --global 0.9 train-cycles-89e86c1b.st \
  | sparsetool rewind --to init-fef45e90.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.9-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 prune-a5bfeb2e.st -o train-cycles-4f406286.st
sparsetool prune --magnitude --rate 0.2 train-cycles-4f406286.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-9e70043a.st
sparsetool prune --magnitude --rate 0.2 train-cycles-9e70043a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-eca94f23.st
sparsetool prune --magnitude --rate 0.2 train-cycles-eca94f23.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-77e1b1af.st
sparsetool prune --magnitude --rate 0.2 train-cycles-77e1b1af.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-f7e99a1c.st
sparsetool prune --magnitude --rate 0.2 train-cycles-f7e99a1c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-44dc1404.st
sparsetool prune --magnitude --rate 0.2 train-cycles-44dc1404.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-e83dec64.st
sparsetool prune --magnitude --rate 0.2 train-cycles-e83dec64.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-98ba8cc1.st
sparsetool prune --magnitude --rate 0.2 train-cycles-98ba8cc1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-951ed2c6.st
sparsetool prune --magnitude --global 0.9 train-cycles-951ed2c6.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-1.st
sparsetool init resnet20 --data digits --seed 1001 \
  | sparsetool mask --from lrr-0.9-1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000001 -o train-cycles-b445437a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000001 train-cycles-b445437a.st -o train-cycles-8bcd192c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000001 train-cycles-8bcd192c.st -o train-cycles-739e01e2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000001 train-cycles-739e01e2.st -o train-cycles-155fc322.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-fef45e90.st -o train-cycles-85acd903.st
sparsetool mask --from lrr-0.9-1.st train-cycles-85acd903.st -o mask-befc0fc4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-befc0fc4.st -o train-cycles-4d895264.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-4d895264.st -o train-cycles-5fa190b8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-5fa190b8.st -o train-cycles-09cca46e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-09cca46e.st -o train-cycles-35e1ae12.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000001 mask-befc0fc4.st -o train-cycles-e92aac3b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000001 train-cycles-e92aac3b.st -o train-cycles-9b196ef2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000001 train-cycles-9b196ef2.st -o train-cycles-7f2095ab.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000001 train-cycles-7f2095ab.st -o train-cycles-b7b75e28.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000001 --stop-after 10 mask-20b6d683.st -o train-cycles-b711bc1e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000001 --stop-after 20 mask-20b6d683.st -o train-cycles-dba70d75.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000001 --stop-after 30 mask-20b6d683.st -o train-cycles-40ad346d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000001 mask-20b6d683.st -o train-cycles-50805805.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000001 mask-20b6d683.st -o train-cycles-760ecffa.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000001 train-cycles-760ecffa.st -o train-cycles-ec24fe36.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000001 train-cycles-ec24fe36.st -o train-cycles-7202895f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000001 train-cycles-7202895f.st -o train-cycles-5c3da49e.st
sparsetool rewind --to train-cycles-85acd903.st prune-a5bfeb2e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-a6a811b5.st
sparsetool prune --magnitude --rate 0.2 train-cycles-a6a811b5.st \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-588464f8.st
sparsetool prune --magnitude --rate 0.2 train-cycles-588464f8.st \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-12fe84eb.st
sparsetool prune --magnitude --rate 0.2 train-cycles-12fe84eb.st \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-28b6a207.st
sparsetool prune --magnitude --rate 0.2 train-cycles-28b6a207.st \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-cb4ea870.st
sparsetool prune --magnitude --rate 0.2 train-cycles-cb4ea870.st \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-4b577e01.st
sparsetool prune --magnitude --rate 0.2 train-cycles-4b577e01.st \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-653b6f4f.st
sparsetool prune --magnitude --rate 0.2 train-cycles-653b6f4f.st \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-f350176d.st
sparsetool prune --magnitude --rate 0.2 train-cycles-f350176d.st \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-d801f65f.st
sparsetool prune --magnitude --global 0.9 train-cycles-d801f65f.st \
  | sparsetool rewind --to train-cycles-85acd903.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.9-1.st

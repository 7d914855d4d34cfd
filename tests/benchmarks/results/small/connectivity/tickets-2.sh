set -eo pipefail
sparsetool init resnet20 --data digits --seed 2 -o init-062bc250.st
sparsetool mask --random --balanced 0.9 init-062bc250.st -o mask-90a7b7b9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000002 --stop-after 10 mask-90a7b7b9.st -o train-cycles-b9cadb68.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000002 --stop-after 20 mask-90a7b7b9.st -o train-cycles-a8ac2073.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000002 --stop-after 30 mask-90a7b7b9.st -o train-cycles-c1539f33.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 504692000002 mask-90a7b7b9.st -o train-cycles-26008ebb.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000002 mask-90a7b7b9.st -o train-cycles-fb5254de.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000002 train-cycles-fb5254de.st -o train-cycles-8026d413.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000002 train-cycles-8026d413.st -o train-cycles-7694004d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --seed 713525000002 train-cycles-7694004d.st -o train-cycles-fd2cc21b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-062bc250.st -o dense-2.st
sparsetool prune --magnitude --rate 0.2 dense-2.st -o prune-16c23275.st
sparsetool rewind --to init-062bc250.st prune-16c23275.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-3c940405.st
sparsetool prune --magnitude --rate 0.2 train-cycles-3c940405.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-518a2fd3.st
sparsetool prune --magnitude --rate 0.2 train-cycles-518a2fd3.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-91759d63.st
sparsetool prune --magnitude --rate 0.2 train-cycles-91759d63.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-37160077.st
sparsetool prune --magnitude --rate 0.2 train-cycles-37160077.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-9d475e22.st
sparsetool prune --magnitude --rate 0.2 train-cycles-9d475e22.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-4d886d52.st
sparsetool prune --magnitude --rate 0.2 train-cycles-4d886d52.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-e4b44995.st
sparsetool prune --magnitude --rate 0.2 train-cycles-e4b44995.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-a629da37.st
sparsetool prune --magnitude --rate 0.2 train-cycles-a629da37.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-1d98edee.st
sparsetool prune --magnitude --global 0.9 train-cycles-1d98edee.st \
  | sparsetool rewind --to init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o imp-0.9-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 prune-16c23275.st -o train-cycles-2acf5a9c.st
sparsetool prune --magnitude --rate 0.2 train-cycles-2acf5a9c.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-a095450e.st
sparsetool prune --magnitude --rate 0.2 train-cycles-a095450e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-267a7b93.st
sparsetool prune --magnitude --rate 0.2 train-cycles-267a7b93.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-656210ee.st
sparsetool prune --magnitude --rate 0.2 train-cycles-656210ee.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-5a05c524.st
sparsetool prune --magnitude --rate 0.2 train-cycles-5a05c524.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-ff2c57ee.st
sparsetool prune --magnitude --rate 0.2 train-cycles-ff2c57ee.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-3910cd48.st
sparsetool prune --magnitude --rate 0.2 train-cycles-3910cd48.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-f38bf5ef.st
sparsetool prune --magnitude --rate 0.2 train-cycles-f38bf5ef.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-c4d6c421.st
sparsetool prune --magnitude --global 0.9 train-cycles-c4d6c421.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-2.st
sparsetool init resnet20 --data digits --seed 1002 \
  | sparsetool mask --from lrr-0.9-2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000002 -o train-cycles-31eef07d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000002 train-cycles-31eef07d.st -o train-cycles-e2d33127.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000002 train-cycles-e2d33127.st -o train-cycles-00236bcd.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 186580000002 train-cycles-00236bcd.st -o train-cycles-e00eb720.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --stop-after 1 init-062bc250.st -o train-cycles-489a267a.st
sparsetool mask --from lrr-0.9-2.st train-cycles-489a267a.st -o mask-eb777fea.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-eb777fea.st -o train-cycles-dff4e783.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-dff4e783.st -o train-cycles-90dd2f60.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-90dd2f60.st -o train-cycles-39dcae10.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-39dcae10.st -o train-cycles-e19f27e2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000002 mask-eb777fea.st -o train-cycles-efdd76dd.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000002 train-cycles-efdd76dd.st -o train-cycles-a13a287a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000002 train-cycles-a13a287a.st -o train-cycles-9e6bd3ca.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 44484000002 train-cycles-9e6bd3ca.st -o train-cycles-c4437652.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000002 --stop-after 10 mask-90a7b7b9.st -o train-cycles-9ea3666f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000002 --stop-after 20 mask-90a7b7b9.st -o train-cycles-6768edf2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000002 --stop-after 30 mask-90a7b7b9.st -o train-cycles-eeac0236.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 40 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --seed 985740000002 mask-90a7b7b9.st -o train-cycles-6b664ebc.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000002 mask-90a7b7b9.st -o train-cycles-a789cb2c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000002 train-cycles-a789cb2c.st -o train-cycles-b4283d01.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000002 train-cycles-b4283d01.st -o train-cycles-7a045293.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 526622000002 train-cycles-7a045293.st -o train-cycles-a684edb8.st
sparsetool rewind --to train-cycles-489a267a.st prune-16c23275.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-46964d84.st
sparsetool prune --magnitude --rate 0.2 train-cycles-46964d84.st \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-e8354edd.st
sparsetool prune --magnitude --rate 0.2 train-cycles-e8354edd.st \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-f62a89d1.st
sparsetool prune --magnitude --rate 0.2 train-cycles-f62a89d1.st \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-0c044a91.st
sparsetool prune --magnitude --rate 0.2 train-cycles-0c044a91.st \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-ecd35f49.st
sparsetool prune --magnitude --rate 0.2 train-cycles-ecd35f49.st \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-41599bfe.st
sparsetool prune --magnitude --rate 0.2 train-cycles-41599bfe.st \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-bcd36d7b.st
sparsetool prune --magnitude --rate 0.2 train-cycles-bcd36d7b.st \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-7a7a6ea1.st
sparsetool prune --magnitude --rate 0.2 train-cycles-7a7a6ea1.st \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-04d886cf.st
sparsetool prune --magnitude --global 0.9 train-cycles-04d886cf.st \
  | sparsetool rewind --to train-cycles-489a267a.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wr-0.9-2.st

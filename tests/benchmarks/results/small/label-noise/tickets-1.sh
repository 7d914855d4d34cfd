set -eo pipefail
sparsetool init resnet20 --data digits --seed 1 -o init-fef45e90.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-fef45e90.st -o train-cycles-631d06bf.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-631d06bf.st -o train-cycles-e6a59e40.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-e6a59e40.st -o train-cycles-c2bca402.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-c2bca402.st -o train-cycles-f173348e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-f173348e.st -o train-cycles-edc25541.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-edc25541.st -o train-cycles-ef19b691.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-ef19b691.st -o train-cycles-ab0d070a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-ab0d070a.st -o dense-clean-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-fef45e90.st -o train-cycles-c488ee5e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-c488ee5e.st -o train-cycles-06cfbd1a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-06cfbd1a.st -o train-cycles-8f198701.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-8f198701.st -o train-cycles-31fec15e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-31fec15e.st -o train-cycles-7a61cb17.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-7a61cb17.st -o train-cycles-73bc5b9b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-73bc5b9b.st -o train-cycles-01586840.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-01586840.st -o dense-noisy-1.st
sparsetool prune --magnitude --rate 0.2 train-cycles-631d06bf.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.67 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-clean-0.67-1.st
sparsetool prune --magnitude --rate 0.2 lrr-clean-0.67-1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-clean-0.9-1.st
sparsetool prune --magnitude --rate 0.2 train-cycles-c488ee5e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.67 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-noisy-0.67-1.st
sparsetool prune --magnitude --rate 0.2 lrr-noisy-0.67-1.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-noisy-0.9-1.st
sparsetool mask --random --balanced 0.67 init-fef45e90.st -o mask-4f2ef758.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-4f2ef758.st -o train-cycles-be4ef17b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-be4ef17b.st -o train-cycles-e381d7cd.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-e381d7cd.st -o train-cycles-d85279c4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-d85279c4.st -o train-cycles-fb5523ad.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-fb5523ad.st -o train-cycles-10470616.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-10470616.st -o train-cycles-1e431b80.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-1e431b80.st -o train-cycles-2386fef2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-2386fef2.st -o random-0.67-clean-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-4f2ef758.st -o train-cycles-13ab13b8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-13ab13b8.st -o train-cycles-955d565f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-955d565f.st -o train-cycles-5d8ca47e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-5d8ca47e.st -o train-cycles-c742a52a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-c742a52a.st -o train-cycles-80d25c0c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-80d25c0c.st -o train-cycles-9e460630.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-9e460630.st -o train-cycles-7184458c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-7184458c.st -o random-0.67-noisy-1.st
sparsetool mask --random --balanced 0.9 init-fef45e90.st -o mask-20b6d683.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-20b6d683.st -o train-cycles-a0805564.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-a0805564.st -o train-cycles-baaea1de.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-baaea1de.st -o train-cycles-112cfd05.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-112cfd05.st -o train-cycles-4b00cdbe.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-4b00cdbe.st -o train-cycles-89d53be3.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-89d53be3.st -o train-cycles-798ee42a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-798ee42a.st -o train-cycles-13e0f2f0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-13e0f2f0.st -o random-0.9-clean-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-20b6d683.st -o train-cycles-24904b4e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-24904b4e.st -o train-cycles-d8f8068d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-d8f8068d.st -o train-cycles-f96c693b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-f96c693b.st -o train-cycles-ea811799.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-ea811799.st -o train-cycles-9213621e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-9213621e.st -o train-cycles-42b86837.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-42b86837.st -o train-cycles-57b98c81.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-57b98c81.st -o random-0.9-noisy-1.st

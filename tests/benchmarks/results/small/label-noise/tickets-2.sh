set -eo pipefail
sparsetool init resnet20 --data digits --seed 2 -o init-062bc250.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-062bc250.st -o train-cycles-2ec89d05.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-2ec89d05.st -o train-cycles-89b3b335.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-89b3b335.st -o train-cycles-6fb25eec.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-6fb25eec.st -o train-cycles-128f9381.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-128f9381.st -o train-cycles-4298fbeb.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-4298fbeb.st -o train-cycles-c085db7e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-c085db7e.st -o train-cycles-b7583450.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-b7583450.st -o dense-clean-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-062bc250.st -o train-cycles-2aacc2c4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-2aacc2c4.st -o train-cycles-83866130.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-83866130.st -o train-cycles-b66ab5cf.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-b66ab5cf.st -o train-cycles-b46e28c8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-b46e28c8.st -o train-cycles-f1b97c47.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-f1b97c47.st -o train-cycles-742a5408.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-742a5408.st -o train-cycles-14f4cb07.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-14f4cb07.st -o dense-noisy-2.st
sparsetool prune --magnitude --rate 0.2 train-cycles-2ec89d05.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.67 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-clean-0.67-2.st
sparsetool prune --magnitude --rate 0.2 lrr-clean-0.67-2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-clean-0.9-2.st
sparsetool prune --magnitude --rate 0.2 train-cycles-2aacc2c4.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.67 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-noisy-0.67-2.st
sparsetool prune --magnitude --rate 0.2 lrr-noisy-0.67-2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-noisy-0.9-2.st
sparsetool mask --random --balanced 0.67 init-062bc250.st -o mask-6cd462d0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-6cd462d0.st -o train-cycles-f34c9b22.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-f34c9b22.st -o train-cycles-cee7168e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-cee7168e.st -o train-cycles-fa4a1772.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-fa4a1772.st -o train-cycles-4fc38d4f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-4fc38d4f.st -o train-cycles-d45acb7c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-d45acb7c.st -o train-cycles-83a8841b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-83a8841b.st -o train-cycles-b26705e4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-b26705e4.st -o random-0.67-clean-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-6cd462d0.st -o train-cycles-5f4f740b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-5f4f740b.st -o train-cycles-ce3c5081.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-ce3c5081.st -o train-cycles-9b650e2d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-9b650e2d.st -o train-cycles-93cc5e5b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-93cc5e5b.st -o train-cycles-60e1bef6.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-60e1bef6.st -o train-cycles-aaf9bd92.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-aaf9bd92.st -o train-cycles-52ea88ca.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-52ea88ca.st -o random-0.67-noisy-2.st
sparsetool mask --random --balanced 0.9 init-062bc250.st -o mask-90a7b7b9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-90a7b7b9.st -o train-cycles-90560b3b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-90560b3b.st -o train-cycles-f861349a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-f861349a.st -o train-cycles-4d70d247.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-4d70d247.st -o train-cycles-3b85948d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-3b85948d.st -o train-cycles-aff19a87.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-aff19a87.st -o train-cycles-50b4dbfc.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-50b4dbfc.st -o train-cycles-326a0d82.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-326a0d82.st -o random-0.9-clean-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-90a7b7b9.st -o train-cycles-69da8627.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-69da8627.st -o train-cycles-37ab0c94.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-37ab0c94.st -o train-cycles-48981cc5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-48981cc5.st -o train-cycles-770346f9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-770346f9.st -o train-cycles-851addbc.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-851addbc.st -o train-cycles-67aaee0e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-67aaee0e.st -o train-cycles-763384ba.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-763384ba.st -o random-0.9-noisy-2.st

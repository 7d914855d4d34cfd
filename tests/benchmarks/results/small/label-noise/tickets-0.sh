set -eo pipefail
sparsetool init resnet20 --data digits --seed 0 -o init-066dca70.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-066dca70.st -o train-cycles-71b9140d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-71b9140d.st -o train-cycles-e69ffe6d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-e69ffe6d.st -o train-cycles-2b66e268.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-2b66e268.st -o train-cycles-2c383ab4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-2c383ab4.st -o train-cycles-126417d2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-126417d2.st -o train-cycles-cc37c196.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-cc37c196.st -o train-cycles-5e887c5e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-5e887c5e.st -o dense-clean-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-066dca70.st -o train-cycles-b2a6c580.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-b2a6c580.st -o train-cycles-d615f04f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-d615f04f.st -o train-cycles-da2a29ca.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-da2a29ca.st -o train-cycles-4232f840.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-4232f840.st -o train-cycles-3aa883f0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-3aa883f0.st -o train-cycles-615e7f9c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-615e7f9c.st -o train-cycles-50b9001f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-50b9001f.st -o dense-noisy-0.st
sparsetool prune --magnitude --rate 0.2 train-cycles-71b9140d.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.67 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-clean-0.67-0.st
sparsetool prune --magnitude --rate 0.2 lrr-clean-0.67-0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-clean-0.9-0.st
sparsetool prune --magnitude --rate 0.2 train-cycles-b2a6c580.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.67 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-noisy-0.67-0.st
sparsetool prune --magnitude --rate 0.2 lrr-noisy-0.67-0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.2 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-noisy-0.9-0.st
sparsetool mask --random --balanced 0.67 init-066dca70.st -o mask-0bd21af3.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-0bd21af3.st -o train-cycles-940b6e5c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-940b6e5c.st -o train-cycles-dabf68d1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-dabf68d1.st -o train-cycles-32073eb5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-32073eb5.st -o train-cycles-3cbb5a96.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-3cbb5a96.st -o train-cycles-a80ff8d2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-a80ff8d2.st -o train-cycles-4f007c38.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-4f007c38.st -o train-cycles-5289c626.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-5289c626.st -o random-0.67-clean-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-0bd21af3.st -o train-cycles-84ed3c2c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-84ed3c2c.st -o train-cycles-17428064.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-17428064.st -o train-cycles-d9e01c09.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-d9e01c09.st -o train-cycles-df67d51f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-df67d51f.st -o train-cycles-5e7282fd.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-5e7282fd.st -o train-cycles-9058c219.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-9058c219.st -o train-cycles-cb5ed428.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-cb5ed428.st -o random-0.67-noisy-0.st
sparsetool mask --random --balanced 0.9 init-066dca70.st -o mask-e9d20420.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-e9d20420.st -o train-cycles-7d24b4f5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-7d24b4f5.st -o train-cycles-df63e9d8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-df63e9d8.st -o train-cycles-5f886041.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-5f886041.st -o train-cycles-fb1d7492.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-fb1d7492.st -o train-cycles-a93b089e.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-a93b089e.st -o train-cycles-786b47c0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-786b47c0.st -o train-cycles-1ccf4b72.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-1ccf4b72.st -o random-0.9-clean-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-e9d20420.st -o train-cycles-650737ce.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-650737ce.st -o train-cycles-12d8864b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-12d8864b.st -o train-cycles-fdb8df30.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-fdb8df30.st -o train-cycles-aec31cfb.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-aec31cfb.st -o train-cycles-2094f5b0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-2094f5b0.st -o train-cycles-ccc8a4ff.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-ccc8a4ff.st -o train-cycles-dcbc6302.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --label-noise 0.15 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-dcbc6302.st -o random-0.9-noisy-0.st

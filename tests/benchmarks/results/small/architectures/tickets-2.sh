set -eo pipefail
sparsetool init efficientnet-b0 --data digits --seed 2 -o init-b8e74fa2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-b8e74fa2.st -o train-cycles-fa5f0d71.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 train-cycles-fa5f0d71.st -o dense-cyclic-efficientnet-b0-2.st
sparsetool init gpt-mini:2-64-2 --data shakespeare:100000 --seed 2 -o init-712a7463.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 init-712a7463.st -o train-cycles-be4cb1ba.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 --n 3 train-cycles-be4cb1ba.st -o dense-cyclic-gpt-mini-2-64-2-on-shakespeare-100000-2.st
sparsetool init mlp:300-100 --data digits --seed 2 -o init-e2edcf74.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-e2edcf74.st -o train-cycles-270fbc99.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 train-cycles-270fbc99.st -o dense-cyclic-mlp-300-100-2.st
sparsetool init mobilenet-v2 --data digits --seed 2 -o init-9608feb4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-9608feb4.st -o train-cycles-d83e45a2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 train-cycles-d83e45a2.st -o dense-cyclic-mobilenet-v2-2.st
sparsetool init resnet20 --data digits --seed 2 -o init-062bc250.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-062bc250.st -o train-cycles-e65bf69b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 train-cycles-e65bf69b.st -o dense-cyclic-resnet20-2.st
sparsetool init vit-tiny:4 --data digits --seed 2 -o init-b780c22f.st
sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 init-b780c22f.st -o train-cycles-4d39831d.st
sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 --n 3 train-cycles-4d39831d.st -o dense-cyclic-vit-tiny-4-2.st
sparsetool prune --magnitude --rate 0.5 train-cycles-fa5f0d71.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-efficientnet-b0-2.st
sparsetool prune --magnitude --rate 0.5 train-cycles-be4cb1ba.st \
  | sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 -o lrr-0.9-gpt-mini-2-64-2-on-shakespeare-100000-2.st
sparsetool prune --magnitude --rate 0.5 train-cycles-270fbc99.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-mlp-300-100-2.st
sparsetool prune --magnitude --rate 0.5 train-cycles-d83e45a2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-mobilenet-v2-2.st
sparsetool prune --magnitude --rate 0.5 train-cycles-e65bf69b.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-resnet20-2.st
sparsetool prune --magnitude --rate 0.5 train-cycles-4d39831d.st \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 -o lrr-0.9-vit-tiny-4-2.st
sparsetool mask --random --balanced 0.9 init-b8e74fa2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 4 -o random-efficientnet-b0-0.9-2.st
sparsetool mask --random --balanced 0.9 init-712a7463.st \
  | sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 --n 4 -o random-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st
sparsetool mask --random --balanced 0.9 init-e2edcf74.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 4 -o random-mlp-300-100-0.9-2.st
sparsetool mask --random --balanced 0.9 init-9608feb4.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 4 -o random-mobilenet-v2-0.9-2.st
sparsetool mask --random --balanced 0.9 init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 4 -o random-resnet20-0.9-2.st
sparsetool mask --random --balanced 0.9 init-b780c22f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 --n 4 -o random-vit-tiny-4-0.9-2.st
sparsetool mask --random --balanced 0.5 init-b8e74fa2.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-efficientnet-b0-0.9-2.st
sparsetool mask --random --balanced 0.5 init-712a7463.st \
  | sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 --n 3 -o train-cycles-8d4b58c4.st
sparsetool prune --magnitude --global 0.9 train-cycles-8d4b58c4.st -o sculpt-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 sculpt-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st -o sculpt-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st
sparsetool prune --magnitude --uniform 0.9 train-cycles-8d4b58c4.st -o sculpt-magnitude-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 sculpt-magnitude-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st -o sculpt-magnitude-uniform-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st
sparsetool mask --random --balanced 0.5 init-e2edcf74.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-mlp-300-100-0.9-2.st
sparsetool mask --random --balanced 0.5 init-9608feb4.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-mobilenet-v2-0.9-2.st
sparsetool mask --random --balanced 0.5 init-062bc250.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-resnet20-0.9-2.st
sparsetool prune --sparsegpt --uniform 0.9 --batch-size 64 --batches 1 --data shakespeare:100000 --threads 1 --update train-cycles-8d4b58c4.st -o sculpt-sparsegpt-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 sculpt-sparsegpt-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st -o sculpt-sparsegpt-uniform-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st
sparsetool mask --random --balanced 0.5 init-b780c22f.st \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 --n 3 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 -o sculpt-vit-tiny-4-0.9-2.st
sparsetool prune --wanda --uniform 0.9 --batch-size 64 --batches 1 --data shakespeare:100000 --threads 1 --within output train-cycles-8d4b58c4.st -o sculpt-wanda-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 sculpt-wanda-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st -o sculpt-wanda-uniform-gpt-mini-2-64-2-on-shakespeare-100000-0.9-2.st

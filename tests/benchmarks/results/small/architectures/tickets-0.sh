set -eo pipefail
sparsetool init efficientnet-b0 --data digits --seed 0 -o init-e7c0bab0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-e7c0bab0.st -o train-cycles-0ecd1cd7.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 train-cycles-0ecd1cd7.st -o dense-cyclic-efficientnet-b0-0.st
sparsetool init gpt-mini:2-64-2 --data shakespeare:100000 --seed 0 -o init-926e0f47.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 init-926e0f47.st -o train-cycles-ae78d7e3.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 --n 3 train-cycles-ae78d7e3.st -o dense-cyclic-gpt-mini-2-64-2-on-shakespeare-100000-0.st
sparsetool init mlp:300-100 --data digits --seed 0 -o init-b7fd6dda.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-b7fd6dda.st -o train-cycles-26ab42fb.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 train-cycles-26ab42fb.st -o dense-cyclic-mlp-300-100-0.st
sparsetool init mobilenet-v2 --data digits --seed 0 -o init-94e45d19.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-94e45d19.st -o train-cycles-82ba2f59.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 train-cycles-82ba2f59.st -o dense-cyclic-mobilenet-v2-0.st
sparsetool init resnet20 --data digits --seed 0 -o init-066dca70.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-066dca70.st -o train-cycles-1087650b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 train-cycles-1087650b.st -o dense-cyclic-resnet20-0.st
sparsetool init vit-tiny:4 --data digits --seed 0 -o init-5083904e.st
sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 init-5083904e.st -o train-cycles-2ff93783.st
sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 --n 3 train-cycles-2ff93783.st -o dense-cyclic-vit-tiny-4-0.st
sparsetool prune --magnitude --rate 0.5 train-cycles-0ecd1cd7.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-efficientnet-b0-0.st
sparsetool prune --magnitude --rate 0.5 train-cycles-ae78d7e3.st \
  | sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 -o lrr-0.9-gpt-mini-2-64-2-on-shakespeare-100000-0.st
sparsetool prune --magnitude --rate 0.5 train-cycles-26ab42fb.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-mlp-300-100-0.st
sparsetool prune --magnitude --rate 0.5 train-cycles-82ba2f59.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-mobilenet-v2-0.st
sparsetool prune --magnitude --rate 0.5 train-cycles-1087650b.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o lrr-0.9-resnet20-0.st
sparsetool prune --magnitude --rate 0.5 train-cycles-2ff93783.st \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 -o lrr-0.9-vit-tiny-4-0.st
sparsetool mask --random --balanced 0.9 init-e7c0bab0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 4 -o random-efficientnet-b0-0.9-0.st
sparsetool mask --random --balanced 0.9 init-926e0f47.st \
  | sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 --n 4 -o random-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st
sparsetool mask --random --balanced 0.9 init-b7fd6dda.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 4 -o random-mlp-300-100-0.9-0.st
sparsetool mask --random --balanced 0.9 init-94e45d19.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 4 -o random-mobilenet-v2-0.9-0.st
sparsetool mask --random --balanced 0.9 init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 4 -o random-resnet20-0.9-0.st
sparsetool mask --random --balanced 0.9 init-5083904e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 --n 4 -o random-vit-tiny-4-0.9-0.st
sparsetool mask --random --balanced 0.5 init-e7c0bab0.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-efficientnet-b0-0.9-0.st
sparsetool mask --random --balanced 0.5 init-926e0f47.st \
  | sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 --n 3 -o train-cycles-63b7dec2.st
sparsetool prune --magnitude --global 0.9 train-cycles-63b7dec2.st -o sculpt-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 sculpt-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st -o sculpt-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st
sparsetool prune --magnitude --uniform 0.9 train-cycles-63b7dec2.st -o sculpt-magnitude-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 sculpt-magnitude-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st -o sculpt-magnitude-uniform-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st
sparsetool mask --random --balanced 0.5 init-b7fd6dda.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-mlp-300-100-0.9-0.st
sparsetool mask --random --balanced 0.5 init-94e45d19.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-mobilenet-v2-0.9-0.st
sparsetool mask --random --balanced 0.5 init-066dca70.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 3 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 5 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sculpt-resnet20-0.9-0.st
sparsetool prune --sparsegpt --uniform 0.9 --batch-size 64 --batches 1 --data shakespeare:100000 --threads 1 --update train-cycles-63b7dec2.st -o sculpt-sparsegpt-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 sculpt-sparsegpt-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st -o sculpt-sparsegpt-uniform-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st
sparsetool mask --random --balanced 0.5 init-5083904e.st \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 --n 3 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --decay-on weights --epochs 5 --floor 0.0 --lr 0.001 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.05 -o sculpt-vit-tiny-4-0.9-0.st
sparsetool prune --wanda --uniform 0.9 --batch-size 64 --batches 1 --data shakespeare:100000 --threads 1 --within output train-cycles-63b7dec2.st -o sculpt-wanda-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st
sparsetool train-cycles --batch-size 64 --data shakespeare:100000 --decay-on weights --epochs 5 --lr 0.002 --momentum 0.9 --optimizer adamw --schedule cosine --threads 1 --weight-decay 0.1 sculpt-wanda-uniform-pruned-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st -o sculpt-wanda-uniform-gpt-mini-2-64-2-on-shakespeare-100000-0.9-0.st

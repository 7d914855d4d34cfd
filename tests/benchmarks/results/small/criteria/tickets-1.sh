set -eo pipefail
sparsetool init resnet20 --data digits --seed 1 \
  | sparsetool mask --random --balanced 0.7 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 6 -o train-cycles-7a92db31.st
sparsetool prune --fisher --global 0.8 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o fisher-0.8-1.st
sparsetool prune --fisher --global 0.9 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o fisher-0.9-1.st
sparsetool prune --fisher --global 0.95 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o fisher-0.95-1.st
sparsetool prune --magnitude --global 0.8 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o magnitude-0.8-1.st
sparsetool prune --magnitude --global 0.9 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o magnitude-0.9-1.st
sparsetool prune --magnitude --global 0.95 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o magnitude-0.95-1.st
sparsetool prune --random --global 0.8 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o random-0.8-1.st
sparsetool prune --random --global 0.9 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o random-0.9-1.st
sparsetool prune --random --global 0.95 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o random-0.95-1.st
sparsetool prune --snip --global 0.8 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o snip-0.8-1.st
sparsetool prune --snip --global 0.9 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o snip-0.9-1.st
sparsetool prune --snip --global 0.95 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o snip-0.95-1.st
sparsetool prune --sparsegpt --global 0.8 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sparsegpt-0.8-1.st
sparsetool prune --sparsegpt --global 0.9 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sparsegpt-0.9-1.st
sparsetool prune --sparsegpt --global 0.95 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o sparsegpt-0.95-1.st
sparsetool prune --synflow --global 0.8 --iterations 100 --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o synflow-0.8-1.st
sparsetool prune --synflow --global 0.9 --iterations 100 --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o synflow-0.9-1.st
sparsetool prune --synflow --global 0.95 --iterations 100 --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o synflow-0.95-1.st
sparsetool prune --taylor --global 0.8 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o taylor-0.8-1.st
sparsetool prune --taylor --global 0.9 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o taylor-0.9-1.st
sparsetool prune --taylor --global 0.95 --batch-size 128 --batches 1 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o taylor-0.95-1.st
sparsetool prune --wanda --global 0.8 --batch-size 128 --batches 1 --data digits --threads 1 --within output train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wanda-0.8-1.st
sparsetool prune --wanda --global 0.9 --batch-size 128 --batches 1 --data digits --threads 1 --within output train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wanda-0.9-1.st
sparsetool prune --wanda --global 0.95 --batch-size 128 --batches 1 --data digits --threads 1 --within output train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o wanda-0.95-1.st
sparsetool prune --woodfisher --global 0.8 --batch-size 128 --batches 1 --block-size 50 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o woodfisher-0.8-1.st
sparsetool prune --woodfisher --global 0.9 --batch-size 128 --batches 1 --block-size 50 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o woodfisher-0.9-1.st
sparsetool prune --woodfisher --global 0.95 --batch-size 128 --batches 1 --block-size 50 --data digits --threads 1 train-cycles-7a92db31.st \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o woodfisher-0.95-1.st

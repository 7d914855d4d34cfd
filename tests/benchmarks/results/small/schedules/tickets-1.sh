set -eo pipefail
sparsetool init resnet20 --data digits --seed 1 -o init-fef45e90.st
sparsetool mask --random --balanced 0 init-fef45e90.st -o mask-763a7539.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 mask-763a7539.st -o cosine-0-1.st
sparsetool mask --random --balanced 0.67 init-fef45e90.st -o mask-4f2ef758.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 mask-4f2ef758.st -o cosine-0.67-1.st
sparsetool mask --random --balanced 0.9 init-fef45e90.st -o mask-20b6d683.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 mask-20b6d683.st -o cosine-0.9-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --n 6 mask-763a7539.st -o cosine-restarts-0-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --n 6 mask-4f2ef758.st -o cosine-restarts-0.67-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --n 6 mask-20b6d683.st -o cosine-restarts-0.9-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 6 mask-763a7539.st -o cyclic-0-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 6 mask-4f2ef758.st -o cyclic-0.67-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 6 mask-20b6d683.st -o cyclic-0.9-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 mask-763a7539.st -o one-cycle-0-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 mask-4f2ef758.st -o one-cycle-0.67-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 mask-20b6d683.st -o one-cycle-0.9-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-763a7539.st -o stretched-0-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-4f2ef758.st -o stretched-0.67-1.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-20b6d683.st -o stretched-0.9-1.st

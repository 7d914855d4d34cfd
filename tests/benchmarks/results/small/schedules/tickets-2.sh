set -eo pipefail
sparsetool init resnet20 --data digits --seed 2 -o init-062bc250.st
sparsetool mask --random --balanced 0 init-062bc250.st -o mask-d3e198d5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 mask-d3e198d5.st -o cosine-0-2.st
sparsetool mask --random --balanced 0.67 init-062bc250.st -o mask-6cd462d0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 mask-6cd462d0.st -o cosine-0.67-2.st
sparsetool mask --random --balanced 0.9 init-062bc250.st -o mask-90a7b7b9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 mask-90a7b7b9.st -o cosine-0.9-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --n 6 mask-d3e198d5.st -o cosine-restarts-0-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --n 6 mask-6cd462d0.st -o cosine-restarts-0.67-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --n 6 mask-90a7b7b9.st -o cosine-restarts-0.9-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 6 mask-d3e198d5.st -o cyclic-0-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 6 mask-6cd462d0.st -o cyclic-0.67-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 6 mask-90a7b7b9.st -o cyclic-0.9-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 mask-d3e198d5.st -o one-cycle-0-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 mask-6cd462d0.st -o one-cycle-0.67-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 mask-90a7b7b9.st -o one-cycle-0.9-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-d3e198d5.st -o stretched-0-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-6cd462d0.st -o stretched-0.67-2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-90a7b7b9.st -o stretched-0.9-2.st

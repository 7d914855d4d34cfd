set -eo pipefail
sparsetool init resnet20 --data digits --seed 0 -o init-066dca70.st
sparsetool mask --random --balanced 0 init-066dca70.st -o mask-deed034d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 mask-deed034d.st -o cosine-0-0.st
sparsetool mask --random --balanced 0.67 init-066dca70.st -o mask-0bd21af3.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 mask-0bd21af3.st -o cosine-0.67-0.st
sparsetool mask --random --balanced 0.9 init-066dca70.st -o mask-e9d20420.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 mask-e9d20420.st -o cosine-0.9-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --n 6 mask-deed034d.st -o cosine-restarts-0-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --n 6 mask-0bd21af3.st -o cosine-restarts-0.67-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --n 6 mask-e9d20420.st -o cosine-restarts-0.9-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 6 mask-deed034d.st -o cyclic-0-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 6 mask-0bd21af3.st -o cyclic-0.67-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 --n 6 mask-e9d20420.st -o cyclic-0.9-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 mask-deed034d.st -o one-cycle-0-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 mask-0bd21af3.st -o one-cycle-0.67-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 mask-e9d20420.st -o one-cycle-0.9-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-deed034d.st -o stretched-0-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-0bd21af3.st -o stretched-0.67-0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-e9d20420.st -o stretched-0.9-0.st

set -eo pipefail
sparsetool init resnet20 --data digits --seed 0 -o init-066dca70.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-066dca70.st -o train-cycles-273205ac.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-273205ac.st -o train-cycles-568d92ff.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-568d92ff.st -o train-cycles-95219202.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-95219202.st -o train-cycles-a48b4a4b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-a48b4a4b.st -o train-cycles-c112c773.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-c112c773.st -o train-cycles-720247f8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 10 init-066dca70.st -o train-cycles-4f2e8c1c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 20 init-066dca70.st -o train-cycles-d4be62b7.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 30 init-066dca70.st -o train-cycles-36802e63.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 40 init-066dca70.st -o train-cycles-721f0951.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 50 init-066dca70.st -o train-cycles-26369065.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 init-066dca70.st -o train-cycles-d2048280.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 10 init-066dca70.st -o train-cycles-eb38f5a5.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 20 init-066dca70.st -o train-cycles-5e5dcb0b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 30 init-066dca70.st -o train-cycles-26121aad.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 40 init-066dca70.st -o train-cycles-c8409a35.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 50 init-066dca70.st -o train-cycles-228bd2b6.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 init-066dca70.st -o train-cycles-f346ceb7.st
sparsetool mask --random --balanced 0.9 init-066dca70.st -o mask-e9d20420.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-e9d20420.st -o train-cycles-cb814330.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-cb814330.st -o train-cycles-b3dd9404.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-b3dd9404.st -o train-cycles-e420dd54.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-e420dd54.st -o train-cycles-22b60394.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-22b60394.st -o train-cycles-b9df97cd.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-b9df97cd.st -o train-cycles-9776f0c9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 10 mask-e9d20420.st -o train-cycles-a016ab91.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 20 mask-e9d20420.st -o train-cycles-b6b590a0.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 30 mask-e9d20420.st -o train-cycles-823bee2c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 40 mask-e9d20420.st -o train-cycles-d0c2d897.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 50 mask-e9d20420.st -o train-cycles-ec5083ba.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 mask-e9d20420.st -o train-cycles-e4c39114.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 10 mask-e9d20420.st -o train-cycles-17de3b43.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 20 mask-e9d20420.st -o train-cycles-487d5e6f.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 30 mask-e9d20420.st -o train-cycles-be8b8e7b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 40 mask-e9d20420.st -o train-cycles-21c06265.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 50 mask-e9d20420.st -o train-cycles-5a1911e3.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 mask-e9d20420.st -o train-cycles-9ae101a1.st

set -eo pipefail
sparsetool init resnet20 --data digits --seed 2 -o init-062bc250.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 init-062bc250.st -o train-cycles-d1c95ebc.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-d1c95ebc.st -o train-cycles-160500c4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-160500c4.st -o train-cycles-a29a3914.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-a29a3914.st -o train-cycles-7b5c9025.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-7b5c9025.st -o train-cycles-9b8e319d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-9b8e319d.st -o train-cycles-8b05bf4a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 10 init-062bc250.st -o train-cycles-28a92d91.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 20 init-062bc250.st -o train-cycles-34c51d7a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 30 init-062bc250.st -o train-cycles-a4c5d57c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 40 init-062bc250.st -o train-cycles-d2fea272.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 50 init-062bc250.st -o train-cycles-7c665648.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 init-062bc250.st -o train-cycles-0705b1fe.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 10 init-062bc250.st -o train-cycles-a8f19ccb.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 20 init-062bc250.st -o train-cycles-8cbd3458.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 30 init-062bc250.st -o train-cycles-be6f8944.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 40 init-062bc250.st -o train-cycles-2ff3e8aa.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 50 init-062bc250.st -o train-cycles-331b7082.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 init-062bc250.st -o train-cycles-f4a66af9.st
sparsetool mask --random --balanced 0.9 init-062bc250.st -o mask-90a7b7b9.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 mask-90a7b7b9.st -o train-cycles-d58e8c70.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-d58e8c70.st -o train-cycles-98587564.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-98587564.st -o train-cycles-b893ea63.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-b893ea63.st -o train-cycles-7acb7edd.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-7acb7edd.st -o train-cycles-0bb20f32.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 train-cycles-0bb20f32.st -o train-cycles-be60cf72.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 10 mask-90a7b7b9.st -o train-cycles-443d73ed.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 20 mask-90a7b7b9.st -o train-cycles-aca1ed3d.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 30 mask-90a7b7b9.st -o train-cycles-7e487b53.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 40 mask-90a7b7b9.st -o train-cycles-855d34c2.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 --stop-after 50 mask-90a7b7b9.st -o train-cycles-5cec9851.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule cosine --threads 1 --weight-decay 0.0001 mask-90a7b7b9.st -o train-cycles-52c015c4.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 10 mask-90a7b7b9.st -o train-cycles-156e46d8.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 20 mask-90a7b7b9.st -o train-cycles-92a8a83c.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 30 mask-90a7b7b9.st -o train-cycles-176d289a.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 40 mask-90a7b7b9.st -o train-cycles-234b686b.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 --stop-after 50 mask-90a7b7b9.st -o train-cycles-a20fe1ae.st
sparsetool train-cycles --batch-size 128 --data digits --epochs 60 --lr 0.1 --momentum 0.9 --schedule one-cycle --threads 1 --weight-decay 0.0001 mask-90a7b7b9.st -o train-cycles-bbee0b94.st

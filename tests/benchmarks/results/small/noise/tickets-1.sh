set -eo pipefail
sparsetool init resnet20 --data digits --seed 1000 -o init-a70d32f5.st
sparsetool init resnet20 --data digits --seed 0 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-cc1a456e.st
sparsetool mask --from train-cycles-cc1a456e.st init-a70d32f5.st -o mask-9b3f55b7.st
sparsetool train-cycles --augmentation-seed 1 --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --order-seed 0 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 --n 2 mask-9b3f55b7.st -o lrr-0.9-augmentation-1.st
sparsetool init resnet20 --data digits --seed 1001 -o init-8b87134c.st
sparsetool mask --from train-cycles-cc1a456e.st init-8b87134c.st \
  | sparsetool train-cycles --augmentation-seed 0 --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --order-seed 0 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 --n 2 -o lrr-0.9-initialisation-1.st
sparsetool init resnet20 --data digits --seed 1 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --rate 0.5 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 \
  | sparsetool prune --magnitude --global 0.9 \
  | sparsetool train-cycles --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --schedule step-warmup --threads 1 --weight-decay 0.0001 -o train-cycles-d789613f.st
sparsetool mask --from train-cycles-d789613f.st init-a70d32f5.st \
  | sparsetool train-cycles --augmentation-seed 0 --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --order-seed 0 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 --n 2 -o lrr-0.9-mask-1.st
sparsetool train-cycles --augmentation-seed 0 --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --order-seed 1 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 --n 2 mask-9b3f55b7.st -o lrr-0.9-order-1.st
sparsetool mask --random --balanced 0.9 --seed 0 init-a70d32f5.st -o mask-398a78bd.st
sparsetool mask --from mask-398a78bd.st init-a70d32f5.st -o mask-4abc7613.st
sparsetool train-cycles --augmentation-seed 1 --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --order-seed 0 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 --n 2 mask-4abc7613.st -o random-0.9-augmentation-1.st
sparsetool mask --from mask-398a78bd.st init-8b87134c.st \
  | sparsetool train-cycles --augmentation-seed 0 --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --order-seed 0 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 --n 2 -o random-0.9-initialisation-1.st
sparsetool mask --random --balanced 0.9 --seed 1 init-a70d32f5.st -o mask-1845ea9b.st
sparsetool mask --from mask-1845ea9b.st init-a70d32f5.st \
  | sparsetool train-cycles --augmentation-seed 0 --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --order-seed 0 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 --n 2 -o random-0.9-mask-1.st
sparsetool train-cycles --augmentation-seed 0 --batch-size 128 --data digits --epochs 10 --lr 0.1 --momentum 0.9 --order-seed 1 --schedule step-warmup --threads 1 --weight-decay 0.0001 --seed 0 --n 2 mask-4abc7613.st -o random-0.9-order-1.st

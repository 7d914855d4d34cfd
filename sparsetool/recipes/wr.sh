#!/usr/bin/env bash
# Weight rewinding (WR): train, prune a fifth, rewind to the weights after warm-up
#
# Frankle et al., 2020, "Linear mode connectivity and the lottery ticket hypothesis"; in Gadhikar,
# Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figures 2a, 2b and 5. After each
# pruning the survivors get the values back that they had in the dense run after WARM epochs, the
# end of its warm-up (10 of 150), and are trained for the whole schedule, warm-up included, as the
# authors do. (Renda et al. resume the schedule at that epoch: `train-cycles --from-epoch`.) The
# line is accuracy after each level; the last pruning goes to the sparsities named, exactly.
#
#     sparsetool recipe wr | bash
#     sparsetool recipe wr | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=wr SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke) : "${MODEL:=mlp:40-20}" "${EPOCHS:=2}" "${RATE:=0.7}" ;; # dense and two levels
demo) : "${EPOCHS:=3}" ;;
small) : "${EPOCHS:=10}" "${SPARSITIES:=0.67 0.9 0.95}" "${SEEDS:=0 1 2}" ;;
paper)
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${SPARSITIES:=0.67 0.8 0.9 0.95 0.98}"
  : "${SEEDS:=0 1 2}" ;;
esac
: "${SPARSITIES:=0.9}" # that are reached exactly, ascending
: "${RATE:=0.2}"       # part of the survivors that a level prunes
: "${CYCLES:=1}"       # cycles at each level
: "${WARM:=$(((EPOCHS + 14) / 15))}" # epoch of the dense run that survivors are rewound to

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/levels.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

wr() {
  init --seed "$1" -o "$OUT/init-$1.st"
  train --n "$CYCLES" --save-epoch "$WARM:$OUT/warm-$1.st" "$OUT/init-$1.st" -o "$OUT/dense-$1.st"
  levels wr "$1" "$OUT/warm-$1.st" --n "$CYCLES"
  measure wr "$1" WR "${steps[@]}" "${finals[@]}"
  measure dense "$1" dense "$OUT/dense-$1.st"
}

mkdir -p "$OUT"
for seed in $SEEDS; do branch wr "$seed"; done
all_done

collect dense wr
results wr sweep "${lines[@]}"

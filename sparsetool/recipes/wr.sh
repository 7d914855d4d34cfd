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
# Claim: the network of a level is above the dense one it began with.
#
#     sparsetool recipe wr | bash
#     sparsetool recipe wr | SCALE=small OUT=here bash
#
# imp, wr and lrr may share a folder, and so the dense run. All of them in one picture:
#
#     sparsetool plot sweep here/{dense,imp,wr,lrr}-*.jsonl -o levels.png
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=wr SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
source "${BASH_SOURCE%/*}/parts/iterative.sh"
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
claim wr-and-dense accuracy "every level of WR is above the dense network" \
  --by sparsity --against 0 --at '' --claim above

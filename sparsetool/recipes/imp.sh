#!/usr/bin/env bash
# Iterative magnitude pruning (IMP): train, prune a fifth, rewind to initialisation
#
# Frankle, Carbin, 2019, "The lottery ticket hypothesis"; in Gadhikar, Nelaturu, Burkholz, "Cyclic
# Sparse Training: Is it Enough?", Figures 2b and 5. After each pruning the survivors get their
# initial values back and are trained for the whole schedule. The line is accuracy after each level;
# the last pruning goes to the sparsities named, exactly.
#
# Claim (Renda et al., 2020): rewound to initialisation, the network of a level is below the dense
# one.
#
#     sparsetool recipe imp | bash
#     sparsetool recipe imp | SCALE=small OUT=here bash
#
# imp, wr and lrr may share a folder, and so the dense run. All of them in one picture:
#
#     sparsetool plot sweep here/{dense,imp,wr,lrr}-*.jsonl -o levels.png
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=imp SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
source "${BASH_SOURCE%/*}/parts/iterative.sh"

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/levels.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

imp() {
  init --seed "$1" -o "$OUT/init-$1.st"
  train --n "$CYCLES" "$OUT/init-$1.st" -o "$OUT/dense-$1.st"
  levels imp "$1" "$OUT/init-$1.st" --n "$CYCLES"
  measure imp "$1" IMP "${steps[@]}" "${finals[@]}"
  measure dense "$1" dense "$OUT/dense-$1.st"
}

mkdir -p "$OUT"
for seed in $SEEDS; do branch imp "$seed"; done
all_done

collect dense imp
results imp sweep "${lines[@]}"
claim imp-and-dense accuracy "every level of IMP is below the dense network" \
  --by sparsity --against 0 --at '' --claim below

#!/usr/bin/env bash
# Sign flips in every cycle, by sparsity
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figure 3 of its first
# version. The dense network and random balanced masks are trained in cycles; each line counts the
# weights whose sign differs between a cycle's start and its end, by epochs at its end (the first
# point is the first cycle, against the initialisation). Beside it the part of signs that stayed,
# which compares sparsities of different sizes.
#
# Claim: fewer signs flip in the last cycle than in the first.
#
#     sparsetool recipe sign-flips | bash
#     sparsetool recipe sign-flips | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=sign-flips SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke) : "${MODEL:=mlp:40-20}" "${EPOCHS:=1}" "${CYCLES:=3}" "${SPARSITIES:=0.5 0.9}" ;;
demo) : "${EPOCHS:=4}" "${CYCLES:=6}" ;;
small) : "${EPOCHS:=10}" "${CYCLES:=10}" "${SEEDS:=0 1 2}" ;;
photos) : "${CYCLES:=4}" "${SPARSITIES:=0.8 0.9 0.95 0.98}" ;;
paper) : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=13}" "${SEEDS:=0 1 2}" ;;
esac
: "${SPARSITIES:=0.5 0.67 0.9}" # of the random masks

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

# cycles NAME SEED METHOD TICKET: train, then compare each cycle's end with its start.
cycles() {
  in_cycles "$1-$2" "$CYCLES" "$4"
  sparsetool diff --quiet --label method="$3" --label seed="$2" "$4" "${kept[@]}" \
    -o "$OUT/$1-$2.jsonl"
}

dense() { cycles dense "$1" dense "$OUT/init-$1.st"; }

random() {
  mask --random --balanced "$2" "$OUT/init-$1.st" -o "$OUT/mask-$2-$1.st"
  cycles "random-$2" "$1" "random $2" "$OUT/mask-$2-$1.st"
}

mkdir -p "$OUT"
for seed in $SEEDS; do
  init --seed "$seed" -o "$OUT/init-$seed.st"
  branch dense "$seed"
  for s in $SPARSITIES; do branch random "$seed" "$s"; done
done
all_done

collect dense
for s in $SPARSITIES; do collect "random-$s"; done
results sign-flips signs "${lines[@]}" --y sign_flips,sign_agreement
claim sign-flips-claim sign_flips "fewer signs flip in the last cycle than in the first" \
  --by epochs --between "$((CYCLES * EPOCHS)),$EPOCHS" --claim below

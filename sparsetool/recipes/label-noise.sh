#!/usr/bin/env bash
# Label noise: cyclic training on 15% permuted labels, dense against sparse
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figure 9b. The dense
# network and random balanced masks are trained in cycles, with the labels of a random part of the
# training images permuted and, beside, with clean ones; each line is accuracy on the clean test
# split, by epochs. A permutation leaves about one in ten of those labels right (ten classes), so
# 0.15 makes 13.5% wrong.
#
#     sparsetool recipe label-noise | bash
#     sparsetool recipe label-noise | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=label-noise SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke) : "${MODEL:=mlp:40-20}" "${EPOCHS:=1}" "${CYCLES:=2}" "${CLEAN:=}" ;;
demo) : "${EPOCHS:=4}" "${CYCLES:=5}" ;;
small) : "${EPOCHS:=10}" "${CYCLES:=8}" "${SPARSITIES:=0.67 0.9}" "${SEEDS:=0 1 2}" ;;
photos) : "${CYCLES:=4}" "${SPARSITIES:=0.9 0.98}" ;;
paper)
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=8}" "${SPARSITIES:=0.5 0.67 0.8 0.9}"
  : "${SEEDS:=0 1 2}" ;;
esac
: "${NOISE:=0.15}"     # part of the training labels that is permuted
: "${CLEAN=yes}"       # whether clean labels stand beside; empty: no
: "${SPARSITIES:=0.9}" # of the random masks

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

# noisy|clean NAME SEED METHOD TICKET: train, then measure the ticket after each cycle.
noisy() {
  in_cycles "$1-noisy-$2" "$CYCLES" "$4" --label-noise "$NOISE"
  measure "$1-noisy" "$2" "$3" --label noise="noise $NOISE" "${kept[@]}"
}
clean() {
  in_cycles "$1-clean-$2" "$CYCLES" "$4"
  measure "$1-clean" "$2" "$3" --label noise=clean "${kept[@]}"
}

mkdir -p "$OUT"
labels="noisy${CLEAN:+ clean}"
for seed in $SEEDS; do
  init --seed "$seed" -o "$OUT/init-$seed.st"
  for s in $SPARSITIES; do
    mask --random --balanced "$s" "$OUT/init-$seed.st" -o "$OUT/mask-$s-$seed.st"
  done
  for how in $labels; do
    branch "$how" dense "$seed" dense "$OUT/init-$seed.st"
    for s in $SPARSITIES; do
      branch "$how" "random-$s" "$seed" "random $s" "$OUT/mask-$s-$seed.st"
    done
  done
done
all_done

for how in $labels; do
  collect "dense-$how"
  for s in $SPARSITIES; do collect "random-$s-$how"; done
done
results label-noise sweep "${lines[@]}" --x epochs --group method,noise

#!/usr/bin/env bash
# Label noise: cyclic training and LRR on 15% permuted labels, by sparsity
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figure 9b. The dense
# network and random balanced masks are trained in cycles, and LRR goes to the same sparsities, with
# the labels of a random part of the training images permuted and, beside, with clean ones. Accuracy
# on the clean test split is drawn by sparsity, at the end, and by epochs. A permutation leaves about
# one in ten of those labels right (ten classes), so 0.15 makes 13.5% wrong.
#
# Claim: on noisy labels cyclic training is above LRR.
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
smoke) : "${MODEL:=mlp:40-20}" "${EPOCHS:=1}" "${CYCLES:=2}" "${CLEAN:=}" "${RATE:=0.9}" ;;
demo) : "${EPOCHS:=4}" "${CYCLES:=5}" "${RATE:=0.5}" ;;
small) : "${EPOCHS:=10}" "${CYCLES:=8}" "${SPARSITIES:=0.67 0.9}" "${SEEDS:=0 1 2}" ;;
photos) : "${CYCLES:=4}" "${SPARSITIES:=0.9 0.98}" "${RATE:=0.5}" ;;
paper)
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=8}" "${SPARSITIES:=0.5 0.67 0.8 0.9}"
  : "${SEEDS:=0 1 2}" ;;
esac
: "${NOISE:=0.15}"     # part of the training labels that is permuted
: "${CLEAN=yes}"       # whether clean labels stand beside; empty: no
: "${SPARSITIES:=0.9}" # of the random masks and of LRR, ascending
: "${RATE:=0.2}"       # part of the survivors that one level of LRR prunes

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/levels.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

# under HOW: `options` of training and `words` for a reader.
under() {
  case $1 in
  noisy) options=(--label-noise "$NOISE") words="noise $NOISE" ;;
  clean) options=() words=clean ;;
  esac
}

# cycles HOW SEED NAME METHOD TICKET: train, then measure after each cycle and, by sparsity, at the end.
cycles() {
  local options words
  under "$1"
  in_cycles "$3-$1-$2" "$CYCLES" "$5" "${options[@]}"
  measure "$3-$1" "$2" "$4" --label noise="$words" "${kept[@]}"
  measure "$3-$1-end" "$2" "${4%% *}" --label noise="$words" "$OUT/$3-$1-$2.st"
}

# lrr HOW SEED: the iterative method on the same labels.
lrr() {
  local options words
  under "$1"
  train "${options[@]}" "$OUT/init-$2.st" -o "$OUT/level-0-$1-$2.st"
  dense="$OUT/level-0-$1-$2.st" levels "lrr-$1" "$2" "" "${options[@]}"
  measure "lrr-$1" "$2" LRR --label noise="$words" "${finals[@]}"
}

mkdir -p "$OUT"
labels="noisy${CLEAN:+ clean}"
for seed in $SEEDS; do
  init --seed "$seed" -o "$OUT/init-$seed.st"
  for s in $SPARSITIES; do
    mask --random --balanced "$s" "$OUT/init-$seed.st" -o "$OUT/mask-$s-$seed.st"
  done
  for how in $labels; do
    branch lrr "$how" "$seed" # first, for it takes longest
    branch cycles "$how" "$seed" dense dense "$OUT/init-$seed.st"
    for s in $SPARSITIES; do
      branch cycles "$how" "$seed" "random-$s" "random $s" "$OUT/mask-$s-$seed.st"
    done
  done
done
all_done

for how in $labels; do
  collect "dense-$how-end" "lrr-$how"
  for s in $SPARSITIES; do collect "random-$s-$how-end"; done
done
results label-noise sweep "${lines[@]}" --group method,noise
claim label-noise-claim accuracy "cyclic training is above LRR, on noisy labels" \
  --where noise="noise $NOISE" --between random,LRR --claim above
lines=()
for how in $labels; do
  collect "dense-$how"
  for s in $SPARSITIES; do collect "random-$s-$how"; done
done
results label-noise-epochs sweep "${lines[@]}" --x epochs --group method,noise

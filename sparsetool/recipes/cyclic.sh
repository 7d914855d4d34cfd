#!/usr/bin/env bash
# Cyclic training: accuracy after every cycle, dense and under random masks
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figure 2c. The dense
# network and random masks, balanced over layers, are trained for CYCLES cycles of the whole
# schedule; every line is one of them, by epochs. Our masks are exact; those of the authors' code
# come out sparser than named (its balanced 0.5 and 0.7 on ResNet20 are truly 0.55 and 0.72). Where
# PEAK says which part of the training data is held out, one more point of each is where that part
# improves no more (`train-cycles --until-peak`, at most CYCLES); never chosen on the test split.
#
# Claim: the whole schedule again and again improves a network, dense or sparse: after all cycles it
# is above itself after the first.
#
#     sparsetool recipe cyclic | bash
#     sparsetool recipe cyclic | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=cyclic SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke) : "${MODEL:=mlp:40-20}" "${EPOCHS:=1}" "${CYCLES:=3}" "${SPARSITIES:=0.9}" ;;
demo) : "${EPOCHS:=4}" "${CYCLES:=6}" ;;
small) : "${EPOCHS:=10}" "${CYCLES:=10}" "${PEAK:=0.1}" "${SEEDS:=0 1 2}" ;;
photos) : "${CYCLES:=4}" "${SPARSITIES:=0.8 0.9 0.95 0.98}" ;;
paper) : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=13}" "${PEAK:=0.1}" "${SEEDS:=0 1 2}" ;;
esac
: "${SPARSITIES:=0.67 0.9}" # of the random masks
: "${PEAK:=}"               # part of the training data held out to find the peak, or nothing

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

dense() {
  in_cycles "dense-$1" "$CYCLES" "$OUT/init-$1.st"
  measure dense "$1" dense "${kept[@]}"
  to_the_peak dense "$1" dense "$OUT/init-$1.st"
}

random() {
  mask --random --balanced "$2" "$OUT/init-$1.st" -o "$OUT/mask-$2-$1.st"
  in_cycles "random-$2-$1" "$CYCLES" "$OUT/mask-$2-$1.st"
  measure "random-$2" "$1" "random $2" "${kept[@]}"
  to_the_peak "random-$2" "$1" "random $2" "$OUT/mask-$2-$1.st"
}

# to_the_peak NAME SEED METHOD TICKET: in as many cycles as help on what is held out.
to_the_peak() {
  [[ $PEAK ]] || return 0
  train --until-peak --val "$PEAK" --most-cycles "$CYCLES" "$4" -o "$OUT/$1-peak-$2.st"
  measure "$1-peak" "$2" "$3, to the peak" "$OUT/$1-peak-$2.st"
}

mkdir -p "$OUT"
for seed in $SEEDS; do
  init --seed "$seed" -o "$OUT/init-$seed.st"
  branch dense "$seed"
  for s in $SPARSITIES; do branch random "$seed" "$s"; done
done
all_done

methods=(dense)
for s in $SPARSITIES; do methods+=("random-$s"); done
collect "${methods[@]}"
[[ ! $PEAK ]] || for name in "${methods[@]}"; do collect "$name-peak"; done
results cyclic sweep "${lines[@]}" --x epochs
((CYCLES == 1)) || claim cyclic-claim accuracy "$CYCLES cycles are above one" \
  --by epochs --between "$((CYCLES * EPOCHS)),$EPOCHS" --claim above

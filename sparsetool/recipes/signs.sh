#!/usr/bin/env bash
# Signs: from perturbed signs of the warm-up, cyclic training against one long cycle
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figure 10 and Appendix A.1.
# LRR's mask meets the weights of the dense run after WARM epochs, the end of its warm-up, with a
# random part of their signs flipped (PERTURB). From there the network is trained in cycles and,
# dotted, for as many epochs as one cycle of the one-cycle schedule. By epochs stand accuracy and,
# from the start on, the part of signs that agree with LRR's solution. In the paper, at 93%, with
# 20% flipped and in 2000 epochs: 88.71 and 88.12% accuracy, 95.37 and 93.67% agreement (cyclic and
# one-cycle).
#
# Trainings from the warm-up have data order and augmentation of their own; those called "its batches"
# see the very batches of the dense run, on purpose.
#
# Claim: from perturbed signs, cycles end above one long cycle, and nearer to LRR's signs.
#
#     sparsetool recipe signs | bash
#     sparsetool recipe signs | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=signs SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke) # LRR in one pruning
  : "${MODEL:=mlp:40-20}" "${EPOCHS:=2}" "${CYCLES:=2}" "${RATE:=0.9}" "${PERTURB:=0.2}" ;;
demo) # LRR in four prunings
  : "${EPOCHS:=3}" "${CYCLES:=3}" "${RATE:=0.5}" ;;
small) : "${EPOCHS:=10}" "${CYCLES:=6}" "${SEEDS:=0 1 2}" ;;
photos) : "${CYCLES:=3}" "${SPARSITIES:=0.95}" "${RATE:=0.5}" ;;
paper) # 13 cycles: the paper's 2000 epochs are no multiple of 150
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=13}" "${SEEDS:=0 1 2}" ;;
esac
: "${SPARSITIES:=0.93}" # of LRR's masks; the last is taken on
: "${PERTURB:=0 0.2}"   # parts of the signs that are flipped
: "${SHARED:=${PERTURB##* }}" # parts, of PERTURB, that are also trained on the dense run's batches
: "${RATE:=0.2}"        # part of the survivors that one level of LRR prunes
: "${WARM:=$(((EPOCHS + 14) / 15))}" # epochs of warm-up: 10 of 150

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/levels.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/noise.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

sparsity=${SPARSITIES##* }
TITLE+=", sparsity $sparsity"

# The dense run with its warm-up, and LRR from it.
lrr() {
  init --seed "$1" -o "$OUT/init-$1.st"
  train --save-epoch "$WARM:$OUT/warm-$1.st" "$OUT/init-$1.st" -o "$OUT/dense-$1.st"
  levels lrr "$1" ""
  measure lrr "$1" LRR "$OUT/lrr-$sparsity-$1.st"
}

# compare NAME SEED PERTURB TRAINING: accuracy of `kept`; their signs, and those of the start,
# beside LRR's.
compare() {
  local what="flipped $3"
  measure "$1" "$2" "$what" --label training="$4" "${kept[@]}"
  sparsetool diff --quiet --pairs first --label method="$what" --label training="$4" \
    --label seed="$2" "$OUT/lrr-$sparsity-$2.st" "$OUT/start-$3-$2.st" "${kept[@]}" \
    -o "$OUT/$1-agreement-$2.jsonl"
}

cyclic() {
  local noise
  noise_of "$1" cyclic "$2"
  in_cycles "cyclic-$2-$1" "$CYCLES" "$OUT/start-$2-$1.st" --seed "$noise"
  compare "cyclic-$2" "$1" "$2" cyclic
}

shared() {
  in_cycles "shared-$2-$1" "$CYCLES" "$OUT/start-$2-$1.st" --seed "$1"
  compare "shared-$2" "$1" "$2" "cyclic, its batches"
}

# A ticket every EPOCHS epochs, so that it is compared where the cyclic one is.
one_cycle() {
  local k name=one-cycle-$2-$1 noise
  noise_of "$1" one-cycle "$2"
  EPOCHS=$((EPOCHS * CYCLES)) train --schedule one-cycle --seed "$noise" --keep "$OUT/$name" \
    --keep-every "$EPOCHS" "$OUT/start-$2-$1.st" -o "$OUT/$name.st"
  kept=()
  for ((k = 1; k <= CYCLES; k++)); do kept+=("$OUT/$name/epoch-$((k * EPOCHS)).st"); done
  compare "one-cycle-$2" "$1" "$2" standard
}

mkdir -p "$OUT"
for seed in $SEEDS; do branch lrr "$seed"; done
all_done
for seed in $SEEDS; do
  for part in $PERTURB; do
    mask --from "$OUT/lrr-$sparsity-$seed.st" "$OUT/warm-$seed.st" |
      transfer_signs --from "$OUT/warm-$seed.st" --perturb "$part" -o "$OUT/start-$part-$seed.st"
    branch cyclic "$seed" "$part"
    branch one_cycle "$seed" "$part"
    [[ " $SHARED " != *" $part "* ]] || branch shared "$seed" "$part"
  done
done
all_done

collect lrr
for part in $PERTURB; do
  collect "cyclic-$part" "cyclic-$part-agreement" "one-cycle-$part" "one-cycle-$part-agreement"
  [[ " $SHARED " != *" $part "* ]] || collect "shared-$part" "shared-$part-agreement"
done
results signs sweep "${lines[@]}" --x epochs --y accuracy,sign_agreement
at_end=(--where "epochs=$((WARM + CYCLES * EPOCHS))" --between cyclic,standard --claim above)
claim signs-accuracy accuracy "cycles are above one long cycle" "${at_end[@]}"
claim signs-agreement sign_agreement "cycles agree more with LRR's signs" "${at_end[@]}"

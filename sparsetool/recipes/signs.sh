#!/usr/bin/env bash
# Signs: from perturbed signs of the warm-up, cyclic training against one long cycle
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figure 10 and Appendix A.1.
# LRR's mask meets the signs of the dense run after WARM epochs, the end of its warm-up, with weights
# of another size: random ones, of a seed used nowhere else (Figure 10), or the warm-up's own
# (Appendix A.1). A random part of the signs is perturbed, which we read as flipped (PERTURB). From
# there the network is trained in cycles and, dotted, for as many epochs as one cycle of the one-cycle
# schedule. Accuracy is drawn by sparsity; by epochs, at the last sparsity, accuracy and, from the start
# on, the part of signs that agree with LRR's solution. In the paper, from the warm-up's weights at
# 93%, with 20% flipped and in 2000 epochs: 88.71 and 88.12% accuracy, 95.37 and 93.67% agreement
# (cyclic and one-cycle).
#
# Trainings from a start have data order and augmentation of their own; those called "its batches" see
# the very batches of the dense run, on purpose.
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
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=13}" "${SEEDS:=0 1 2}"
  : "${SPARSITIES:=0.8 0.9 0.93 0.95 0.98}" "${WEIGHTS:=random warm-up}" ;;
esac
: "${SPARSITIES:=0.93}" # of LRR's masks, ascending
: "${WEIGHTS:=random}"  # whose sizes they are: random, warm-up
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

last=${SPARSITIES##* }

# The dense run with its warm-up, fresh weights, and LRR.
lrr() {
  init --seed "$1" -o "$OUT/init-$1.st"
  train --save-epoch "$WARM:$OUT/warm-$1.st" "$OUT/init-$1.st" -o "$OUT/dense-$1.st"
  init --seed "$(($1 + 1000))" -o "$OUT/random-$1.st"
  levels lrr "$1" ""
  measure lrr "$1" LRR "${finals[@]}"
}

# start SEED SPARSITY WEIGHTS PERTURB: LRR's mask, weights of a size, and the warm-up's signs.
start() {
  mask --from "$OUT/lrr-$2-$1.st" "$OUT/${3%-up}-$1.st" |
    transfer_signs --from "$OUT/warm-$1.st" --perturb "$4" -o "$OUT/start-$3-$2-$4-$1.st"
}

# ended NAME TRAINING SEED SPARSITY WEIGHTS PERTURB: accuracy of `kept` and of the last of them;
# their signs, and those of the start, beside LRR's.
ended() {
  local name=$1-$5-$4-$6 what="$5 weights, flipped $6"
  measure "$name" "$3" "$what" --label training="$2" "${kept[@]}"
  measure "$name-end" "$3" "$what" --label training="$2" "${kept[-1]}"
  sparsetool diff --quiet --pairs first --label method="$what" --label training="$2" \
    --label seed="$3" "$OUT/lrr-$4-$3.st" "$OUT/start-$5-$4-$6-$3.st" "${kept[@]}" \
    -o "$OUT/$name-agreement-$3.jsonl"
}

# The trainings: SEED SPARSITY WEIGHTS PERTURB.
cyclic() {
  local noise
  noise_of "$1" cyclic "$@"
  in_cycles "cyclic-$3-$2-$4-$1" "$CYCLES" "$OUT/start-$3-$2-$4-$1.st" --seed "$noise"
  ended cyclic cyclic "$@"
}

shared() {
  in_cycles "shared-$3-$2-$4-$1" "$CYCLES" "$OUT/start-$3-$2-$4-$1.st" --seed "$1"
  ended shared "cyclic, its batches" "$@"
}

# A ticket every EPOCHS epochs, so that it is compared where the cyclic one is.
one-cycle() {
  local k name=one-cycle-$3-$2-$4-$1 noise
  noise_of "$1" one-cycle "$@"
  EPOCHS=$((EPOCHS * CYCLES)) train --schedule one-cycle --seed "$noise" --keep "$OUT/$name" \
    --keep-every "$EPOCHS" "$OUT/start-$3-$2-$4-$1.st" -o "$OUT/$name.st"
  kept=()
  for ((k = 1; k <= CYCLES; k++)); do kept+=("$OUT/$name/epoch-$((k * EPOCHS)).st"); done
  ended one-cycle standard "$@"
}

# trainings PERTURB: what there is of a start.
trainings() {
  echo cyclic one-cycle
  [[ " $SHARED " != *" $1 "* ]] || echo shared
}

known WEIGHTS random warm-up
mkdir -p "$OUT"
for seed in $SEEDS; do branch lrr "$seed"; done
all_done
for seed in $SEEDS; do
  for s in $SPARSITIES; do
    for weights in $WEIGHTS; do
      for part in $PERTURB; do
        start "$seed" "$s" "$weights" "$part"
        for how in $(trainings "$part"); do
          branch "$how" "$seed" "$s" "$weights" "$part"
        done
      done
    done
  done
done
all_done

# collected SPARSITY [END]: the lines of every training at a sparsity.
collected() {
  local weights part how
  for weights in $WEIGHTS; do
    for part in $PERTURB; do
      for how in $(trainings "$part"); do
        collect "$how-$weights-$1-$part${2-}"
        [[ ${2-} ]] || collect "$how-$weights-$1-$part-agreement"
      done
    done
  done
}
collected "$last"
by_epochs=("${lines[@]}") lines=()
collect lrr
for s in $SPARSITIES; do collected "$s" -end; done
results signs sweep "${lines[@]}"
claim signs-accuracy accuracy "cycles are above one long cycle" \
  --between cyclic,standard --claim above
TITLE+=", sparsity $last" lines=("${by_epochs[@]}")
results signs-epochs sweep "${lines[@]}" --x epochs --y accuracy,sign_agreement
for weights in $WEIGHTS; do
  total=$((CYCLES * EPOCHS))
  [[ $weights == random ]] || total=$((WARM + total))
  claim "signs-agreement-$weights" sign_agreement \
    "from $weights weights, cycles agree more with LRR's signs, sparsity $last" \
    --where "epochs=$total" --between cyclic,standard --claim above
done

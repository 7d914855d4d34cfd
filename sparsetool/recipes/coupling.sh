#!/usr/bin/env bash
# Coupling of mask, initialisation and signs: which of them makes a sparse network trainable
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figures 5 and 8a. The masks
# that LRR, WR and IMP find, and a random one, meet initial weights and signs from elsewhere
# (STARTS, weights:signs) and are trained in CYCLES cycles. Hollow (standard) is the control that is
# not in the paper: the same total of epochs as one cycle, one-cycle schedule. Leftmost (its own
# run) is the network in which the method found the mask, as the method trained it.
#
#   weights  random   of a seed that is used nowhere else, so that this is no lottery ticket
#            warm-up  the dense run after WARM epochs, the end of its warm-up
#            own      the mask's own: what is left just after its last pruning (LRR's learnt
#                     weights, of WR and IMP before they are rewound). Our reading: the paper does
#                     not say
#            init     the initialisation that the mask comes from: the test of a lottery ticket
#   signs    own, warm-up, or perturbed: the warm-up's with a random PERTURB of them flipped
#
# A random mask has no weights of its own and is left out there. One picture per final sparsity.
# ORDINARY starts are also drawn after their first cycle: ordinary training of a mask and the weights
# after warm-up (Paul et al., 2023, "Unmasking the lottery ticket hypothesis"), which a reviewer asked
# for.
# Every training from a start has data order and augmentation of its own. The starts in SHARED are
# also trained on the very batches of the dense run, on purpose: what that changes is no effect of a
# mask, of weights or of signs.
#
# Claim: a mask needs the weights learnt with it: from any other start, cycles leave the network
# below the one in which the mask was found.
#
#     sparsetool recipe coupling | bash
#     sparsetool recipe coupling | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=coupling SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke) # LRR in one pruning, one start, the control
  : "${MODEL:=mlp:40-20}" "${EPOCHS:=2}" "${CYCLES:=2}" "${RATE:=0.9}" "${MASKS:=lrr}"
  : "${STARTS:=random:warm-up init:own}" "${ORDINARY:=init:own}" ;;
demo) # LRR in three prunings, a control for its mask alone
  : "${EPOCHS:=2}" "${CYCLES:=3}" "${RATE:=0.5}" "${MASKS:=lrr random}" "${CONTROLS:=lrr}"
  : "${STARTS:=random:own random:warm-up warm-up:own init:own}" ;;
small) # without IMP's mask; the recipe signs perturbs them
  : "${EPOCHS:=10}" "${CYCLES:=3}" "${MASKS:=lrr wr random}" "${SEEDS:=0 1 2}"
  : "${STARTS:=random:own random:warm-up warm-up:own init:own own:own}" ;;
photos) # trimmed: masks of 90% alone, LRR in prunings of half, neither WR nor IMP
  : "${CYCLES:=2}" "${RATE:=0.5}" "${MASKS:=lrr random}" "${CONTROLS:=lrr}" "${SHARED:=none}"
  : "${STARTS:=random:own random:warm-up warm-up:own own:own}" ;;
paper)
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=10}" "${SPARSITIES:=0.8 0.9 0.95 0.98}"
  : "${SEEDS:=0 1 2}" ;;
esac
: "${SPARSITIES:=0.9}" # of the masks, ascending
: "${MASKS:=lrr wr imp random}"
: "${STARTS:=$(echo random:{own,warm-up,perturbed} warm-up:{own,perturbed} init:own own:own)}"
: "${ORDINARY:=warm-up:own init:own}" # of STARTS, also drawn after one cycle; none
: "${CONTROLS:=lrr wr}" # masks that are also trained in one long cycle
: "${SHARED:=warm-up:own}" # of STARTS, also trained with the dense run's batches; none
: "${CYCLES:=4}"        # of the masked networks
: "${PERTURB:=0.2}"
: "${RATE:=0.2}"                     # part of the survivors that one level prunes
: "${WARM:=$(((EPOCHS + 14) / 15))}" # epochs of warm-up: 10 of 150

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/levels.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/noise.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

# The dense run with its warm-up, made once, and weights of a seed used nowhere else.
dense() {
  init --seed "$1" -o "$OUT/init-$1.st"
  train --save-epoch "$WARM:$OUT/warm-$1.st" "$OUT/init-$1.st" -o "$OUT/dense-$1.st"
  init --seed "$(($1 + 1000))" -o "$OUT/fresh-$1.st"
}

# The tickets whose masks are taken.
lrr() { levels lrr "$1" "" && pruned lrr "$1"; }
wr() { levels wr "$1" "$OUT/warm-$1.st" && pruned wr "$1"; }
imp() { levels imp "$1" "$OUT/init-$1.st" && pruned imp "$1"; }
pruned() { # what was pruned last, before it was rewound and trained
  local at
  for at in "${!finals[@]}"; do
    mask --from "${finals[at]}" "${lasts[at]}" \
      -o "$OUT/$1-pruned-$(cut -d ' ' -f $((at + 1)) <<<"$SPARSITIES")-$2.st"
  done
}
random() {
  for s in $SPARSITIES; do
    mask --random --balanced "$s" "$OUT/init-$1.st" -o "$OUT/random-$s-$1.st"
  done
}

# start MASK SEED SPARSITY WEIGHTS SIGNS: the coupled ticket before its training.
start() {
  local ticket=$OUT/$1-$4-$5-$3-$2 from=$OUT/$1-$3-$2.st weights
  case $4 in
  random) weights=$OUT/fresh-$2.st ;;
  warm-up) weights=$OUT/warm-$2.st ;;
  init) weights=$OUT/init-$2.st ;;
  own) weights=$OUT/$1-pruned-$3-$2.st ;;
  esac
  case $5 in
  own) mask --from "$from" "$weights" -o "$ticket-start.st" ;;
  warm-up)
    mask --from "$from" "$weights" |
      transfer_signs --from "$OUT/warm-$2.st" -o "$ticket-start.st" ;;
  perturbed)
    mask --from "$from" "$weights" |
      transfer_signs --from "$OUT/warm-$2.st" --perturb "$PERTURB" -o "$ticket-start.st" ;;
  esac
}

# couple MASK SEED SPARSITY WEIGHTS SIGNS: start, train and measure, the control too.
couple() {
  local name=$1-$4-$5-$3 what="$4 weights, $5 signs" noise
  start "$@"
  noise_of "$2" "$name"
  in_cycles "$name-cyclic-$2" "$CYCLES" "$OUT/$name-$2-start.st" --seed "$noise"
  measure "$name-cyclic" "$2" "$1 mask" --label start="$what" --label training=cyclic \
    "$OUT/$name-cyclic-$2.st"
  if [[ " $ORDINARY " == *" $4:$5 "* ]]; then
    measure "$name-ordinary" "$2" "$1 mask" --label start="$what, one cycle" \
      --label training=cyclic "${kept[0]}"
  fi
  if [[ " $SHARED " == *" $4:$5 "* ]]; then
    train --n "$CYCLES" --seed "$2" "$OUT/$name-$2-start.st" -o "$OUT/$name-shared-$2.st"
    measure "$name-shared" "$2" "$1 mask" --label start="$what, the dense run's batches" \
      --label training=cyclic "$OUT/$name-shared-$2.st"
  fi
  if [[ " $CONTROLS " == *" $1 "* ]]; then
    noise_of "$2" "$name" control
    EPOCHS=$((EPOCHS * CYCLES)) train --schedule one-cycle --seed "$noise" \
      "$OUT/$name-$2-start.st" -o "$OUT/$name-control-$2.st"
    measure "$name-control" "$2" "$1 mask" --label start="$what" --label training=standard \
      "$OUT/$name-control-$2.st"
  fi
}

# found MASK SEED: the networks in which a method found its masks.
found() {
  "$1" "$2"
  [[ $1 == random ]] || for s in $SPARSITIES; do
    measure "$1-found-$s" "$2" "$1 mask" --label start="its own run" "$OUT/$1-$s-$2.st"
  done
}

known MASKS lrr wr imp random
known STARTS random own warm-up init
known SHARED random own warm-up init none
known ORDINARY random own warm-up init none
mkdir -p "$OUT"
for seed in $SEEDS; do branch dense "$seed"; done
all_done
for method in $MASKS; do
  for seed in $SEEDS; do branch found "$method" "$seed"; done
done
all_done

for s in $SPARSITIES; do
  lines=()
  for method in $MASKS; do
    [[ $method == random ]] || collect "$method-found-$s"
    for start in $STARTS; do
      [[ $method-$start != random-own:* ]] || continue
      for seed in $SEEDS; do branch couple "$method" "$seed" "$s" "${start%:*}" "${start#*:}"; done
      name=$method-${start%:*}-${start#*:}-$s
      collect "$name-cyclic"
      [[ " $ORDINARY " != *" $start "* ]] || collect "$name-ordinary"
      [[ " $SHARED " != *" $start "* ]] || collect "$name-shared"
      [[ " $CONTROLS " != *" $method "* ]] || collect "$name-control"
    done
  done
  all_done
  TITLE="$TITLE, sparsity $s" results "coupling-$s" sweep "${lines[@]}" --x start
  [[ $MASKS == random ]] ||
    claim "coupling-claim-$s" accuracy "from another start, sparsity $s: below its own run" \
      --without training=standard --by start --against "its own run" --at method --claim below
done

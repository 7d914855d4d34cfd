#!/usr/bin/env bash
# Other architectures: dense, random cyclic, SCULPT-ing and LRR on each
#
# What reviewers of Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?" asked for:
# an MLP, MobileNet, EfficientNet, a vision transformer, a CIFAR ResNet on CIFAR-100, and language, a
# small transformer that reads characters. One picture for each final sparsity has accuracy by network
# (of text that of the next character; another picture has its bits per character) of
#
#   dense, cyclic   no mask, as many cycles as SCULPT-ing has in all
#   random, cyclic  a random mask of the final sparsity, as many cycles
#   SCULPT          a random mask of sparsity START, cycles, one pruning, one more cycle
#   LRR             learning-rate rewinding: train, prune a part of the survivors, train on
#
# A network may name its data, as in resnet20@cifar100. Vision transformers are trained by AdamW, with
# no decay on norms, biases and positions, under a cosine; text brings the same along.
#
# On the transformers that read text SCULPT-ing's pruning is done by each of ONE_SHOT, too: criteria
# for pruning once, ranked over all layers or uniformly over layers. A second picture has accuracy just
# after that pruning, before any training. SparseGPT lets the weights that stay make up for the others.
#
# Claims: on every network SCULPT-ing is above a random mask in as many cycles; it matches LRR, within
# MARGIN points of accuracy. On text SCULPT-ing by Wanda or SparseGPT is above SCULPT-ing by magnitude.
#
#     sparsetool recipe architectures | bash
#     sparsetool recipe architectures | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=architectures SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke)
  : "${MODEL:=gpt-mini:1-8-2@shakespeare:2000}" "${EPOCHS:=1}" "${CYCLES:=1}" "${RATE:=0.9}"
  : "${ONE_SHOT:=sparsegpt:uniform}" ;;
demo)
  : "${MODEL:=mlp:300-100 resnet20 gpt-mini:1-32-2@shakespeare:40000}" "${EPOCHS:=2}"
  : "${CYCLES:=3}" "${RATE:=0.5}" ;;
small)
  : "${MODEL:=mlp:300-100 resnet20 mobilenet-v2 efficientnet-b0 vit-tiny:4 gpt-mini:2-64-2@shakespeare:100000}"
  : "${EPOCHS:=5}" "${CYCLES:=3}" "${RATE:=0.5}" "${SEEDS:=0 1 2}" ;;
photos) # three networks that are quick, LRR in two prunings: hours for a seed
  : "${MODEL:=lenet5 resnet20 mobilenet-v3-small}" "${CYCLES:=2}" "${RATE:=0.7}" ;;
paper)
  : "${MODEL:=mlp:1024-512 resnet20@cifar100 mobilenet-v2 efficientnet-b0 vit-tiny gpt-mini@shakespeare}"
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${TEXT_EPOCHS:=10}" "${CYCLES:=12}"
  : "${SPARSITIES:=0.8 0.9 0.95}" "${SEEDS:=0 1 2}" ;;
esac
: "${TEXT_EPOCHS:=$EPOCHS}" # of a cycle, on text
: "${SPARSITIES:=0.9}"      # final ones, ascending
: "${START:=0.5}"           # where SCULPT-ing begins
: "${RATE:=0.2}"            # part of the survivors that a level of LRR prunes
: "${MARGIN:=0.5}"          # percentage points of accuracy within which methods are equal
: "${ONE_SHOT:=magnitude:uniform wanda:uniform sparsegpt:uniform}" # further prunings, on text

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/levels.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

TITLE="$DATA, cycles of $EPOCHS epochs"

# on NETWORK: `name`, which files and make have no other use for any sign of; `options` of training.
on() {
  name=${1//[:\/]/-}
  name=${name/@/-on-}
  options=()
  case $1 in
  vit-* | deit-*)
    options=(--optimizer adamw --decay-on weights --schedule cosine --floor 0 --lr 0.001)
    options+=(--weight-decay 0.05) ;;
  esac
  if is_text "$1"; then EPOCHS=$TEXT_EPOCHS; fi
}
is_text() { [[ $1 == gpt-* ]]; }

# Each of these works on one seed and one network.
birth() {
  local MODEL=${2%@*} name options EPOCHS=$EPOCHS
  on "$2"
  [[ $2 != *@* ]] || local DATA=${2#*@}
  init --seed "$1" -o "$OUT/init-$name-$1.st"
}

dense() {
  local name options EPOCHS=$EPOCHS s
  on "$2"
  train --n $((CYCLES + 1)) "${options[@]}" "$OUT/init-$name-$1.st" -o "$OUT/dense-cyclic-$name-$1.st"
  for s in $SPARSITIES; do
    measure "dense-$name-$s" "$1" "dense, cyclic" --label model="$2" "$OUT/dense-cyclic-$name-$1.st"
  done
}

random() {
  local name options EPOCHS=$EPOCHS s
  on "$2"
  for s in $SPARSITIES; do
    mask --random --balanced "$s" "$OUT/init-$name-$1.st" |
      train --n $((CYCLES + 1)) "${options[@]}" -o "$OUT/random-$name-$s-$1.st"
    measure "random-$name-$s" "$1" "random, cyclic" --label model="$2" \
      "$OUT/random-$name-$s-$1.st"
  done
}

sculpt() {
  local name options EPOCHS=$EPOCHS s how
  on "$2"
  mask --random --balanced "$START" "$OUT/init-$name-$1.st" |
    train --n "$CYCLES" "${options[@]}" -o "$OUT/stem-$name-$1.st"
  for s in $SPARSITIES; do
    pruned magnitude:global "$s" "$1" "$2" SCULPT sculpt
    is_text "$2" || continue
    for how in $ONE_SHOT; do
      pruned "$how" "$s" "$1" "$2" "SCULPT, ${how/:/ }" "sculpt-${how/:/-}"
    done
  done
}

# pruned CRITERION:SHARE SPARSITY SEED NETWORK METHOD STEM: the pruning and the cycle after it.
pruned() {
  local before=$OUT/$6-pruned-$name-$2-$3.st after=$OUT/$6-$name-$2-$3.st more=()
  [[ $1 != sparsegpt:* ]] || more=(--update)
  case $1 in
  magnitude:*) prune "--${1%:*}" "--${1#*:}" "$2" "$OUT/stem-$name-$3.st" -o "$before" ;;
  *) score prune "--${1%:*}" "--${1#*:}" "$2" "${more[@]}" "$OUT/stem-$name-$3.st" -o "$before" ;;
  esac
  train "${options[@]}" "$before" -o "$after"
  measure "$6-$name-$2" "$3" "$5" --label model="$4" "$after"
  ! is_text "$4" || measure "$6-once-$name-$2" "$3" "${1/:/ }" --label model="$4" "$before"
}

lrr() {
  local name options EPOCHS=$EPOCHS s at=0 steps finals
  on "$2"
  train "${options[@]}" "$OUT/init-$name-$1.st" -o "$OUT/dense-$name-$1.st"
  levels lrr "$name-$1" "" "${options[@]}"
  for s in $SPARSITIES; do
    measure "lrr-$name-$s" "$1" LRR --label model="$2" "${finals[at]}"
    at=$((at + 1))
  done
}

mkdir -p "$OUT"
for network in $MODEL; do
  for seed in $SEEDS; do branch birth "$seed" "$network"; done
done
all_done
for network in $MODEL; do
  for seed in $SEEDS; do
    for arm in lrr sculpt random dense; do branch "$arm" "$seed" "$network"; done
  done
done
all_done

# rows STEM SPARSITY NETWORK...: add what these measured to `lines`.
rows() {
  local name options network EPOCHS=$EPOCHS
  for network in "${@:3}"; do
    on "$network"
    collect "$1-$name-$2"
  done
}
for s in $SPARSITIES; do
  lines=() texts=()
  # shellcheck disable=SC2086 # a list of words
  for method in dense random sculpt lrr; do rows "$method" "$s" $MODEL; done
  TITLE="$TITLE, sparsity $s" results "architectures-$s" sweep "${lines[@]}" --x model
  claim "architectures-claim-$s" accuracy "SCULPT-ing is above a random mask, sparsity $s" \
    --between "SCULPT,random, cyclic" --claim above
  claim "architectures-lrr-$s" accuracy "SCULPT-ing matches LRR within $MARGIN points, sparsity $s" \
    --between SCULPT,LRR --claim equal --margin "$MARGIN"
  for network in $MODEL; do ! is_text "$network" || texts+=("$network"); done
  ((${#texts[@]})) || continue
  lines=() between=()
  rows sculpt-once "$s" "${texts[@]}"
  for how in $ONE_SHOT; do rows "sculpt-${how/:/-}-once" "$s" "${texts[@]}"; done
  TITLE="text, cycles of $TEXT_EPOCHS epochs, sparsity $s, before the last cycle" \
    results "architectures-once-$s" sweep "${lines[@]}" --x model
  lines=()
  rows sculpt "$s" "${texts[@]}"
  for how in $ONE_SHOT; do
    rows "sculpt-${how/:/-}" "$s" "${texts[@]}"
    between+=(--between "SCULPT, ${how/:/ },SCULPT")
  done
  claim "architectures-text-$s" accuracy "another criterion is above magnitude, sparsity $s" \
    "${between[@]}" --claim above
  for method in dense random lrr; do rows "$method" "$s" "${texts[@]}"; done
  TITLE="text, cycles of $TEXT_EPOCHS epochs, sparsity $s" \
    results "architectures-bits-$s" sweep "${lines[@]}" --x model --y bits_per_character
done

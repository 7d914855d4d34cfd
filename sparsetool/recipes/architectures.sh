#!/usr/bin/env bash
# Other architectures: SCULPT-ing and cyclic random masks on each
#
# What reviewers of Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?" asked for:
# an MLP, MobileNet, EfficientNet, DeiT-Tiny and, on CIFAR-100, a CIFAR ResNet. One picture per
# final sparsity has accuracy by network, of SCULPT-ing (a random mask of sparsity START, cycles,
# one pruning, one more cycle) and of a random mask of the final sparsity in as many cycles. A
# network may name its data, as in resnet18@cifar100. Transformers are trained by AdamW; for small
# images vit-tiny is DeiT-Tiny with smaller patches.
#
# Claim: on every network SCULPT-ing is above a random mask in as many cycles.
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
smoke) : "${MODEL:=mlp:40-20 mlp:30}" "${EPOCHS:=1}" "${CYCLES:=2}" ;;
demo) : "${MODEL:=mlp:300-100 resnet20 mobilenet-v3-small}" "${EPOCHS:=2}" "${CYCLES:=3}" ;;
small)
  : "${MODEL:=mlp:300-100 lenet5 resnet20 mobilenet-v3-small}" "${EPOCHS:=10}" "${CYCLES:=4}"
  : "${SEEDS:=0 1 2}" ;;
photos) : "${MODEL:=lenet5 resnet20 mobilenet-v3-small}" "${CYCLES:=3}" ;;
paper)
  : "${MODEL:=mlp:1024-512 mobilenet-v2 efficientnet-b0 vit-tiny resnet18@cifar100}"
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=12}" "${SPARSITIES:=0.8 0.9 0.95}"
  : "${SEEDS:=0 1 2}" ;;
esac
: "${SPARSITIES:=0.9}" # final ones
: "${START:=0.5}"      # where SCULPT-ing begins

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

TITLE="$DATA, cycles of $EPOCHS epochs"
name_of() { # a network without signs that files and make have another use for
  name=${1//:/-}
  name=${name/@/-on-}
}

# how NETWORK: options of its training.
how() {
  case $1 in
  vit-* | deit-*) options=(--optimizer adamw --lr 0.001 --weight-decay 0.05) ;;
  *) options=() ;;
  esac
}

birth() {
  local MODEL=${2%@*} name
  name_of "$2"
  [[ $2 != *@* ]] || local DATA=${2#*@}
  init --seed "$1" -o "$OUT/init-$name-$1.st"
}

sculpt() {
  local s name options
  name_of "$2"
  how "$2"
  mask --random --balanced "$START" "$OUT/init-$name-$1.st" |
    train --n "$CYCLES" "${options[@]}" -o "$OUT/stem-$name-$1.st"
  for s in $SPARSITIES; do
    prune --magnitude --global "$s" "$OUT/stem-$name-$1.st" |
      train "${options[@]}" -o "$OUT/sculpt-$name-$s-$1.st"
    measure "sculpt-$name-$s" "$1" SCULPT --label model="$2" "$OUT/sculpt-$name-$s-$1.st"
  done
}

random() {
  local s name options
  name_of "$2"
  how "$2"
  for s in $SPARSITIES; do
    mask --random --balanced "$s" "$OUT/init-$name-$1.st" |
      train --n $((CYCLES + 1)) "${options[@]}" -o "$OUT/random-$name-$s-$1.st"
    measure "random-$name-$s" "$1" "random, cyclic" --label model="$2" \
      "$OUT/random-$name-$s-$1.st"
  done
}

mkdir -p "$OUT"
for network in $MODEL; do
  for seed in $SEEDS; do branch birth "$seed" "$network"; done
done
all_done
for network in $MODEL; do
  for seed in $SEEDS; do
    branch sculpt "$seed" "$network"
    branch random "$seed" "$network"
  done
done
all_done

for s in $SPARSITIES; do
  lines=()
  for method in sculpt random; do
    for network in $MODEL; do
      name_of "$network"
      collect "$method-$name-$s"
    done
  done
  TITLE="$TITLE, sparsity $s" results "architectures-$s" sweep "${lines[@]}" --x model
  claim "architectures-claim-$s" accuracy "SCULPT-ing is above a random mask, sparsity $s" \
    --between "SCULPT,random, cyclic" --claim above
done

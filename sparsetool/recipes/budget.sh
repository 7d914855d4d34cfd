#!/usr/bin/env bash
# Accuracy against training FLOPs: SCULPT-ing, iterative pruning, cyclic and static masks
#
# What reviewers of Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?" asked for.
# Each line is a method, by the FLOPs of its whole training: multiply-accumulates twice, a backward
# pass as two forward passes, layers at the density that they really had, the search for a mask
# included (its own scores are not: they cost a batch). Every point is one of SPARSITIES.
#
#   LRR, ALLR  train, prune a fifth, train on; with the whole schedule, or with one that is linear
#              from a peak adapted to what was pruned (Zimmer et al., 2023)
#   WR, IMP    the same, rewound to the warm-up or to initialisation
#   SCULPT     a random mask of sparsity START, cycles, one pruning, one more cycle
#   cyclic     a random mask of the final sparsity, in as many cycles
#   static     the same after its first cycle
#   dense      one cycle without a mask
#
# Claim: SCULPT-ing matches iterative pruning, within MARGIN points of accuracy, at less cost: the
# first is told under the table, the second by the picture.
#
#     sparsetool recipe budget | bash
#     sparsetool recipe budget | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=budget SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke) # LRR in one pruning
  : "${MODEL:=mlp:40-20}" "${EPOCHS:=1}" "${CYCLES:=2}" "${RATE:=0.9}" "${METHODS:=lrr sculpt}" ;;
demo) # iterative methods in three prunings
  : "${EPOCHS:=3}" "${CYCLES:=4}" "${RATE:=0.5}" ;;
small)
  : "${EPOCHS:=10}" "${CYCLES:=6}" "${SPARSITIES:=0.8 0.9 0.95}" "${SEEDS:=0 1 2}" ;;
photos) # trimmed: prunings of half, neither ALLR nor WR nor IMP
  : "${CYCLES:=2}" "${SPARSITIES:=0.8 0.9 0.95 0.98}" "${RATE:=0.5}"
  : "${METHODS:=lrr sculpt random}" ;;
paper)
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=12}" "${SPARSITIES:=0.8 0.9 0.95 0.98}"
  : "${SEEDS:=0 1 2}" ;;
esac
: "${METHODS:=lrr allr wr imp sculpt random}" # random: cyclic and static
: "${SPARSITIES:=0.9}"                        # final ones, ascending
: "${MARGIN:=0.5}"                            # points of accuracy within which methods are equal
: "${START:=0.5}"                             # where SCULPT-ing begins
: "${RATE:=0.2}"                              # part of the survivors that one level prunes
: "${WARM:=$(((EPOCHS + 14) / 15))}"          # epochs of warm-up: 10 of 150

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/levels.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

# measured NAME SEED METHOD TICKET...: accuracy and costs.
measured() {
  measure "$@"
  sparsetool flops --quiet --label seed="$2" "${@:4}" -o "$OUT/$1-flops-$2.jsonl"
}

dense() {
  init --seed "$1" -o "$OUT/init-$1.st"
  train --save-epoch "$WARM:$OUT/warm-$1.st" "$OUT/init-$1.st" -o "$OUT/dense-$1.st"
  measured dense "$1" dense "$OUT/dense-$1.st"
}

lrr() { levels lrr "$1" "" && measured lrr "$1" LRR "${finals[@]}"; }
allr() { levels allr "$1" "" --schedule allr && measured allr "$1" ALLR "${finals[@]}"; }
wr() { levels wr "$1" "$OUT/warm-$1.st" && measured wr "$1" WR "${finals[@]}"; }
imp() { levels imp "$1" "$OUT/init-$1.st" && measured imp "$1" IMP "${finals[@]}"; }

sculpt() {
  local s tickets=()
  mask --random --balanced "$START" "$OUT/init-$1.st" |
    train --n "$CYCLES" -o "$OUT/stem-$1.st"
  for s in $SPARSITIES; do
    prune --magnitude --global "$s" "$OUT/stem-$1.st" | train -o "$OUT/sculpt-$s-$1.st"
    tickets+=("$OUT/sculpt-$s-$1.st")
  done
  measured sculpt "$1" SCULPT "${tickets[@]}"
}

random() {
  local s kept cyclic=() static=()
  for s in $SPARSITIES; do
    mask --random --balanced "$s" "$OUT/init-$1.st" -o "$OUT/mask-$s-$1.st"
    in_cycles "random-$s-$1" $((CYCLES + 1)) "$OUT/mask-$s-$1.st"
    cyclic+=("$OUT/random-$s-$1.st")
    static+=("${kept[0]}")
  done
  measured random "$1" cyclic "${cyclic[@]}"
  measured static "$1" static "${static[@]}"
}

known METHODS lrr allr wr imp sculpt random
mkdir -p "$OUT"
for seed in $SEEDS; do branch dense "$seed"; done
all_done
for method in $METHODS; do
  for seed in $SEEDS; do branch "$method" "$seed"; done
done
all_done

for method in $METHODS; do
  collect "$method" "$method-flops"
  [[ $method != random ]] || collect static static-flops
done
collect dense dense-flops
results budget sweep "${lines[@]}" --x train_flops
pairs=()
for method in LRR WR; do
  [[ " $METHODS " != *" sculpt "* || " $METHODS " != *" ${method,,} "* ]] ||
    pairs+=(--between "SCULPT,$method")
done
((${#pairs[@]} == 0)) || claim budget-claim accuracy "SCULPT-ing matches it within $MARGIN points" \
  "${pairs[@]}" --claim equal --margin "$MARGIN"

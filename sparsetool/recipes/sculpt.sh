#!/usr/bin/env bash
# SCULPT-ing beside its baselines: a random mask, cycles, one pruning, one more cycle
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figures 7 and 8. Beside it
# stand a random mask of the final sparsity, trained in cycles for the same total of epochs, and
# learning-rate rewinding (LRR): train, prune a fifth of the survivors, train again, and so on.
#
#     sparsetool recipe sculpt | bash
#     sparsetool recipe sculpt | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
SCALE=${SCALE:-demo}
case $SCALE in
smoke) # seconds: LRR in two prunings
  : "${MODEL:=mlp:40-20}" "${EPOCHS:=1}" "${CYCLES:=2}" "${RATE:=0.7}" "${SPARSITIES:=0.9}" ;;
demo) # about a minute on two cores: one seed, baselines at the last sparsity alone
  : "${EPOCHS:=3}" "${CYCLES:=5}" "${SPARSITIES:=0.7 0.8 0.9}" "${BASELINES:=${SPARSITIES##* }}" ;;
small) # minutes
  : "${EPOCHS:=10}" "${SPARSITIES:=0.7 0.8 0.9 0.95}" "${SEEDS:=0 1 2}" ;;
paper) # 12 + 1 cycles: the paper's 2000 epochs are no multiple of 150
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=12}" "${SPARSITIES:=0.8 0.9 0.93 0.95 0.98}"
  : "${SEEDS:=0 1 2}" "${JOBS:=1}" ;;
*)
  echo "sculpt: SCALE is smoke, demo, small or paper, not $SCALE" >&2
  exit 2 ;;
esac
: "${MODEL:=resnet20}" "${DATA:=digits}" "${SEEDS:=0}"
: "${START:=0.5}"             # sparsity of the random mask that SCULPT-ing begins with
: "${CYCLES:=10}"             # its cycles before the pruning; one follows
: "${RATE:=0.2}"              # part of the survivors that one level of LRR prunes
: "${BASELINES:=$SPARSITIES}" # final sparsities of the baselines, ascending
: "${OUT:=sculpt-$SCALE}"     # folder of all files
: "${JOBS:=$(getconf _NPROCESSORS_ONLN)}" # branches at once

source "${BASH_SOURCE%/*}/parts/branches.sh"

train() { sparsetool train-cycles --epochs "$EPOCHS" --quiet "$@"; }
mask() { sparsetool mask --random --balanced "$1" --quiet "$2"; }
prune() { sparsetool prune --magnitude --quiet "$@"; }

# measure NAME METHOD SEED TICKET...: test accuracy, with the labels that the plot groups by.
measure() {
  sparsetool eval --label method="$2" --label seed="$3" --quiet "${@:4}" -o "$OUT/$1-$3.jsonl"
}

# A random mask of low sparsity in cycles; for each final sparsity one pruning and one cycle.
sculpt() {
  mask "$START" "$OUT/init-$1.st" | train --n "$CYCLES" -o "$OUT/stem-$1.st"
  for s in $SPARSITIES; do
    prune --global "$s" "$OUT/stem-$1.st" | train -o "$OUT/sculpt-$s-$1.st"
  done
  measure stem "random, cyclic" "$1" "$OUT/stem-$1.st"
  measure sculpt SCULPT "$1" "$OUT"/sculpt-*-"$1".st
}

# A random mask of the final sparsity, in as many cycles as SCULPT-ing has in all.
random() {
  for s in $BASELINES; do
    mask "$s" "$OUT/init-$1.st" | train --n $((CYCLES + 1)) -o "$OUT/random-$s-$1.st"
  done
  measure random "random, cyclic" "$1" "$OUT"/random-*-"$1".st
}

# Dense, then level by level; the last pruning before a final sparsity goes there exactly.
lrr() {
  local level=0 last
  train "$OUT/init-$1.st" -o "$OUT/level-0-$1.st"
  for s in $BASELINES; do
    last=$(awk -v s="$s" -v r="$RATE" 'BEGIN { printf "%.0f", log(1 - s) / log(1 - r) }')
    while ((level < last - 1)); do
      level=$((level + 1))
      prune --rate "$RATE" "$OUT/level-$((level - 1))-$1.st" | train -o "$OUT/level-$level-$1.st"
    done
    prune --global "$s" "$OUT/level-$((last - 1))-$1.st" | train -o "$OUT/lrr-$s-$1.st"
  done
  measure dense "dense, 1 cycle" "$1" "$OUT/level-0-$1.st"
  measure path LRR "$1" "$OUT"/level-*-"$1".st
  measure lrr LRR "$1" "$OUT"/lrr-*-"$1".st
}

mkdir -p "$OUT"
for seed in $SEEDS; do
  sparsetool init "$MODEL" --data "$DATA" --seed "$seed" --quiet -o "$OUT/init-$seed.st"
done
for method in sculpt lrr random; do
  for seed in $SEEDS; do branch "$method" "$seed"; done
done
all_done

title="$MODEL on $DATA, cycles of $EPOCHS epochs"
sparsetool plot sweep --quiet "$OUT"/*.jsonl --title "$title" \
  -o "$OUT/sculpt.png" --table "$OUT/sculpt.csv"
sparsetool plot sweep --quiet "$OUT"/{dense,stem,random,lrr,sculpt}-*.jsonl --table "$OUT/sculpt.md"
cat "$OUT/sculpt.md"
echo "picture: $OUT/sculpt.png"

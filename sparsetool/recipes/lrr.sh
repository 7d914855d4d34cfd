#!/usr/bin/env bash
# Learning-rate rewinding (LRR): train, prune a fifth, train on, again and again
#
# Renda, Frankle, Carbin, 2020, "Comparing rewinding and fine-tuning in neural network pruning"; in
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figures 2a, 2b and 5. Each
# level goes on from the weights it has, at the start of the whole schedule. The line is accuracy
# after each level; ten levels of a fifth are what the paper calls 90% (89.3%), and here the last
# pruning goes to the sparsities named, exactly. A second picture has it level by level beside what
# BESIDE names: the dense network in as many cycles, WR, IMP.
#
# Claim: what LRR gains is its cycles': the network of a level is above the dense one it began with.
#
#     sparsetool recipe lrr | bash
#     sparsetool recipe lrr | SCALE=small OUT=here bash
#
# imp, wr and lrr may share a folder, and so the dense run. All of them in one picture:
#
#     sparsetool plot sweep here/{dense,imp,wr,lrr}-*.jsonl -o levels.png
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=lrr SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke) : "${BESIDE:=cyclic}" ;;
demo) : "${BESIDE:=cyclic wr}" ;;
photos) : "${BESIDE=}" ;; # as long as LRR itself each
esac
source "${BASH_SOURCE%/*}/parts/iterative.sh"
: "${BESIDE=cyclic wr imp}"
: "${WARM:=$(((EPOCHS + 14) / 15))}" # epoch of the dense run that WR rewinds to

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/levels.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

lrr() {
  init --seed "$1" -o "$OUT/init-$1.st"
  train --n "$CYCLES" --save-epoch "$WARM:$OUT/warm-$1.st" "$OUT/init-$1.st" -o "$OUT/dense-$1.st"
  levels lrr "$1" "" --n "$CYCLES"
  measure lrr "$1" LRR "${steps[@]}" "${finals[@]}"
  measure dense "$1" dense "$OUT/dense-$1.st"
}

# What stands beside, in as many levels or cycles.
wr() { iterative wr "$1" WR "$OUT/warm-$1.st"; }
imp() { iterative imp "$1" IMP "$OUT/init-$1.st"; }
iterative() {
  levels "$1" "$2" "$4" --n "$CYCLES"
  measure "$1" "$2" "$3" "${steps[@]}" "${finals[@]}"
}
cyclic() {
  local s before=0 count=1
  for s in $SPARSITIES; do
    count=$((count + $(levels_to "$before" "$s"))) before=$s
  done
  in_cycles "cyclic-$1" $((CYCLES * count)) "$OUT/init-$1.st"
  measure cyclic "$1" "dense, cyclic" "${kept[@]}"
}

known BESIDE cyclic wr imp
mkdir -p "$OUT"
for seed in $SEEDS; do branch lrr "$seed"; done
all_done
for method in $BESIDE; do
  for seed in $SEEDS; do branch "$method" "$seed"; done
done
all_done

collect dense lrr
results lrr sweep "${lines[@]}"
claim lrr-and-dense accuracy "every level of LRR is above the dense network" \
  --by sparsity --against 0 --at '' --claim above
for method in $BESIDE; do collect "$method"; done
results lrr-levels sweep "${lines[@]}" --x cycles --cycle "$EPOCHS"

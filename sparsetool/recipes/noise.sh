#!/usr/bin/env bash
# Sources of noise: how much initialisation, mask, data order and augmentation make accuracy vary
#
# No figure of Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", but what its
# intervals over seeds are made of. A mask, random or of LRR, meets fresh weights and is trained in
# CYCLES cycles. At each of four sources the seed is varied alone, over SEEDS, while the other three
# keep the first of SEEDS:
#
#   initialisation  the weights that training starts from
#   mask            the random draw; of LRR, the whole run that found it
#   order           of the examples, in every epoch
#   augmentation    shifts and flips, and dropout
#
# Fresh weights are of seeds that no LRR run has, so that no mask meets the weights it was found with.
# The table has the deviation over seeds that each source makes, and its share of the summed variance.
#
#     sparsetool recipe noise | bash
#     sparsetool recipe noise | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=noise SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke)
  : "${MODEL:=mlp:40-20}" "${EPOCHS:=1}" "${CYCLES:=1}" "${MASKS:=random}" "${SEEDS:=0 1}" ;;
demo) # LRR in two prunings
  : "${MODEL:=mlp:100}" "${EPOCHS:=3}" "${CYCLES:=2}" "${RATE:=0.7}" "${SEEDS:=0 1 2}" ;;
small) : "${EPOCHS:=10}" "${CYCLES:=2}" "${RATE:=0.5}" "${SEEDS:=0 1 2 3 4}" ;;
photos) : "${CYCLES:=1}" "${RATE:=0.7}" "${SEEDS:=0 1 2}" "${MASKS:=random}" ;;
paper)
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=2}" "${SPARSITIES:=0.8 0.95}"
  : "${SEEDS:=0 1 2 3 4}" ;;
esac
: "${SPARSITIES:=0.9}" # of the masks, ascending
: "${MASKS:=random lrr}"
: "${RATE:=0.2}" # part of the survivors that one level of LRR prunes

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/levels.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

sources='initialisation mask order augmentation'
first=${SEEDS%% *}

# fresh SEED: weights to start from; those of SEED itself are LRR's.
fresh() { init --seed $(($1 + 1000)) -o "$OUT/fresh-$1.st"; }

# The tickets whose masks are taken.
random() {
  local s
  for s in $SPARSITIES; do
    mask --random --balanced "$s" --seed "$1" "$OUT/fresh-$first.st" -o "$OUT/random-$s-$1.st"
  done
}
lrr() {
  init --seed "$1" -o "$OUT/init-$1.st"
  train "$OUT/init-$1.st" -o "$OUT/dense-$1.st"
  levels lrr "$1" ""
}

# trained MASK SPARSITY TICKET: one training, its seeds as they are set.
trained() {
  mask --from "$OUT/$1-$2-$mask.st" "$OUT/fresh-$initialisation.st" |
    train --n "$CYCLES" --seed "$first" --order-seed "$order" \
      --augmentation-seed "$augmentation" -o "$3"
}

# all_first MASK SPARSITY: nothing varied, which is a point of every source.
all_first() {
  local initialisation=$first mask=$first order=$first augmentation=$first source
  trained "$1" "$2" "$OUT/$1-$2-first.st"
  for source in $sources; do
    measure "$1-$2-$source" "$first" "$1" --label source="$source" "$OUT/$1-$2-first.st"
  done
}

# vary MASK SPARSITY SOURCE SEED: the seed of SOURCE alone is another than the first.
vary() {
  local initialisation=$first mask=$first order=$first augmentation=$first name=$1-$2-$3
  local "$3=$4"
  trained "$1" "$2" "$OUT/$name-$4.st"
  measure "$name" "$4" "$1" --label source="$3" "$OUT/$name-$4.st"
}

known MASKS random lrr
mkdir -p "$OUT"
for seed in $SEEDS; do branch fresh "$seed"; done
all_done
for name in $MASKS; do
  for seed in $SEEDS; do branch "$name" "$seed"; done
done
all_done
for name in $MASKS; do
  for s in $SPARSITIES; do
    branch all_first "$name" "$s"
    for source in $sources; do
      for seed in ${SEEDS#"$first"}; do
        branch vary "$name" "$s" "$source" "$seed"
      done
      collect "$name-$s-$source"
    done
  done
done
all_done

results noise sweep "${lines[@]}" --x source
[[ $SEEDS == *" "* ]] || exit 0 # one seed does not vary
sparsetool compare accuracy --spread source --quiet --force "${lines[@]}" \
  --table "$OUT/noise-shares.md" -o "$OUT/noise-shares.jsonl"
cat "$OUT/noise-shares.md"

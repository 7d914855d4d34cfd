#!/usr/bin/env bash
# Linear mode connectivity between consecutive cycles, and the barriers beside the accuracies
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figures 3a, 3b, 6 and 14 to
# 18. Loss and error are measured along the straight line from one ticket to the next, and the
# barrier is how far they rise above the chord. One table has accuracy and barriers by epochs, of
#
#   random         a random balanced mask, in cycles
#   lrr-warm-up    LRR's mask with the weights after warm-up, in cycles
#   lrr-shared     the same on the very batches of the dense run, on purpose: all other trainings
#                  under a mask have data order and augmentation of their own
#   lrr-random     LRR's mask with fresh weights (a seed used nowhere else), in cycles
#   lrr, wr, imp   one level to the next, from the dense network on
#   one-cycle      the random mask in one cycle of as many epochs, every SPAN epochs; so
#   cosine         with a cosine
#
# and pictures of each method's lines. Test split, no augmentation, batch-norm statistics anew at
# every point. (The authors' public code measured the unchanged network at every point.)
#
#     sparsetool recipe connectivity | bash
#     sparsetool recipe connectivity | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=connectivity SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke) # LRR in one pruning
  : "${MODEL:=mlp:40-20}" "${EPOCHS:=1}" "${CYCLES:=2}" "${RATE:=0.9}" "${POINTS:=3}"
  : "${METHODS:=lrr random}" ;;
demo) # LRR in two prunings
  : "${EPOCHS:=3}" "${CYCLES:=3}" "${RATE:=0.7}" "${POINTS:=5}"
  : "${METHODS:=lrr lrr-warm-up random one-cycle}" ;;
small) : "${EPOCHS:=10}" "${CYCLES:=4}" "${POINTS:=11}" "${SEEDS:=0 1 2}" ;;
photos) : "${CYCLES:=3}" "${POINTS:=11}" "${RATE:=0.5}" ;;
paper)
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=12}" "${SPAN:=200}" "${SEEDS:=0 1 2}" ;;
esac
: "${SPARSITIES:=0.9}" # of all masks; the last is taken on
: "${METHODS:=lrr wr imp lrr-warm-up lrr-shared lrr-random random one-cycle cosine}"
: "${SPAN:=$EPOCHS}"   # epochs between the tickets of a long cycle; divides CYCLES x EPOCHS
: "${POINTS:=21}"      # on a line, both ends included
: "${RATE:=0.2}"       # part of the survivors that one level prunes
: "${WARM:=$(((EPOCHS + 14) / 15))}" # epochs of warm-up: 10 of 150

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/levels.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/noise.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

sparsity=${SPARSITIES##* }
TITLE+=", sparsity $sparsity"
case " $METHODS " in
*" lrr "*) ;;
*" lrr-"*) METHODS="lrr $METHODS" ;; # its mask is wanted
esac

# connected NAME SEED TICKET...: accuracy of each, and the lines between them.
connected() {
  measure "$1" "$2" "$1" "${@:3}"
  sparsetool lmc ${THREADS:+--threads "$THREADS"} --quiet --split test --points "$POINTS" \
    --label method="$1" --label seed="$2" "${@:3}" -o "$OUT/$1-lines-$2.jsonl"
}

# The dense run with its warm-up, fresh weights, and a random mask.
dense() {
  init --seed "$1" -o "$OUT/init-$1.st"
  train --save-epoch "$WARM:$OUT/warm-$1.st" "$OUT/init-$1.st" -o "$OUT/dense-$1.st"
  init --seed "$(($1 + 1000))" -o "$OUT/fresh-$1.st"
  mask --random --balanced "$sparsity" "$OUT/init-$1.st" -o "$OUT/mask-$1.st"
}

iterative() {
  levels "$@"
  connected "$1" "$2" "$OUT/dense-$2.st" "${steps[@]}" "$OUT/$1-$sparsity-$2.st"
}
lrr() { iterative lrr "$1" ""; }
wr() { iterative wr "$1" "$OUT/warm-$1.st"; }
imp() { iterative imp "$1" "$OUT/init-$1.st"; }

# cyclic NAME SEED TICKET [NOISE]: NOISE is the seed of its batches; by default one of its own.
cyclic() {
  local noise
  noise_of "$2" "$1"
  in_cycles "$1-$2" "$CYCLES" "$3" --seed "${4:-$noise}"
  connected "$1" "$2" "${kept[@]}"
}
random() { cyclic random "$1" "$OUT/mask-$1.st"; }
coupled() {
  mask --from "$OUT/lrr-$sparsity-$2.st" "$OUT/$3-$2.st" -o "$OUT/$1-start-$2.st"
  cyclic "$1" "$2" "$OUT/$1-start-$2.st" "${4-}"
}
lrr-warm-up() { coupled lrr-warm-up "$1" warm; }
lrr-shared() { coupled lrr-shared "$1" warm "$1"; }
lrr-random() { coupled lrr-random "$1" fresh; }

# long SCHEDULE SEED: one cycle of all epochs, a ticket every SPAN of them.
long() {
  local k total=$((EPOCHS * CYCLES)) spans=() noise
  noise_of "$2" "$1"
  EPOCHS=$total train --schedule "$1" --seed "$noise" --keep "$OUT/$1-$2" --keep-every "$SPAN" \
    "$OUT/mask-$2.st" -o "$OUT/$1-$2.st"
  for ((k = SPAN; k <= total; k += SPAN)); do spans+=("$OUT/$1-$2/epoch-$k.st"); done
  connected "$1" "$2" "${spans[@]}"
}
one-cycle() { long one-cycle "$1"; }
cosine() { long cosine "$1"; }

known METHODS lrr wr imp lrr-warm-up lrr-shared lrr-random random one-cycle cosine
mkdir -p "$OUT"
for seed in $SEEDS; do branch dense "$seed"; done
all_done
for method in $METHODS; do
  [[ $method == lrr-* ]] || for seed in $SEEDS; do branch "$method" "$seed"; done
done
all_done
for method in $METHODS; do
  [[ $method != lrr-* ]] || for seed in $SEEDS; do branch "$method" "$seed"; done
done
all_done

for method in $METHODS; do collect "$method" "$method-lines"; done
results connectivity sweep "${lines[@]}" --x epochs --y accuracy,error_barrier,loss_barrier
for method in $METHODS; do
  TITLE="$method, seed ${SEEDS%% *}: $TITLE" \
    picture "connectivity-$method" lmc "$OUT/$method-lines-${SEEDS%% *}.jsonl"
done

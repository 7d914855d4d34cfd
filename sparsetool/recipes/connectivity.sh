#!/usr/bin/env bash
# Linear mode connectivity between consecutive cycles, and the barriers beside the accuracies
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figures 3a, 3b, 6 and 14 to
# 18. Loss and error are measured along the straight line from one ticket to the next, on the
# training images (the loss of Figures 3b, 6 and 18) and on the test split, and the barrier is how far
# they rise above the chord. Barriers are drawn by cycles, with a row for each sparsity, of
#
#   random           a random balanced mask, in cycles
#   lrr-warm-up      LRR's mask with the weights after warm-up, in cycles
#   lrr-shared       the same on the very batches of the dense run, on purpose: all other trainings
#                    under a mask have data order and augmentation of their own
#   lrr-random       LRR's mask with fresh weights (a seed used nowhere else), in cycles
#   lrr, wr, imp     one level to the next, from the dense network on; they have no sparsity of their
#                    own, so they stand in the row of the last
#   one-cycle        the random mask in one cycle of as many epochs, every SPAN epochs; so
#   cosine           with a cosine
#   cosine-restarts  the random mask in cycles, each a cosine (Figure 17)
#
# and for each method there is a picture of its lines from cycle to cycle (levels: from level to
# level), of the first seed, with a row for each sparsity (Figures 3a, 14 and 15). No augmentation,
# batch-norm statistics anew at every point. (The authors' public code measured the unchanged network
# at every point.)
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
photos) : "${CYCLES:=3}" "${POINTS:=11}" "${RATE:=0.5}" "${EXAMPLES:=5000}" ;;
paper)
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=12}" "${SPAN:=200}" "${SEEDS:=0 1 2}"
  : "${SPARSITIES:=0.8 0.9 0.95}" ;;
esac
: "${SPARSITIES:=0.9}" # of the masks, ascending
: "${METHODS:=lrr wr imp lrr-warm-up lrr-shared lrr-random random one-cycle cosine cosine-restarts}"
: "${EXAMPLES:=}"      # of each split that lines are measured on; empty: all
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

last=${SPARSITIES##* }
case " $METHODS " in
*" lrr "*) ;;
*" lrr-"*) METHODS="lrr $METHODS" ;; # its mask is wanted
esac

# connected NAME SEED SPARSITY TICKET...: accuracy of each, and the lines between them.
connected() {
  measure "$1-$3" "$2" "$1" --label target="$3" "${@:4}"
  sparsetool lmc ${THREADS:+--threads "$THREADS"} ${EXAMPLES:+--examples "$EXAMPLES"} --quiet \
    --split train --split test --points "$POINTS" --label method="$1" --label seed="$2" \
    --label target="$3" "${@:4}" -o "$OUT/$1-$3-lines-$2.jsonl"
}

# The dense run with its warm-up, fresh weights, and random masks.
dense() {
  local s
  init --seed "$1" -o "$OUT/init-$1.st"
  train --save-epoch "$WARM:$OUT/warm-$1.st" "$OUT/init-$1.st" -o "$OUT/dense-$1.st"
  init --seed "$(($1 + 1000))" -o "$OUT/fresh-$1.st"
  for s in $SPARSITIES; do
    mask --random --balanced "$s" "$OUT/init-$1.st" -o "$OUT/mask-$s-$1.st"
  done
}

iterative() {
  levels "$@"
  connected "$1" "$2" "$last" "$OUT/dense-$2.st" "${steps[@]}" "$OUT/$1-$last-$2.st"
}
lrr() { iterative lrr "$1" ""; }
wr() { iterative wr "$1" "$OUT/warm-$1.st"; }
imp() { iterative imp "$1" "$OUT/init-$1.st"; }

# cyclic NAME SEED SPARSITY TICKET [OPTION...]: on batches of its own where --seed is not given.
cyclic() {
  local noise
  noise_of "$2" "$1" "$3"
  in_cycles "$1-$3-$2" "$CYCLES" "$4" --seed "$noise" "${@:5}"
  connected "$1" "$2" "$3" "${kept[@]}"
}
random() { cyclic random "$1" "$2" "$OUT/mask-$2-$1.st"; }
cosine-restarts() { cyclic cosine-restarts "$1" "$2" "$OUT/mask-$2-$1.st" --schedule cosine; }
coupled() { # NAME SEED SPARSITY WEIGHTS [OPTION...]
  mask --from "$OUT/lrr-$3-$2.st" "$OUT/$4-$2.st" -o "$OUT/$1-start-$3-$2.st"
  cyclic "$1" "$2" "$3" "$OUT/$1-start-$3-$2.st" "${@:5}"
}
lrr-warm-up() { coupled lrr-warm-up "$1" "$2" warm; }
lrr-shared() { coupled lrr-shared "$1" "$2" warm --seed "$1"; }
lrr-random() { coupled lrr-random "$1" "$2" fresh; }

# long SCHEDULE SEED SPARSITY: one cycle of all epochs, a ticket every SPAN of them.
long() {
  local k total=$((EPOCHS * CYCLES)) spans=() noise
  noise_of "$2" "$1" "$3"
  EPOCHS=$total train --schedule "$1" --seed "$noise" --keep "$OUT/$1-$3-$2" \
    --keep-every "$SPAN" "$OUT/mask-$3-$2.st" -o "$OUT/$1-$3-$2.st"
  for ((k = SPAN; k <= total; k += SPAN)); do spans+=("$OUT/$1-$3-$2/epoch-$k.st"); done
  connected "$1" "$2" "$3" "${spans[@]}"
}
one-cycle() { long one-cycle "$1" "$2"; }
cosine() { long cosine "$1" "$2"; }

# sparsities METHOD: those that it has results of.
sparsities() {
  case $1 in
  lrr | wr | imp) echo "$last" ;;
  *) echo "$SPARSITIES" ;;
  esac
}
all_of() { # METHOD: every seed and sparsity
  local s seed
  for seed in $SEEDS; do
    for s in $(sparsities "$1"); do branch "$1" "$seed" "$s"; done
  done
}

known METHODS lrr wr imp lrr-warm-up lrr-shared lrr-random random one-cycle cosine cosine-restarts
mkdir -p "$OUT"
for seed in $SEEDS; do branch dense "$seed"; done
all_done
for method in $METHODS; do
  [[ $method == lrr-* ]] || all_of "$method"
done
all_done
for method in $METHODS; do
  [[ $method != lrr-* ]] || all_of "$method"
done
all_done

for method in $METHODS; do
  for s in $(sparsities "$method"); do collect "$method-$s" "$method-$s-lines"; done
done
by_cycles=(--x cycles --cycle "$EPOCHS" --rows target)
results connectivity sweep "${lines[@]}" "${by_cycles[@]}" --panels split \
  --y error_barrier,loss_barrier
results connectivity-accuracy sweep "${lines[@]}" "${by_cycles[@]}" --y accuracy
seed=${SEEDS%% *}
for method in $METHODS; do
  lines=()
  for s in $(sparsities "$method"); do lines+=("$OUT/$method-$s-lines-$seed.jsonl"); done
  TITLE="$method, seed $seed: $TITLE" picture "connectivity-$method" lmc "${lines[@]}" --rows target
done

#!/usr/bin/env bash
# Schedules: cyclic training beside others of as many epochs, dense and under random masks
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figures 2d, 11 and 12. Each
# line is one schedule, all of CYCLES times EPOCHS epochs, over the sparsity of a random balanced
# mask (0 is dense):
#
#   cyclic           the step schedule, again and again
#   stretched        one step schedule over all epochs
#   one-cycle        one rise and fall over all epochs (Smith and Topin)
#   cosine-restarts  a cosine in each cycle
#   cosine           one cosine over all epochs
#
# Warm-ups and drops keep their shares of the cycle: a long cosine warms up for a fifteenth of it.
# A second picture shows the learning rates as they were.
#
# Claim: it is the cycles, not the epochs: every other schedule of as many epochs is below cyclic.
#
#     sparsetool recipe schedules | bash
#     sparsetool recipe schedules | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=schedules SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke)
  : "${MODEL:=mlp:40-20}" "${EPOCHS:=1}" "${CYCLES:=2}" "${SPARSITIES:=0.9}"
  : "${SCHEDULES:=cyclic stretched cosine-restarts}" ;;
demo) : "${EPOCHS:=4}" "${CYCLES:=2}" "${SPARSITIES:=0 0.9}" ;;
small) : "${EPOCHS:=10}" "${CYCLES:=6}" "${SEEDS:=0 1 2}" ;;
photos) : "${CYCLES:=3}" "${SPARSITIES:=0 0.9}" ;;
paper) : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=13}" "${SEEDS:=0 1 2}" ;;
esac
: "${SPARSITIES:=0 0.67 0.9}" # of the random masks; 0 is dense
: "${SCHEDULES:=cyclic stretched one-cycle cosine-restarts cosine}"

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

cyclic() { train --n "$CYCLES" --schedule step-warmup "$@"; }
cosine-restarts() { train --n "$CYCLES" --schedule cosine "$@"; }
long() { EPOCHS=$((EPOCHS * CYCLES)) train "$@"; } # one cycle of all epochs
stretched() { long --schedule step-warmup "$@"; }
one-cycle() { long --schedule one-cycle "$@"; }
cosine() { long --schedule cosine "$@"; }

# run SEED SCHEDULE: every sparsity.
run() {
  local s tickets=()
  for s in $SPARSITIES; do
    "$2" "$OUT/mask-$s-$1.st" -o "$OUT/$2-$s-$1.st"
    tickets+=("$OUT/$2-$s-$1.st")
  done
  measure "$2" "$1" "$2" "${tickets[@]}"
}

known SCHEDULES cyclic cosine-restarts stretched one-cycle cosine
mkdir -p "$OUT"
for seed in $SEEDS; do
  init --seed "$seed" -o "$OUT/init-$seed.st"
  for s in $SPARSITIES; do
    mask --random --balanced "$s" "$OUT/init-$seed.st" -o "$OUT/mask-$s-$seed.st"
  done
  for schedule in $SCHEDULES; do branch run "$seed" "$schedule"; done
done
all_done

rates=()
for schedule in $SCHEDULES; do
  collect "$schedule"
  rates+=("$OUT/$schedule-${SPARSITIES##* }-${SEEDS%% *}.st")
done
results schedules sweep "${lines[@]}"
[[ " $SCHEDULES " != *" cyclic "* || $SCHEDULES == cyclic ]] ||
  claim schedules-claim accuracy "every other schedule is below cyclic" \
    --against cyclic --claim below
picture schedules-rates schedule "${rates[@]}"

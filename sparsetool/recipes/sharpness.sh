#!/usr/bin/env bash
# Sharpness: the largest Hessian eigenvalue after every cycle, dense and at 90% sparsity
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figure 3c. Each line is one
# network trained in cycles, dense or under a random balanced mask; beside the eigenvalue stands its
# accuracy. The same networks are also trained by SCHEDULES, one cycle of as many epochs. The
# eigenvalue is that of the mean loss over EXAMPLES training images, in the surviving weights and all
# unpruned parameters; it is not scaled, so only its course compares with the paper. Its axis is
# logarithmic.
#
# Claim: cycles end in flatter places than one long cycle of as many epochs.
#
#     sparsetool recipe sharpness | bash
#     sparsetool recipe sharpness | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=sharpness SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke) : "${MODEL:=mlp:40-20}" "${EPOCHS:=1}" "${CYCLES:=2}" "${EXAMPLES:=256}"
  : "${SCHEDULES:=one-cycle}" ;;
demo) : "${EPOCHS:=4}" "${CYCLES:=5}" "${EXAMPLES:=256}" ;;
small) : "${EPOCHS:=10}" "${CYCLES:=6}" "${SEEDS:=0 1 2}" ;;
photos) : "${CYCLES:=4}" "${SPARSITIES:=0.8 0.9 0.95 0.98}" "${SCHEDULES:=one-cycle}" ;;
paper) : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=13}" "${SEEDS:=0 1 2}" ;;
esac
: "${SPARSITIES:=0.9}" # of the random masks
: "${EXAMPLES:=2048}"  # training images that the Hessian is taken over
: "${SCHEDULES=one-cycle cosine}" # of the long cycles beside; may be empty

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

# cycles NAME SEED METHOD TICKET: train, then measure the ticket after each cycle.
cycles() {
  in_cycles "$1-$2" "$CYCLES" "$4"
  measured "$1" "$2" "$3" cyclic
  local schedule k
  for schedule in $SCHEDULES; do
    EPOCHS=$((EPOCHS * CYCLES)) train --schedule "$schedule" --keep "$OUT/$1-$schedule-$2" \
      --keep-every "$EPOCHS" "$4" -o "$OUT/$1-$schedule-$2.st"
    kept=()
    for ((k = 1; k <= CYCLES; k++)); do
      kept+=("$OUT/$1-$schedule-$2/epoch-$((k * EPOCHS)).st")
    done
    measured "$1-$schedule" "$2" "$3" "$schedule"
  done
}
measured() { # NAME SEED METHOD SCHEDULE: accuracy and eigenvalue of `kept`
  measure "$1" "$2" "$3" --label schedule="$4" "${kept[@]}"
  sparsetool hessian ${THREADS:+--threads "$THREADS"} --quiet --examples "$EXAMPLES" \
    --label method="$3" --label seed="$2" --label schedule="$4" "${kept[@]}" -o "$OUT/$1-hessian-$2.jsonl"
}

dense() { cycles dense "$1" dense "$OUT/init-$1.st"; }

random() {
  mask --random --balanced "$2" "$OUT/init-$1.st" -o "$OUT/mask-$2-$1.st"
  cycles "random-$2" "$1" "random $2" "$OUT/mask-$2-$1.st"
}

mkdir -p "$OUT"
for seed in $SEEDS; do
  init --seed "$seed" -o "$OUT/init-$seed.st"
  branch dense "$seed"
  for s in $SPARSITIES; do branch random "$seed" "$s"; done
done
all_done

networks=(dense)
for s in $SPARSITIES; do networks+=("random-$s"); done
for name in "${networks[@]}"; do
  collect "$name" "$name-hessian"
  for schedule in $SCHEDULES; do collect "$name-$schedule" "$name-$schedule-hessian"; done
done
results sharpness sweep "${lines[@]}" --x cycles --cycle "$EPOCHS" --group method,schedule \
  --y eigenvalue,accuracy --log-y eigenvalue
for schedule in $SCHEDULES; do
  claim "sharpness-$schedule" eigenvalue "cycles end flatter than $schedule" \
    --where epochs=$((CYCLES * EPOCHS)) --between "cyclic,$schedule" --claim below
done

#!/usr/bin/env bash
# Accuracy by training FLOPs at one sparsity: SCULPT-ing, iterative pruning and masks that move
#
# What reviewers of Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?" asked for.
# Every method gets the same BUDGETS, in dense runs of EPOCHS epochs, and spends each by its own
# knob:
#
#   static, SET, RigL, MEST   a random mask of the sparsity, fixed or moving: epochs of one cycle
#   GMP, GMP*, AC/DC, GraNet  from a dense network to the sparsity: epochs of one cycle
#   cyclic                    the random mask: its cycles of EPOCHS epochs
#   SCULPT                    a random mask of each of STARTS: its cycles; then a pruning and one more
#   LRR, ALLR, WR             iterative pruning: epochs of a level, dense run included
#   dense                     no mask: epochs of one cycle
#
# RigL also has cycles of TIMES as many epochs as the dense run (its paper's 1x and 5x). COSTS are
# what an epoch of a method takes in dense ones (LRR: an epoch at every level; SCULPT: one before the
# pruning), measured on ResNet20 at 90%: for other networks and sparsities give your own, by
# `sparsetool flops`. Budgets are met as closely as whole epochs and cycles can; what was spent is
# counted from the masks that really were, dense gradients and the search for a mask included, and
# is what the picture shows. A budget that is no epoch, or for SCULPT no cycle, is left out.
#
# Claim: at equal compute SCULPT-ing from MAIN and the other methods are equal, within MARGIN points
# of accuracy; told method by method under the table.
#
#     sparsetool recipe budget | bash
#     sparsetool recipe budget | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped. Files are named by
# what was spent: a run with more BUDGETS goes on from the files of one with fewer.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=budget SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke)
  : "${MODEL:=mlp:40-20}" "${EPOCHS:=2}" "${BUDGETS:=1}" "${RATE:=0.7}" "${TIMES:=5}"
  : "${METHODS:=rigl gmp lrr sculpt}" ;;
demo)
  : "${EPOCHS:=3}" "${BUDGETS:=0.5 1}" "${RATE:=0.5}" "${TIMES:=5}"
  : "${METHODS:=dense static rigl gmp lrr sculpt}" ;;
small) # trimmed to an hour: a dense run of 3 epochs, levels that prune half
  : "${EPOCHS:=3}" "${BUDGETS:=0.5 1}" "${RATE:=0.5}" "${STARTS:=0.2 0.5 0.7}" "${SEEDS:=0 1 2}" ;;
photos) # trimmed
  : "${BUDGETS:=0.5 1}" "${RATE:=0.5}" "${METHODS:=dense static rigl gmp ac-dc lrr sculpt}" ;;
paper)
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${STARTS:=0.2 0.5 0.7}" "${SEEDS:=0 1 2}" ;;
esac
: "${METHODS:=dense static cyclic sculpt lrr allr wr set rigl gmp gmp-star ac-dc granet}"
: "${BUDGETS:=0.5 1 2 5}"   # in dense runs, ascending
: "${SPARSITY:=0.9}"        # of all methods in the end
: "${STARTS:=0.5}"          # where SCULPT-ing begins
: "${MAIN:=0.5}"            # the start of it that the claim is about
: "${MARGIN:=0.5}"          # points of accuracy within which methods are equal
: "${RATE:=0.2}"            # part of the survivors that one level of iterative pruning prunes
: "${TIMES:=1 5}"           # further cycles of RigL, in EPOCHS
: "${COSTS:=dense=1 static=.17 cyclic=.17 set=.17 mest=.17 rigl=.2 gmp=.36 gmp-star=.25 ac-dc=.53 \
granet=.37 levels-0.2=5.7 levels-0.5=2.15 levels-0.7=1.72 sculpt-0.2=.91 sculpt-0.5=.79 \
sculpt-0.7=.61 pruned=.22}" # METHOD=COST; levels-RATE, sculpt-START, and its last cycle, pruned

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

if [[ ! $STARTS =~ $numbers || $COSTS =~ [^a-z0-9.=\ -] ]]; then
  echo "$RECIPE: STARTS are sparsities and COSTS words NAME=NUMBER" >&2
  exit 2
fi
known METHODS dense static cyclic sculpt lrr allr wr set rigl mest gmp gmp-star ac-dc granet
methods=() # SCULPT from each of its starts
for method in $METHODS; do
  if [[ $method != sculpt ]]; then methods+=("$method"); else
    for start in $STARTS; do methods+=("sculpt-$start"); done
  fi
done

# cost NAME: from COSTS.
cost() {
  local found=${COSTS##*"$1="}
  if [[ " $COSTS" != *" $1="* ]]; then
    echo "$RECIPE: COSTS says nothing of $1: give $1=COST, in dense epochs" >&2
    exit 2
  fi
  echo "${found%% *}"
}

# title METHOD: its name in pictures.
title() {
  case $1 in
  sculpt-*) echo "SCULPT ${1#sculpt-}" ;;
  lrr | allr | wr | set | mest | gmp) echo "${1^^}" ;;
  gmp-star) echo "GMP*" ;;
  ac-dc) echo "AC/DC" ;;
  rigl) echo "RigL" ;;
  granet) echo "GraNet" ;;
  *) echo "$1" ;;
  esac
}

# spends METHOD: `spent`, its epochs or cycles for each budget, and `budgets`, those that it can meet.
spends() {
  local b each more=0 whole
  case $1 in
  lrr | allr | wr) each=$(cost "levels-$RATE") whole=$EPOCHS ;;
  sculpt-*) each=$(cost "$1") whole=1 more=$(cost pruned) ;;
  cyclic) each=$(cost "$1") whole=1 ;;
  *) each=$(cost "$1") whole=$EPOCHS ;;
  esac
  spent=() budgets=()
  for b in $BUDGETS; do
    adds "$b" "$(awk "BEGIN { printf \"%.0f\", ($b - $more) * $whole / $each }")"
  done
  [[ $1 == rigl ]] || return 0
  for b in $TIMES; do adds "${b}x" $((b * EPOCHS)); done
}
adds() { # unless it is nothing, or the same as another's
  if (($2 > 0)) && [[ " ${spent[*]} " != *" $2 "* ]]; then spent+=("$2") budgets+=("$1"); fi
}

# ticket METHOD SEED SPENT: where its trained network is.
levels=$(awk "BEGIN { printf \"%.0f\", log(1 - $SPARSITY) / log(1 - $RATE) }")
((levels > 0)) || levels=1
ticket() {
  case $1 in
  cyclic) echo "$OUT/cyclic-$2/cycle-$3.st" ;;
  lrr | allr | wr) echo "$OUT/$1-$3-$2/level-$levels.st" ;;
  *) echo "$OUT/$1-$3-$2.st" ;;
  esac
}

# one METHOD SEED: epochs of one cycle.
one() {
  local at start=$OUT/init-$2.st words=()
  case $1 in
  dense) ;;
  static) start=$OUT/mask-$2.st ;;
  set | rigl | mest) start=$OUT/mask-$2.st words=(--update "$1") ;;
  *) words=(--update "$1" --to "$SPARSITY") ;;
  esac
  for at in "${spent[@]}"; do EPOCHS=$at train "${words[@]}" "$start" -o "$(ticket "$1" "$2" "$at")"; done
}

# iterative METHOD SEED: epochs of each level.
iterative() {
  local at warm words
  for at in "${spent[@]}"; do
    warm=$(((at + 14) / 15)) words=()
    case $1 in
    allr) words=(--schedule allr) ;;
    wr) words=(--rewind "$OUT/warm-$at-$2.st") ;;
    esac
    sparsetool levels --to "$SPARSITY" --rate "$RATE" --levels "$levels" --epochs "$at" \
      ${BATCH:+--batch-size "$BATCH"} ${THREADS:+--threads "$THREADS"} --quiet "${words[@]}" \
      --out-dir "$OUT/$1-$at-$2" "$OUT/level-0-$at-$2.st"
    echo "$RECIPE: $OUT/$1-$at-$2" >&2
  done
}

# sculpt START SEED: cycles; from each number of them a pruning and one cycle.
sculpt() {
  local at kept
  mask --random --balanced "$1" "$OUT/init-$2.st" -o "$OUT/sculpt-$1-mask-$2.st"
  in_cycles "sculpt-$1-stem-$2" "${spent[-1]}" "$OUT/sculpt-$1-mask-$2.st"
  for at in "${spent[@]}"; do
    prune --magnitude --global "$SPARSITY" "${kept[at - 1]}" |
      train -o "$(ticket "sculpt-$1" "$2" "$at")"
  done
}

# begin SEED: what several methods start from.
begin() {
  local at spent budgets
  init --seed "$1" -o "$OUT/init-$1.st"
  mask --random --erk "$SPARSITY" "$OUT/init-$1.st" -o "$OUT/mask-$1.st"
  [[ " $METHODS " == *" "@(lrr|allr|wr)" "* ]] || return 0
  spends lrr
  for at in "${spent[@]}"; do
    EPOCHS=$at train --save-epoch "$(((at + 14) / 15)):$OUT/warm-$at-$1.st" \
      "$OUT/init-$1.st" -o "$OUT/level-0-$at-$1.st"
  done
}

# spend METHOD SEED
spend() {
  local spent budgets
  spends "$1"
  ((${#spent[@]})) || return 0
  case $1 in
  lrr | allr | wr) iterative "$@" ;;
  sculpt-*) sculpt "${1#sculpt-}" "$2" ;;
  cyclic) in_cycles "cyclic-$2" "${spent[-1]}" "$OUT/mask-$2.st" ;;
  *) one "$@" ;;
  esac
}

# measured METHOD SEED: test accuracy, a file for each budget.
measured() {
  local at spent budgets
  spends "$1"
  for at in "${!spent[@]}"; do
    sparsetool eval ${THREADS:+--threads "$THREADS"} --quiet --label method="$(title "$1")" \
      --label budget="${budgets[at]}" --label seed="$2" "$(ticket "$1" "$2" "${spent[at]}")" \
      -o "$OUT/$1-budget-${budgets[at]}-$2.jsonl"
  done
}

# costs SEED: training FLOPs of all methods, in a file named after their list.
costs() {
  local method at tickets=() spent budgets list
  for method in "${methods[@]}"; do
    spends "$method"
    for at in "${spent[@]}"; do tickets+=("$(ticket "$method" "$1" "$at")"); done
  done
  list=$(printf '%s\n' "${tickets[@]#"$OUT"/}" | cksum)
  sparsetool flops --quiet "${tickets[@]}" -o "$OUT/flops-${list%% *}-$1.jsonl"
}

# gathered SEED: the files of both, to `lines`.
gathered() {
  local method b spent budgets list names=()
  for method in "${methods[@]}"; do
    spends "$method"
    for b in "${!spent[@]}"; do
      lines+=("$OUT/$method-budget-${budgets[b]}-$1.jsonl")
      names+=("$(ticket "$method" "$1" "${spent[b]}")")
    done
  done
  list=$(printf '%s\n' "${names[@]#"$OUT"/}" | cksum)
  lines+=("$OUT/flops-${list%% *}-$1.jsonl")
}

mkdir -p "$OUT"
for seed in $SEEDS; do branch begin "$seed"; done
all_done
for seed in $SEEDS; do
  for method in "${methods[@]}"; do branch spend "$method" "$seed"; done
done
all_done
for seed in $SEEDS; do
  branch costs "$seed"
  for method in "${methods[@]}"; do branch measured "$method" "$seed"; done
done
all_done

for seed in $SEEDS; do gathered "$seed"; done
results budget sweep "${lines[@]}" --x train_flops --log
[[ " ${methods[*]} " != *" sculpt-$MAIN "* || ${#methods[@]} -lt 2 ]] ||
  claim budget-claim accuracy "at equal compute methods equal SCULPT from $MAIN within $MARGIN points" \
    --by method --against "SCULPT $MAIN" --claim equal --margin "$MARGIN"

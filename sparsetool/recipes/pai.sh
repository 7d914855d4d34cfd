#!/usr/bin/env bash
# Pruning at initialisation (PaI): random, SNIP, SynFlow, GraSP; one cycle against several
#
# Gadhikar, Nelaturu, Burkholz, "Cyclic Sparse Training: Is it Enough?", Figure 4. Each colour is a
# criterion that finds a mask at initialisation; solid is trained in CYCLES cycles, dotted in one
# (standard). A second picture shows cyclic minus standard, paired by seed, which a reviewer asked
# for. SynFlow prunes in 100 rounds, as its authors do, and in one, as the paper's public code does;
# random masks are balanced over layers, scores are ranked over all layers together. BESIDE are the
# dense network, which is trained for as long and drawn as a level across, and LRR.
#
# Claim: pruning at initialisation gains by cycles: several are above one, whatever the criterion.
#
#     sparsetool recipe pai | bash
#     sparsetool recipe pai | SCALE=small OUT=here bash
#
# Every stage writes a file, so a second run goes on where the first one stopped.
set -euo pipefail

# Knobs: each may be set from outside. SCALE chooses the defaults of the others.
RECIPE=pai SCALE=${SCALE:-demo}
source "${BASH_SOURCE%/*}/parts/scale.sh"
case $SCALE in
smoke)
  : "${MODEL:=mlp:40-20}" "${EPOCHS:=1}" "${CYCLES:=2}" "${CRITERIA:=random synflow}"
  : "${SPARSITIES:=0.9}" "${RATE:=0.9}" ;;
demo) : "${EPOCHS:=3}" "${CYCLES:=2}" "${SPARSITIES:=0.9 0.98}" "${RATE:=0.7}" ;;
small)
  : "${EPOCHS:=10}" "${CYCLES:=3}" "${SPARSITIES:=0.8 0.9 0.98}" "${SEEDS:=0 1 2}" ;;
photos) # trimmed: two cycles, neither GraSP nor SynFlow in one round; LRR is in sculpt
  : "${CYCLES:=2}" "${SPARSITIES:=0.8 0.9 0.95 0.98}" "${CRITERIA:=random snip synflow}"
  : "${BESIDE=dense}" ;;
paper)
  : "${DATA:=cifar10}" "${EPOCHS:=150}" "${CYCLES:=13}"
  : "${SPARSITIES:=0.5 0.8 0.9 0.95 0.98}" "${SEEDS:=0 1 2}" ;;
esac
: "${CRITERIA:=random snip synflow synflow-one-round grasp}"
: "${BESIDE=dense lrr}" # what they are compared with; may be empty
: "${RATE:=0.2}"        # part of the survivors that one level of LRR prunes

source "${BASH_SOURCE%/*}/parts/knobs.sh"
source "${BASH_SOURCE%/*}/parts/verbs.sh"
source "${BASH_SOURCE%/*}/parts/levels.sh"
source "${BASH_SOURCE%/*}/parts/branches.sh"
source "${BASH_SOURCE%/*}/parts/results.sh"

random() { mask --random --balanced "$@"; }
snip() { score mask --snip --global "$@"; }
synflow() { score mask --synflow --global "$@"; }
synflow-one-round() { score mask --synflow --iterations 1 --global "$@"; }
grasp() { score mask --grasp --global "$@"; }

# run SEED CRITERION: masks of every sparsity, the network after one cycle and after all.
run() {
  local s first=() last=()
  for s in $SPARSITIES; do
    "$2" "$s" "$OUT/init-$1.st" -o "$OUT/mask-$2-$s-$1.st"
    in_cycles "$2-$s-$1" "$CYCLES" "$OUT/mask-$2-$s-$1.st"
    first+=("${kept[0]}")
    last+=("$OUT/$2-$s-$1.st")
  done
  measure "$2-cyclic" "$1" "$2" --label training=cyclic "${last[@]}"
  measure "$2-standard" "$1" "$2" --label training=standard "${first[@]}"
}

# The dense network, after one cycle and after all; LRR from the first on.
dense() {
  in_cycles "dense-$1" "$CYCLES" "$OUT/init-$1.st"
  measure dense-cyclic "$1" dense --label training=cyclic "$OUT/dense-$1.st"
  measure dense-standard "$1" dense --label training=standard "${kept[0]}"
}
lrr() {
  local dense=$OUT/lrr-0-$1.st
  train "$OUT/init-$1.st" -o "$dense"
  levels lrr "$1" ""
  measure lrr "$1" LRR "${finals[@]}"
}

known BESIDE dense lrr
known CRITERIA random snip synflow synflow-one-round grasp
mkdir -p "$OUT"
for seed in $SEEDS; do
  init --seed "$seed" -o "$OUT/init-$seed.st"
  for name in $BESIDE; do branch "$name" "$seed"; done
  for criterion in $CRITERIA; do branch run "$seed" "$criterion"; done
done
all_done

for name in $BESIDE; do
  case $name in
  dense) collect dense-cyclic dense-standard ;;
  lrr) collect lrr ;;
  esac
done
beside=("${lines[@]}") lines=()
for criterion in $CRITERIA; do collect "$criterion-cyclic" "$criterion-standard"; done
results pai sweep "${beside[@]}" "${lines[@]}"
results pai-difference sweep "${lines[@]}" --difference cyclic,standard
claim pai-cycles accuracy "several cycles are above one, with every criterion and sparsity" \
  --between cyclic,standard --claim above

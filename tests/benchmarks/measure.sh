#!/usr/bin/env bash
# Measure the paper's recipes, seed by seed, and keep the rows for the page `sparsetool guide results`.
#
#     bash tests/benchmarks/measure.sh                            # photographs, seeds 0 1 2
#     EPOCHS=5 bash tests/benchmarks/measure.sh sculpt coupling -- 0 1
#     SCALE=small bash tests/benchmarks/measure.sh                # every recipe on digits
#     SCALE=paper bash tests/benchmarks/measure.sh                # the paper's size, on a GPU
#
# It wants CIFAR-10 (`sparsetool data cifar10`; SPARSETOOL_DATA says where it is), but for digits, and
# a checkout whose Python environment is active. It runs at the lowest priority; stop it at any time,
# and the same line goes on. Tickets are kept in WORK. After each recipe its rows are copied to
# `results/SCALE/RECIPE`, and the page is written anew: commit both. Knobs of recipes may be set.
#
# SCALE=paper is ResNet20 on CIFAR-10 in cycles of 150 epochs: SCULPT-ing from one start beside LRR, a
# random mask in cycles and the dense network, three seeds side by side on one GPU; then coupling at
# 90%, of LRR's mask and a random one. For a seed that is 21,450 epochs of `sculpt` and 18,150 of
# `coupling` (counted by --plan). It was never tried on a GPU.
set -euo pipefail
# A recipe is a process group, which ends as a whole; nothing else is, so that all can be stopped and
# continued.
trap 'for pid in $(jobs -p); do kill -- "-$pid" 2>/dev/null || true; done' EXIT

checkout=$(cd "${BASH_SOURCE%/*}/../.." && pwd)
export SCALE=${SCALE:-photos} PYTHONPATH=$checkout${PYTHONPATH:+:$PYTHONPATH}
case $SCALE in
photos) all=(sculpt coupling pai budget cyclic lrr) at_once=1 && export THREADS=${THREADS:-1} ;;
paper) all=(sculpt coupling) at_once=3 && export THREADS=${THREADS:-2} JOBS=${JOBS:-3} ;;
small)
  all=(imp wr lrr cyclic schedules sharpness connectivity signs pai label-noise criteria)
  all+=(layer-shares sign-flips noise sculpt coupling budget architectures)
  at_once=3 && export THREADS=${THREADS:-1}
  ;;
*) echo "measure.sh: SCALE is photos, small or paper, not $SCALE" >&2 && exit 2 ;;
esac
recipes=() seeds=()
while [[ $# -gt 0 && $1 != -- ]]; do recipes+=("$1") && shift; done
if [[ $# -gt 0 ]]; then shift && seeds=("$@"); fi
[[ ${#recipes[@]} -gt 0 ]] || recipes=("${all[@]}")
[[ ${#seeds[@]} -gt 0 ]] || seeds=(0 1 2)

work=${WORK:-${XDG_STATE_HOME:-$HOME/.local/state}/sparsetool-results}
mkdir -p "$work"
cd "$work"

# trimmed RECIPE: its knobs at the paper's size.
trimmed() {
  case $SCALE-$1 in
  paper-sculpt) export STARTS=${STARTS:-random:0.5} INITIAL=${INITIAL:-12} ;;
  paper-coupling)
    export SPARSITIES=${SPARSITIES:-0.9} MASKS=${MASKS:-lrr random} CONTROLS=${CONTROLS:-lrr}
    export STARTS=${STARTS:-random:own random:warm-up warm-up:own own:own} SHARED=${SHARED:-none} ;;
  esac
}

log() { tr ' ' - <<<"$work/$SCALE-$*.log"; } # RECIPE SEED ...
run() ( # RECIPE SEED ...
  trimmed "$1"
  export SEEDS=${*:2} OUT=$SCALE/$1
  sparsetool recipe --quiet "$1" | nice -n 19 bash >"$(log "$@")" 2>&1
)
kept() ( # RECIPE SEED ...
  trimmed "$1"
  cd "$checkout"
  python -m tests.benchmarks.keep_rows "$1" "$work/$SCALE/$1" "${@:2}"
)

# Every recipe once, before the next seeds.
for ((at = 0; at < ${#seeds[@]}; at += at_once)); do
  for recipe in "${recipes[@]}"; do
    some=("${seeds[@]:at:at_once}")
    set -m
    run "$recipe" "${some[@]}" &
    set +m
    if wait $!; then kept "$recipe" "${some[@]}"; else
      echo "measure.sh: $recipe failed: see $(log "$recipe" "${some[@]}")" >&2
      exit 1
    fi
  done
done

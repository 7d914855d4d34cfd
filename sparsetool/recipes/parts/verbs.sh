
# The verbs, with the knobs that go into every call.
init() {
  sparsetool init "$MODEL" --data "$DATA" ${EXCLUDE:+--exclude "$EXCLUDE"} --quiet "$@"
}
mask() { sparsetool mask --quiet "$@"; }
prune() { sparsetool prune --quiet "$@"; }
score() { "$@" ${THREADS:+--threads "$THREADS"}; } # mask or prune, where the network is run
rewind() { sparsetool rewind --quiet "$@"; }
transfer_signs() { sparsetool transfer-signs --quiet "$@"; }
train() { # the ticket's file comes last, and is told when it is there
  sparsetool train-cycles --epochs "$EPOCHS" ${BATCH:+--batch-size "$BATCH"} \
    ${THREADS:+--threads "$THREADS"} --quiet "$@"
  echo "$RECIPE: ${*: -1}" >&2
}

# in_cycles NAME N TICKET [OPTION...]: N cycles to NAME.st; `kept` are the tickets after each.
in_cycles() {
  local k
  train --n "$2" --keep "$OUT/$1" "${@:4}" "$3" -o "$OUT/$1.st"
  kept=()
  for ((k = 1; k <= $2; k++)); do kept+=("$OUT/$1/cycle-$k.st"); done
}

# measure NAME SEED METHOD TICKET...: test accuracy to NAME-SEED.jsonl; METHOD is a line's name.
measure() {
  sparsetool eval ${THREADS:+--threads "$THREADS"} --quiet \
    --label method="$3" --label seed="$2" "${@:4}" -o "$OUT/$1-$2.jsonl"
}

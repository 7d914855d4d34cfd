
# levels NAME SEED FILE [OPTION...]: iterative magnitude pruning of dense-SEED.st. At each level
# RATE of the survivors are pruned, those of least magnitude in all layers; the rest are rewound to
# FILE ('' leaves them as they are) and trained. The last pruning before each of SPARSITIES, which
# ascend, goes there exactly. Files are NAME-pruned-LEVEL-SEED.st and NAME-LEVEL-SEED.st, with the
# sparsity in LEVEL's place at the end. `steps` are the trained tickets of levels, `finals` those of
# SPARSITIES.
levels() {
  local name=$1 seed=$2 from=$OUT/dense-$2.st level=0 s last
  steps=() finals=()
  for s in $SPARSITIES; do
    last=$(awk -v s="$s" -v r="$RATE" 'BEGIN { printf "%.0f", log(1 - s) / log(1 - r) }')
    while ((level < last - 1)); do
      level=$((level + 1))
      prune --magnitude --rate "$RATE" "$from" -o "$OUT/$name-pruned-$level-$seed.st"
      again "$name" "$level" "${@:2}"
      from=$OUT/$name-$level-$seed.st
      steps+=("$from")
    done
    prune --magnitude --global "$s" "$from" -o "$OUT/$name-pruned-$s-$seed.st"
    again "$name" "$s" "${@:2}"
    finals+=("$OUT/$name-$s-$seed.st")
  done
}

# again NAME LEVEL SEED FILE [OPTION...]: one level's training.
again() {
  local pruned=$OUT/$1-pruned-$2-$3.st ticket=$OUT/$1-$2-$3.st
  if [[ $4 ]]; then
    rewind --to "$4" "$pruned" | train "${@:5}" -o "$ticket"
  else
    train "${@:5}" "$pruned" -o "$ticket"
  fi
}

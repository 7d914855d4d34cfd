
# levels NAME SEED FILE [OPTION...]: iterative magnitude pruning of dense-SEED.st, or of what `dense`
# says, to each of SPARSITIES in turn, which ascend. At each level RATE of the survivors are pruned, those of least
# magnitude in all layers; the rest are rewound to FILE ('' leaves them as they are) and trained.
# The last level before each sparsity goes there exactly. Levels are in the folder
# NAME-SPARSITY-SEED, the last one is NAME-SPARSITY-SEED.st. `steps` are the trained tickets of
# levels, `finals` those of SPARSITIES, `lasts` what was pruned to become these.
levels() {
  local name=$1 seed=$2 from=${dense:-$OUT/dense-$2.st} s before=0 count level
  steps=() finals=() lasts=()
  for s in $SPARSITIES; do
    count=$(levels_to "$before" "$s")
    sparsetool levels --to "$s" --rate "$RATE" --levels "$count" ${3:+--rewind "$3"} \
      --epochs "$EPOCHS" ${BATCH:+--batch-size "$BATCH"} ${THREADS:+--threads "$THREADS"} --quiet \
      "${@:4}" --out-dir "$OUT/$name-$s-$seed" --final "$OUT/$name-$s-$seed.st" "$from"
    echo "$RECIPE: $OUT/$name-$s-$seed.st" >&2
    for ((level = 1; level < count; level++)); do
      steps+=("$OUT/$name-$s-$seed/level-$level.st")
    done
    ((count == 1)) || from=${steps[-1]}
    lasts+=("$from")
    from=$OUT/$name-$s-$seed.st before=$s
    finals+=("$from")
  done
}

# levels_to FROM TO: how many levels come nearest from one sparsity to another, at least one.
levels_to() {
  awk -v a="$1" -v b="$2" -v r="$RATE" \
    'BEGIN { k = int(log((1 - b) / (1 - a)) / log(1 - r) + 0.5); print k < 1 ? 1 : k }'
}

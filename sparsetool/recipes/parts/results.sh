
# collect NAME...: add the files NAME-SEED.jsonl of all seeds to `lines`.
lines=()
collect() {
  local name seed
  for name in "$@"; do
    for seed in $SEEDS; do lines+=("$OUT/$name-$seed.jsonl"); done
  done
}

# results NAME KIND LINES...: NAME.png, NAME.csv and NAME.md; the last one is also printed.
results() {
  picture "$@" --table "$OUT/$1.csv" --table "$OUT/$1.md" >/dev/null
  cat "$OUT/$1.md"
  echo "picture: $OUT/$1.png"
}

# picture NAME KIND LINES...: NAME.png alone.
picture() {
  sparsetool plot "$2" --quiet --force --title "$TITLE" "${@:3}" -o "$OUT/$1.png"
  echo "picture: $OUT/$1.png"
}

# claim NAME FIGURE SENTENCE OPTION...: what `lines` say about a claim, seed by seed: NAME.jsonl and
# NAME.md; the last one is also printed, under the sentence.
claim() {
  sparsetool compare "$2" --quiet --force "${@:4}" "${lines[@]}" \
    --table "$OUT/$1.md" -o "$OUT/$1.jsonl"
  echo "claim: $3"
  cat "$OUT/$1.md"
}

# Knobs that all recipes have; each may be set from outside.
: "${MODEL:=resnet20}" "${DATA:=digits}" "${SEEDS:=0}"
: "${BATCH:=}"             # examples in a step; empty: as many as the data set's default
: "${OUT:=$RECIPE-$SCALE}" # folder of all files
: "${EXCLUDE:=}"           # layers that are never pruned; the paper's ResNet18 and 50: *downsample*
: "${THREADS:=}"           # of each process; empty: one for digits, else all cores
cores=$(getconf _NPROCESSORS_ONLN)
case $DATA in
digits) threads=${THREADS:-1} ;;
*) threads=${THREADS:-$cores} ;;
esac
whole='^[1-9][0-9]*$'
if [[ $threads =~ $whole ]]; then : "${JOBS:=$((cores / threads))}"; fi # branches at once
if [[ ! ${JOBS:=1} =~ $whole || ! $threads =~ $whole ]] || ((JOBS * threads > cores)); then
  echo "$RECIPE: JOBS=$JOBS times $threads threads does not fit the $cores cores here" >&2
  exit 2
fi
known() { # known KNOB NAME...: its words, up to a colon, are commands; others never become one
  local knob=$1 word
  shift
  for word in ${!knob}; do
    if [[ " $* " != *" ${word%%:*} "* ]]; then
      echo "$RECIPE: $knob has '$word', but there are: $*" >&2
      exit 2
    fi
  done
}
TITLE="$MODEL on $DATA, cycles of $EPOCHS epochs"

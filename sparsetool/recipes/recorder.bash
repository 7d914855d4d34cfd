# Stands in for the program, before a script that calls it: it notes each call's words, makes the
# files the call would have made (empty), and passes a token through pipes in the place of a ticket.
# It starts no process, because a script may make thousands of calls. `sparsetool_reads VERB` and
# `sparsetool_kind VERB OPTION`, made from the verbs' own options, set `reads` and `kind`.

sleep() { :; } # nothing takes time here
if [[ ! $SPARSETOOL_ONLY_KNOBS ]]; then
  getconf() { echo 65536; } # cores: jobs may run on other machines than this one
fi

sparsetool_made() { : >"$1"; made+="$1"$'\037'; }

# A further file PATH of one of several FILEs, NAME: `{}` is its name, else that goes in front.
sparsetool_beside() {
  local base=${1##*/}
  if [[ $1 == *'{}'* ]]; then
    sparsetool_made "${1//'{}'/$2}"
  else
    sparsetool_made "${1%"$base"}$2.$base"
  fi
}

# Tickets of `init --seeds SEEDS -o PATTERN`.
sparsetool_seeds() {
  local part seed IFS=,
  for part in $1; do
    for ((seed = ${part%%-*}; seed <= ${part##*-}; seed++)); do
      sparsetool_made "${2//'{}'/$seed}"
    done
  done
}

# Tickets of `--keep DIR`: one per cycle that was begun, and one every so many epochs.
sparsetool_kept() {
  local cycle=1 past=0 total
  [[ -d $1 ]] || mkdir -p "$1"
  if [[ $epochs ]]; then
    total=$((n * epochs - from))
    if [[ $stop && $stop -lt $total ]]; then total=$stop; fi
  elif [[ $every || $stop ]]; then
    echo "write --epochs, or the files of --keep-every and --stop-after cannot be known" >&2
    return 1
  fi
  while [[ $cycle -le $n && (! $epochs || $past -lt $total) ]]; do
    sparsetool_made "$1/cycle-$cycle.st"
    past=$((past + ${epochs:-0} - (cycle == 1 ? from : 0)))
    cycle=$((cycle + 1))
  done
  if [[ $every ]]; then
    past=$every
    while [[ $past -le $total ]]; do
      sparsetool_made "$1/epoch-$past.st"
      past=$((past + every))
    done
  fi
}

# Tickets of `levels` of a ticket that was trained, and of its `--final`.
sparsetool_levels() {
  local level
  if [[ ! $levels ]]; then
    echo "write --levels, or the files of levels cannot be known" >&2
    return 1
  fi
  [[ -d $into ]] || mkdir -p "$into"
  for ((level = 1; level <= levels; level++)); do
    sparsetool_made "$into/level-$level.start.st"
    sparsetool_made "$into/level-$level.st"
  done
  for word in ${sides[@]+"${sides[@]}"}; do sparsetool_made "$word"; done
}

sparsetool() {
  local IFS=$' \t\n' verb=${1-} all id word kind reads name
  local parents='' made='' at=0 stdin='' piped=1 keep='' n=1 epochs='' from=0 every='' stop=''
  local files=() into='' sides=() seeds='' model='' levels=''
  if [[ ! -e $SPARSETOOL_RECORD/knobs ]]; then
    for word in $SPARSETOOL_KNOBS; do
      printf '%s=%s\035' "$word" "${!word-}"
    done >"$SPARSETOOL_RECORD/knobs"
  fi
  if [[ $SPARSETOOL_ONLY_KNOBS ]]; then exit 1; fi
  printf -v all '%s\037' "$@"
  sparsetool_reads "$verb"
  if [[ $# -gt 0 ]]; then shift; fi
  while [[ $# -gt 0 ]]; do
    if [[ $1 == --*=* ]]; then set -- "${1%%=*}" "${1#*=}" "${@:2}"; fi
    if [[ $1 != -?* ]]; then
      at=$((at + 1))
      if [[ $1 == - ]]; then stdin=1; fi
      if [[ $at -eq 1 ]]; then model=${1##*/}; fi
      if [[ $reads -gt 0 && $at -ge $reads ]]; then files+=("$1"); fi
      shift
      continue
    fi
    sparsetool_kind "$verb" "$1"
    name=$1 word=${2-}
    shift
    if [[ $kind == flag ]]; then continue; fi
    if [[ $# -gt 0 ]]; then shift; fi
    case $name in
    --n) n=$word ;;
    --epochs) epochs=$word ;;
    --from-epoch) from=$word ;;
    --keep-every) every=$word ;;
    --stop-after) stop=$word ;;
    --seeds) seeds=$word piped='' ;;
    --levels) levels=$word ;;
    esac
    case $kind in
    read) if [[ $word == - ]]; then stdin=1; fi ;;
    result) if [[ $word != - ]]; then piped='' && sides+=("$word"); fi ;;
    written) if [[ $word != - ]]; then sides+=("$word"); fi ;;
    marked) sides+=("${word#*:}") ;;
    kept) keep=$word ;;
    named) into=$word piped='' ;;
    esac
  done
  if [[ $seeds ]]; then
    sparsetool_seeds "$seeds" "${sides[0]:-${model//[^[:alnum:]._-]/-}-{\}.st}"
  elif [[ $verb == levels ]]; then
    sparsetool_levels
  elif [[ $into && ${#files[@]} -gt 0 ]]; then
    [[ -d $into ]] || mkdir -p "$into"
    for name in "${files[@]##*/}"; do
      sparsetool_made "$into/$name"
      for word in ${sides[@]+"${sides[@]}"}; do sparsetool_beside "$word" "${name%.*}"; done
      if [[ $keep ]]; then sparsetool_kept "$keep/${name%.*}"; fi
    done
  else
    for word in ${sides[@]+"${sides[@]}"}; do sparsetool_made "$word"; done
    if [[ $keep ]]; then sparsetool_kept "$keep"; fi
  fi
  if [[ $stdin || $at -lt $reads ]]; then
    while IFS= read -r word || [[ $word ]]; do
      if [[ $word == sparsetool-call-* ]]; then parents+="$word"$'\037'; else parents+=$'?\037'; fi
    done
    if [[ ! $parents ]]; then parents=$'?\037'; fi
  fi
  id=sparsetool-call-${BASHPID:-$$}-$RANDOM-$RANDOM-$RANDOM
  printf '%s\036%s\036%s\036%s\036%s\035' "$id" "$all" "$made" "$parents" "$piped" \
    >>"$SPARSETOOL_RECORD/calls"
  if [[ $piped ]]; then printf '%s\n' "$id"; fi
}

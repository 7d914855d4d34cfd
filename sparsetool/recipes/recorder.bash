# Stands in for the program, before a script that calls it: it notes each call's words, makes the
# files the call would have made (empty), and passes a token through pipes in the place of a ticket.
# It starts no process, because a script may make thousands of calls. `sparsetool_reads VERB` and
# `sparsetool_kind VERB OPTION`, made from the verbs' own options, set `reads` and `kind`.

sleep() { :; } # nothing takes time here
if [[ ! $SPARSETOOL_ONLY_KNOBS ]]; then
  getconf() { echo 65536; } # cores: jobs may run on other machines than this one
fi

sparsetool_made() { : >"$1"; made+="$1"$'\037'; }

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

sparsetool() {
  local IFS=$' \t\n' verb=${1-} all id word kind reads name
  local parents='' made='' at=0 stdin='' piped=1 keep='' n=1 epochs='' from=0 every='' stop=''
  local files=() into=''
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
    esac
    case $kind in
    read) if [[ $word == - ]]; then stdin=1; fi ;;
    result) if [[ $word != - ]]; then piped='' && sparsetool_made "$word"; fi ;;
    written) if [[ $word != - ]]; then sparsetool_made "$word"; fi ;;
    marked) sparsetool_made "${word#*:}" ;;
    kept) keep=$word ;;
    named) into=$word piped='' ;;
    esac
  done
  if [[ $into && ${#files[@]} -gt 0 ]]; then
    [[ -d $into ]] || mkdir -p "$into"
    for name in "${files[@]##*/}"; do
      sparsetool_made "$into/$name"
      if [[ $keep ]]; then sparsetool_kept "$keep/${name%.*}"; fi
    done
  elif [[ $keep ]]; then
    sparsetool_kept "$keep"
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

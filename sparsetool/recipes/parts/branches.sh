
# branch COMMAND...: in the background, at most JOBS at once. A failure stops the recipe.
set -m # makes each branch a process group, which ends as a whole
pids=' ' # between blanks, so that none is found inside another
trap 'for pid in $pids; do kill -- "-$pid" 2>/dev/null || true; done' EXIT
one_done() { # whichever ends first; `wait -n` could not tell which
  local pid
  while :; do
    for pid in $pids; do
      if ! kill -0 "$pid" 2>/dev/null; then
        pids=${pids/" $pid "/ }
        wait "$pid"
        return
      fi
    done
    sleep 0.1 & # so that ^C comes to the shell
    wait "$!"
  done
}
branch() {
  [[ $(wc -w <<<"$pids") -lt $JOBS ]] || one_done
  "$@" </dev/null &
  pids="$pids$! "
}
all_done() { while [[ $pids != " " ]]; do one_done; done; }

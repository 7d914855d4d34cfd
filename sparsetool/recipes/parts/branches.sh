
# branch COMMAND...: in the background, at most JOBS at once. A failure stops the recipe.
# A branch is a process group, which ends as a whole. Nothing else is: a group that is stopped and
# continued, as Slurm suspends a job, would count as ended.
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
  set -m
  "$@" </dev/null &
  set +m
  pids="$pids$! "
}
all_done() { while [[ $pids != " " ]]; do one_done; done; }


# branch COMMAND...: in the background, at most JOBS at once. A failure stops the recipe.
set -m # makes each branch a process group, which ends as a whole
pids=
trap 'for pid in $pids; do kill -- "-$pid" 2>/dev/null || true; done' EXIT
oldest() { wait "${pids%% *}" && pids=${pids#* }; }
branch() {
  [[ $(wc -w <<<"$pids") -lt $JOBS ]] || oldest
  "$@" </dev/null &
  pids="$pids$! "
}
all_done() { while [[ $pids ]]; do oldest; done; }

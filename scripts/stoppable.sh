# Runs commands so that a signal to the script ends them cleanly. Sourced by the scripts beside this file that run several commands;
# those that run a single one replace themselves by it (exec).

# stoppable COMMAND ARGUMENT...: runs a command and waits for it, as the shell does by itself, but passes signals on. Left to itself,
# a shell would end at once and leave the command running, or wait until it is done. After a signal the script ends with its command.
stoppable() {
  local status signals=0 last="" before child
  set -m # a process group of its own: Ctrl-C reaches the command once, by way of this script, and is not ignored
  "$@" &
  child=$!
  set +m
  for signal in TERM INT HUP USR1; do
    trap "signals=\$((signals + 1)); last=$signal; kill -s $signal \$child 2>/dev/null || true" "$signal"
  done
  while true; do
    before="$signals"
    status=0
    wait "$child" || status=$?
    ((signals > before)) || break # else the wait ended, not the command
  done
  trap - TERM INT HUP USR1
  if [[ -n "$last" ]]; then
    # A command that was about to finish ends with 0; the next one is not begun all the same. After SIGUSR1, 0 is what is wanted.
    ((status)) || [[ "$last" == USR1 ]] || status=$((128 + $(kill -l "$last")))
    exit "$status"
  fi
  return "$status"
}

#!/usr/bin/env bash
# Does a long run grow? Trains thousands of tiny steps, with an evaluation and a save after every 100, and looks at the process in
# between: resident memory may grow by 5 % after the first 500 steps, and open files and threads not at all. The threads of Java's
# own compiler, which come and go, are not counted.
#
#   scripts/soak-test.sh                                     # 5,000 steps, some minutes
#   scripts/soak-test.sh --steps 20000 linear
#
# --steps N      how many, in hundreds (5000)
# --out DIR      new folder for data, run and table (a temporary one, removed if nothing grew)
# NAME           joint, continual, modx (both in three phases, of which each is a run of its own), linear, finetune (joint)
set -euo pipefail

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
export JAVA_OPTS="${JAVA_OPTS:- }" # the run is measured as users start it
source "$root/scripts/tiny_runs.sh"

EPOCH_STEPS=100
WARM_UP_STEPS=500
ALLOWED_PERCENT=5
SAVE_STEPS=100
EVAL_EVERY=1

steps=5000
WORK=""
name=joint
while (($#)); do
  case "$1" in
    --steps) steps="$2"; shift 2 ;;
    --out) WORK="$2"; shift 2 ;;
    --help | -h) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit ;;
    -*) fail "Unknown flag $1. Expected --steps or --out; see the head of $0." ;;
    *) name="$1"; shift ;;
  esac
done
[[ -r /proc/self/status ]] || fail "This system has no /proc, by which the process is looked at."
((steps % EPOCH_STEPS == 0 && steps >= WARM_UP_STEPS + 10 * EPOCH_STEPS)) || fail "--steps $steps: expected hundreds, $((WARM_UP_STEPS + 10 * EPOCH_STEPS)) or more"
temporary="$WORK"
[[ -n "$WORK" ]] || WORK="$(mktemp -d)"
EPOCHS=$((steps / EPOCH_STEPS))

steps_taken() {
  if [[ -f "$WORK/run/metrics.jsonl" ]]; then
    wc -l <"$WORK/run/metrics.jsonl"
  else
    grep -c '"loss"' "$WORK/run/stats.txt" 2>/dev/null || true
  fi
}

# One line of the table, unless the process has ended meanwhile.
look() {
  local memory threads files
  memory="$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status" 2>/dev/null)" || return 0
  threads="$(cat "/proc/$pid"/task/*/comm 2>/dev/null | grep -cvE '^C[12] CompilerThre' || true)"
  files="$(ls "/proc/$pid/fd" 2>/dev/null | wc -l)"
  [[ -z "$memory" ]] || printf '%7d %12d %8d %8d\n' "$1" "$memory" "$files" "$threads" | tee -a "$WORK/table"
}

trap 'kill -KILL "${pid:-}" 2>/dev/null || true' EXIT
pid=""
prepare $((4 * EPOCH_STEPS))
tiny_command "$name"
tiny_output "$name" "$WORK/run"
case "$name" in
  joint | continual | modx) tiny+=(--keep_last 2) ;;
esac
"${tiny[@]}" >"$WORK/output.log" 2>&1 &
pid=$!
printf '%7s %12s %8s %8s\n' steps "resident KB" files threads
next=$((EPOCH_STEPS / 2)) # far from saves and evaluations, which have files open
while kill -0 "$pid" 2>/dev/null; do
  taken="$(steps_taken)"
  if ((${taken:-0} >= next)); then
    look "$taken"
    next=$(((taken / EPOCH_STEPS + 1) * EPOCH_STEPS + EPOCH_STEPS / 2))
  fi
  sleep 0.05
done
status=0
wait "$pid" || status=$?
pid=""
((status == 0)) || fail "The run failed with exit $status:" "$(tail -n 5 "$WORK/output.log")"

# Medians of the first and the last five looks are compared: a single one may meet an evaluation or a save.
median() { awk -v warm_up="$WARM_UP_STEPS" -v column="$2" '$1 >= warm_up { print $column }' "$WORK/table" | "$1" -n 5 | sort -n | sed -n 3p; }
first_memory="$(median head 2)"
last_memory="$(median tail 2)"
say "" "Resident memory: $((first_memory / 1024)) MB after step $WARM_UP_STEPS, $((last_memory / 1024)) MB at the end;" \
  "open files $(median head 3) and $(median tail 3), threads $(median head 4) and $(median tail 4)"
if ((last_memory * 100 > first_memory * (100 + ALLOWED_PERCENT))) || [[ "$(median head 3) $(median head 4)" != "$(median tail 3) $(median tail 4)" ]]; then
  say "It grows. See $WORK"
  exit 1
fi
say "It does not grow"
[[ -n "$temporary" ]] || rm -rf "$WORK"

#!/usr/bin/env bash
# Does a run that is killed again and again end with the same bits as one that is not? Trains each way once without a break; then
# again, ended by a signal at random moments - while it starts, steps, evaluates, computes the old model's features, and in a third
# of the cases while it saves - and started again with the same command, until it has finished; then compares all that both left:
# the final checkpoints to the bit, the logs in everything but times.
#
#   scripts/crash-test.sh                                    # 30 kills of each command; a quarter of an hour on two cores
#   scripts/crash-test.sh --kills 5 --signal TERM,INT joint
#
# --kills N      how often to end each run (30). A run that finishes before is compared, and another one begun.
# --signal S     KILL, TERM, INT, HUP, or several in turn, as TERM,INT (KILL). After all but KILL the run has to stop within 10 seconds
#                with 143, 130 or 129, or with 0 if it had finished.
# --seed N       of the moments (1)
# --out DIR      new folder for data, runs and their output (a temporary one, removed if nothing differs)
# NAME...        joint, continual, modx (both in three phases), linear, finetune (linear evaluation that trains the encoder) (all)
set -euo pipefail

# A SIGINT that is ignored where this script is started, as in the background of another script, would be ignored by the runs too.
[[ -z "$(trap -p INT)" ]] || exec env --default-signal=INT "${BASH_SOURCE[0]}" "$@"

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
source "$root/scripts/tiny_runs.sh"

LONGEST_STOP_MS=10000
EPOCHS="${EPOCHS:-60}"
SAVE_STEPS="${SAVE_STEPS:-5}"
EVAL_EVERY="${EVAL_EVERY:-2}"

kills=30
signals=(KILL)
seed=1
WORK=""
names=()
while (($#)); do
  case "$1" in
    --kills) kills="$2"; shift 2 ;;
    --signal) IFS=, read -ra signals <<<"$2"; shift 2 ;;
    --seed) seed="$2"; shift 2 ;;
    --out) WORK="$2"; shift 2 ;;
    --help | -h) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit ;;
    -*) fail "Unknown flag $1. Expected --kills, --signal, --seed or --out; see the head of $0." ;;
    *) names+=("$1"); shift ;;
  esac
done
((${#names[@]})) || names=(joint continual modx linear finetune)
temporary="$WORK"
[[ -n "$WORK" ]] || WORK="$(mktemp -d)"

RANDOM="$seed"
set -m # a run in the background gets SIGINT, which a script without job control keeps from it

now_ms() { echo $((${EPOCHREALTIME//[!0-9]/} / 1000)); }

# random MIN MAX
random() { echo $(($1 + RANDOM % ($2 - $1 + 1))); }

pause_ms() { sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"; }

# Whether a checkpoint is being written.
saving() { compgen -G "$1/.*.part" >/dev/null || compgen -G "$1/phase_*/.*.part" >/dev/null; }

# going_on FOLDER LOG: what a run is doing, by the files it writes and by its output.
going_on() {
  if saving "$1"; then
    echo save
  elif [[ "$(tail -n 1 "$2")" == *"Computing the old model's features"* ]]; then
    echo teacher
  elif ! grep -qE 'steps in all|steps per epoch' "$2"; then
    echo start-up
  elif evaluating "$1"; then
    echo evaluation
  else
    echo steps
  fi
}

# Whether an epoch is trained that is due for evaluation, and not yet evaluated.
evaluating() {
  local folder steps=0 evaluations=0 due=$((EVAL_EVERY * steps_per_epoch))
  folder="$(newest_folder "$1")"
  if [[ -f "$folder/metrics.jsonl" ]]; then
    steps="$(wc -l <"$folder/metrics.jsonl")"
    [[ ! -f "$folder/eval.jsonl" ]] || evaluations="$(wc -l <"$folder/eval.jsonl")"
  elif [[ -f "$folder/stats.txt" ]]; then
    due="$steps_per_epoch"
    steps="$(grep -c '"loss"' "$folder/stats.txt" || true)"
    evaluations="$(grep -c '"acc1"' "$folder/stats.txt" || true)"
  fi
  ((steps > 0 && steps % due == 0 && steps / due > evaluations))
}

saves() { grep -cE 'Saved|best in epoch' "$1" || true; }

alive() { kill -0 "$pid" 2>/dev/null; }

# await_moment KIND RUN LOG: waits for a moment of a kind, and a bit longer; ends early if the run does.
await_moment() {
  local kind="$1" run="$2" log="$3" reached
  if [[ "$kind" == start-up ]]; then
    pause_ms "$(random 0 "$startup_ms")"
    return
  fi
  reached="$(random 1 3)" # saves that it makes before
  [[ "$kind" != teacher ]] || reached=0
  while alive && (($(saves "$log") < reached)); do sleep 0.003; done
  case "$kind" in
    save) while alive && ! saving "$run"; do sleep 0.001; done; pause_ms "$(random 0 25)" ;;
    steps) pause_ms "$(random 0 800)" ;;
    evaluation) while alive && ! evaluating "$run"; do :; done; pause_ms "$(random 0 20)" ;;
    *) while alive && [[ "$(going_on "$run" "$log")" != "$kind" ]]; do :; done; pause_ms "$(random 0 20)" ;;
  esac
}

# run_through FOLDER: without a break.
run_through() {
  mkdir -p "$1"
  (cd "$1" && "${tiny[@]}" >output.log 2>&1) || fail "The run without a break failed:" "$(tail -n 5 "$1/output.log")"
}

# One run is ended `kills` times, and compared when it has finished.
crash() {
  local name="$1" kinds done=0 round=1 attempt=0 kind signal folder log what status begun took failed=0 finished=0 slowest=0
  tiny_command "$name"
  tiny_output "$name" run
  kinds=(save steps start-up save evaluation steps)
  [[ "$name" != modx ]] || kinds=(save teacher start-up save evaluation steps)
  steps_per_epoch="$epoch_steps"
  [[ "$name" != continual && "$name" != modx ]] || steps_per_epoch=$((epoch_steps / 3))
  begun="$(now_ms)"
  run_through "$WORK/$name/reference"
  say "$name: the run without a break took $(($(now_ms) - begun)) ms, until $(last_step "$WORK/$name/reference/run")"
  folder="$WORK/$name/killed_$round"
  mkdir -p "$folder"
  while true; do
    kind="${kinds[attempt % ${#kinds[@]}]}"
    signal="${signals[attempt % ${#signals[@]}]}"
    attempt=$((attempt + 1))
    log="$folder/output_$attempt.log"
    : >"$log"
    cd "$folder"
    "${tiny[@]}" >"$log" 2>&1 &
    pid=$!
    cd "$WORK"
    what=finish
    if ((done < kills)); then
      await_moment "$kind" "$folder/run" "$log"
      what="$(going_on "$folder/run" "$log")"
      begun="$(now_ms)"
      kill -s "$signal" "$pid" 2>/dev/null || what=finish
    fi
    status=0
    wait "$pid" 2>/dev/null || status=$?
    if [[ "$what" != finish ]]; then
      took=$(($(now_ms) - begun))
      done=$((done + 1))
      say "$name $done: SIG$signal during $what, $(last_step "$folder/run"): exit $status$([[ "$signal" == KILL ]] || echo " after $took ms")"
      ((took <= slowest)) || slowest="$took"
      [[ "$status" == "${exit_codes[$signal]}" || "$status" == 0 ]] ||
        { say "  expected ${exit_codes[$signal]}: $(tail -n 3 "$log")"; failed=1; }
      [[ "$signal" == KILL ]] || ((took <= LONGEST_STOP_MS)) || { say "  it took longer than $LONGEST_STOP_MS ms"; failed=1; }
    elif [[ "$status" != 0 ]]; then
      say "  the run failed with exit $status: $(tail -n 3 "$log")"
      failed=1
      break
    fi
    if [[ "$status" == 0 ]]; then
      finished=$((finished + 1))
      same_run "$WORK/$name/reference" "$folder" || { say "  $folder differs from $WORK/$name/reference"; failed=1; }
      ((done < kills)) || break
      round=$((round + 1))
      folder="$WORK/$name/killed_$round"
      mkdir -p "$folder"
    fi
  done
  [[ "$signals" == KILL ]] && slowest="" || slowest=", stopped within $slowest ms"
  if ((failed)); then
    summary+=("$name: FAILED, after $done signals (${signals[*]})")
    failures=$((failures + 1))
  else
    summary+=("$name: $done signals (${signals[*]}), $finished runs to the end, all equal to the one without a break$slowest")
  fi
}

declare -A exit_codes=([KILL]=137 [TERM]=143 [INT]=130 [HUP]=129)
for signal in "${signals[@]}"; do
  [[ -n "${exit_codes[$signal]:-}" ]] || fail "--signal $signal: expected KILL, TERM, INT or HUP, or several with commas"
done

trap 'kill -KILL "${pid:-}" 2>/dev/null || true' EXIT
pid=""
epoch_steps=3
prepare $((4 * epoch_steps))
tiny_command joint
begun="$(now_ms)"
"${tiny[@]}" -q --train_dir "$WORK/none" --dry_run
startup_ms=$(($(now_ms) - begun))
failures=0
summary=()
for name in "${names[@]}"; do
  crash "$name"
done
pid=""
printf '\n'
printf '%s\n' "${summary[@]}"
if ((failures)); then
  say "See $WORK"
  exit 1
fi
[[ -n "$temporary" ]] || rm -rf "$WORK"
say "Nothing was lost, in $SECONDS seconds"

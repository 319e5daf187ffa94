#!/usr/bin/env bash
# What becomes of a run when its disk does not take any more? For each command and each fault: the run has to stop with exit 1 and
# a sentence that names file and cause; the checkpoints from before have to be readable, with nothing half-written beside them; and
# when the fault is over, the same command has to end with the same bits as a run that met none.
#
#   scripts/fault-test.sh
#   scripts/fault-test.sh --fault quota,vanished joint linear
#
# --fault F      several with commas (all):
#                full      a disk of a few megabytes that somebody else fills; needs the right to mount a tmpfs
#                quota     a limit of the size of files that no checkpoint fits in (ulimit -f)
#                logs      one that no log fits in
#                readonly  the folder of the run loses its write permission; root steps down to nobody for it
#                vanished  somebody deletes the folder
# --out DIR      new folder for data, runs and their output (a temporary one, removed if all is well)
# NAME...        joint, continual, modx (in three phases), linear, finetune (linear evaluation that trains the encoder), retrieval,
#                sample-data (all)
set -euo pipefail

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
source "$root/scripts/tiny_runs.sh"

EPOCHS="${EPOCHS:-60}"
SAVE_STEPS="${SAVE_STEPS:-5}"
EVAL_EVERY="${EVAL_EVERY:-10}"
DISK_MB=64

faults=(full quota logs readonly vanished)
WORK=""
names=()
while (($#)); do
  case "$1" in
    --fault) IFS=, read -ra faults <<<"$2"; shift 2 ;;
    --out) WORK="$2"; shift 2 ;;
    --help | -h) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit ;;
    -*) fail "Unknown flag $1. Expected --fault or --out; see the head of $0." ;;
    *) names+=("$1"); shift ;;
  esac
done
((${#names[@]})) || names=(joint continual modx linear finetune retrieval sample-data)
temporary="$WORK"
[[ -n "$WORK" ]] || WORK="$(mktemp -d)"

clean() {
  kill -KILL "${pid:-}" 2>/dev/null || true
  [[ ! -d "$WORK/disk" ]] || umount "$WORK/disk" 2>/dev/null || true
}
trap clean EXIT

# Whether a fault can be made on this machine; if not, says why.
possible() {
  case "$1" in
    full)
      mkdir -p "$WORK/disk"
      if ! mount -t tmpfs -o "size=${DISK_MB}m" tmpfs "$WORK/disk" 2>/dev/null; then
        say "$2, $1: SKIPPED, a tmpfs cannot be mounted here"
        return 1
      fi
      umount "$WORK/disk" ;;
    readonly)
      if ((EUID == 0)) && ! setpriv --reuid 65534 --regid 65534 --clear-groups test -x "$root/scripts/modx" 2>/dev/null; then
        say "$2, $1: SKIPPED, root may write everywhere, and nobody cannot read $root"
        return 1
      fi ;;
    quota | logs | vanished) ;;
    *) fail "There is no fault '$1'. Expected full, quota, logs, readonly or vanished." ;;
  esac
}

# How many bytes the biggest final checkpoint of a run has.
biggest_checkpoint() {
  (cd "$1" && final_checkpoints . | xargs wc -c) | awk '$1 > most && $2 != "total" { most = $1 } END { print most }'
}

# Until a run in a folder has saved something.
await_save() {
  while kill -0 "$pid" 2>/dev/null && [[ -z "$(final_checkpoints "$1/run")$(find "$1/run" -name 'checkpoint_[0-9]*' 2>/dev/null)" ]]; do sleep 0.01; done
}

# start FAULT FOLDER LIMIT: starts the command that tiny holds in a folder, in the background; no file may have more than LIMIT KB.
start() {
  local as=()
  [[ "$1" != readonly || "$EUID" != 0 ]] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  (cd "$2" && ulimit -f "$3" && exec ${as[@]+"${as[@]}"} "${tiny[@]}") > >(cat >"$output") 2>&1 &
  pid=$!
}

# finish: waits for the command; its exit code in status.
finish() {
  status=0
  wait "$pid" || status=$?
  sleep 0.1 # until its last words are in the file
}

fill_disk() { head -c "${DISK_MB}m" /dev/zero >"$WORK/disk/filler" 2>/dev/null || true; }

# begin FAULT NAME: makes a folder to run in, on a disk of its own if it is the disk that fails.
begin() {
  folder="$WORK/$2/$1"
  output="$WORK/output_$2_$1.log"
  if [[ "$1" == full ]]; then
    mount -t tmpfs -o "size=${DISK_MB}m" tmpfs "$WORK/disk"
    folder="$WORK/disk/$2"
  fi
  mkdir -p "$folder"
  [[ "$1" != readonly || "$EUID" != 0 ]] || chown 65534:65534 "$folder"
}

# repair FAULT: what a person does when a command stopped.
repair() {
  case "$1" in
    full) rm -f "$WORK/disk/filler"; mount -o remount,size=4g "$WORK/disk" ;;
    readonly) chmod -R u+w "$folder" ;;
  esac
}

declare -A causes=([full]="No space left on device" [quota]="File too large" [logs]="File too large"
  [readonly]="may not be written to" [vanished]="does not exist")

# complaint FAULT: whether the command stopped as it should; if not, says so.
complaint() {
  local words
  words="$(grep -E '^[a-z -]+: .*annot (write|make) ' "$output" | tail -n 1)" || true
  if [[ "$status" != 1 || "$words" != *"annot "*"$folder"*"${causes[$1]}"* && "$words" != *"annot "*run/*"${causes[$1]}"* ]]; then
    say "  exit $status, expected 1 and a sentence with a file and '${causes[$1]}': $(tail -n 3 "$output")"
    return 1
  fi
  sentence="${words//"$WORK/"/}"
}

# One command that trains, and one fault.
train() {
  local fault="$1" name="$2" limit=unlimited newest wrong=0 reference="$WORK/$2/reference" SAVE_STEPS="$SAVE_STEPS"
  if [[ "$fault" == logs ]]; then # that fail before any save does
    SAVE_STEPS=0
    reference="$WORK/$2/reference_without_saves"
  fi
  tiny_command "$name"
  tiny_output "$name" run
  if [[ ! -d "$reference" ]]; then
    mkdir -p "$reference"
    (cd "$reference" && "${tiny[@]}" >output.log 2>&1) || fail "The run without faults failed:" "$(tail -n 5 "$reference/output.log")"
  fi
  case "$fault" in
    quota) limit=$(($(biggest_checkpoint "$reference/run") / 2048)) ;; # blocks of 1024 bytes, half of a checkpoint
    logs) limit=4 ;;
  esac
  begin "$fault" "$name"
  start "$fault" "$folder" "$limit"
  case "$fault" in
    full) await_save "$folder"; fill_disk ;;
    readonly) await_save "$folder"; find "$folder/run" -type d -exec chmod a-w {} + ;;
    vanished) await_save "$folder"; mv "$folder/run" "$folder/gone"; rm -rf "$folder/gone" ;; # at once
  esac
  finish
  complaint "$fault" || wrong=1
  [[ -z "$(find "$folder" -name '*.part')" ]] || { say "  left behind: $(find "$folder" -name '*.part')"; wrong=1; }
  newest="$(find "$folder" -name 'checkpoint*.pt*' | sort -V | tail -n 1)"
  [[ -z "$newest" ]] || "$root/scripts/modx" inspect "$newest" "$newest" >/dev/null || { say "  $newest cannot be read"; wrong=1; }
  repair "$fault"
  start "$fault" "$folder" unlimited
  finish
  [[ "$status" == 0 ]] || { say "  started again, it failed with exit $status: $(tail -n 3 "$output")"; wrong=1; }
  same_run "$reference" "$folder" || { say "  $folder differs from $reference"; wrong=1; }
  return "$wrong"
}

# A command that writes results once: what was there before stays, and the next try succeeds.
write_once() {
  local fault="$1" name="$2" limit=unlimited out wrong=0
  begin "$fault" "$name"
  out="$folder/results"
  case "$name" in
    retrieval)
      out="$folder/results.json"
      echo "earlier" >"$out"
      tiny=("$root/scripts/modx" retrieval -q --checkpoint_path "$start" --model_config "$WORK/models.yaml" --devices cpu --num_workers 1
        --eval_name flickr --eval_annotation_file "$data/flickr/dataset_flickr30k.json" --eval_img_dir "$data/flickr/flickr30k-images" --out "$out") ;;
    sample-data) tiny=("$root/scripts/modx" sample-data -q --out "$out" --images 50 --image_size 48) ;;
  esac
  [[ "$fault" != full ]] || fill_disk
  [[ "$fault" == full ]] || limit=0
  start "$fault" "$folder" "$limit"
  finish
  complaint "$fault" || wrong=1
  [[ "$name" != retrieval || "$(cat "$out")" == earlier ]] || { say "  $out was spoilt"; wrong=1; }
  [[ -z "$(find "$folder" -name '*.part')" ]] || { say "  left behind: $(find "$folder" -name '*.part')"; wrong=1; }
  repair "$fault"
  [[ "$name" != sample-data ]] || rm -rf "$out"
  start "$fault" "$folder" unlimited
  finish
  [[ "$status" == 0 && -e "$out" && "$(head -c 7 "$out" 2>/dev/null)" != earlier ]] ||
    { say "  started again, it failed with exit $status: $(tail -n 3 "$output")"; wrong=1; }
  return "$wrong"
}

pid=""
export JAVA_OPTS="$JAVA_OPTS -XX:-UsePerfData" # Java's own files are not what is limited
failures=0
done=0
prepare 12
chmod a+rx "$WORK"
for name in "${names[@]}"; do
  for fault in "${faults[@]}"; do
    case "$name:$fault" in
      retrieval:full | retrieval:quota | sample-data:full | sample-data:quota) test=write_once ;;
      retrieval:* | sample-data:*) continue ;; # they write at one moment
      *) test=train ;;
    esac
    possible "$fault" "$name" || continue
    sentence="(no sentence)"
    if "$test" "$fault" "$name"; then
      say "$name, $fault: well. $sentence"
    else
      say "$name, $fault: FAILED"
      failures=$((failures + 1))
    fi
    done=$((done + 1))
    [[ "$fault" != full ]] || umount "$WORK/disk"
  done
done
say "" 
if ((failures)); then
  say "$failures of $done failed; see $WORK"
  exit 1
fi
[[ -n "$temporary" ]] || rm -rf "$WORK"
say "All $done as they should be, in $SECONDS seconds"

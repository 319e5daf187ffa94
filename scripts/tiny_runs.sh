# Small runs of every training command, for the scripts that put them to the test: crash-test.sh, fault-test.sh and soak-test.sh,
# which source this file and set root, WORK and EPOCHS.

# Few and small computations: what is tested is what happens around them. The time goes into starting Java.
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
export JAVA_OPTS="${JAVA_OPTS:--XX:TieredStopAtLevel=1 -XX:+UseSerialGC}"

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s\n' "$@" >&2
  exit 2
}

# prepare IMAGES: draws data and trains a model to start from.
prepare() {
  mkdir -p "$WORK"
  WORK="$(cd "$WORK" && pwd)"
  data="$WORK/data"
  "$root/scripts/modx" sample-data -q --out "$data" --images "$1" --image_size 48 >"$WORK/prepare.log" 2>&1 || fail "$(cat "$WORK/prepare.log")"
  cat >"$WORK/models.yaml" <<'YAML'
smallest:
  {embed_dim: 16, image_resolution: 32, vision_layers: 1, vision_width: 64, vision_patch_size: 8,
   context_length: 16, vocab_size: 49408, transformer_width: 16, transformer_heads: 1, transformer_layers: 1}
YAML
  tiny_command joint
  "${tiny[@]}" --train_dir "$WORK/start" --max_steps 1 --save_steps 1 >"$WORK/prepare.log" 2>&1 || fail "$(cat "$WORK/prepare.log")"
  start="$(echo "$WORK"/start/checkpoint_[0-9]*.pt)"
}

# tiny_command NAME: the command line of a run as the array tiny, and where it writes, --train_dir run, left to the caller.
tiny_command() {
  local hardware=(--devices cpu --model_config "$WORK/models.yaml" --model_name smallest --report_to tensorboard)
  local training=("${hardware[@]}" --num_workers 1 --per_gpu_train_batch_size 4 --num_train_epochs "$EPOCHS")
  local evaluation=(--eval_name flickr --eval_annotation_file "$data/flickr/dataset_flickr30k.json" --eval_img_dir "$data/flickr/flickr30k-images"
    --eval_split train --eval_every "$EVAL_EVERY")
  local phases=(--all_phases --num_phases 3 --checkpoint_path "${start:-}" --train_annotation_file "$data/flickr/dataset_flickr30k.json"
    --train_img_dir "$data/flickr/flickr30k-images")
  local probe=("${hardware[@]}" --workers 1 --cnn "${start:-}" --train_dir "$data/folder/train" --val_dir "$data/folder/val"
    --batch-size 4 --epochs "$EPOCHS" --print-freq 1)
  case "$1" in
    joint) tiny=("$root/scripts/joint-train" "${training[@]}" "${evaluation[@]}"
      --coco_train_annotation_file "$data/coco/annotations/captions_train2014.json" --coco_train_img_dir "$data/coco/train2014") ;;
    continual) tiny=("$root/scripts/continual-train" "${training[@]}" "${evaluation[@]}" "${phases[@]}") ;;
    modx) tiny=("$root/scripts/modx-train" "${training[@]}" "${evaluation[@]}" "${phases[@]}" --alpha 20) ;;
    linear) tiny=("$root/scripts/linear-eval" "${probe[@]}") ;;
    finetune) tiny=("$root/scripts/linear-eval" "${probe[@]}" --weights finetune --lr-backbone 0.01) ;;
    *) fail "There is no run '$1'. Expected joint, continual, modx, linear or finetune." ;;
  esac
}

# tiny_output NAME FOLDER: adds the flags by which a run writes into FOLDER and goes on where it was.
tiny_output() {
  case "$1" in
    joint) tiny+=(--train_dir "$2" --save_steps "$SAVE_STEPS" --resume latest) ;;
    continual | modx) tiny+=(--train_dir "$2" --save_steps "$SAVE_STEPS") ;;
    *) tiny+=(--checkpoint-dir "$2") ;;
  esac
}

# newest_folder FOLDER: where a run writes now: of a run in phases, the folder of the last one begun.
newest_folder() {
  local folder="$1" phase
  for phase in 1 2 3; do
    [[ ! -d "$1/phase_$phase" ]] || folder="$1/phase_$phase"
  done
  echo "$folder"
}

# last_step FOLDER: the newest step in the log of a run.
last_step() {
  local folder log
  folder="$(newest_folder "$1")"
  log="$folder/metrics.jsonl"
  [[ -f "$log" ]] || log="$folder/stats.txt" # of linear-eval, which counts from 0
  [[ "$folder" == "$1" ]] || printf 'phase %s ' "${folder##*_}"
  printf 'step %s\n' "$(sed -nE 's/.*"(global_)?step":([0-9]+),.*/\2/p' "$log" 2>/dev/null | tail -n 1)"
}

# The final checkpoints of a run, one a line, as paths in its folder.
final_checkpoints() {
  (cd "$1" 2>/dev/null && find . -name checkpoint_final.pt -o -name checkpoint_best.pt -o -name checkpoint.pth) | sort
}

# A log without what differs between equal runs: times, memory, and the folder that the run was started in.
without_times() {
  sed -E 's/,?"(pairs_per_s|data_s|step_s|time|peak_memory_mb)":[^,}]*//g' "$1" | sed "s|$2||g"
}

# How many bytes the events for TensorBoard of a run have, by file.
event_bytes() {
  (cd "$1" && find . -name '*tfevents*' -exec wc -c {} +) | sort
}

# gaps LOG: says where the steps of a log do not follow each other.
gaps() {
  awk '
    match($0, /"(global_)?step":[0-9]+/) {
      step = substr($0, RSTART, RLENGTH); sub(/.*:/, "", step); step += 0
      if (seen && step != last + 1) printf "  %s: step %d follows step %d\n", FILENAME, step, last
      last = step; seen = 1
    }' "$1"
}

# same_run REFERENCE FOLDER: whether two runs, each in the folder run of a folder, left the same. Says what differs.
same_run() {
  local file log same=0 first="$1/run" second="$2/run"
  [[ "$(final_checkpoints "$first")" == "$(final_checkpoints "$second")" ]] || { say "  other final checkpoints: $(final_checkpoints "$second" | xargs)"; same=1; }
  while read -r file; do
    if ! cmp -s "$first/$file" "$second/$file"; then
      say "  $second/$file differs:"
      "$root/scripts/modx" inspect "$first/$file" "$second/$file" 2>&1 | tail -n 5 | cut -c 1-200 | sed 's/^/    /' || true
      same=1
    fi
  done < <(final_checkpoints "$first")
  while read -r log; do
    if [[ ! -f "$second/$log" ]]; then
      say "  $second/$log is missing"
      same=1
    elif ! diff <(without_times "$first/$log" "$1") <(without_times "$second/$log" "$2") >"$WORK/difference"; then
      say "  $second/$log differs:" "$(head -n 5 "$WORK/difference" | cut -c 1-200)"
      same=1
    fi
    [[ -z "$(gaps "$second/$log")" || "$log" == *eval.jsonl ]] || { gaps "$second/$log"; same=1; }
  done < <(cd "$first" && find . -name '*.jsonl' -o -name stats.txt -o -name run.json)
  # Equal events but for times are equally long.
  [[ "$(event_bytes "$first")" == "$(event_bytes "$second")" ]] || { say "  other events for TensorBoard: $(event_bytes "$second" | xargs)"; same=1; }
  [[ -z "$(find "$second" -name '*.part')" ]] || { say "  left behind: $(find "$second" -name '*.part')"; same=1; }
  return "$same"
}

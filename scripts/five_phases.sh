# Trains on Flickr30K in five phases, one call for each. Sourced by cl_5phase.sh and modx_5phase.sh, which set root and RUN.

FLICKR30K="${FLICKR30K:-data/flickr30k}"
FLICKR30K_IMAGES="${FLICKR30K_IMAGES:-$FLICKR30K/flickr30k-images}"
FLICKR30K_ANNOTATIONS="${FLICKR30K_ANNOTATIONS:-$FLICKR30K/dataset_flickr30k.json}"
CHECKPOINT="${CHECKPOINT:-}"              # the model to start from
CHECKPOINTS="${CHECKPOINTS:-$RUN}"        # phase_1/checkpoint_final.pt, phase_2/...; by default beside the logs
DEVICES="${DEVICES:-0,1,2,3}"

source "$root/scripts/defaults.sh"
source "$root/scripts/stoppable.sh"

# five_phases COMMAND RECIPE ARGUMENT...: each phase starts from the final checkpoint of the one before. A finished phase is
# skipped, an interrupted one continued; the first failure ends the script.
five_phases() {
  local command="$1" recipe="$2" previous="$CHECKPOINT" phase final
  shift 2
  if [[ -z "$previous" ]]; then
    echo "CHECKPOINT is not set. Expected the model to start from, such as the checkpoint_final.pt of joint-train on COCO." >&2
    exit 2
  fi
  default --config "$recipe" "$@"
  default --devices "$DEVICES" "$@"
  default --train_img_dir "$FLICKR30K_IMAGES" "$@"
  default --train_annotation_file "$FLICKR30K_ANNOTATIONS" "$@"
  default --resume latest "$@"
  for phase in 1 2 3 4 5; do
    final="$CHECKPOINTS/phase_$phase/checkpoint_final.pt"
    echo "Phase $phase of 5, from $previous"
    # Of a finished phase the command finds out that it is, and that it was trained with these flags.
    stoppable "$root/scripts/$command" "${flags[@]}" --start "$((phase - 1))" --end "$phase" --checkpoint_path "$previous" \
      --train_dir "$RUN/phase_$phase" --saved_checkpoints "$CHECKPOINTS/phase_$phase" "$@"
    if [[ ! -f "$final" ]]; then # after --dry_run or --max_steps
      echo "Phase $phase of 5 has no final checkpoint, from which the next one would start. Stopping here."
      return
    fi
    previous="$final"
  done
}

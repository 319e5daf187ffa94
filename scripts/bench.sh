#!/usr/bin/env bash
# Measures how fast the toolkit is on this machine: training steps, their share of the machine's rate of matrix products, loading,
# encoding, ranking, checkpoints, start-up. Prints tables and writes OUT/bench.json.
#
#   scripts/bench.sh [FLAG...]       flags for all training runs, such as --devices 0
#
# Read from the environment: MODELS (default "ViT-B/32 RN50"), PRECISIONS ("fp32 bf16"), BATCH (16), STEPS (8, of which
# 2 warm up), OUT (out/bench).
set -euo pipefail

scripts="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
read -ra models <<<"${MODELS:-ViT-B/32 RN50}"
read -ra precisions <<<"${PRECISIONS:-fp32 bf16}"
batch="${BATCH:-16}" steps="${STEPS:-8}" out="${OUT:-out/bench}"
warm_up=2

if [[ -e "$out" ]]; then
  echo "$out exists already. Name another folder with OUT=, or delete it." >&2
  exit 2
fi
mkdir -p "$out"
data="$out/data"
"$scripts/modx" sample-data -q --out "$data" --images "$((batch * (steps + 1)))" --image_size 480

coco=(--coco_train_annotation_file "$data/coco/annotations/captions_train2014.json" --coco_train_img_dir "$data/coco/train2014")
flickr=(--train_annotation_file "$data/flickr/dataset_flickr30k.json" --train_img_dir "$data/flickr/flickr30k-images" --num_phases 1)

# train NAME COMMAND FLAG...: a few steps; the checkpoint stays only if it is asked for.
runs=()
train() {
  local run="$out/$1" command="$2"
  shift 2
  echo "Training ${run##*/}" >&2
  "$scripts/$command" -q --train_dir "$run" --per_gpu_train_batch_size "$batch" --num_train_epochs 1 --max_steps "$steps" --save_steps 0 \
    --seed 0 --order sequential --caption first "$@"
  runs+=(--run "$run")
}

for model in "${models[@]}"; do
  name="${model//\//-}"
  for precision in "${precisions[@]}"; do
    common=(--model_name "$model" --precision "$precision" "$@")
    for texts in no_short_texts short_texts; do
      train "joint_${name}_${precision}_$texts" joint-train "${coco[@]}" --"$texts" "${common[@]}"
    done
    old=("$out/joint_${name}_${precision}_short_texts"/checkpoint_*.pt)
    train "modx_${name}_$precision" modx-train "${flickr[@]}" --checkpoint_path "${old[0]}" --start 0 --alpha 20 "${common[@]}"
    find "$out" -name 'checkpoint_*.pt' -delete
  done
done

"$scripts/modx" bench "${runs[@]}" --warm_up "$warm_up" --out "$out/bench.json" \
  --eval_name sample --eval_annotation_file "$data/coco/dataset_coco.json" --eval_img_dir "$data/coco"
echo "Written: $out/bench.json" >&2

#!/usr/bin/env bash
# The paper's comparison on two domains: joint training on the old one; from that model plain continual training and Mod-X
# over all phases of the new one; joint training on both as the upper bound. Then all are evaluated on both domains: one
# table in the shape of the paper's table 7, the results after every phase, one picture.
#
#   scripts/compare.sh                                       # draws sample data; a few minutes on two CPU cores
#   MODEL=tiny_rn OUT=out/compare_rn scripts/compare.sh
#   DATA=/data/two_domains OUT=out/mine scripts/compare.sh --precision bf16
#
# Every variable below can be set from outside; arguments are passed on to all four trainings and win. Start it again after an
# interruption: it goes on where it was. For other settings, choose another OUT.
set -euo pipefail

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"

OUT="${OUT:-$root/out/compare}"           # a folder for each training, and the results: retrieval.txt, .json, .csv, .png
MODEL="${MODEL:-tiny_vit}"
MODEL_CONFIG="${MODEL_CONFIG:-$root/configs/model_config.yaml}"
DEVICES="${DEVICES:-auto}"
SEED="${SEED:-}"                          # empty: every command's own
WORKERS="${WORKERS:-2}"

DATA="${DATA:-}"                          # laid out as modx sample-data does it; empty: draws IMAGES pictures of each domain
IMAGES="${IMAGES:-1000}"
data="${DATA:-$OUT/data_$IMAGES}"

OLD_NAME="${OLD_NAME:-coco}"
OLD_TRAIN_IMAGES="${OLD_TRAIN_IMAGES:-$data/coco/train2014}"
OLD_TRAIN_ANNOTATIONS="${OLD_TRAIN_ANNOTATIONS:-$data/coco/annotations/captions_train2014.json}" # COCO's format
OLD_TEST_IMAGES="${OLD_TEST_IMAGES:-$data/coco}"
OLD_TEST_ANNOTATIONS="${OLD_TEST_ANNOTATIONS:-$data/coco/dataset_coco.json}" # Karpathy's format, split test

NEW_NAME="${NEW_NAME:-flickr}"
NEW_IMAGES="${NEW_IMAGES:-$data/flickr/flickr30k-images}"
NEW_ANNOTATIONS="${NEW_ANNOTATIONS:-$data/flickr/dataset_flickr30k.json}" # Karpathy's format, splits train, val and test

RECIPE_JOINT="${RECIPE_JOINT:-$root/configs/compare/joint.yaml}"
RECIPE_BOTH="${RECIPE_BOTH:-$RECIPE_JOINT}"
RECIPE_CONTINUAL="${RECIPE_CONTINUAL:-$root/configs/compare/continual.yaml}"
RECIPE_MODX="${RECIPE_MODX:-$root/configs/compare/modx.yaml}"

source "$root/scripts/defaults.sh"
source "$root/scripts/stoppable.sh"
default --model_name "$MODEL" "$@"
default --model_config "$MODEL_CONFIG" "$@"
default --devices "$DEVICES" "$@"
default --num_workers "$WORKERS" "$@"
[[ -z "$SEED" ]] || default --seed "$SEED" "$@"
old=(--coco_train_img_dir "$OLD_TRAIN_IMAGES" --coco_train_annotation_file "$OLD_TRAIN_ANNOTATIONS")
new=(--flickr30k_train_img_dir "$NEW_IMAGES" --flickr30k_train_annotation_file "$NEW_ANNOTATIONS")
start="$OUT/joint_old/checkpoint_final.pt"
bound="$OUT/joint_both/checkpoint_final.pt"

say() { printf '\n== %s\n' "$*"; }

draw() {
  [[ -z "$DATA" && ! -f "$data/README.txt" ]] || return 0 # README.txt is written last
  say "Drawing sample data"
  rm -rf "$data"
  stoppable "$root/scripts/modx" sample-data --out "$data" --images "$IMAGES"
}

# joint FOLDER RECIPE ARGUMENT...
joint() {
  local folder="$1" recipe="$2"
  shift 2
  stoppable "$root/scripts/joint-train" --config "$recipe" --train_dir "$OUT/$folder" --resume latest "${flags[@]}" "$@"
}

# phases COMMAND FOLDER RECIPE ARGUMENT...
phases() {
  local command="$1" folder="$2" recipe="$3"
  shift 3
  stoppable "$root/scripts/$command" --config "$recipe" --train_dir "$OUT/$folder" --all_phases --checkpoint_path "$start" \
    --train_img_dir "$NEW_IMAGES" --train_annotation_file "$NEW_ANNOTATIONS" "${flags[@]}" "$@"
}

evaluate() {
  stoppable "$root/scripts/modx" retrieval --before "$start" --run continual="$OUT/continual" --run modx="$OUT/modx" --bound joint="$bound" \
    --eval_name "$NEW_NAME" --eval_annotation_file "$NEW_ANNOTATIONS" --eval_img_dir "$NEW_IMAGES" \
    --eval_name "$OLD_NAME" --eval_annotation_file "$OLD_TEST_ANNOTATIONS" --eval_img_dir "$OLD_TEST_IMAGES" \
    --new_data "$NEW_NAME" --model_config "$MODEL_CONFIG" --devices "$DEVICES" --num_workers "$WORKERS" --out_dir "$OUT"
}

draw
say "1/5 Joint training on $OLD_NAME"
joint joint_old "$RECIPE_JOINT" "${old[@]}" "$@"
say "2/5 Continual training on $NEW_NAME"
phases continual-train continual "$RECIPE_CONTINUAL" "$@"
say "3/5 Mod-X on $NEW_NAME"
phases modx-train modx "$RECIPE_MODX" "$@"
say "4/5 Joint training on $OLD_NAME and $NEW_NAME"
joint joint_both "$RECIPE_BOTH" "${old[@]}" "${new[@]}" "$@"
say "5/5 Retrieval on $NEW_NAME and $OLD_NAME"
evaluate
say "Compared in $SECONDS seconds: $OUT/retrieval.txt, .json, .csv and .png"

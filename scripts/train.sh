#!/usr/bin/env bash
# The published recipe of joint training: RN50 from scratch on COCO and Flickr30K, 4 GPUs x 70 pairs, 35 epochs (the numbers are
# in configs/joint_train.yaml). Every path can be set from outside; arguments are passed on and win:
#
#   COCO=/data/coco FLICKR30K=/data/flickr30k RUN=runs/joint scripts/train.sh --precision bf16
set -euo pipefail

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"

COCO="${COCO:-data/coco}"
COCO_IMAGES="${COCO_IMAGES:-$COCO/train2014}"
COCO_ANNOTATIONS="${COCO_ANNOTATIONS:-$COCO/annotations/captions_train2014.json}"
FLICKR30K="${FLICKR30K:-data/flickr30k}"
FLICKR30K_IMAGES="${FLICKR30K_IMAGES:-$FLICKR30K/flickr30k-images}"
FLICKR30K_ANNOTATIONS="${FLICKR30K_ANNOTATIONS:-$FLICKR30K/dataset_flickr30k.json}"
RUN="${RUN:-runs/joint_train}"            # stats.txt, metrics.jsonl, run.json
CHECKPOINTS="${CHECKPOINTS:-}"            # empty: beside the logs
DEVICES="${DEVICES:-0,1,2,3}"

source "$root/scripts/defaults.sh"
default --config "$root/configs/joint_train.yaml" "$@"
default --devices "$DEVICES" "$@"
default --coco_train_img_dir "$COCO_IMAGES" "$@"
default --coco_train_annotation_file "$COCO_ANNOTATIONS" "$@"
default --flickr30k_train_img_dir "$FLICKR30K_IMAGES" "$@"
default --flickr30k_train_annotation_file "$FLICKR30K_ANNOTATIONS" "$@"
default --train_dir "$RUN" "$@"
[[ -z "$CHECKPOINTS" ]] || default --saved_checkpoints "$CHECKPOINTS" "$@"

exec "$root/scripts/joint-train" ${flags[@]+"${flags[@]}"} "$@"

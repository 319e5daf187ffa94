#!/usr/bin/env bash
# The published recipe of linear evaluation: a linear classifier on the frozen image encoder, ImageNet, batches of 256, 100 epochs
# (the numbers are in configs/linear_eval.yaml). Every path can be set from outside; arguments are passed on and win:
#
#   IMAGENET=/data/imagenet CHECKPOINT=runs/modx/phase_5/checkpoint_final.pt scripts/linear_eval.sh
set -euo pipefail

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"

IMAGENET="${IMAGENET:-data/imagenet}"
TRAIN_IMAGES="${TRAIN_IMAGES:-$IMAGENET/train}"
VAL_IMAGES="${VAL_IMAGES:-$IMAGENET/val}"
CHECKPOINT="${CHECKPOINT:-runs/joint_train/checkpoint_final.pt}"
RUN="${RUN:-runs/linear_eval}"            # stats.txt, run.json, checkpoint.pth
DEVICES="${DEVICES:-0,1,2,3}"

source "$root/scripts/defaults.sh"
default --config "$root/configs/linear_eval.yaml" "$@"
default --devices "$DEVICES" "$@"
default --cnn "$CHECKPOINT" "$@"
default --train_dir "$TRAIN_IMAGES" "$@"
default --val_dir "$VAL_IMAGES" "$@"
default --checkpoint-dir "$RUN" "$@"

exec "$root/scripts/linear-eval" ${flags[@]+"${flags[@]}"} "$@"

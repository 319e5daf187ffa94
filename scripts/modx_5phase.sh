#!/usr/bin/env bash
# The published recipe of Mod-X: Flickr30K in five phases, 4 GPUs x 70 pairs, 35 epochs each, alpha 20 (the numbers are in
# configs/modx_train.yaml). Every path can be set from outside, see five_phases.sh; arguments are passed on and win.
# Start it again after an interruption: it goes on where it was.
#
#   CHECKPOINT=runs/joint_coco/checkpoint_final.pt FLICKR30K=/data/flickr30k RUN=runs/modx scripts/modx_5phase.sh --model_name ViT
set -euo pipefail

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
RUN="${RUN:-runs/modx_5phase}"            # phase_1/stats.txt, phase_2/...

source "$root/scripts/five_phases.sh"
five_phases modx-train "$root/configs/modx_train.yaml" "$@"

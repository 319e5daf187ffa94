#!/usr/bin/env bash
# The published recipe of plain continual training: Flickr30K in five phases, 4 GPUs x 70 pairs, 35 epochs each (the numbers
# are in configs/continual_train.yaml). Every path can be set from outside, see five_phases.sh; arguments are passed on and win.
# Start it again after an interruption: it goes on where it was.
#
#   CHECKPOINT=runs/joint_coco/checkpoint_final.pt FLICKR30K=/data/flickr30k RUN=runs/cl scripts/cl_5phase.sh --model_name ViT
set -euo pipefail

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
RUN="${RUN:-runs/cl_5phase}"              # phase_1/stats.txt, phase_2/...

source "$root/scripts/five_phases.sh"
five_phases continual-train "$root/configs/continual_train.yaml" "$@"

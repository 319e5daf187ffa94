#!/usr/bin/env bash
# From a fresh clone to a trained model in about a minute and a half on two CPU cores: builds the toolkit, draws a small data set,
# trains a tiny CLIP on its first domain, and says what was learned and where it lies. Further flags are passed on to joint-train:
#
#   scripts/quickstart.sh                            # EPOCHS=20 IMAGES=1000 OUT=out/quickstart
#   EPOCHS=5 scripts/quickstart.sh --precision bf16
set -euo pipefail

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
OUT="${OUT:-$root/out/quickstart}"
EPOCHS="${EPOCHS:-20}"
IMAGES="${IMAGES:-1000}"

batch=50
data="$OUT/data_$IMAGES"
run="$OUT/run_$(date +%Y%m%d_%H%M%S)"
built="$root/target/quickstart.built"

source "$root/scripts/stoppable.sh"
source "$root/scripts/locale.sh"

say() { printf '\n== %s\n' "$*"; }

up_to_date() {
  [[ -f "$built" && -z "$(find "$root" -path '*/target' -prune -o -path "$root/out" -prune -o \
    \( -name pom.xml -o -path '*/src/main/*' -o -path "$root/configs/*" \) -newer "$built" -print -quit)" ]]
}

build() {
  if up_to_date; then
    say "1/3 Already built"
    return
  fi
  command -v mvn >/dev/null || { echo "Maven is missing: install it to build the toolkit." >&2; exit 1; }
  say "1/3 Building (the first time, Maven downloads about 150 MB of libraries)"
  stoppable mvn -q -B -DskipTests -f "$root/pom.xml" package
  touch "$built"
}

draw() {
  if [[ -f "$data/README.txt" ]]; then # is written last
    say "2/3 Sample data is there already"
    return
  fi
  say "2/3 Drawing sample data"
  rm -rf "$data"
  stoppable "$root/scripts/modx" sample-data --out "$data" --images "$IMAGES"
}

train() {
  say "3/3 Training tiny_vit for $EPOCHS epochs on $IMAGES pictures"
  stoppable "$root/scripts/joint-train" --model_name tiny_vit --devices cpu \
    --coco_train_img_dir "$data/coco/train2014" \
    --coco_train_annotation_file "$data/coco/annotations/captions_train2014.json" \
    --num_train_epochs "$EPOCHS" --per_gpu_train_batch_size "$batch" --params_lr 1e-3 --num_workers 2 \
    --train_dir "$run" "$@"
}

# Mean loss of an epoch by the metrics, which have one JSON object for each step.
summary() {
  awk -v batch="$batch" '
    match($0, /"epoch": *[0-9]+/) {
      epoch = substr($0, RSTART, RLENGTH); sub(/.*: */, "", epoch)
      match($0, /"loss": *[-+.0-9eE]+/); loss = substr($0, RSTART, RLENGTH); sub(/.*: */, "", loss)
      if (!steps) first = epoch
      last = epoch; sum[epoch] += loss; count[epoch]++; steps++
    }
    END {
      if (!steps) exit
      printf "Contrastive loss: %.2f in the first epoch, %.2f in the last.\n", sum[first] / count[first], sum[last] / count[last]
      printf "Guessing among %d pairs gives %.2f; 0 means that every caption finds its picture.\n", batch, log(batch)
    }' "$run/metrics.jsonl"
}

evaluate() {
  stoppable "$root/scripts/modx" retrieval -q --devices cpu --num_workers 2 --checkpoint_path "$run/checkpoint_final.pt" --out "$run/retrieval.json" \
    --eval_name "new pictures" --eval_annotation_file "$data/coco/dataset_coco.json" --eval_img_dir "$data/coco"
}

build
draw
train "$@"
say "Learned in $SECONDS seconds, all steps included"
summary
printf '\n%s\n' "Pictures that were not trained on: how often the right one of all comes first (R@1), or among the first 5 or 10, in percent."
evaluate
printf '%s\n' "" "Run         $run" "Page        $run/report.html" "Checkpoint  $run/checkpoint_final.pt" "Pictures    $data" "" \
  "Look into the checkpoint:  $(printf '%q ' "$root/scripts/modx" inspect "$run/checkpoint_final.pt")"

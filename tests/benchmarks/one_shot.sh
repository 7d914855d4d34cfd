#!/usr/bin/env bash
# One-shot pruning of a trained network by each post-training criterion: test accuracy before any
# retraining, on real CIFAR-10.
#
#     SPARSETOOL_DATA=CIFAR bash tests/benchmarks/one_shot.sh resnet20-12fca82f.th OUT
#
# The checkpoint is trained on for one epoch at a low rate first, so that criteria that look at
# movement have a parent. Lines go to OUT/one-shot.jsonl, the table to OUT/one-shot.md.
set -euo pipefail

checkpoint=$1 out=$2
code=${BASH_SOURCE%/*}/akamaster.py
own=(--model "$code:resnet20")
data=(--data "$code:cifar10")
mkdir -p "$out"

sparsetool import "$checkpoint" "${own[@]}" "${data[@]}" --map module.= --map linear.=fc. \
  -o "$out/parent.st"
sparsetool train-cycles --epochs 1 --schedule constant --lr 0.001 --batch-size 128 \
  "${own[@]}" "${data[@]}" "$out/parent.st" -o "$out/trained.st"

tickets=("$out/parent.st" "$out/trained.st")
prune() { # NAME SPARSITY OPTION...
  sparsetool prune --quiet "${own[@]}" "${@:3}" --global "$2" "$out/trained.st" \
    -o "$out/$1-$2.st"
  tickets+=("$out/$1-$2.st")
}
for s in 0.5 0.7 0.8; do
  prune random "$s" --random
  prune magnitude "$s" --magnitude
  for criterion in taylor fisher woodfisher; do
    prune "$criterion" "$s" "--$criterion" "${data[@]}"
  done
  prune woodfisher-update "$s" --woodfisher --update "${data[@]}"
  for criterion in movement distance magnitude-increase; do
    prune "$criterion" "$s" "--$criterion" --parent "$out/parent.st"
  done
done
sparsetool eval "${own[@]}" "${data[@]}" "${tickets[@]}" -o "$out/one-shot.jsonl"

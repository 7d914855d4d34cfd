"""Command lines whose results are pinned, and the files that they read.

`{name}` stands for the ticket `name.st`, made by its own line first; where a line has no OUT, it
gets `-o name.st`. Networks and data are tiny: each line takes a fraction of a second.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

NETWORKS = """
from torch import nn

def small(classes, input):
    return nn.Sequential(
        nn.Conv2d(input[0], 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 6, 3),
        nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Dropout(0.1), nn.Linear(24, classes),
    )

def coarse(classes, input):
    return nn.Sequential(
        nn.Conv2d(3, 4, 16, stride=16), nn.ReLU(), nn.Flatten(), nn.Linear(784, classes)
    )
"""
# Neither square nor alike from the left and the right: a wrong flip or crop shows.
IMAGES = """
import numpy as np

def part(count, first):
    n, c, y, x = np.ogrid[first : first + count, :3, :6, :8]
    label = n % 4
    noise = (n * 7919 + c * 104729 + y * 1299709 + x * 15485863) % 83
    return (noise + 20 * (x + y * label) + 9 * c).astype(np.uint8), label.reshape(-1)

def both(**facts):
    return {"train": part(90, 0), "test": part(40, 90), "batch_size": 16, "lr": 0.05, **facts}

def plain():
    return both()

def pad():
    return both(pad=2)

def flip():
    return both(flip=True)

def padflip():
    return both(pad=2, flip=True)
"""


def lay_out(folder: Path) -> None:
    """Write networks, images and photographs (PPM: bytes that no library's version changes)."""
    (folder / "net.py").write_text(NETWORKS)
    (folder / "images.py").write_text(IMAGES)
    for split, count in (("train", 8), ("test", 3)):
        for label in range(3):
            place = folder / "photographs" / split / f"class-{label}"
            place.mkdir(parents=True)
            for number in range(count):
                y, x, c = np.ogrid[:50, :70, :3]
                pixels = 3 * x + (label + 1) * y + 40 * c + (number * 31 + x * y) % (17 + label)
                content = (pixels % 256).astype(np.uint8).tobytes()
                (place / f"{number}.ppm").write_bytes(b"P6 70 50 255\n" + content)


TRAIN = "train-cycles --threads 1 --no-store"
NET = "--model net.py:small"
FEW = f"{TRAIN} --epochs 2 --batch-size 128"
SHORT = "train-cycles --threads 1 --n 2 --epochs 3 {half}"

TICKETS = {
    "mlp": "init mlp:20 --seed 3",
    "other": "init mlp:20 --seed 4",
    "deep": "init mlp:20-16-12-8 --seed 3",
    "deep-other": "init mlp:20-16-12-8 --seed 4",
    "conv": "init net.py:small --seed 5",
    "init-lenet5": "init lenet5 --data mnist --exclude fc2*",
    "init-resnet20": "init resnet20 --data cifar10 --init kaiming-fan-out",
    "init-model": "init mlp:20-10 --data cifar100 --init model",
    "half": "mask --random --balanced 0.5 {mlp}",
    "conv-half": "mask --random --erk 0.5 {conv}",
    # A ticket that was trained, pruned, rewound and given signs, and that others start from.
    "trained": f"{FEW} {{half}}",
    "pruned": "prune --magnitude --rate 0.3 {trained}",
    "retrained": f"{FEW} {{pruned}}",
    "conv-trained": f"{FEW} {NET} {{conv-half}}",
    # Whole pipelines' steps.
    "rewind": "rewind --to {mlp} {pruned}",
    "rewind-weights": "rewind --to {conv} --what weights {conv-trained}",
    "rewind-buffers": "rewind --to {conv} --what buffers {conv-trained}",
    "signs": "transfer-signs --from {retrained} {rewind}",
    "signs-perturbed": "transfer-signs --from {other} --perturb 0.3 --seed 9 {retrained}",
    "signs-perturbed-early": "transfer-signs --from {other} --perturb 0.3 --seed 9 {half}",
    "coupled": f"{FEW} {{signs}}",
    "import-pt": "import {export-pt} --model mlp:20 --zeros --seed 3",
    "import-safetensors": "import {export-plain} --model mlp:20 --zeros --seed 2",
    # Criteria.
    "mask-random-seed": "mask --random --global 0.7 --seed 8 {mlp}",
    "mask-magnitude": "mask --magnitude --global 0.7 {mlp}",
    "mask-snip": "mask --snip --global 0.7 --threads 1 {mlp}",
    "mask-snip-iterations": "mask --snip --iterations 4 --batches 2 --balanced 0.7 {mlp}",
    "mask-grasp": "mask --grasp --global 0.7 --threads 1 {mlp}",
    "mask-synflow": "mask --synflow --iterations 10 --global 0.7 --threads 1 {mlp}",
    "mask-force-snip": "mask --force-snip --iterations 5 --global 0.7 --threads 1 {mlp}",
    "mask-phew": "mask --phew --sparsity 0.7 {mlp}",
    "mask-npb": "mask --npb --sparsity 0.7 {mlp}",
    "mask-taylor": "mask --taylor --global 0.7 --threads 1 {trained}",
    "conv-snip": f"mask --snip --erk 0.7 {NET} --threads 1 --batch-size 50 {{conv}}",
    "conv-synflow": f"mask --synflow --iterations 10 --global 0.7 {NET} --threads 1 {{conv}}",
    "conv-phew": f"mask --phew --sparsity 0.5 {NET} {{conv}}",
    "conv-npb": f"mask --npb --sparsity 0.5 {NET} {{conv}}",
    "conv-grasp": f"mask --grasp --uniform 0.5 {NET} --threads 1 {{conv}}",
    "prune-random": "prune --random --global 0.8 {trained}",
    "prune-default": "prune --global 0.8 {trained}",
    "prune-snip": "prune --snip --rate 0.4 --threads 1 {trained}",
    "prune-grasp": "prune --grasp --rate 0.4 --threads 1 {trained}",
    "prune-synflow": "prune --synflow --rate 0.4 --threads 1 {trained}",
    "prune-phew": "prune --phew --sparsity 0.8 {trained}",
    "prune-taylor": "prune --taylor --global 0.8 --batches 3 --threads 1 {trained}",
    "prune-fisher": "prune --fisher --global 0.8 --threads 1 {trained}",
    "prune-distance": "prune --distance --global 0.8 --parent {half} {trained}",
    "prune-movement": "prune --movement --global 0.8 --parent {half} {trained}",
    "prune-increase": "prune --magnitude-increase --global 0.8 --parent {half} {trained}",
    "prune-woodfisher": "prune --woodfisher --global 0.8 --batches 2 --threads 1 {trained}",
    "prune-woodfisher-update": "prune --woodfisher --update --block-size 40 --global 0.8 {trained}",
    # Shares of layers, and masks made of masks.
    "share-global": "prune --magnitude --global 0.9 {conv-trained}",
    "share-balanced": "prune --magnitude --balanced 0.9 {conv-trained}",
    "share-erk": "prune --magnitude --erk 0.9 {conv-trained}",
    "share-uniform": "prune --magnitude --uniform 0.9 {conv-trained}",
    "share-least": "mask --random --global 0.99 --min-per-layer 7 {mlp}",
    "share-repair": "mask --magnitude --global 0.99 --repair {conv}",
    "random-erk": "mask --random --erk 0.8 {mlp}",
    "random-uniform": "mask --random --uniform 0.8 {mlp}",
    "mask-only": "mask --magnitude --balanced 0.6 --mask-only {mlp}",
    "mask-from": "mask --from {mask-only} {other}",
    "mask-shuffle": "mask --shuffle --seed 2 {pruned}",
    "mask-invert": "mask --invert {pruned}",
    "mask-union": "mask --union {mask-from} {pruned}",
    "mask-intersect": "mask --intersect {mask-from} {pruned}",
    "mask-dense": "mask --dense {pruned}",
    # Training.
    "train-dense": f"{FEW} {{mlp}}",
    "train-sparse": f"{FEW} {{share-least}}",
    "train-seed": f"{FEW} --seed 77 {{half}}",
    "train-warmup": f"{FEW} --warmup 0.7 --drops 1,1.5 --drop-by 4 {{half}}",
    "train-no-drops": f"{FEW} --drops none --warmup 0 {{half}}",
    "train-cosine": f"{FEW} --schedule cosine --floor 0.02 {{half}}",
    "train-cosine-default": f"{FEW} --schedule cosine --warmup 1 {{half}}",
    "train-one-cycle": f"{FEW} --schedule one-cycle {{half}}",
    "train-constant": f"{FEW} --schedule constant --lr 0.03 {{half}}",
    "train-llr": f"{FEW} --schedule llr {{half}}",
    "train-allr": f"{FEW} --schedule allr {{pruned}}",
    "train-nesterov": f"{FEW} --optimizer nesterov --momentum 0.8 {{half}}",
    "train-adamw": f"{FEW} --optimizer adamw --lr 0.003 --weight-decay 0.1 {{half}}",
    "train-plain-sgd": f"{FEW} --momentum 0 --weight-decay 0.01 --batch-size 100 {{half}}",
    "train-bf16": f"{FEW} --precision bf16 {{half}}",
    "train-later": f"{TRAIN} --epochs 4 --from-epoch 2 {{half}}",
    "train-stopped": f"{SHORT} --no-store --stop-after 2",
    "train-whole": f"{SHORT} --no-store",
    "train-long": f"{SHORT} --no-store --epochs 60",
    "train-saved": f"{SHORT} --no-store --save-epoch 5:OUT -o ignored.st --force",
    "train-noise": f"{FEW} --label-noise 0.4 {{half}}",
    "train-val": f"{FEW} --val 0.2 {{half}}",
    "train-val-noise": f"{FEW} --val 0.1 --label-noise 0.2 --seed 6 {{half}}",
    "train-again": f"{FEW} --val 0.1 --label-noise 0.2 {{trained}}",
    "train-resnet20": f"{TRAIN} --epochs 1 --batch-size 256 {{resnet20-sparse}}",
    "resnet20": "init resnet20 --seed 1",
    "resnet20-sparse": "mask --random --balanced 0.95 {resnet20}",
    # Augmentation, and data of one's own.
    "images": "init net.py:small --data images.py:plain",
    **{
        f"images-{how}": f"{TRAIN} {NET} --epochs 2 --data images.py:{how} {{images}}"
        for how in ("plain", "pad", "flip", "padflip")
    },
    "images-val-noise": f"{TRAIN} {NET} --epochs 2 --val 0.2 --label-noise 0.5"
    " --data images.py:padflip {images-pad}",
    "photographs": "init net.py:coarse --data imagefolder:photographs",
    "photographs-trained": f"{TRAIN} --model net.py:coarse --data imagefolder:photographs"
    " --epochs 2 --batch-size 8 --lr 0.01 {photographs}",
}

# Files that are no tickets.
FILES = {
    "export-plain": ("export --plain {pruned}", "safetensors"),
    "export-packed": ("export --packed {pruned}", "packed.safetensors"),
    "export-pt": ("export --plain {pruned}", "pt"),
}

# What is printed: JSON Lines, or for `show --script` text.
MEASURES = {
    "show": "show {mlp} {pruned} {photographs-trained}",
    "show-layers": "show --layers {pruned} {retrained}",
    "show-lineage": "show --lineage {coupled}",
    "script": "show --script {coupled}",
    "script-conv": "show --script {conv-snip}",
    "script-images": "show --script {images-val-noise}",
    "script-mask-only": "show --script {mask-intersect}",
    "diff": "diff {mlp} {half} {trained} {retrained}",
    "diff-layers": "diff --layers --pairs all {conv} {conv-half} {conv-trained}",
    "eval": "eval --threads 1 {half} {trained} {coupled}",
    "eval-train": "eval --threads 1 --split train --per-class --label a=b {trained} {train-noise}",
    "eval-val": "eval --threads 1 --split val {train-val}",
    "eval-batch": f"eval --threads 1 {NET} --bn batch {{conv-trained}}",
    "eval-recompute": f"eval --threads 1 {NET} --bn recompute --bn-examples 200 {{conv-trained}}",
    "lmc": "lmc --threads 1 --points 4 {half} {trained} {retrained}",
    "lmc-align": "lmc --threads 1 --points 3 --align --split test {deep} {deep-other}",
    "lmc-bn": f"lmc --threads 1 {NET} --points 3 --bn recompute --bn-examples 300 --examples 200"
    " {conv-half} {conv-trained}",
    "lmc-interpolate": f"lmc --threads 1 {NET} --points 3 --bn interpolate --split test"
    " {conv-half} {conv-trained}",
    "lmc-augmented": f"lmc --threads 1 {NET} --points 3 --bn batch --train-view augmented"
    " --data images.py:padflip {images} {images-padflip}",
    "hessian": "hessian --threads 1 --top 2 --trace --examples 100 {trained}",
    "hessian-full": "hessian --threads 1 --subspace full --layers --float64 --examples 60 {pruned}",
    "hessian-density": "hessian --threads 1 --density --float64 --examples 60 {trained}",
    "hessian-bn": f"hessian --threads 1 {NET} --bn train --examples 60 {{conv-trained}}",
    "flops": "flops {mlp} {coupled} {train-val}",
    "flops-layers": f"flops --layers --convention dense {NET} {{conv-trained}}",
}

"""Tickets that many tests start from, made once by the program itself."""

from __future__ import annotations

from pathlib import Path

from tests.verbs.shell import Shell

MADE_BY = {
    "mlp": "init mlp --data digits --seed 3",
    "other": "init mlp --data digits --seed 4",
    "half": "mask --random --balanced 0.5 {mlp}",
    "r20": "init resnet20 --data cifar10",
    "r20d": "init resnet20 --data digits",
    "trained": "train-cycles --n 1 --epochs 2 --threads 1 {half}",
}


class Shelf:
    """Paths by name; each is made when first asked for. Tests must not write to them."""

    def __init__(self, folder: Path) -> None:
        self.shell = Shell(folder / "shelf", folder / "state")

    def __getitem__(self, name: str) -> Path:
        path = self.shell / f"{name}.st"
        if not path.exists():
            words = MADE_BY[name].split()
            argv = [str(self[w[1:-1]]) if w.startswith("{") else w for w in words]
            self.shell.ok(*argv, "-o", path)
        return path

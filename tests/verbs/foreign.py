"""Other people's files, made as they make them, for a network small enough to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from sparsetool import Ticket
from tests.verbs.shell import Done, Shell

CODE = """from torch import nn
def net(classes):
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, classes))
"""
TIED = """from torch import nn
class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(64, 8), nn.Linear(8, 8), nn.Linear(8, 8)
        self.head = nn.Linear(8, classes)
        self.c.weight = self.b.weight
    def forward(self, x):
        return self.head(self.c(self.b(self.a(x.flatten(1)))))
def net(classes):
    return Net(classes)
"""
WEIGHTS = ("1.weight", "3.weight")


def network(seed: int = 0) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, 10))


def state(seed: int = 0) -> dict[str, torch.Tensor]:
    return dict(network(seed).state_dict())


def masks(seed: int = 1) -> dict[str, torch.Tensor]:
    torch.manual_seed(seed)
    return {key: torch.rand_like(state()[key]) > 0.5 for key in WEIGHTS}


class Desk:
    """A folder with the network's code, and `import` for it."""

    def __init__(self, shell: Shell, code: str = CODE) -> None:
        self.shell = shell
        (shell / "net.py").write_text(code)

    def put(self, held: Any, name: str = "theirs.pt", **how: Any) -> str:
        torch.save(held, self.shell / name, **how)
        return name

    def line(self, name: str, *more: object) -> tuple[object, ...]:
        return ("import", name, "--model", "net.py:net", *more, "-o", f"{name}.st")

    def take(self, held: Any, *more: object) -> tuple[Ticket, str]:
        """The ticket of a file (its name, or what to save), and what was said."""
        name = held if isinstance(held, str) else self.put(held)
        done: Done = self.shell.ok(*self.line(name, *more), "--force")
        return Ticket.load(self.shell / f"{name}.st"), done.err

    def refuses(self, held: Any, *more: object, says: tuple[str, ...] | str) -> str:
        name = held if isinstance(held, str) else self.put(held)
        err = self.shell.refuses(1, *self.line(name, *more, "--force"), says=says).err
        assert "\x1b" not in err
        assert "weights_only=True" not in err
        return err


def same(ticket: Ticket, held: dict[str, torch.Tensor]) -> bool:
    return all(
        np.asarray(ticket.weights[key]).tobytes() == value.float().numpy().tobytes()
        for key, value in held.items()
    )


def counts(found: dict[str, torch.Tensor]) -> dict[str, int]:
    return {key: int(mask.sum()) for key, mask in found.items()}


def kept(ticket: Ticket) -> dict[str, int]:
    return {key: ticket.kept_by_layer[key] for key in ticket.masks}


def folder(path: Path) -> set[str]:
    return {found.name for found in path.iterdir()}

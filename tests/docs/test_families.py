"""Families: each member is what its Protocol says, ours as well as everybody else's."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from sparsetool.errors import UsageError
from sparsetool.plugins import find
from sparsetool.plugins.keywords import FUNCTIONS

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = [family for family in find.SINGULAR if family not in find.OWN and find.members(family)]
MEMBERS = [(family, name) for family in FAMILIES for name in find.members(family)]
ARRAYS = "Mapping[str, np.ndarray]"
TYPES = {  # what a member defines: its functions, or the module
    ("criteria", "score"): f"Callable[[Ticket, Evidence], {ARRAYS}]",
    ("criteria", "construct"): f"Callable[[Ticket, int, Evidence], {ARRAYS}]",
    ("criteria", "update"): f"Callable[[Ticket, {ARRAYS}, Evidence], {ARRAYS}]",
    ("densities", "share"): (
        "Callable[[Mapping[str, tuple[int, ...]], int, Mapping[str, int]], dict[str, int]]"
    ),
    ("schedules", "rate"): "Callable[[int, Cycle], float]",
    ("optimizers", "optimizer"): "Callable[[list[Parameter], Rates], Optimizer]",
    ("extras", "pixels"): "Callable[[Tensor, Moment], Tensor]",
    ("extras", "batch"): "Callable[[Tensor, Tensor, Moment], tuple[Tensor, Tensor]]",
    ("extras", "ahead"): "Callable[[list[Tensor], Moment], list[Tensor]]",
    ("extras", "gradients"): "Callable[[list[Tensor], Moment], None]",
    ("extras", "average"): "Callable[[Tensor, Tensor, Moment], Tensor]",
    ("plots", "figure"): "Callable[[Any, View], Figure]",
    ("engines", "text"): "Callable[[str, list[Job]], str]",
    ("models", None): "Model",
    ("datasets", None): "DataSource",
}
HEAD = """
from collections.abc import Callable, Mapping
from typing import Any
import numpy as np
from torch import Tensor
from torch.nn import Parameter
from torch.optim import Optimizer
from sparsetool import Ticket
from sparsetool.plugins.criteria import Evidence
from sparsetool.plugins.datasets import DataSource
from sparsetool.plugins.engines import Job
from sparsetool.plugins.extras import Moment
from sparsetool.plugins.models import Model
from sparsetool.plugins.optimizers import Rates
from sparsetool.plugins.plots import Figure, View
from sparsetool.plugins.schedules import Cycle
"""


def mypy(tmp_path: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Strict mypy on a file that uses the package."""
    file = tmp_path / "snippet.py"
    file.write_text(text)
    words = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file",
        str(ROOT / "pyproject.toml"),
    ]
    cache = ["--cache-dir", str(ROOT / ".mypy_cache")]
    return subprocess.run(
        [*words, *cache, str(file)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_a_wrong_call_across_the_border_is_seen(tmp_path: Path) -> None:
    right = (
        "from sparsetool.masks.request import Choice\n"
        "from sparsetool.plugins.extras import Batch, Moment\n"
        "from torch import Tensor\n"
        "choice = Choice('magnitude')\n"
        "print(choice.member.score, choice.shares.share)\n"
        "Two = tuple[Tensor, Tensor]\n"
        "def mine(images: Tensor, targets: Tensor, moment: Moment, *, by: float = 1.0) -> Two:\n"
        "    return images, targets\n"
        "held: Batch = mine\n"
    )
    done = mypy(tmp_path, right)
    assert done.returncode == 0, done.stdout
    wrong = right.replace("member.score", "member.scoer").replace("moment: Moment, ", "")
    done = mypy(tmp_path, wrong)
    assert done.returncode == 1
    assert '"Criterion" has no attribute "scoer"' in done.stdout
    assert "Incompatible types in assignment" in done.stdout
    wrong = (
        "from sparsetool.plugins import schedules\nschedules.load('cosine').rate('first', 0.1)\n"
    )
    done = mypy(tmp_path, wrong)
    assert done.returncode == 1
    assert "incompatible type" in done.stdout


def test_every_member_of_ours_is_what_its_family_says(tmp_path: Path) -> None:
    lines: list[str] = []
    checks: list[str] = []
    for number, (family, name) in enumerate(MEMBERS):
        where = find.member(family, name)
        if name == "global":
            continue  # a keyword, which an import statement cannot name
        package, _, module = where.module.rpartition(".")
        lines.append(f"from {package} import {module} as m{number}")
        defined = find.functions(where.source)
        for function in (None, *FUNCTIONS.get(family, ())):
            if (family, function) in TYPES and (function is None or function in defined):
                given = f"m{number}" if function is None else f"m{number}.{function}"
                checks.append(f"c{len(checks)}: {TYPES[family, function]} = {given}")
    assert len(checks) > 60
    done = mypy(tmp_path, "\n".join([HEAD, *lines, *checks, ""]))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_a_member_takes_what_its_family_gives(family: str, name: str) -> None:
    module = import_module(find.member(family, name).module)
    wanted = FUNCTIONS.get(family, {})
    defined = [function for function in wanted if callable(getattr(module, function, None))]
    assert defined or not wanted or name == "global"
    for function in defined:
        found = inspect.signature(getattr(module, function)).parameters.values()
        plain = tuple(p.name for p in found if p.kind is p.POSITIONAL_OR_KEYWORD)
        assert plain == wanted[function]
        assert all(p.kind is p.KEYWORD_ONLY for p in found if p.name not in plain)


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_an_option_of_a_member_is_told(family: str, name: str) -> None:
    """Its docstring says what a keyword does: it is the option's help."""
    from sparsetool.plugins.keywords import options_of

    for option in options_of(family, find.source(family, name)):
        assert option.help.endswith("."), option.name


@pytest.mark.parametrize(
    ("family", "name"), MEMBERS + [("verbs", v) for v in find.members("verbs")]
)
def test_the_first_line_of_a_docstring_is_a_summary(family: str, name: str) -> None:
    text = ast.get_docstring(ast.parse(find.source(family, name).read_text("utf-8"))) or ""
    first, _, rest = text.partition("\n")
    assert first.endswith("."), "a whole sentence on one line"
    assert first == first.strip()
    assert not rest or rest.startswith("\n"), "an empty line after the summary"
    assert find.summary(family, name) == first.rstrip(".")


@pytest.mark.parametrize("family", [*FAMILIES, "verbs"])
def test_summaries_tell_members_apart(family: str) -> None:
    said = [find.summary(family, name) for name in find.members(family)]
    assert len(set(said)) == len(said) > 0


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_a_mistyped_name_is_answered_with_the_nearest(family: str, name: str) -> None:
    with pytest.raises(UsageError) as error:
        find.load(family, f"{name}x")
    assert f"'{name}x'" in str(error.value)
    assert re.search(rf"did you mean .*\b{re.escape(name)}\b", str(error.value))


def test_a_name_near_nothing_is_answered_with_all() -> None:
    with pytest.raises(UsageError) as error:
        find.load("densities", "qqqqqqqq")
    assert str(error.value).startswith("unknown density 'qqqqqqqq'")
    assert all(name in str(error.value) for name in find.members("densities"))


def test_names_may_be_typed_with_either_dash() -> None:
    assert find.load("models", "mobilenet_v2") is find.load("models", "mobilenet-v2")
    assert find.member("criteria", "force_snip").name == "force-snip"

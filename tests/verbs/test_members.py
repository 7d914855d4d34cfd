"""Members that others add: by an installed package, by a file, by a function in Python."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from sparsetool import init, mask, train_cycles
from sparsetool.cli.script import script
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.plugins.updates import Moved
from tests.verbs import reading
from tests.verbs.shell import Shell

OWN = '''
"""Members of every family that is functions."""

import numpy as np

from sparsetool.plugins.plots import Figure, Panel, Series, axis


def power(ticket, evidence, *, exponent: float = 1.0):
    """Keep the largest |w| to a power.

    Args:
        ticket: The ticket.
        evidence: Not looked at.
        exponent: The power.
    """
    return {name: np.abs(ticket.weights[name]) ** exponent for name in ticket.prunable}


def turns(shapes, keep, room, *, least: int = 0):
    """Keep one weight of each layer in turn."""
    kept = {name: min(least, room[name]) for name in sorted(room)}
    keep -= sum(kept.values())
    while keep:
        for name in kept:
            if keep and kept[name] < room[name]:
                kept[name] += 1
                keep -= 1
    return kept


def flat(step, cycle, *, factor: float = 0.5):
    """A fraction of the peak, always."""
    return cycle.peak * factor


def damped(parameters, rates, *, damping: float = 0.0):
    """SGD with dampened momentum."""
    import torch

    return torch.optim.SGD(
        parameters, lr=rates.lr, momentum=rates.momentum, dampening=damping,
        weight_decay=rates.weight_decay,
    )


def dots(sources, view, *, scale: float = 1.0):
    """Accuracies in a row."""
    y = [scale * row["accuracy"] for row in sources]
    return Figure((Panel(axis("epochs"), axis("accuracy"), (Series("all", range(len(y)), y),)),))


WHEN = "after"
DEFAULTS = {"every": "1/2 cycle", "until": "1"}


def due(step, plan, *, first: int = 1):
    """Once, behind an early step."""
    return step == first


def shift(moment, *, first: int = 1, by: int = 1):
    """Masks whose weights are moved along.

    Args:
        moment: The network between two steps.
        first: The step behind which they move.
        by: How many places.
    """
    from sparsetool.plugins.updates import Moved

    return Moved({name: np.roll(mask, by) for name, mask in moment.masks.items()})


def text(title, jobs):
    """Every line."""
    return chr(10).join([title, *(job.line for job in jobs), ""])
'''
NET = """
import torch

def narrow(num_classes):
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, num_classes))
"""
PACKAGE = {
    "loud/__init__.py": "",
    "loud/criteria.py": '''
"""Scores."""

def loudest(ticket, evidence, *, louder: int = 1):
    """Keep the loudest weights.

    Args:
        ticket: The ticket.
        evidence: Not looked at.
        louder: How much louder.
    """
    print("louder and louder")
    if louder > 9:
        return {}["deaf"]
    return {name: abs(ticket.weights[name]) * louder for name in ticket.prunable}
''',
    "loud/net.py": '''
"""Networks."""

import torch

class Deaf(torch.nn.Linear):
    def forward(self, images):
        if self.training and len(images) > 100:
            raise KeyError("deaf")
        return super().forward(images.flatten(1))

def deaf(num_classes):
    """A layer that cannot be trained."""
    return Deaf(64, num_classes)
''',
    "loud/still.py": '''
"""A rate that never changes."""

def rate(step, cycle):
    return cycle.peak
''',
    "loud/fixed.py": '''
"""Masks that could move."""

def move(moment, *, never: int = 1):
    from sparsetool.plugins.updates import Moved
    return Moved({})
''',
    "loud-1.5.dist-info/METADATA": "Metadata-Version: 2.1\nName: loud\nVersion: 1.5\n",
    "loud-1.5.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "loud-1.5.dist-info/entry_points.txt": (
        "[sparsetool.criteria]\nloudest = loud.criteria:loudest\n"
        "[sparsetool.models]\ndeaf = loud.net:deaf\n"
        "[sparsetool.schedules]\nstill = loud.still\n"
        "[sparsetool.updates]\nfixed = loud.fixed\n"
    ),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip installed a package that adds a criterion and a schedule."""
    folder = tmp_path_factory.mktemp("site")
    wheel = folder / "loud-1.5-py3-none-any.whl"
    record = "".join(f"{name},,\n" for name in [*PACKAGE, "loud-1.5.dist-info/RECORD"])
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in {**PACKAGE, "loud-1.5.dist-info/RECORD": record}.items():
            archive.writestr(name, content)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--target", str(folder / "lib"), str(wheel)], check=True)
    return folder / "lib"


@pytest.fixture
def own(shell: Shell) -> Shell:
    (shell / "own.py").write_text(OWN)
    (shell / "net.py").write_text(NET)
    shell.ok("init", "mlp:20", "-o", "start.st")
    return shell


def remade(shell: Shell, name: str) -> bytes:
    """The bytes that a ticket's script makes anew, in a folder of its own."""
    script = shell.ok("show", "--script", name).out.decode()
    done = shell.bash(f"mkdir again && cp *.py again 2>/dev/null; cd again && {{\n{script}\n}}")
    assert done.code == 0, done.err
    return (shell / "again" / name).read_bytes()


def test_a_package_adds_members(shell: Shell, site: Path) -> None:
    shell.env["PYTHONPATH"] += f":{site}"
    listed = shell.bash("sparsetool list criteria; sparsetool list schedules").out.splitlines()
    rows = {row["name"]: row for row in map(json.loads, listed)}
    assert rows["loudest"]["from"] == rows["still"]["from"] == "loud 1.5"
    assert rows["loudest"]["summary"] == "Keep the loudest weights"
    assert rows["loudest"]["options"] == {"louder": 1}
    assert rows["magnitude"]["from"] == "sparsetool"
    helped = shell.run("mask", "--help").out.decode()
    assert "--loudest" in helped
    assert "--louder" in helped
    completed = shell.bash(f"{sys.executable} -m sparsetool.cli.completion bash").out.decode()
    assert "--loudest" in completed
    assert "still" in completed
    line = (
        "sparsetool init mlp:20 | sparsetool mask --loudest --louder 3 --global 0.5"
        " | sparsetool train-cycles --epochs 1 --schedule still --update fixed --never 2 -o loud.st"
    )
    done = shell.bash(line)
    assert done.code == 0, done.err
    assert "louder and louder" in done.err, "what it prints is not in the pipe"
    failed = shell.bash(
        "sparsetool init mlp:20 --quiet | sparsetool mask --loudest --louder 10 --global 0.5"
    )
    assert failed.code == 1
    assert failed.lines[-1] == "mask: loudest fails: KeyError: 'deaf' (criteria.py, line 14)"
    failed = shell.bash("sparsetool init deaf --quiet | sparsetool train-cycles --epochs 1")
    assert failed.code == 1
    assert failed.lines[-1] == "train-cycles: loud 1.5 fails: KeyError: 'deaf'"
    shown = shell.run("show", "--lineage", "--json", "loud.st").out
    _, masked, trained = json.loads(shown)["lineage"]
    assert masked["options"]["criterion"] == "loudest"
    assert masked["options"]["louder"] == 3
    assert masked["versions"]["loud"] == trained["versions"]["loud"] == "1.5"
    script = shell.run("show", "--script", "loud.st").out.decode()
    assert "--loudest" in script
    assert "--schedule still" in script
    assert "--never 2" in script
    assert "--update fixed" in script
    done = shell.bash(f"mkdir again && cd again && {{\n{script}\n}}")
    assert (shell / "again/loud.st").read_bytes() == (shell / "loud.st").read_bytes(), done.err


def test_a_file_adds_criterion_density_schedule_and_optimizer(own: Shell) -> None:
    chosen = ("--criterion", "own.py:power", "--exponent", "2", "--density", "own.py:turns")
    own.ok("mask", *chosen, "--least", "5", "--sparsity", "0.5", "start.st", "-o", "m.st")
    how = ("--schedule", "own.py:flat", "--factor", "0.3", "--optimizer", "own.py:damped")
    own.ok("train-cycles", *how, "--damping", "0.1", "--epochs", "1", "m.st", "-o", "t.st")
    *_, masked, trained = json.loads(own.ok("show", "--lineage", "--json", "t.st").out)["lineage"]
    assert masked["options"]["criterion"].startswith("own.py:power@sha256:")
    assert (masked["options"]["exponent"], masked["options"]["least"]) == (2.0, 5)
    assert trained["options"]["schedule"].startswith("own.py:flat@sha256:")
    assert (trained["options"]["factor"], trained["options"]["damping"]) == (0.3, 0.1)
    assert remade(own, "t.st") == (own / "t.st").read_bytes()
    helped = own.ok("mask", "--criterion", "own.py:power", "--help").out.decode()
    assert "--exponent" in helped
    assert "The power; of own.py:power" in helped


def test_a_file_adds_an_update(own: Shell) -> None:
    own.ok("mask", "--random", "--global", "0.5", "start.st", "-o", "m.st")
    how = ("--update", "own.py:shift", "--by", "2", "--first", "3", "--epochs", "1")
    own.ok("train-cycles", *how, "m.st", "-o", "t.st")
    trained = json.loads(own.ok("show", "--lineage", "--json", "t.st").out)["lineage"][-1]
    assert trained["options"]["update"].startswith("own.py:shift@sha256:")
    assert (trained["options"]["by"], trained["options"]["first"]) == (2, 3)
    assert trained["achieved"]["updates"] == 1
    for name, after in reading.masks(own / "t.st").items():
        assert np.array_equal(after, np.roll(reading.masks(own / "m.st")[name], 2))
    script = own.ok("show", "--script", "t.st").out.decode()
    wanted = ("--update own.py:shift@sha256:", "--by 2", "--first 3")
    assert all(words in script for words in wanted)
    own.ok("levels", *how, "--to", "0.75", "--rate", "0.5", "--out-dir", "l", "m.st")
    levels = json.loads(own.ok("show", "--lineage", "--json", "l/level-1.st").out)["lineage"]
    assert levels[-1]["options"]["by"] == 2
    helped = own.ok("train-cycles", "--update", "own.py:shift", "--help").out.decode()
    assert "How many places; of own.py:shift; default: 1" in helped


def test_options_of_updates_are_offered_listed_and_checked(own: Shell) -> None:
    rows = map(json.loads, own.ok("list", "updates").out.splitlines())
    listed = {row["name"]: row["options"] for row in rows}
    assert listed["ac-dc"] == {"warm": 0.05}
    assert listed["mest"] == {"gradient_factor": 0.01, "soft": False}
    assert "Part of the cycle that is dense" in own.ok("train-cycles", "--help").out.decode()
    line = ("train-cycles", "--update", "ac-dc", "--to", "0.5", "--first", "0.3", "start.st")
    done = own.call(*line, "-o", "t.st")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "nor update 'ac-dc' has a use for --first: leave it out" in done.err
    (own / "odd.py").write_text("WHEN = 'never'\ndef f(moment): return None")
    done = own.call("train-cycles", "--update", "odd.py:f", "start.st", "-o", "t.st")
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "WHEN is one of before, after, instead, not 'never'" in done.err


def test_a_file_adds_a_model_a_plot_and_an_engine(own: Shell) -> None:
    own.ok("init", "net.py:narrow", "-o", "narrow.st")
    own.ok("eval", "--model", "net.py:narrow", "narrow.st", "-o", "lines.jsonl")
    drawn = own.ok("plot", "own.py:dots", "--scale", "2", "lines.jsonl", "--table", "-").out
    accuracy = json.loads((own / "lines.jsonl").read_text())["accuracy"]
    assert drawn.decode().splitlines()[-1] == f"all,0,{2 * accuracy}"
    (own / "mine.sh").write_text("# Mine.\nsparsetool init mlp -o m.st\n")
    jobs = own.ok("recipe", "mine.sh", "--as", "own.py:text").out.decode()
    assert jobs.splitlines()[-1] == "sparsetool init mlp -o m.st"


FAULTS = {
    "takes (x), but a criterion is called with (ticket, evidence)": "def f(x): return x",
    "f fails: ValueError: boom (bad.py, line 2)": (
        "def f(ticket, evidence):\n    raise ValueError('boom')"
    ),
    "f gave no fitting scores for fc1.weight: found no array, wanted a dict with an array of "
    "numbers (20, 64)": "def f(ticket, evidence): return {}",
    "found an array (20,) of float64": (
        "import numpy\ndef f(ticket, evidence): return {'fc1.weight': numpy.ones(20)}"
    ),
    "f must return a dict by name of weight, not nothing": "def f(ticket, evidence): pass",
    "f must return a dict by name of weight, not list [1]": "def f(ticket, evidence): return [1]",
    "f states NEEDS = 'gradients': it may be nothing, weights, network, data, parent": (
        "NEEDS = 'gradients'\ndef f(ticket, evidence): pass"
    ),
    'evidence.batches() is for a criterion whose file states NEEDS = "data"': (
        "def f(ticket, evidence): list(evidence.batches())"
    ),
    "has no function 'f'": "g = 1",
    "has no function 'f': known: good, Better": "def good(): pass\nclass Better: pass\n_f = 1",
    "fails: ZeroDivisionError": "1 / 0",
}


@pytest.mark.parametrize("says", FAULTS)
def test_what_is_wrong_with_a_file_is_one_line(own: Shell, says: str) -> None:
    (own / "bad.py").write_text(FAULTS[says])
    line = ("mask", "--criterion", "bad.py:f", "--global", "0.5", "start.st", "-o", "m.st")
    done = own.call(*line)
    assert (done.code, done.out) == (1, b"")
    assert done.err.count("\n") == 1
    assert says in done.err


def test_an_option_that_nothing_has_a_use_for_is_refused(own: Shell) -> None:
    line = ("mask", "--magnitude", "--block-size", "9", "--global", "0.5", "start.st")
    done = own.call(*line, "-o", "m.st")
    assert done.code == 2
    assert "'magnitude' has no use for --block-size" in done.err
    done = own.call("train-cycles", "--beta2", "0.9", "start.st", "-o", "t.st")
    assert done.code == 2
    assert "has a use for --beta2" in done.err


def test_functions_in_python_are_members() -> None:
    start = init("mlp:20")

    def smallest(ticket, evidence, *, sign=-1):
        return {name: sign * np.abs(ticket.weights[name]) for name in ticket.prunable}

    made = mask(start, criterion=smallest, sparsity=0.5)
    assert made.kept == start.total // 2
    kept = np.concatenate(
        [np.abs(w[made.masks[n]]) for n, w in start.weights.items() if n in made.masks]
    )
    gone = np.concatenate(
        [np.abs(w[~made.masks[n]]) for n, w in start.weights.items() if n in made.masks]
    )
    assert kept.max() <= gone.min()
    trained = train_cycles(
        made, epochs=1, schedule=lambda step, cycle: 0.01, optimizer="adamw", beta2=0.9
    )
    assert trained.lineage[-1]["options"]["beta2"] == 0.9
    with pytest.raises(SparsetoolError, match="was a function given in Python"):
        script([("made.st", trained)])


def test_an_update_in_python_is_a_member() -> None:
    start = mask(init("mlp:20"), criterion="random", sparsity=0.5)

    def shift(moment, *, by=1):
        return Moved({name: np.roll(old, by) for name, old in moment.masks.items()})

    made = train_cycles(start, epochs=1, update=shift, by=3, update_every=7)
    assert made.lineage[-1]["options"]["update"].startswith("python:")
    assert made.lineage[-1]["achieved"]["updates"] == 1
    for name, before in start.masks.items():
        assert np.array_equal(made.masks[name], np.roll(before, 3))


def test_own_options_in_python_are_those_of_the_shell() -> None:
    """Of the same type, so that the records and the bytes are the same; another type is refused."""

    def scaled(ticket, evidence, *, power=1.0):
        return {name: np.abs(ticket.weights[name]) ** power for name in ticket.prunable}

    start = init("mlp:20")
    whole, real = (mask(start, criterion=scaled, sparsity=0.5, power=power) for power in (2, 2.0))
    assert whole.to_bytes() == real.to_bytes()
    with pytest.raises(UsageError, match="power wants a value of type float, not '2'"):
        mask(start, criterion=scaled, sparsity=0.5, power="2")
    with pytest.raises(UsageError, match=r"backward wants a value of type float, not '0.6'"):
        train_cycles(whole, epochs=1, update="top-kast", backward="0.6")

"""`runs --follow`: epochs of a run that another process trains, until it ends."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sparsetool.errors import Stopped
from sparsetool.runs import log
from sparsetool.runs.folder import RunFolder
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

KEY = "ab" * 16
COMMAND = "sparsetool train-cycles --n 2 --epochs 2 m.st"
FACTS = {"model": "mlp", "n": 2, "options": [{"epochs": 2}], "command": COMMAND, "output": "t.st"}
Step = Callable[[], object]


class Trainer:
    """Does what a training does to its run folder, step by step."""

    def __init__(self, path: Path) -> None:
        self.folder = RunFolder(path)
        self.folder.record_facts(FACTS)
        self._held = contextlib.ExitStack()

    def begin(self) -> None:
        self._held.enter_context(self.folder.locked(lambda: pytest.fail("it is held")))

    def epoch(self, cycle: int, epoch: int) -> None:
        line = {"cycle": cycle, "epoch": epoch, "train_loss": 1 / epoch, "test_accuracy": 0.5}
        self.folder.append(line)
        if epoch == 2:
            (self.folder.path / f"cycle-{cycle}.st").write_bytes(b"whole")

    def cut(self, text: str) -> None:
        with (self.folder.path / "log.jsonl").open("a") as file:
            file.write(text)

    def end(self) -> None:
        self._held.close()

    def die(self) -> None:
        """As SIGKILL ends a process: it leaves no glance behind."""
        self.end()
        (self.folder.path / "glance.json").unlink()

    def go(self) -> None:
        for file in sorted(self.folder.path.iterdir()):
            file.unlink()
        self.folder.path.rmdir()


@pytest.fixture
def trainer(shell: Shell) -> Iterator[Trainer]:
    found = Trainer(shell.state / "runs" / KEY)
    yield found
    found.end()


@pytest.fixture
def then(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says what happens between two looks at the log; after that nothing does."""

    def script(*steps: Step) -> None:
        left = list(steps)
        nothing = iter(range(9))

        def wait(seconds: float) -> None:
            if left:
                left.pop(0)()
            else:
                next(nothing)  # a follower that never ends fails here

        monkeypatch.setattr("sparsetool.cli.train.following.time.sleep", wait)

    return script


def places(out: bytes) -> list[tuple[int, int]]:
    return [(row["cycle"], row["epoch"]) for row in map(json.loads, out.splitlines())]


def test_from_before_the_first_epoch_to_the_end(
    shell: Shell, trainer: Trainer, then: Callable[..., None]
) -> None:
    """Without a name it is the run that is trained; a line that is being written is waited for."""
    trainer.begin()
    then(
        lambda: None,
        lambda: trainer.epoch(1, 1),
        lambda: trainer.cut('{"cycle":1,"epoch":2,"trai'),
        lambda: trainer.cut('n_loss":0.25}\n'),
        lambda: (trainer.folder.path / "cycle-1.st").write_bytes(b"whole"),
        lambda: [trainer.epoch(2, epoch) for epoch in (1, 2)],
        trainer.end,
    )
    done = shell.ok("runs", "--follow")
    assert places(done.out) == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert all(json.loads(line)["run"] == KEY for line in done.out.splitlines())
    assert done.lines == [f"runs: {KEY[:8]}: {COMMAND}", f"runs: {KEY[:8]} has finished"]


def test_on_a_terminal_an_epoch_is_a_line_as_train_cycles_says_it(
    shell: Shell, trainer: Trainer, then: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sparsetool.cli.measure.on_terminal", lambda: True)
    monkeypatch.setattr("sparsetool.cli.train.following.AT_FIRST", 2)
    trainer.begin()
    for place in ((1, 1), (1, 2), (2, 1)):
        trainer.epoch(*place)
    then(lambda: trainer.epoch(2, 2), trainer.end)
    done = shell.ok("runs", "--follow", KEY[:3])
    assert done.out.decode().splitlines() == [
        "cycle 1/2 epoch 2/2: loss 0.500, test accuracy 50.00%",
        "cycle 2/2 epoch 1/2: loss 1.000, test accuracy 50.00%",
        "cycle 2/2 epoch 2/2: loss 0.500, test accuracy 50.00%",
    ]
    assert "1 epochs came before these" in done.err
    assert len(shell.ok("runs", "--follow", "--json", "--quiet", KEY[:3]).out.splitlines()) == 4


def test_it_ends_with_the_training(
    shell: Shell, trainer: Trainer, then: Callable[..., None]
) -> None:
    """Stopped, killed, removed: what happened, how far it was, and what carries on."""
    where = "after epoch 1 of cycle 1; this carries on: sparsetool train-cycles"
    trainer.begin()
    trainer.epoch(1, 1)
    for step, says in (
        ("end", f"was stopped {where}"),
        ("die", f"its process has died {where}"),
        ("go", "was removed"),
    ):
        then(getattr(trainer, step))
        done = shell.call("runs", "--follow", "--quiet", KEY)
        assert (done.code, len(done.lines)) == (1, 1), done.err
        assert f"runs: run {KEY[:8]} " in done.err
        assert says in done.err
        trainer = Trainer(trainer.folder.path)
        trainer.begin()
    trainer.die()
    assert "before its first epoch" in shell.call("runs", "--follow", KEY).err


def test_epochs_that_are_trained_again_come_once(
    shell: Shell, trainer: Trainer, then: Callable[..., None]
) -> None:
    """A second process takes over from an earlier state; at one look nobody held the run."""
    trainer.begin()
    for place in ((1, 1), (1, 2), (2, 1)):
        trainer.epoch(*place)
    later = Trainer(trainer.folder.path)
    then(
        trainer.die,
        lambda: (later.begin(), later.folder.truncate(1), later.epoch(1, 2)),
        lambda: [later.epoch(2, epoch) for epoch in (1, 2)],
        later.end,
    )
    assert places(shell.ok("runs", "--follow").out) == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_an_epoch_that_ends_while_the_log_is_read_is_not_missed(
    shell: Shell, trainer: Trainer, then: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer.begin()
    for place in ((1, 1), (1, 2), (2, 1)):
        trainer.epoch(*place)
    read, left = log.read, [lambda: trainer.epoch(2, 2)]

    def reading(path: Path) -> object:
        found = read(path)
        if left:
            left.pop()()
        return found

    monkeypatch.setattr("sparsetool.runs.log.read", reading)
    then(trainer.end)
    assert places(shell.ok("runs", "--follow", KEY).out)[-1] == (2, 2)


def test_none_or_several_are_trained(shell: Shell, trainer: Trainer) -> None:
    shell.refuses(1, "runs", "--follow", says="no run is being trained now: 'sparsetool runs'")
    assert not (trainer.folder.path / "lock").exists(), "a look must make no file"
    other = Trainer(shell.state / "runs" / ("cd" * 16))
    trainer.begin()
    other.begin()
    says = "2 runs are being trained, name one of them: abababab, cdcdcdcd$"
    shell.refuses(1, "runs", "--follow", says=says)
    other.end()


def test_what_does_not_go_with_it(shell: Shell, trainer: Trainer) -> None:
    shell.refuses(1, "runs", "--follow", "ff", says="no run begins with 'ff'")
    for more in (("ab", "cd"), ("--remove", "ab"), ("--remove-finished",), ("-o", "f.jsonl")):
        shell.refuses(2, "runs", "--follow", *more, says="--follow takes one RUN or none")


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (KeyboardInterrupt(), 130, "runs: stopped by SIGINT"),
        (Stopped("stopped by SIGTERM", 143), 143, "runs: stopped by SIGTERM"),
    ],
)
def test_a_signal_ends_it_in_one_line(
    shell: Shell,
    trainer: Trainer,
    then: Callable[..., None],
    error: BaseException,
    code: int,
    says: str,
) -> None:
    def signalled() -> None:
        raise error

    trainer.begin()
    then(signalled)
    done = shell.call("runs", "--follow", "--quiet")
    assert (done.code, done.lines) == (code, [says])


def test_a_reader_that_leaves_ends_it(
    shell: Shell, trainer: Trainer, then: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while no epoch ends, when nothing is written that would tell."""
    trainer.begin()
    monkeypatch.setattr("sparsetool.cli.targets.reader_has_left", lambda: True)
    then()
    assert shell.call("runs", "--follow").code == 141


def test_a_finished_run_gives_its_log(shell: Shell, shelf: Shelf) -> None:
    line = ("train-cycles", "--threads", "1", "--n", "2", "--epochs", "2", shelf["half"])
    shell.ok(*line, "--log", "l.jsonl", "-o", "t.st")
    (key,) = [path.name for path in (shell.state / "runs").iterdir()]
    assert shell.ok("runs", "--follow", key).out == (shell / "l.jsonl").read_bytes()


def stopped(*_: object) -> None:
    raise Stopped("stopped by SIGTERM", 143)


def test_until_the_peak_a_run_has_as_many_cycles_as_it_trains(
    shell: Shell, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was stopped after its first is not finished, and not removed as if it were."""
    line = ("train-cycles", "--threads", "1", "--epochs", "1", "--val", "0.1", "--until-peak")
    line = (*line, "--patience", "1", "--most-cycles", "4", "--lr", "0.5", shelf["half"])

    def row() -> dict:
        return json.loads(shell.ok("runs").out)

    with monkeypatch.context() as patched:
        patched.setattr("sparsetool.training.cycles.best_of", stopped)
        assert shell.call(*line, "-o", "t.st").code == 143
    assert (row()["n"], row()["done"], row()["finished"]) == (4, 1, False)
    shell.ok(*line, "-o", "t.st")
    assert 1 < row()["n"] == row()["done"] < 4

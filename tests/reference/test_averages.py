"""The mean of tickets against numpy's in float64; what a network of averaged weights then gives."""

from __future__ import annotations

import numpy as np
import pytest

from sparsetool import Ticket, average, evaluate, init, mask, train_cycles
from sparsetool.errors import SparsetoolError, UsageError
from tests.verbs.conftest import shelf, shell  # noqa: F401
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell


def pair() -> list[Ticket]:
    """Two masked tickets and a dense one, of one architecture."""
    made = [init("mlp:20", seed=seed) for seed in range(3)]
    masked = [
        mask(ticket, criterion="random", sparsity="0.5", seed=seed)
        for seed, ticket in enumerate(made[:2])
    ]
    return [*masked, made[2]]


@pytest.mark.parametrize("which", ["union", "intersection", "first"])
@pytest.mark.parametrize("weights", [None, ["1", "3"]])
def test_the_mean_is_the_mean(which: str, weights: list[str] | None) -> None:
    a, b, _ = pair()
    parts = [0.5, 0.5] if weights is None else [0.25, 0.75]
    made = average(a, b, masks=which, weights=weights)
    for name, array in made.weights.items():
        want = parts[0] * a.weights[name].astype(np.float64) + parts[1] * b.weights[name].astype(
            float
        )
        if name in a.masks:
            one, two = a.masks[name], b.masks[name]
            kept = {"union": one | two, "intersection": one & two, "first": one}[which]
            assert (made.masks[name] == kept).all()
            want = np.where(kept, want, 0)
        assert array.dtype == np.float32
        assert array == pytest.approx(want, rel=1e-7, abs=1e-12)
    assert not made.off_mask()
    assert [r["verb"] for r in made.main_line] == ["init", "mask", "average"]


def test_a_dense_ticket_keeps_everything() -> None:
    a, _, dense = pair()
    assert average(a, dense).masks == {}
    assert average(a, dense, masks="intersection").kept == a.kept
    assert average(dense, a, masks="first").masks == {}


def test_averaged_with_itself_a_ticket_is_itself() -> None:
    a, _, _ = pair()
    made = average(a, a, a)
    for name, array in a.weights.items():
        assert array == pytest.approx(made.weights[name], rel=1e-7)


def test_statistics_estimated_anew_are_those_of_eval() -> None:
    ticket = mask(init("resnet20"), criterion="random", sparsity="0.9", density="erk")
    ends = [train_cycles(ticket, epochs=1, seed=seed, batch_size=700) for seed in (1, 2)]
    plain, made = average(*ends), average(*ends, bn="recompute", bn_examples=300)
    want = evaluate(plain, bn="recompute", bn_examples=300)
    found = evaluate(made)
    assert found["loss"] == pytest.approx(want["loss"], rel=1e-6)
    assert evaluate(plain)["loss"] != pytest.approx(want["loss"], rel=1e-3)
    name = "bn1.running_mean"
    assert plain.weights[name] == pytest.approx(
        (ends[0].weights[name] + ends[1].weights[name]) / 2, abs=1e-7
    )


def test_what_cannot_be_averaged() -> None:
    a, b, _ = pair()
    for options, says in (
        ({"masks": "unin"}, "union"),
        ({"weights": ["1"]}, "1 numbers for 2"),
        ({"weights": ["1", "-1"]}, "above 0"),
        ({"bn": "recomput"}, "recompute"),
        ({"data": "digits"}, "--bn recompute"),
    ):
        with pytest.raises(UsageError, match=says):
            average(a, b, **options)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="two tickets"):
        average(a)
    with pytest.raises(SparsetoolError, match="FILE 2 is another architecture"):
        average(a, init("mlp:21"))


def test_the_verb_and_its_script(shell: Shell, shelf: Shelf) -> None:  # noqa: F811
    for seed in "12":
        shell.ok("mask", "--random", "--global", "0.5", "--seed", seed, shelf["mlp"], "-o", seed)
    first = (shell / "1").read_bytes()
    piped = shell.ok("average", "--weights", "1,3", "-", "2", stdin=first).out
    shell.ok("average", "--weights", "1,3", "1", "2", "-o", "mean.st")
    assert (shell / "mean.st").read_bytes() == piped
    assert "up to date" in shell.ok("average", "--weights", "1,3", "1", "2", "-o", "mean.st").err
    shell.refuses(1, "average", "1", "2", "-o", "mean.st", says=("another result",))
    shell.refuses(2, "average", "1", says=("at least two",))
    text = shell.ok("show", "--script", "mean.st").out.decode()
    again = Shell(shell.cwd / "again", shell.state)
    assert again.bash(text).code == 0
    assert (again / "mean.st").read_bytes() == piped

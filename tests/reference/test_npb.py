"""Node-path balancing beside its definition: every layer tried out, every path counted."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from sparsetool import init, mask, prune
from sparsetool.builtin.criteria import npb
from sparsetool.builtin.criteria._paths import Paths
from sparsetool.builtin.densities import erk
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.layer_graph.paths import connectivity
from sparsetool.plugins import find
from sparsetool.plugins.criteria import Evidence
from sparsetool.ticket.draws import Draws


def objective(counts: np.ndarray, arriving: np.ndarray, size: int, keep: int) -> float:
    """The paper's, for one layer: counts [G, O, I], paths to each input [G, I]."""
    groups, outputs, inputs = counts.shape
    leaving = (counts * arriving[:, None, :]).sum(2)
    nodes = np.minimum(arriving * counts.sum(1), 1).sum() + np.minimum(leaving, 1).sum()
    falling = np.repeat(np.sort(arriving.reshape(-1))[::-1], outputs * size)
    largest = falling[:keep].sum()
    paths = leaving.sum() / largest if largest else 0.0
    spread = np.minimum(counts - 1, 0).sum() / keep
    return 0.01 * nodes / (groups * (inputs + outputs)) + 0.99 * paths + 1.0 * spread


class Odd(nn.Module):
    """Groups, a depthwise and a transposed convolution, a shortcut, a flattened head."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 8, 3, padding=1)
        self.pair = nn.Conv2d(8, 8, 3, padding=1, groups=2)
        self.deep = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.up = nn.ConvTranspose2d(8, 6, 2, stride=2, groups=2)
        self.head = nn.Linear(6 * 16, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.avg_pool2d(self.stem(x).relu_(), 4)
        x = torch.tanh(x + self.pair(x))
        return self.head(self.up(self.deep(x)).flatten(1))


@pytest.fixture(autouse=True)
def _odd(monkeypatch: pytest.MonkeyPatch) -> None:
    load = find.load
    member = SimpleNamespace(build=lambda argument, classes, input: Odd())
    monkeypatch.setattr(
        find,
        "load",
        lambda family, name: member if (family, name) == ("models", "odd") else load(family, name),
    )


def test_groups_and_transposed_layers_get_what_arrives_at_them() -> None:
    """Under these masks the last layer's inputs get as many paths as torch itself counts."""
    ticket = init("odd:")
    random = np.random.default_rng(1)
    masks = {name: random.random(shape) < 0.4 for name, shape in ticket.shapes.items()}
    seen: dict[str, tuple[list[float], int, bool]] = {}

    def given(name: str, arriving: np.ndarray, groups: int, transposed: bool) -> np.ndarray:
        seen[name] = arriving.tolist(), groups, transposed
        return masks[name]

    Paths(ticket, "cpu", given)
    module = Odd().double()
    with torch.no_grad():
        for name, tensor in module.named_parameters():
            tensor.copy_(torch.from_numpy(masks[name]) if name in masks else torch.tensor(0.0))
        x = nn.functional.avg_pool2d(module.stem(torch.ones(1, 1, 8, 8).double()), 4)
        x = x + module.pair(x)
        deep = module.deep(x)
        last = module.up(deep).flatten()
    assert seen["deep.weight"] == (x.sum((0, 2, 3)).tolist(), 8, False)
    assert seen["up.weight"] == (deep.sum((0, 2, 3)).tolist(), 2, True)
    assert seen["head.weight"] == (last.tolist(), 1, False)


LAYERS = [
    # paths to inputs by group, outputs of a group, size of a kernel
    ([[1, 1]], 2, 2),
    ([[3, 1]], 2, 2),
    ([[5, 0]], 2, 2),
    ([[0, 0]], 2, 1),
    ([[10, 10, 9]], 2, 1),
    ([[1.0, 0.999, 0.99]], 2, 1),
    ([[7, 2, 1]], 3, 1),
    ([[4, 3], [1, 0]], 1, 2),
    ([[2], [1]], 2, 2),
    ([[1000, 1], [999, 998]], 2, 1),
]


@pytest.mark.parametrize(("arriving", "outputs", "size"), LAYERS)
def test_no_other_choice_of_a_layer_is_better(
    arriving: list[list[float]], outputs: int, size: int
) -> None:
    paths = np.array(arriving, dtype=float)
    shape = (len(paths), outputs, paths.shape[1])
    every = np.array(list(itertools.product(range(size + 1), repeat=int(np.prod(shape)))))
    for keep in range(1, int(np.prod(shape)) * size + 1):
        allowed = every[every.sum(1) == keep].reshape(-1, *shape)
        best = max(objective(counts, paths, size, keep) for counts in allowed)
        for seed in range(3):
            found = npb.kernels(paths, outputs, size, keep, Draws(seed, "mask"))
            assert found.shape == shape
            assert found.sum() == keep
            assert found.min() >= 0
            assert found.max() <= size
            assert objective(found, paths, size, keep) == pytest.approx(best, abs=1e-12)


def test_what_is_equal_is_drawn() -> None:
    ones = np.ones((1, 8))
    made = {npb.kernels(ones, 8, 9, 20, Draws(s, "mask")).tobytes() for s in range(5)}
    assert len(made) == 5


def counted(masks: list[np.ndarray], width: int) -> list[np.ndarray]:
    """Paths to each unit of a chain of linear layers: a sum over every way through them."""
    arriving = [np.ones(width)]
    for kept in masks:
        ways = [
            sum(arriving[-1][i] for i in range(kept.shape[1]) if kept[o, i])
            for o in range(len(kept))
        ]
        arriving.append(np.array(ways, dtype=float))
    return arriving


def test_paths_are_counted_and_what_carries_one_is_told() -> None:
    ticket = init("mlp:6-5")
    random = np.random.default_rng(0)
    masks = {name: random.random(shape) < 0.2 for name, shape in ticket.shapes.items()}
    seen: list[np.ndarray] = []

    def given(name: str, arriving: np.ndarray, groups: int, transposed: bool) -> np.ndarray:
        assert (groups, transposed) == (1, False)
        seen.append(arriving)
        return masks[name]

    paths = Paths(ticket, "cpu", given)
    wanted = counted(list(masks.values()), 64)
    assert [part.tolist() for part in seen] == [part.tolist() for part in wanted[:3]]
    back = [np.ones(10)]
    for kept in list(masks.values())[::-1]:
        back.insert(0, kept.T.astype(float) @ back[0])
    for (name, found), before, after in zip(
        paths.through().items(), wanted, back[1:], strict=False
    ):
        assert np.array_equal(found, (after[:, None] * before[None, :]) > 0), name


@pytest.mark.parametrize(
    ("model", "sparsity"),
    [("mlp:40-20", "0.97"), ("lenet5", "0.9"), ("resnet20", "0.5"), ("odd:", "0.6")],
)
def test_counts_are_exact_and_shares_are_erks(model: str, sparsity: str) -> None:
    ticket = init(model)
    made = mask(ticket, criterion="npb", sparsity=sparsity)
    assert made.kept == round((1 - float(sparsity)) * ticket.total)
    assert all(np.any(kept) for kept in made.masks.values())
    paths = connectivity(made)
    assert paths.connected
    if model == "resnet20":  # nothing has to move
        room = {name: int(np.prod(shape)) for name, shape in ticket.shapes.items()}
        assert made.kept_by_layer == erk.share(ticket.shapes, made.kept, room)
        assert paths.sparsity == made.sparsity


def test_it_stands_between_narrow_masks_of_many_paths_and_wide_ones_of_few() -> None:
    """The paper's figure: SynFlow has the most paths, PHEW and chance the most live channels."""
    ticket = init("resnet20", data="cifar10")
    channels, paths = {}, {}
    for criterion, more in (
        ("npb", {}),
        ("synflow", {"iterations": 5}),
        ("phew", {}),
        ("random", {"density": "erk"}),
    ):
        made = mask(ticket, criterion=criterion, sparsity="0.98", **more)
        found = connectivity(made)
        assert found.dead is not None
        assert found.effective is not None
        channels[criterion] = sum(int((~dead).sum()) for dead in found.dead.values())
        paths[criterion] = Paths(made, "cpu", lambda name, *_, of=made: of.masks[name]).total.item()
        if criterion == "npb":
            assert sum(found.effective.values()) == made.kept
    assert channels["synflow"] < 0.8 * channels["npb"] < 0.8 * channels["phew"]
    assert paths["synflow"] > 10 * paths["npb"] > 100 * paths["phew"] > 100 * paths["random"]


def test_weights_on_no_path_move_to_the_fullest_kernels() -> None:
    masks = {
        "a": np.array([[[1, 1, 0], [1, 0, 0]], [[1, 0, 0], [0, 0, 0]]], dtype=bool),
        "b": np.array([[1, 1]], dtype=bool),
    }
    through = {"a": np.ones((2, 2, 3), dtype=bool), "b": np.ones((1, 2), dtype=bool)}
    through["a"][1] = False  # the second output leads nowhere
    made = npb._moved(masks, through, Evidence())
    assert made["a"].astype(int).tolist() == [[[1, 1, 1], [1, 0, 0]], [[0, 0, 0], [0, 0, 0]]]
    # What finds no room in its layer goes to the next, and stays if there is none anywhere.
    through["a"][:] = masks["a"]
    through["a"][1] = False
    full = npb._moved(masks, through, Evidence())
    assert np.array_equal(full["a"], masks["a"])
    masks["b"] = np.array([[1, 0]], dtype=bool)
    moved = npb._moved(masks, through, Evidence())
    assert moved["b"].all()
    assert moved["a"].sum() == 3


def test_the_same_seed_gives_the_same_mask_and_weights_do_not_matter() -> None:
    ticket = init("lenet5")
    made = mask(ticket, criterion="npb", sparsity="0.9")
    again = mask(init("lenet5"), criterion="npb", sparsity="0.9")
    assert made.to_bytes() == again.to_bytes()
    other = mask(ticket, criterion="npb", sparsity="0.9", seed=1)
    assert any(np.any(made.masks[n] != m) for n, m in other.masks.items())
    weights = {name: array * -3 for name, array in ticket.weights.items()}
    changed = mask(replace(ticket, weights=weights), criterion="npb", sparsity="0.9")
    assert all(np.array_equal(made.masks[n], m) for n, m in changed.masks.items())


def test_layers_that_are_never_pruned_are_whole() -> None:
    ticket = init("resnet20", exclude=["*downsample*"])
    made = mask(ticket, criterion="npb", sparsity="0.9")
    assert made.kept == round(0.1 * ticket.total)
    assert not any("downsample" in name for name in made.masks)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(SparsetoolError, match="attention"):
        mask(init("vit-tiny"), criterion="npb", sparsity="0.9")
    ticket = init("mlp:6")
    unknown = replace(ticket, meta={**ticket.meta, "graph": None})
    with pytest.raises(SparsetoolError, match="could not be traced"):
        mask(unknown, criterion="npb", sparsity="0.9")
    half = mask(ticket, criterion="random", density="erk", sparsity="0.5")
    with pytest.raises(SparsetoolError, match="mask --dense"):
        prune(half, criterion="npb", sparsity="0.9")
    with pytest.raises(UsageError, match="constructs masks by itself"):
        mask(ticket, criterion="npb", density="erk", sparsity="0.9")

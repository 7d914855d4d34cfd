"""Text: its rows, `gpt-mini` by its definition, bits, whose weights decay, resuming."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sparsetool import Ticket, connectivity, evaluate, flops, init, mask, train_cycles
from sparsetool.builtin.datasets import _text, shakespeare
from sparsetool.builtin.optimizers import adamw
from sparsetool.data.resident import DataSet
from sparsetool.errors import Stopped
from sparsetool.networks.build import matrices_of, prunable_names
from sparsetool.plugins.optimizers import Rates
from sparsetool.runs.folder import RunFolder
from sparsetool.training.observer import Observer

SIZE = "gpt-mini:2-8-2"
LAYERS, HEADS = 2, 2


@pytest.fixture
def text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A short text, named as data."""
    words = [f"To be, or not to be: that is question {n % 7}." for n in range(60)]
    (tmp_path / "short.txt").write_text("\n".join(words), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return "short.txt"


def born(text: str) -> Ticket:
    """A masked network whose biases and normalisation are not those that do nothing."""
    ticket = mask(init(SIZE, data=text), criterion="random", density="global", sparsity=0.3)
    random = np.random.default_rng(1)
    changed = {
        name: weight + random.normal(0, 0.3, weight.shape).astype(weight.dtype)
        for name, weight in ticket.weights.items()
        if name not in ticket.prunable
    }
    module = ticket.model()
    module.load_state_dict({n: torch.tensor(w) for n, w in {**ticket.weights, **changed}.items()})
    return ticket.with_weights(module)


# -- the network by its definition, float64 ------------------------------------------------------


def normalised(x: np.ndarray, w: dict[str, np.ndarray], name: str) -> np.ndarray:
    mean = x.mean(-1, keepdims=True)
    deviation = np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-5)
    return (x - mean) / deviation * w[f"{name}.weight"] + w[f"{name}.bias"]


def attended(x: np.ndarray, w: dict[str, np.ndarray], name: str) -> np.ndarray:
    """One row of text [T, W]: each place looks at itself and those before it."""
    tokens, width = x.shape
    part = width // HEADS
    parts = x @ w[f"{name}.qkv.weight"].T + w[f"{name}.qkv.bias"]
    mixed = np.zeros_like(x)
    for head in range(HEADS):
        query, key, value = (
            parts[:, which * width + head * part : which * width + (head + 1) * part]
            for which in range(3)
        )
        for t in range(tokens):
            scores = key[: t + 1] @ query[t] / math.sqrt(part)
            chance = np.exp(scores - scores.max())
            mixed[t, head * part : (head + 1) * part] = chance @ value[: t + 1] / chance.sum()
    return mixed @ w[f"{name}.proj.weight"].T + w[f"{name}.proj.bias"]


def logits_by_hand(w: dict[str, np.ndarray], row: np.ndarray) -> np.ndarray:
    """Tokens [T] to logits [T, V]."""
    x = w["embedding.weight"][row] + w["positions"][0]
    for number in range(LAYERS):
        name = f"blocks.{number}"
        x = x + attended(normalised(x, w, f"{name}.norm1"), w, name)
        inner = normalised(x, w, f"{name}.norm2") @ w[f"{name}.fc1.weight"].T
        inner = inner + w[f"{name}.fc1.bias"]
        grown = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        x = x + grown @ w[f"{name}.fc2.weight"].T + w[f"{name}.fc2.bias"]
    return normalised(x, w, "norm") @ w["head.weight"].T


def test_the_network_by_hand(text: str) -> None:
    ticket = born(text)
    weights = {name: array.astype(np.float64) for name, array in ticket.weights.items()}
    tokens = DataSet(text).split("test").images
    with torch.no_grad():
        found = ticket.model().double()(tokens).numpy()
    wanted = np.stack([logits_by_hand(weights, row) for row in tokens.numpy()])
    np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-12)


def test_loss_in_nats_and_bits(text: str) -> None:
    """`evaluate` is the mean over all characters of the test split, of minus the log-likelihood."""
    ticket = born(text)
    weights = {name: array.astype(np.float64) for name, array in ticket.weights.items()}
    split = DataSet(text).split("test")
    losses, right = [], []
    for row, follows in zip(split.images.numpy(), split.labels.numpy(), strict=True):
        logits = logits_by_hand(weights, row)
        chances = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        losses += [-math.log(chance[label]) for chance, label in zip(chances, follows, strict=True)]
        right += [int(np.argmax(one)) == label for one, label in zip(logits, follows, strict=True)]
    found = evaluate(ticket, device="cpu")
    assert (found["examples"], found["characters"]) == (len(split), len(losses))
    assert found["loss"] == pytest.approx(np.mean(losses), rel=1e-5)
    assert found["bits_per_character"] == found["loss"] / math.log(2)
    assert found["accuracy"] == np.mean(right)


# -- the data ------------------------------------------------------------------------------------


def test_rows_are_the_text() -> None:
    words = "abcde" * 300
    tokens, follows = _text.rows(words, "train")
    assert tokens.shape == follows.shape == ((1350 - 1) // 64, 64)
    assert "".join("abcde"[t] for t in tokens.reshape(-1)) == words[: tokens.size]
    assert "".join("abcde"[t] for t in follows.reshape(-1)) == words[1 : tokens.size + 1]
    test, _ = _text.rows(words, "test")
    assert "".join("abcde"[t] for t in test[0]) == words[1350 : 1350 + 64]
    facts = _text.facts_of(1500, 5)
    assert (facts.sizes["train"], facts.sizes["test"]) == (len(tokens), len(test))


def test_what_ships_is_what_its_facts_say() -> None:
    facts = shakespeare.facts(None)
    for split in ("train", "test"):
        tokens, follows = shakespeare.load(None, Path(), split)
        assert tokens.shape == follows.shape == (facts.sizes[split], *facts.input)
        assert 0 <= tokens.min() <= tokens.max() < facts.classes == 73
    assert shakespeare.state(None, Path()) == "whole"
    first, _ = shakespeare.load("2000", Path(), "train")
    assert len(first) == shakespeare.facts("2000").sizes["train"] == 1799 // 64
    assert shakespeare.fingerprint("2000", Path()) != shakespeare.fingerprint(None, Path())
    assert shakespeare.FILE.stat().st_size < 2**20


def test_order_of_an_epoch_is_a_permutation_of_rows(text: str) -> None:
    data = DataSet(text)
    split = data.split("train").for_training(data.facts)
    epoch = split.epoch(data.facts, 0, 0, 10)
    seen = torch.cat([epoch.batch(step)[0] for step in range(len(epoch))])
    assert seen.dtype == torch.int64
    assert sorted(seen.tolist()) == sorted(split.images.tolist())
    assert seen.tolist() != split.images.tolist()


# -- what is prunable, decays, costs -------------------------------------------------------------


def test_prunable_and_graph(text: str) -> None:
    ticket = init(SIZE, data=text)
    block = [f"{kind}.weight" for kind in ("qkv", "proj", "fc1", "fc2")]
    wanted = [f"blocks.{n}.{kind}" for n in range(LAYERS) for kind in block]
    assert list(ticket.prunable) == [*wanted, "head.weight"]
    assert prunable_names(ticket.model()) == list(ticket.prunable)
    found = connectivity(ticket)
    assert found.traced
    assert found.connected
    assert found.effective == ticket.kept_by_layer
    sizes = sum(ticket.weights[name].size for name in ticket.prunable)
    assert flops(ticket)["macs"] == sizes * ticket.meta["input"][0]


@pytest.mark.parametrize("decay_on", ["all", "weights"])
def test_what_decays(text: str, decay_on: str) -> None:
    """With zero gradients a step of AdamW multiplies by 1 - rate x decay, and does nothing else."""
    module = born(text).model()
    before = {name: p.detach().clone() for name, p in module.named_parameters()}
    rates = Rates(0.1, 0.9, 0.5, matrices=frozenset(map(id, matrices_of(module))))
    optimizer = adamw.optimizer(list(module.parameters()), rates, decay_on=decay_on)
    for parameter in module.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    for name, parameter in module.named_parameters():
        matrix = name == "embedding.weight" or ("norm" not in name and name.endswith("weight"))
        factor = 0.95 if decay_on == "all" or matrix else 1.0
        torch.testing.assert_close(parameter.detach(), before[name] * factor)


# -- a training that is stopped ------------------------------------------------------------------


class Stopping(Observer):
    """Stops before every step but one of each process."""

    left = 1

    def stop(self, end_of_epoch: bool) -> Any:
        if end_of_epoch:
            return None
        self.left -= 1
        return Stopped("stopped", 75) if self.left < 0 else None


def test_resumed_bytes(text: str, tmp_path: Path) -> None:
    start = born(text)
    asked: dict[str, Any] = dict(n=2, epochs=1, batch_size=20, threads="1", device="cpu")
    whole = train_cycles(start, store=RunFolder(tmp_path / "whole"), **asked)
    stops, made = 0, None
    while made is None and stops < 10:
        store, watch = RunFolder(tmp_path / "run"), Stopping()
        try:
            made = train_cycles(start, store=store, watch=watch, **asked)
        except Stopped:
            stops += 1
    assert made is not None
    assert stops == 3
    assert made.to_bytes() == whole.to_bytes()
    last = whole.lineage[-1]
    assert last["options"]["optimizer"] == "adamw"
    assert last["options"]["decay_on"] == "weights"
    figures = last["figures"]
    assert figures["test_bits_per_character"] == figures["test_loss"] / math.log(2)
    assert evaluate(whole, device="cpu")["loss"] == figures["test_loss"]

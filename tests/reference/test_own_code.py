"""A user's own networks and data: by content, and never run because a ticket says so."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from sparsetool.builtin.datasets import file
from sparsetool.data.resident import DataSet
from sparsetool.errors import SparsetoolError, UsageError
from sparsetool.networks.build import build
from sparsetool.networks.init import init
from sparsetool.plugins import own_code
from sparsetool.ticket.value import Ticket
from sparsetool.training.cycles import train_cycles
from sparsetool.training.settings import resolve
from tests.reference.own_network import ODD

DIGIT = (1, 8, 8)


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = tmp_path / "net.py"
    path.write_text(ODD)
    return path


def forget() -> None:
    """As in a process that has not been told of any code."""
    own_code._ALLOWED.get().clear()
    own_code._LOADED.clear()


def test_a_ticket_names_code_by_content_not_by_place(net: Path) -> None:
    ticket = init(f"{net}:odd")
    name, _, digest = str(ticket.meta["model"]).partition("@sha256:")
    assert name == "net.py:odd"
    assert len(digest) == 64
    assert str(net.parent).encode() not in ticket.to_bytes()


def test_code_is_never_run_because_a_ticket_says_so(net: Path, tmp_path: Path) -> None:
    ticket = Ticket.load(init(f"{net}:odd").to_bytes())
    forget()
    mark = tmp_path / "was run"
    net.write_text(ODD + f"\nopen({str(mark)!r}, 'w')\n")
    with pytest.raises(SparsetoolError, match=r"never run unless you name it: add --model net\.py"):
        ticket.model()
    with pytest.raises(SparsetoolError, match="has changed"):
        own_code.name_model(ticket, f"{net}:odd")
    with pytest.raises(SparsetoolError, match="never run"):
        ticket.model()
    assert not mark.exists()
    net.write_text(ODD)
    own_code.name_model(ticket, f"{net}:odd")
    assert ticket.model().head.out_features == 10


def test_another_model_is_not_the_tickets(net: Path) -> None:
    ticket = init(f"{net}:odd")
    for other in ("resnet20", f"{net}:fixed", "other.py:odd"):
        with pytest.raises(UsageError, match=r"model is net\.py:odd, not"):
            own_code.name_model(ticket, other)
    own_code.name_model(init("mlp:4"), "mlp:4")
    with pytest.raises(UsageError, match="not mlp:5"):
        own_code.name_model(init("mlp:4"), "mlp:5")


def test_what_changed_after_it_was_named_is_not_run(net: Path) -> None:
    recorded = own_code.allow(f"{net}:odd")
    net.write_text(ODD + "\n# more\n")
    with pytest.raises(SparsetoolError, match="has changed"):
        build(recorded, 10, DIGIT)


def test_a_factory_needs_no_parameters(net: Path) -> None:
    assert init(f"{net}:fixed").total == 640


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("net.py", "FILE.py:FUNCTION"),
        ("net.py:", "FILE.py:FUNCTION"),
        ("net.py:missing", "no function 'missing'"),
        ("net.py:wrong", "must return a torch.nn.Module, not str"),
        ("net.py:failing", "RuntimeError: as it happens"),
        ("gone.py:odd", "cannot read"),
    ],
)
def test_bad_code_is_explained(
    net: Path, spec: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(net.parent)
    with pytest.raises(SparsetoolError, match=says):
        init(spec)


# -- your own data --------------------------------------------------------------------------------

DATA = """
import torch


def images(count, seed):
    made = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (count, 1, 8, 8), generator=made).to(torch.uint8)


def pair():
    return (images(30, 0), torch.arange(30) % 10), (images(10, 1), torch.arange(10))


class Rows(torch.utils.data.Dataset):
    def __len__(self):
        return 12

    def __getitem__(self, index):
        if index >= 12:
            raise IndexError
        return torch.full((5,), index / 12), index % 3


def vectors():
    return {"train": Rows(), "test": Rows(), "classes": 4, "epochs": 2, "batch_size": 6}


def uneven():
    return (images(30, 0), torch.arange(29)), pair()[1]


def unknown():
    return {"train": pair()[0], "test": pair()[1], "augment": True}


def nothing():
    return 7


def beyond():
    return pair()[0], (images(10, 1), torch.arange(10) + 1)
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(DATA)
    return path


def test_tensors_of_your_own(data: Path) -> None:
    ticket = init("mlp:4", data=f"{data}:pair")
    held = DataSet(str(ticket.meta["data"]))
    assert (held.facts.classes, held.facts.input) == (10, DIGIT)
    assert held.facts.sizes == {"train": 30, "test": 10}
    raw = held.split("train").images.double() / 255
    assert held.facts.mean == pytest.approx((float(raw.mean()),))
    assert held.facts.std == pytest.approx((float(raw.std(correction=0)),))
    images, _ = next(held.split("train").batches())
    assert float(images.mean()) == pytest.approx(0, abs=1e-5)
    assert train_cycles(ticket, epochs=1).epochs == 1


def test_a_dataset_of_vectors(data: Path) -> None:
    ticket = init("mlp:4", data=f"{data}:vectors")
    held = DataSet(str(ticket.meta["data"]))
    assert (held.facts.classes, held.facts.input) == (4, (1, 1, 5))
    images, labels = next(held.split("train").batches())
    assert images.shape == (12, 1, 1, 5)
    assert torch.equal(images[:, 0, 0, 0], torch.arange(12) / 12)
    assert labels.tolist() == [0, 1, 2] * 4
    settings = resolve(ticket, {})
    assert (settings.epochs, settings.batch_size) == (2, 6)


@pytest.mark.parametrize(
    ("function", "says"),
    [
        ("uneven", "30 images and labels of shape"),
        ("unknown", "'augment'"),
        ("nothing", "must return"),
        ("beyond", "label 10 of 10"),
    ],
)
def test_bad_data_are_explained(data: Path, function: str, says: str) -> None:
    with pytest.raises(SparsetoolError, match=says):
        init("mlp:4", data=f"{data}:{function}")


def test_data_of_a_ticket_are_code_too(data: Path) -> None:
    ticket = init("mlp:4", data=f"{data}:pair")
    forget()
    file._called.cache_clear()
    with pytest.raises(SparsetoolError, match=r"never run unless you name it: add --data mine\.py"):
        train_cycles(ticket, epochs=1)
    assert train_cycles(ticket, epochs=1, data=f"{data}:pair").epochs == 1

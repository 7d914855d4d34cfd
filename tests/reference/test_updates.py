"""One update of each method against its definition, by sorting in plain Python; and schedules."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sparsetool import train_cycles
from tests.reference.moments import (
    Arrays,
    Step,
    dense_gradients,
    learner,
    start,
    watched,
)


def order(scores: np.ndarray, among: np.ndarray) -> list[int]:
    """Flat places in `among`, the highest score first, ties by position."""
    flat, places = scores.reshape(-1), np.flatnonzero(among)
    return sorted(places.tolist(), key=lambda place: (-flat[place], place))


def places(mask: np.ndarray) -> set[int]:
    return set(np.flatnonzero(mask).tolist())


def moves(steps: list[Step]) -> list[int]:
    return [number for number, step in enumerate(steps) if step.moved]


def sound(steps: list[Step]) -> None:
    """Off the masks +0.0 bit for bit, momentum too, after every step."""
    for step in steps:
        for name, mask in step.after.masks.items():
            for array in (step.after.weights[name], step.after.momentum[name]):
                assert not array.view(np.int32)[~mask].any()


def kept(masks: Arrays) -> list[int]:
    return [int(mask.sum()) for mask in masks.values()]


# -- RigL ----------------------------------------------------------------------------------------


def test_one_update_of_rigl() -> None:
    """What goes and what comes, by magnitudes and by the dense gradient of that very batch."""
    _, steps = watched(start(), update="rigl", update_every=4)
    sound(steps)
    assert moves(steps) == [4, 8, 12], "every 4 of 18 steps, before 3/4 of them, 14"
    back = 0
    for number in moves(steps):
        step = steps[number]
        slopes = dense_gradients(step)
        fraction = 0.3 / 2 * (1 + math.cos(math.pi * number / 14))
        for name, mask in step.before.masks.items():
            weight = step.before.weights[name]
            drop = int(fraction * mask.sum())
            left = set(order(np.abs(weight), mask)[: mask.sum() - drop])
            rest = np.ones(mask.shape, dtype=bool)
            rest.reshape(-1)[list(left)] = False
            grown = set(order(np.abs(slopes[name]), rest)[:drop])
            assert places(step.after.masks[name]) == left | grown
            new = step.after.masks[name] & ~mask
            assert not step.after.weights[name][new].any()
            assert not step.after.momentum[name][new].any()
            stays = step.after.masks[name] & mask
            # An update takes the place of the descent, and who comes back is as it was.
            assert (step.after.weights[name] == weight)[stays].all()
            assert (step.after.momentum[name] == step.before.momentum[name])[stays].all()
            back += len(grown & places(mask))
        assert kept(step.after.masks) == kept(steps[0].before.masks)
    assert back > 0, "no weight was dropped and grown at once"


def test_steps_between_updates_give_gradients_to_kept_weights_alone() -> None:
    made = learner(start(), update="rigl", update_every=4)
    wanted = []

    def look() -> None:
        wanted.append((made.moving.dense, made.moving.instead))

    real = made.moving.look
    made.moving.look = lambda: (look(), real())  # type: ignore[method-assign, assignment]
    made.run_epoch(lambda: False)
    assert wanted == [(step == 4, step == 4) for step in range(6)]


# -- SET and MEST --------------------------------------------------------------------------------


def test_one_update_of_set() -> None:
    """The smallest 0.3 of each layer go; as many come, none of which was kept."""
    _, steps = watched(start(), update="set")
    sound(steps)
    assert moves(steps) == [6, 12]
    for number in moves(steps):
        before, after = steps[number - 1].after, steps[number].after
        for name, mask in before.masks.items():
            drop = min(int(0.3 * mask.sum()), (~mask).sum())
            left = set(order(np.abs(before.weights[name]), mask)[: mask.sum() - drop])
            assert places(after.masks[name] & mask) == left
            assert (after.masks[name] & ~mask).sum() == drop
    first, second = (steps[n].after.masks for n in moves(steps))
    grown = [places(m & ~steps[0].before.masks[n]) for n, m in first.items()]
    again = [places(m & ~first[n]) for n, m in second.items()]
    assert grown != again, "other draws at another update"


def test_random_growth_is_uniform() -> None:
    """Each pruned weight is as likely as another: chi-square over 300 updates, p > 1e-4."""
    from sparsetool.masks.moving import grown_at_random
    from sparsetool.ticket.draws import Draws

    mask = np.zeros((5, 8), dtype=bool)
    mask[0] = True
    found = np.zeros(mask.shape)
    for seed in range(300):
        found += grown_at_random(mask, ~mask, 4, Draws(seed, "update", name="w#0")) & ~mask
    assert not found[0].any()
    expected = 300 * 4 / 32
    chi = ((found[1:] - expected) ** 2 / (expected * (1 - 4 / 32))).sum()
    assert chi < 66, "the 99.99th percentile of chi-square with 31 degrees of freedom is 66.6"


def test_draws_differ_between_layers_steps_and_epochs() -> None:
    drawn = []
    for trained in (0, 5):
        moving = learner(start(), update="set").moving
        moving.trained = trained
        drawn += [moving._draws(n, s).words(1)[0] for n in ("a", "b") for s in (1, 2, 7)]
    assert len(set(drawn)) == 12


@pytest.mark.parametrize("soft", [False, True])
def test_updates_of_mest(soft: bool) -> None:
    """|w| + lambda |gradient| of that step, the fraction in steps; a soft bound holds more."""
    ticket = start()
    _, steps = watched(
        ticket, update="mest", update_every=2, drop_fraction="0.2", gradient_factor=0.5, soft=soft
    )
    sound(steps)
    until, number = 14, list(ticket.kept_by_layer.values())
    for at in moves(steps):
        fraction = 0.2 if at < 0.75 * until else 0.1 if at < until else 0
        step = steps[at]
        slopes = dense_gradients(step)
        for layer, (name, mask) in enumerate(step.before.masks.items()):
            exchanged = min(int(fraction * number[layer]), mask.size - number[layer])
            keep = number[layer] - exchanged * (not soft)
            # The optimiser has stepped: weights are those behind it, where both masks hold them.
            rate, momentum, decay = step.rate, 0.9, 1e-4
            slope = np.where(mask, slopes[name], 0)
            speed = (
                momentum * step.before.momentum[name] + slope + decay * step.before.weights[name]
            )
            weight = step.before.weights[name] - rate * speed
            scores = np.abs(weight) + 0.5 * np.abs(slope)
            left = set(order(scores, mask)[:keep])
            found = places(step.after.masks[name] & mask)
            assert left <= found
            if (~mask).sum() >= exchanged:
                assert found == left
            assert step.after.masks[name].sum() == keep + exchanged
    assert kept(steps[-1].after.masks) == number
    if soft:
        assert max(sum(kept(step.after.masks)) for step in steps) > ticket.kept


# -- gradual pruning -----------------------------------------------------------------------------


def test_the_cubic_of_gmp_point_by_point() -> None:
    """Six prunings of 18 steps before step 14; each keeps the largest of all layers together."""
    ticket = start(None)
    made, steps = watched(ticket, update="gmp", to="0.9", update_every=2)
    sound(steps)
    assert moves(steps) == [2, 4, 6, 8, 10, 12]
    for i, number in enumerate(moves(steps), 1):
        sparsity = 0.9 + (0 - 0.9) * (1 - i / 6) ** 3
        before, after = steps[number - 1].after, steps[number].after
        want = round((1 - sparsity) * ticket.total)
        assert abs(sum(kept(after.masks)) - want) <= 1
        weights = np.concatenate([w.reshape(-1) for w in before.weights.values()])
        alive = np.concatenate([m.reshape(-1) for m in before.masks.values()])
        chosen = set(order(np.abs(weights), alive)[: sum(kept(after.masks))])
        assert places(np.concatenate([m.reshape(-1) for m in after.masks.values()])) == chosen
    assert made.moving.masks() is not None
    assert sum(kept(steps[-1].after.masks)) == round(0.1 * ticket.total)


def test_gmp_star_prunes_much_at_once_and_restarts_its_rate() -> None:
    ticket = start(None)
    _, steps = watched(ticket, update="gmp-star", to="0.9", update_every=4)
    sound(steps)
    assert moves(steps) == [4, 8, 12]
    counts = [sum(kept(steps[n].after.masks)) / ticket.total for n in (4, 8, 12)]
    assert counts == pytest.approx([0.3, 0.1 + 0.2 / 8, 0.1], abs=1e-3)
    rates = [step.rate for step in steps]
    assert rates[:5] == pytest.approx([0.1, 0.0775, 0.055, 0.0325, 0.1])
    assert [n for n in range(1, 18) if rates[n] > rates[n - 1]] == [4, 8, 12]


def test_one_update_of_granet() -> None:
    """Pruned by the cubic in all layers, then a part exchanged in each, behind the descent."""
    ticket = start("0.5")
    _, steps = watched(ticket, update="granet", to="0.9", update_every=3)
    sound(steps)
    assert moves(steps) == [3, 6, 9, 12, 15]
    last = 6  # the last multiple of 3 before half of 18 steps
    for number in moves(steps):
        step = steps[number]
        left = max(0.0, 1 - number / last) ** 3
        keep = round(0.1 * ticket.total + (ticket.kept - 0.1 * ticket.total) * left)
        assert abs(sum(kept(step.after.masks)) - keep) <= 1
    step = steps[12]  # no pruning any more: each layer exchanges
    fraction = 0.5 / 2 * (1 + math.cos(math.pi * 12 / 18))
    slopes = dense_gradients(step)
    for name, mask in step.before.masks.items():
        speed = 0.9 * step.before.momentum[name] + np.where(mask, slopes[name], 0)
        weight = step.before.weights[name]
        weight = weight - step.rate * (speed + 1e-4 * weight)
        drop = int(fraction * mask.sum())
        rest = set(order(np.abs(weight), mask)[: mask.sum() - drop])
        free = np.ones(mask.shape, dtype=bool)
        free.reshape(-1)[list(rest)] = False
        grown = set(order(np.abs(slopes[name]), free)[:drop])
        assert places(step.after.masks[name]) == rest | grown


def test_a_layer_keeps_one_weight_at_least() -> None:
    """One layer's weights are made tiny: a global ranking would empty it."""
    ticket = start(None)
    tiny = {**ticket.weights, "fc2.weight": ticket.weights["fc2.weight"] * np.float32(1e-12)}
    small = ticket.derive("odd", {}, weights=tiny)
    made, steps = watched(small, update="gmp", to="0.95", update_every=4, lr=1e-9)
    assert made.held.masks["fc2.weight"].sum() == 1
    assert sum(kept(steps[-1].after.masks)) == round(0.05 * ticket.total)


# -- AC/DC ---------------------------------------------------------------------------------------


def test_the_phases_of_ac_dc() -> None:
    """20 epochs of 6 steps: dense until 1, then 2 and 2 in turn, compressed from 17 on."""
    ticket = start(None)
    _, steps = watched(ticket, update="ac-dc", to="0.9", epochs=20, lr=0.01)
    sound(steps)
    goal = round(0.1 * ticket.total)
    for number, step in enumerate(steps):
        epoch = number / 6
        compressed = epoch >= 17 or (epoch >= 1 and (epoch - 1) // 2 % 2 == 0)
        want = goal if compressed else ticket.total
        assert sum(kept(step.after.masks)) == want, number
    opened = next(n for n in moves(steps) if sum(kept(steps[n].after.masks)) == ticket.total)
    before = steps[opened].before
    # The first step of a dense phase goes from zeros.
    for name, mask in before.masks.items():
        assert not before.weights[name][~mask].any()
        assert (steps[opened].after.weights[name][~mask] != 0).any()


# -- other weights than are trained ----------------------------------------------------------------


def test_top_kast_trains_more_than_it_computes_with() -> None:
    ticket = start(None)
    made = learner(ticket, update="top-kast", to="0.9", update_every=2, lr=0.05)
    made.run_epoch(lambda: False)
    density = 0.1
    first = made.seen[0]
    inside = {n: m.numpy() for n, m in made.moving.spent.ever.items()}
    assert all(m.all() for m in inside.values()), "the dense beginning was kept"
    parts = {n: w.size * density for n, w in first.before.weights.items()}
    share = {n: int(part) for n, part in parts.items()}
    short = round(density * ticket.total) - sum(share.values())
    for name in sorted(parts, key=lambda n: share[n] - parts[n])[:short]:
        share[name] += 1
    ranked = {
        n: order(np.abs(w), np.ones(w.shape, dtype=bool)) for n, w in first.before.weights.items()
    }
    shown = {n: w.copy() for n, w in first.before.weights.items()}
    for name, weight in shown.items():
        weight.reshape(-1)[ranked[name][share[name] :]] = 0
    slopes = dense_gradients(replace(first, before=replace(first.before, weights=shown)))
    for name, weight in first.before.weights.items():
        forward, trained = ranked[name][: share[name]], ranked[name][: 2 * share[name]]
        changed = places(first.after.weights[name] != weight)
        assert changed <= set(trained)
        # The gradient at what is computed with, and the further decay outside it.
        decay = np.full(weight.size, 1e-4 / (len(forward) / weight.size))
        decay[forward] = 1e-4
        want = weight - first.rate * (slopes[name] + decay.reshape(weight.shape) * weight)
        for place in trained:
            assert first.after.weights[name].flat[place] == pytest.approx(
                want.flat[place], abs=1e-6
            )
    assert sum(int(m.sum()) for m in (made.moving.masks() or {}).values()) == round(
        density * ticket.total
    )
    shown = made.weights()
    for name, mask in (made.moving.masks() or {}).items():
        assert not shown[name].view(np.int32)[~mask].any()


def test_the_step_of_str_is_the_derivative_of_its_threshold() -> None:
    """One step in float64 by autograd through sign(w) relu(|w| - sigmoid(s))."""
    import torch
    from torch.nn.functional import cross_entropy

    ticket = start(None)
    made = learner(ticket, update="str", s_init=-2.0, momentum=0.5)
    s0 = -2.0
    made.run_epoch(lambda: len(made.seen) == 1)
    step = made.seen[0]
    names = list(step.before.weights)
    weights = {n: torch.tensor(step.before.weights[n].astype(np.float64)) for n in names}
    weights = {n: w.requires_grad_() for n, w in weights.items()}
    thresholds = {n: torch.tensor(s0, dtype=torch.float64, requires_grad=True) for n in names}
    x = step.images.double().flatten(1)
    for at, name in enumerate(names):
        w = weights[name]
        seen = w.sign() * (w.abs() - thresholds[name].sigmoid()).relu()
        x = x @ seen.t() + torch.tensor(step.before.biases[name.replace("weight", "bias")])
        x = x.relu() if at < len(names) - 1 else x
    cross_entropy(x, step.labels).backward()
    for name in names:
        slope = thresholds[name].grad + 1e-4 * s0
        found = float(made.moving.memory[f"s/{name}"])
        assert found == pytest.approx(s0 - step.rate * float(slope), abs=1e-6)
        wanted = weights[name].grad + 1e-4 * weights[name]
        want = (weights[name] - step.rate * wanted).detach().numpy()
        assert step.after.weights[name] == pytest.approx(want, abs=1e-5)
    masks = made.moving.masks() or {}
    for name, shown in made.weights().items():
        if name in masks:
            assert ((shown != 0) == masks[name]).all()
            assert 0 < masks[name].sum() < masks[name].size


# -- what a ticket and its record say --------------------------------------------------------------


def test_a_record_counts_what_masks_did() -> None:
    """Over the steps of a cycle, by hand from the masks that were seen."""
    ticket = start()
    _, steps = watched(ticket, update="rigl", update_every=4)
    examples = [len(step.labels) for step in steps]
    names = list(ticket.shapes)
    want = {"kept": [0] * len(names), "gradient": [0] * len(names)}
    ever = {n: m.copy() for n, m in steps[0].before.masks.items()}
    grown = 0
    for number, (step, count) in enumerate(zip(steps, examples, strict=True)):
        for at, name in enumerate(names):
            mask = step.before.masks[name]
            want["kept"][at] += count * int(mask.sum())
            dense = number in (4, 8, 12)
            want["gradient"][at] += count * (mask.size if dense else int(mask.sum()))
            grown += int((step.after.masks[name] & ~mask).sum())
            ever[name] |= step.after.masks[name]
    result = train_cycles(ticket, epochs=3, batch_size=240, lr=0.1, update="rigl", update_every=4)
    said = result.lineage[-1]["achieved"]
    assert said["kept_examples"] == want["kept"]
    assert said["gradient_examples"] == want["gradient"]
    assert (said["updates"], said["dense_steps"]) == (3, 3)
    assert said["grown"] == said["dropped"] == grown > 0
    assert said["ever_kept"] == sum(int(m.sum()) for m in ever.values()) > ticket.kept
    assert {n: m.tolist() for n, m in result.masks.items()} == {
        n: m.tolist() for n, m in steps[-1].after.masks.items()
    }


@pytest.mark.parametrize(
    ("update", "sparsity", "more"),
    [
        *[(name, "0.8", {}) for name in ("set", "rigl", "mest")],
        *[(name, None, {"to": "0.9"}) for name in ("gmp", "gmp-star", "ac-dc", "top-kast")],
        ("granet", "0.5", {"to": "0.9"}),
        ("str", None, {}),
    ],
)
def test_cycles_add_up_whatever_moves(update: str, sparsity: str | None, more: dict) -> None:
    """`--n 1` and then `--n 1` is `--n 2`, under AdamW for a change; sparsities are exact."""
    asked = dict(epochs=2, batch_size=240, update=update, optimizer="adamw", lr=0.01, **more)
    ticket = start(sparsity)
    whole = train_cycles(ticket, n=2, **asked)
    assert train_cycles(train_cycles(ticket, **asked), **asked).to_bytes() == whole.to_bytes()
    if "to" in more:
        assert whole.kept == round(0.1 * ticket.total)
    elif sparsity is not None:
        assert whole.kept_by_layer == ticket.kept_by_layer
    assert not whole.off_mask()

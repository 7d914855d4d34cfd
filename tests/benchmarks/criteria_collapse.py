"""Which criteria leave a network connected: empty layers at high sparsity, over seeds.

    python tests/benchmarks/criteria_collapse.py --model resnet20 --data cifar10
    python tests/benchmarks/criteria_collapse.py --model resnet18 --data cifar10 --seeds 5

For each criterion and sparsity: how many prunable layers are empty, for each seed, and whether a
path leads from input to output where the network's graph was traced. SNIP looks at data and is
left out unless --snip is given.
"""

from __future__ import annotations

import argparse
import time

from sparsetool import init, mask
from sparsetool.layer_graph.paths import connectivity


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default="resnet20")
    parser.add_argument("--data", default="cifar10")
    parser.add_argument("--data-root")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--sparsities", nargs="+", default=["0.9", "0.95", "0.98", "0.99"])
    parser.add_argument("--snip", action="store_true", help="also SNIP, which needs the data")
    parser.add_argument("--threads", default="1")
    given = parser.parse_args()
    synflow = {"criterion": "synflow", "threads": given.threads}
    ways: dict[str, dict[str, object]] = {
        "magnitude": {"criterion": "magnitude"},
        "synflow, 1 round": {**synflow, "iterations": 1},
        "synflow, 100 rounds": synflow,
    }
    if given.snip:
        snip = {"criterion": "snip", "data_root": given.data_root, "threads": given.threads}
        ways = {"snip, 1 round": snip, **ways}
    print(
        f"{given.model} on {given.data}: empty layers (x: no path) for seeds 0 to {given.seeds - 1}"
    )
    for words, how in ways.items():
        for sparsity in given.sparsities:
            found, start = [], time.perf_counter()
            for seed in range(given.seeds):
                made = mask(init(given.model, data=given.data, seed=seed), sparsity=sparsity, **how)
                state = connectivity(made)
                found.append(f"{len(state.empty)}{'x' if state.connected is False else ''}")
            spent = (time.perf_counter() - start) / given.seeds
            print(
                f"{words:20s} {sparsity:5s} {' '.join(found):16s} {spent:6.1f} s each", flush=True
            )


if __name__ == "__main__":
    main()

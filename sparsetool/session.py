"""One call of `train-cycles` at the shell: its files, its run folder, what it says, how it stops.

The training itself is `training.cycles`; here is what surrounds it (contract.md, section 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import stream
from .errors import SparsetoolError, UsageError
from .flow import Job
from .interrupts import Interrupts
from .reporter import Reporter, figures
from .ticket import Ticket
from .training import runs
from .training.code import name_model
from .training.cycles import train_cycles
from .training.settings import Settings, asked_epochs, cut, fingerprint, is_result, resolve


@dataclass
class Session:
    """What was asked of `train-cycles` besides how to train.

    Attributes:
        job: Input and output.
        n: Cycles.
        stop_after: Epochs after which to stop, or None.
        saves: Path by epoch of `--save-epoch`.
        keep: Folder of `--keep`.
        keep_every: Epochs between further tickets in that folder, or None.
        log: Path of `--log`.
        data_root: Folder of data sets.
        model: The value of `--model`.
        eval_every: Epochs between evaluations.
        limit: Seconds to work at most, or None.
        stored: Whether to keep progress in a run folder.
    """

    job: Job
    n: int
    stop_after: int | None = None
    saves: Mapping[int, str] = field(default_factory=dict)
    keep: str | None = None
    keep_every: int | None = None
    log: str | None = None
    data_root: str | None = None
    model: str | None = None
    eval_every: int = 1
    limit: float | None = None
    stored: bool = True

    def run(self, asked: Mapping[str, Any]) -> None:
        """Train, or find that everything asked for is there already."""
        start = self.job.read()
        name_model(start, self.model)
        settings = resolve(start, asked, self.data_root)
        epochs = cut(asked_epochs(settings, self.n), self.stop_after)
        target = self.job.target()
        files = self._files(target, epochs)
        there = self._present(files, start, settings, epochs)
        if target.path is not None and len(there) == len(files):
            return
        self._folders()
        data = fingerprint(settings.data, self.data_root)
        key, store = self._store(start, settings, data)
        watch = Reporter(self, files, key, self.n, target.path is None)
        try:
            with self._alone(store), Interrupts(self.limit) as watch.interrupts:
                watch.start_log(store)
                result = train_cycles(
                    start,
                    n=self.n,
                    stop_after=self.stop_after,
                    save_epochs=sorted(set(files.values())),
                    data_root=self.data_root,
                    eval_every=self.eval_every,
                    store=store,
                    watch=watch,
                    settings=settings,
                )
        finally:
            watch.close()
        if target.path not in there:
            self.job.write(target, result, figures(result))
        elif Ticket.load(str(target.path)).digest != result.digest:
            raise SparsetoolError(
                f"{target.name} was there already, but training again led elsewhere: the other "
                "files asked for do not belong to it (another machine or build?)"
            )

    def _files(self, target: stream.Target, epochs: list[int]) -> dict[Path, int]:
        """Every ticket file asked for, with the epochs of this command it holds."""
        files = {Path(path): k for k, path in self.saves.items()}
        late = [k for k in self.saves if k > sum(epochs)]
        if late:
            raise UsageError(f"--save-epoch {late[0]}: this command trains {sum(epochs)} epochs")
        if len(files) < len(self.saves):
            raise UsageError("--save-epoch names one file twice")
        if self.keep is not None:
            for k in range(
                self.keep_every or sum(epochs) + 1, sum(epochs) + 1, self.keep_every or 1
            ):
                files[Path(self.keep) / f"epoch-{k}.st"] = k
            for cycle in range(self.n):
                if sum(epochs[: cycle + 1]) and cycle < len(epochs):
                    files[Path(self.keep) / f"cycle-{cycle + 1}.st"] = sum(epochs[: cycle + 1])
        if target.path is not None:
            if target.path in files:
                raise UsageError(f"{target.path} is asked for twice")
            files[target.path] = sum(epochs)
        return files

    def _present(
        self, files: Mapping[Path, int], start: Ticket, settings: Settings, epochs: list[int]
    ) -> list[Path]:
        """Files asked for that are there already; refuses files that are something else."""
        there = []
        for path, count in files.items():
            wanted = cut(epochs, count)

            def matches(old: Ticket, wanted: list[int] = wanted) -> bool:
                return is_result(old, start.digest, settings, wanted)

            if self.job.present(stream.Target(path), matches):
                there.append(path)
        return there

    def _folders(self) -> None:
        """Make the folder of `--keep`; refuse files whose folder is missing."""
        try:
            if self.keep is not None:
                Path(self.keep).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SparsetoolError(f"cannot make the folder {self.keep}: {error.strerror}") from None
        for path in [*self.saves.values(), *([self.log] if self.log else [])]:
            stream.target(path, None)

    def _store(self, start: Ticket, settings: Settings, data: str) -> tuple[str, runs.Memory]:
        parts = {
            "verb": "train-cycles",
            "options": [settings.options(cycle) for cycle in range(min(self.n, 2))],
            "n": self.n,
            "seed": settings.seed,
            "input": start.digest,
            "fingerprint": data,
        }
        key = runs.run_key(parts)
        if not self.stored:
            return key, runs.Memory()
        folder = runs.RunFolder(runs.state_folder() / "runs" / key)
        if "model" not in folder.facts:
            about = {"model": start.meta["model"], "sparsity": start.sparsity}
            folder.settle({**about, **parts, **folder.facts})
        return key, folder

    def _alone(self, store: runs.Memory) -> AbstractContextManager[None]:
        if not isinstance(store, runs.RunFolder):
            return nullcontext()
        return store.locked(lambda: self.job.say("another process trains this very run: waiting"))

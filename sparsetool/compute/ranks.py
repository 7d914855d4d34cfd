"""Several processes that train one ticket together, started by torchrun (or anything like it).

    torchrun --nproc-per-node 4 -m -- sparsetool train-cycles --n 4 start.st -o trained.st

(Without the two dashes torchrun takes `--n` and `--log` for beginnings of its own options.)
Each process is a rank. Rank 0 alone reads, writes and prints; all hold the
same weights and masks, take a share of every batch, and average gradients. Whatever decides where
the program goes next is agreed on, so that all ranks always meet in the same collectives.

Slurm: every rank stops at the same step on SIGTERM, SIGUSR1 or `--time-limit` and leaves with the
exit code of `sparsetool guide promises`, "Exit codes" (75 for the latter two). torchrun itself ends
with 1 whatever the code was, and it passes SIGUSR1 on only with `--signals-to-handle
SIGTERM,SIGINT,SIGHUP,SIGQUIT,SIGUSR1`. A batch script with `srun torchrun ...` therefore requeues
by what is there: as long as the file after `-o` is missing and `sparsetool runs` shows progress,
`scontrol requeue $SLURM_JOB_ID`; the same command carries on. Where srun starts the ranks itself,
exit code 75 means requeue.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import EveryRank, SparsetoolError, UsageError

if TYPE_CHECKING:
    from torch import Tensor

T = TypeVar("T")
POLL = 0.05  # seconds between two looks while rank 0 does something that may take hours


class LostRank(SparsetoolError):
    """Another process of the training is gone; each that is left says so itself."""


class Ranks:
    """The processes of one training, seen from one of them; alone by default.

    As a context it joins the others and leaves them again. Alone, everything here does nothing
    and torch.distributed is never imported.

    Args:
        rank: This process among all, from 0.
        size: Number of processes.
        local: This process among those of its host, from 0.
        neighbours: Number of processes on its host.
    """

    def __init__(self, rank: int = 0, size: int = 1, local: int = 0, neighbours: int = 1) -> None:
        self.rank, self.size, self.local, self.neighbours = rank, size, local, neighbours
        self.is_first = rank == 0
        self._store: Any = None
        self._waits = 0
        self._ending: BaseException | None = None

    @classmethod
    def from_environment(cls, given: Mapping[str, str] | None = None) -> Ranks:
        """The ranks that torchrun's variables name; one process alone where there are none.

        Raises:
            UsageError: The variables do not fit together.
        """
        env = os.environ if given is None else given
        names = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")
        try:
            rank, size = int(env.get(names[0], 0)), int(env.get(names[1], 1))
            local, neighbours = int(env.get(names[2], rank)), int(env.get(names[3], 1))
        except ValueError:
            rank, size, local, neighbours = -1, 0, 0, 0
        if not (0 <= rank < size and local >= 0 and neighbours >= 1):
            found = ", ".join(f"{n}={env[n]}" for n in names if n in env)
            raise UsageError(f"torchrun's variables do not fit together: {found}")
        return cls(rank, size, local, neighbours)

    # -- joining and leaving -----------------------------------------------------------------

    def __enter__(self) -> Ranks:
        if self.size == 1:
            return self
        import torch
        from torch import distributed

        # Small agreements go over the CPU: they must not wait for a GPU's queue.
        backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
        try:
            self._store, _, _ = next(distributed.rendezvous("env://"))  # type: ignore[attr-defined]
            distributed.init_process_group(
                backend, store=self._store, rank=self.rank, world_size=self.size
            )
        except (RuntimeError, ValueError, OSError) as error:
            first = str(error).strip().splitlines()[0]
            raise SparsetoolError(f"rank {self.rank} cannot join the others: {first}") from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.size == 1:
            return
        from torch import distributed

        if error is None or error is self._ending:
            # The launcher ends all others as soon as one has ended.
            with contextlib.suppress(LostRank):
                self.agree(0)
        distributed.destroy_process_group()

    @contextlib.contextmanager
    def meeting(self) -> Iterator[None]:
        """Something that all ranks do together.

        Raises:
            LostRank: Another rank is gone.
        """
        try:
            yield
        except RuntimeError as error:
            if self.size == 1 or not _is_loss(error):
                raise
            raise LostRank(
                f"rank {self.rank}: another rank has stopped; progress up to the last state is "
                "kept, the same command carries on"
            ) from None

    def together(self, error: SparsetoolError) -> SparsetoolError:
        """Note an error that every rank is about to raise (or its like); returns it."""
        self._ending = error
        return error

    # -- doing the same ----------------------------------------------------------------------

    def from_first(self, function: Callable[[], T], patient: bool = False) -> T:
        """What `function` gives on rank 0, on all ranks; it runs nowhere else.

        Args:
            function: What it gives can be pickled.
            patient: It may take longer than a collective waits.

        Raises:
            EveryRank: It failed with a `SparsetoolError` (which rank 0 itself raises).
            LostRank: Another rank is gone.
        """
        if self.size == 1:
            return function()
        from torch import distributed

        own: SparsetoolError | None = None
        box: list[Any] = [None]
        if self.is_first:
            try:
                box = [(function(), None)]
            except SparsetoolError as error:
                own, box = error, [(None, (str(error), error.code))]
        try:
            with self.meeting():
                if patient:
                    self._await()
                distributed.broadcast_object_list(box, src=0)
        except LostRank as lost:
            raise own or lost from None
        value, failure = box[0]
        if failure is not None:
            raise self.together(own or EveryRank(*failure))
        result: T = value
        return result

    def _await(self) -> None:
        """Wait for rank 0, without a time limit; signals are still handled."""
        self._waits += 1
        key = f"sparsetool/{self._waits}"
        if self.is_first:
            self._store.set(key, "done")
        while not self._store.check([key]):
            time.sleep(POLL)

    def everywhere(self, function: Callable[[], T]) -> T:
        """Run `function` on every rank; if any fails, all fail with the first one's error.

        It must hold no collective.

        Raises:
            EveryRank: It failed with a `SparsetoolError` (which the first that failed raises).
            LostRank: Another rank is gone.
        """
        if self.size == 1:
            return function()
        from torch import distributed

        failures: list[Any] = [None] * self.size
        own: SparsetoolError | None = None
        try:
            result = function()
        except SparsetoolError as error:
            own = error
        with self.meeting():
            distributed.all_gather_object(failures, own and (str(own), own.code))
        for rank, failure in enumerate(failures):
            if failure is not None:
                text = failure[0] if rank == 0 else f"rank {rank}: {failure[0]}"
                same = own if self.is_first and rank == 0 else None
                raise self.together(same or EveryRank(text, failure[1]))
        return result

    def agree(self, code: int, due: bool = False) -> tuple[int, bool]:
        """The largest exit code that any rank wants to stop with, and whether any says `due`."""
        if self.size == 1:
            return code, due
        import torch
        from torch import distributed

        wishes = torch.tensor([code, int(due)])
        with self.meeting():
            distributed.all_reduce(wishes, op=distributed.ReduceOp.MAX)
        return int(wishes[0]), bool(wishes[1])

    # -- tensors -----------------------------------------------------------------------------

    def share(self, count: int) -> slice:
        """This rank's part of a batch of `count` examples; parts differ by one at most."""
        return slice(count * self.rank // self.size, count * (self.rank + 1) // self.size)

    def sum_(self, *tensors: Tensor) -> None:
        """Replace tensors (the same shapes on all ranks) by their sums over ranks."""
        if self.size == 1:
            return
        from torch import distributed

        with self.meeting():
            for tensor in tensors:
                distributed.all_reduce(tensor)


ALONE = Ranks()


def _is_loss(error: RuntimeError) -> bool:
    """Whether a collective failed because of another rank (torch has no one type for that)."""
    from torch import distributed

    signs = ("gloo", "NCCL", "Connection closed", "Connection reset")
    return isinstance(error, distributed.DistError) or any(s in str(error) for s in signs)

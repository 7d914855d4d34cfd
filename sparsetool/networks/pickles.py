"""Pickles read without running them: a machine that knows data, and names code but never calls it.

`pickle.load` runs whatever a file asks for. Here each operation is done by hand: numbers, text,
lists and dictionaries become themselves; a class or a function of the file is only a `Name`. What a
file wants done with a name is done where `Rebuild` lists that name, else it becomes a `Thing`:
an object told by its class, that holds what it was given. So a checkpoint beside which somebody
saved options or a learning-rate schedule can be read, and nothing in it can act.

Work and memory are bounded by the size of the file and by `MOST`; nothing here recurses.
"""

from __future__ import annotations

import io
import pickletools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ..errors import SparsetoolError

MOST = 2_000_000  # operations; the state of an optimizer of a thousand tensors takes 100,000
Rebuild = Mapping[str, Callable[..., Any]]
DAMAGE = (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, EOFError)


@dataclass(frozen=True)
class Name:
    """A class or function that a file names, by its full dotted name."""

    text: str


@dataclass
class Thing:
    """An object that was not made: the name of its class, and what it was given."""

    name: str
    args: tuple = ()
    state: Any = None


@dataclass
class Machine:
    """Reads one pickle.

    Attributes:
        rebuild: What is done for the names that may be called.
        known: Whether a name is one to be expected beside weights.
        persistent: Gives what a persistent id stands for (torch: a storage).
        strange: Names that were met and are not known, in order.
    """

    rebuild: Rebuild
    known: Callable[[str], bool]
    persistent: Callable[[Any], Any] | None = None
    strange: list[str] = field(default_factory=list)

    def load(self, file: io.RawIOBase, name: str) -> Any:
        """The object that a pickle describes; `file` is left behind its end.

        Raises:
            SparsetoolError: It is damaged, or too long.
        """
        self.stack: list[Any] = []
        self.marks: list[list[Any]] = []
        self.memo: dict[int, Any] = {}
        try:
            for count, (operation, argument, _) in enumerate(pickletools.genops(cast(Any, file))):
                if count > MOST:
                    raise SparsetoolError(
                        f"{name}: its pickle has more than {MOST:,} operations, too many for a "
                        "checkpoint: save the weights alone"
                    )
                if operation.name == "STOP":
                    return self.stack.pop()
                self._do(operation.name, argument)
        except DAMAGE as error:
            raise SparsetoolError(
                f"{name}: its pickle is damaged or cut short ({_short(error)})"
            ) from None
        raise SparsetoolError(f"{name}: its pickle ends before it is complete")

    def _do(self, operation: str, argument: Any) -> None:
        stack = self.stack
        if operation in CONSTANTS:
            stack.append(CONSTANTS[operation])
        elif operation in PUSHES:
            stack.append(argument)
        elif operation in EMPTY:
            stack.append(EMPTY[operation]())
        elif operation in ("PUT", "BINPUT", "LONG_BINPUT"):
            self.memo[int(argument)] = stack[-1]
        elif operation == "MEMOIZE":
            self.memo[len(self.memo)] = stack[-1]
        elif operation in ("GET", "BINGET", "LONG_BINGET"):
            stack.append(self.memo[int(argument)])
        elif operation == "MARK":
            self.marks.append(stack)
            self.stack = []
        elif operation not in ("PROTO", "FRAME"):
            step = STEPS.get(operation)
            if step is None:
                raise ValueError(f"{operation} has no place in a checkpoint")
            step(self, argument)

    def since_mark(self) -> list[Any]:
        """What was pushed after the last mark."""
        found, self.stack = self.stack, self.marks.pop()
        return found

    def name(self, text: str) -> Name:
        if text not in self.rebuild and not self.known(text) and text not in self.strange:
            self.strange.append(text)
        return Name(text)

    def call(self, what: Any, arguments: Any) -> Any:
        if not isinstance(what, Name) or not isinstance(arguments, tuple):
            raise ValueError("a call of what is no function")
        if what.text in self.rebuild:
            return self.rebuild[what.text](*arguments)
        return Thing(what.text, arguments)

    def build(self, held: Any, state: Any) -> None:
        if isinstance(held, Thing):
            held.state = state
        elif hasattr(held, "take_state"):
            held.take_state(state)


def _short(error: Exception) -> str:
    text = str(error).splitlines()
    return (text[0] if text else type(error).__name__)[:80]


def _key(value: Any) -> Any:
    """A dictionary's key, without asking a nest of tuples for its hash."""
    flat = (str, int, float, bytes, type(None), Name)
    if isinstance(value, flat):
        return value
    if isinstance(value, tuple) and all(isinstance(v, flat) for v in value):
        return value
    return "object", id(value)


def _fill(held: Any, flat: list[Any]) -> None:
    if isinstance(held, dict):
        for key, value in zip(flat[::2], flat[1::2], strict=True):
            held[_key(key)] = value


def _extend(held: Any, values: list[Any]) -> None:
    if isinstance(held, list):
        held.extend(values)


def _tuple(machine: Machine, count: int) -> None:
    values = tuple(machine.stack[len(machine.stack) - count :])
    if len(values) != count:
        raise IndexError("nothing to take")
    del machine.stack[len(machine.stack) - count :]
    machine.stack.append(values)


def _gathered(machine: Machine, kind: Callable[[list[Any]], Any]) -> None:
    values = machine.since_mark()
    machine.stack.append(kind(values))


def _append(machine: Machine, _: Any) -> None:
    value = machine.stack.pop()
    _extend(machine.stack[-1], [value])


def _appends(machine: Machine, _: Any) -> None:
    values = machine.since_mark()
    _extend(machine.stack[-1], values)


def _setitem(machine: Machine, _: Any) -> None:
    value, key = machine.stack.pop(), machine.stack.pop()
    _fill(machine.stack[-1], [key, value])


def _setitems(machine: Machine, _: Any) -> None:
    values = machine.since_mark()
    _fill(machine.stack[-1], values)


def _dict(machine: Machine, _: Any) -> None:
    held: dict = {}
    _fill(held, machine.since_mark())
    machine.stack.append(held)


def _global(machine: Machine, argument: Any) -> None:
    machine.stack.append(machine.name(str(argument).replace(" ", ".")))


def _stack_global(machine: Machine, _: Any) -> None:
    name, module = machine.stack.pop(), machine.stack.pop()
    if not isinstance(name, str) or not isinstance(module, str):
        raise ValueError("a name that is no text")
    machine.stack.append(machine.name(f"{module}.{name}"))


def _call(machine: Machine, _: Any) -> None:
    arguments, what = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(machine.call(what, arguments))


def _call_with_keywords(machine: Machine, _: Any) -> None:
    machine.stack.pop()
    _call(machine, _)


def _instance(machine: Machine, argument: Any) -> None:
    values = tuple(machine.since_mark())
    machine.stack.append(machine.call(machine.name(str(argument).replace(" ", ".")), values))


def _object(machine: Machine, _: Any) -> None:
    what, *values = machine.since_mark()
    machine.stack.append(machine.call(what, tuple(values)))


def _build(machine: Machine, _: Any) -> None:
    state = machine.stack.pop()
    machine.build(machine.stack[-1], state)


def _persistent(machine: Machine, argument: Any) -> None:
    key = machine.stack.pop() if argument is None else argument
    if machine.persistent is None:
        raise ValueError("it refers to something outside itself")
    machine.stack.append(machine.persistent(key))


CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
PUSHES = {
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
    *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE"),
    *("BINUNICODE8", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
}
EMPTY: dict[str, Callable[[], Any]] = {
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
    "EMPTY_DICT": dict,
    "EMPTY_SET": list,
}
STEPS: dict[str, Callable[[Machine, Any], object]] = {
    "POP": lambda m, _: m.stack.pop() if m.stack else m.since_mark(),
    "POP_MARK": lambda m, _: m.since_mark(),
    "DUP": lambda m, _: m.stack.append(m.stack[-1]),
    "TUPLE": lambda m, _: _gathered(m, tuple),
    "TUPLE1": lambda m, _: _tuple(m, 1),
    "TUPLE2": lambda m, _: _tuple(m, 2),
    "TUPLE3": lambda m, _: _tuple(m, 3),
    "LIST": lambda m, _: _gathered(m, list),
    "FROZENSET": lambda m, _: _gathered(m, list),
    "DICT": _dict,
    "APPEND": _append,
    "APPENDS": _appends,
    "ADDITEMS": _appends,
    "SETITEM": _setitem,
    "SETITEMS": _setitems,
    "GLOBAL": _global,
    "STACK_GLOBAL": _stack_global,
    "REDUCE": _call,
    "NEWOBJ": _call,
    "NEWOBJ_EX": _call_with_keywords,
    "INST": _instance,
    "OBJ": _object,
    "BUILD": _build,
    "PERSID": _persistent,
    "BINPERSID": _persistent,
}

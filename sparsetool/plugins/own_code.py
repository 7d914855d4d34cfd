"""A user's own code: `FILE.py:FUNCTION`, run only where the command line names it.

A ticket names code as `net.py:factory@sha256:HEX`: the file's name without its folder, the
function, and the SHA-256 of the file's bytes. That is part of the `model` (or `data`) fact itself,
so that no ticket can carry the one without the other, and no path gets into a ticket. Reading a
ticket never runs code. `allow` is called with what the command line (or a notebook) says, and
`function` only gives what was allowed so and has the recorded digest.

The digest covers the named file alone; what it imports is the user's to keep.
"""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from ..errors import SparsetoolError, UsageError, nearest
from ..files import open_file
from . import find, guest

if TYPE_CHECKING:
    from ..ticket.value import Ticket

MARK = "@sha256:"
PYTHON = "python:"  # begins the recorded name of a function that is in no file
# File and function, or the function itself, by recorded name: what may be run here.
Leave = dict[str, "tuple[Path, str] | Callable[..., Any]"]
_ALLOWED: ContextVar[Leave] = ContextVar("_ALLOWED", default={})  # noqa: B039 - the process's own
_LOADED: dict[Path, tuple[str, ModuleType]] = {}  # digest and module, by file


def is_code(spec: object) -> bool:
    """Whether a model's or data set's name is code."""
    return isinstance(spec, str) and find.split(spec)[0] == "file"


def parts(spec: str) -> tuple[str, str, str | None]:
    """File, function and digest (None where not given) of `FILE.py:FUNCTION[@sha256:HEX]`.

    Raises:
        UsageError: It is nothing of the kind.
    """
    named, _, digest = spec.removeprefix("file:").partition(MARK)
    file, _, function = named.rpartition(":")
    if not file.endswith(".py") or not function.isidentifier():
        there = find.defined(Path(named))
        has = f": {named} has {', '.join(there)}" if there else ""
        raise UsageError(f"your own code is named FILE.py:FUNCTION, not '{spec}'{has}")
    return file, function, digest or None


def recorded_name(spec: str) -> str:
    """The name by which tickets record `FILE.py:FUNCTION`; gives no leave to run it.

    Raises:
        UsageError: It is no name of code.
        SparsetoolError: The file cannot be read, or has another digest than `@sha256:HEX` says.
    """
    return spec if is_allowed(spec) else _found(spec)[0]


def _found(spec: str) -> tuple[str, Path, str]:
    file, function, wanted = parts(spec)
    path = Path(file).expanduser().resolve()
    digest = hashlib.sha256(open_file(path)).hexdigest()
    if wanted not in (None, digest):
        raise SparsetoolError(_changed(path.name, digest, str(wanted)))
    return f"{path.name}:{function}{MARK}{digest}", path, function


def allow(spec: str) -> str:
    """Let this process run `FILE.py:FUNCTION`; the caller has it from whoever runs the program.

    Args:
        spec: With `@sha256:HEX` the file must have that digest.

    Returns:
        The name under which tickets record it.

    Raises:
        UsageError: It is no name of code.
        SparsetoolError: The file cannot be read, or has another digest.
    """
    if spec in _ALLOWED.get():
        return spec
    recorded, path, function = _found(spec)
    _ALLOWED.get()[recorded] = path, function
    return recorded


P = ParamSpec("P")
R = TypeVar("R")


def within_call(function: Callable[P, R]) -> Callable[P, R]:
    """A library function whose arguments may name code: that code may be run in this call alone."""

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        before = _ALLOWED.set(dict(_ALLOWED.get()))
        try:
            return function(*args, **kwargs)
        finally:
            _ALLOWED.reset(before)

    return call


def given(function: Callable[..., Any]) -> str:
    """Let this process run a function that was given in Python; returns its recorded name."""
    recorded = name_of(function)
    _ALLOWED.get()[recorded] = function
    return recorded


def is_ours(recorded: str) -> bool:
    """Whether a recorded name is no file's function and none that was given in Python."""
    return MARK not in recorded and not recorded.startswith(PYTHON)


def is_allowed(recorded: str) -> bool:
    """Whether this process may run what was recorded so."""
    return recorded in _ALLOWED.get()


def name_of(given: Callable[..., Any]) -> str:
    """The name by which tickets record a function that was given in Python.

    Where it is a function of a file, that is the name that the shell would have given it.
    """
    name = getattr(given, "__qualname__", type(given).__name__)
    code = getattr(given, "__code__", None)
    path = Path(code.co_filename) if code is not None else None
    if path is None or not name.isidentifier() or path.suffix != ".py" or not path.is_file():
        return f"{PYTHON}{name}"
    return f"{path.name}:{name}{MARK}{hashlib.sha256(open_file(path)).hexdigest()}"


def _changed(name: str, found: str, wanted: str) -> str:
    return (
        f"{name} has changed: its SHA-256 is {found[:12]}..., recorded is {wanted[:12]}...; "
        "give the file as it was"
    )


def function(recorded: str, option: str) -> Callable[..., Any]:
    """The function of a recorded name.

    Args:
        recorded: As `allow` returned it.
        option: The option that would allow it, for the message.

    Raises:
        SparsetoolError: It was not allowed; or the file has changed, fails, or lacks the function.
    """
    if not is_allowed(recorded):
        file, name, _ = parts(recorded)
        raise SparsetoolError(
            f"{file}:{name} is code, which is never run unless you name it: add "
            f"{option} {file}:{name} (in Python: sparsetool.allow)"
        )
    allowed = _ALLOWED.get()[recorded]
    if callable(allowed):
        return allowed
    path, name = allowed
    found = getattr(_module(path, recorded.partition(MARK)[2]), name, None)
    if not callable(found):
        there = find.defined(path)
        hint = f": {nearest(name, there)}" if there else ""
        raise SparsetoolError(f"{path.name} has no function '{name}'{hint}")
    return found


def _module(path: Path, digest: str) -> ModuleType:
    """The file as a module: the very bytes that have the digest, never a cached compilation."""
    if path in _LOADED and _LOADED[path][0] == digest:
        return _LOADED[path][1]
    content = bytes(open_file(path))
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise SparsetoolError(_changed(path.name, found, digest))
    module = ModuleType(f"sparsetool_code_{digest[:12]}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look their module up there
    try:
        compiled = compile(content, str(path), "exec")
    except (SyntaxError, ValueError) as error:
        del sys.modules[module.__name__]
        raise SparsetoolError(f"{path.name} is no Python: {error}") from None
    try:
        guest.run(
            lambda: _with_torchvision(lambda: exec(compiled, module.__dict__)),
            path.name,
            path.parent,
        )
    except BaseException:
        del sys.modules[module.__name__]
        raise
    _LOADED[path] = digest, module
    return module


def _with_torchvision(run: Callable[[], Any]) -> Any:
    """Run it; where it stops at importing torchvision, import that as we do and run it again."""
    try:
        return run()
    except RuntimeError as error:
        from ..compute.torchvision import FAILURE, torchvision

        if FAILURE not in str(error):
            raise
    torchvision()
    return run()


def call(what: Callable[..., Any], name: str, *args: Any, **given: Any) -> Any:
    """Call a user's function; whatever it raises becomes one line.

    Raises:
        SparsetoolError: It failed, or wanted to end the program.
    """
    file = getattr(sys.modules.get(getattr(what, "__module__", "")), "__file__", None)
    folder = None if file is None else Path(file).parent
    return guest.run(lambda: _with_torchvision(lambda: what(*args, **given)), name, folder)


def raised_in(error: BaseException) -> str | None:
    """Whose code raised an error: a user's file, one beside it, or a package; None if ours."""
    folders = {path.parent.resolve() for path in _LOADED}
    frame = error.__traceback__
    while frame is not None:
        file = Path(frame.tb_frame.f_code.co_filename)
        if file.is_file() and file.resolve().parent in folders:
            return file.name
        module = str(frame.tb_frame.f_globals.get("__name__")).partition(".")[0]
        if module in find.LOADED:
            return find.LOADED[module]
        frame = frame.tb_next
    return None


def name_model(ticket: Ticket, spec: str | None) -> None:
    """Take the value of `--model` for a ticket: it must be the ticket's own model.

    Raises:
        UsageError: It is another model.
        SparsetoolError: It is the ticket's code, but the file has changed.
    """
    if spec is None:
        return
    held = str(ticket.meta["model"])
    if is_code(held) and is_code(spec):
        file, function, wanted = parts(held)
        typed = parts(spec)
        if (Path(typed[0]).name, typed[1]) == (file, function):
            allow(f"{typed[0]}:{function}{MARK}{wanted}")
            return
    if held != spec:
        raise UsageError(f"the ticket's model is {held.partition(MARK)[0]}, not {spec}")

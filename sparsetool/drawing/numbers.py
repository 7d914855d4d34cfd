"""`plot` as a notebook and the shell call it: a kind of plot, and what it draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from ..errors import SparsetoolError, UsageError, nearest
from ..plugins import find, plots
from ..plugins.members import Spec
from ..plugins.own_code import MARK, within_call
from ..plugins.plots import Figure, Panel, Plot, View
from ..ticket.value import Ticket
from . import picture, table
from .paper import Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MatplotlibFigure

Sources = Iterable[Mapping[str, Any]] | Mapping[str, Ticket] | Iterable[str]
VIEW = ("x", "y", "group", "layer", "difference")


@within_call
def plot(
    kind: Spec,
    sources: Sources,
    *,
    title: str = "",
    log: bool = False,
    log_y: str = "",
    paper: Paper | None = None,
    **asked: Any,
) -> MatplotlibFigure:
    """Draw what was measured, as the verb `plot` does, as a figure of matplotlib.

    Args:
        kind: A member of the family `plots`: `sweep`, `lmc`, `mask` ...; or your own function.
        sources: What the kind reads: rows of measures (dicts, as `sparsetool guide formats`
            describes), tickets by name, or for `schedule` also names of schedules.
        title: Words above the picture.
        log: Whether the horizontal axis is logarithmic.
        log_y: Field (or fields, with commas) whose vertical axis is logarithmic.
        paper: Size, letters and style, where they are not the usual ones.
        asked: Those of `x`, `y`, `group`, `layer`, `difference` that the kind takes, as the verb's
            options, and the kind's own options.

    Returns:
        The figure; its method `savefig` writes it. No backend of matplotlib is chosen.

    Raises:
        UsageError: An unknown kind, or an option that it does not take.
        SparsetoolError: The sources lack what it draws.

    Example:
        >>> from sparsetool import init, mask, plot
        >>> ticket = mask(init("mlp:20"), criterion="random", density="balanced", sparsity=0.5)
        >>> len(plot("layers", {"random": ticket}).axes)
        1
    """
    figure = scaled(_figure(kind, sources, title, asked), log, log_y)
    return picture.drawn(figure, paper)


@within_call
def plot_table(kind: Spec, sources: Sources, **asked: Any) -> list[dict[str, Any]]:
    """The numbers that `plot` draws, one dict for each point, in full.

    Args:
        kind: As for `plot`.
        sources: As for `plot`.
        asked: As for `plot`.

    Returns:
        The columns of `sparsetool plot KIND --table`: the name of the line, the horizontal and the
        vertical field, and where there is an interval its ends, `FIELD_low` and `FIELD_high`.

    Raises:
        UsageError: As for `plot`.
        SparsetoolError: As for `plot`.
    """
    return table.cells(_figure(kind, sources, "", asked))


def _figure(kind: Spec, sources: Sources, title: str, asked: Mapping[str, Any]) -> Figure:
    member = plots.load(kind)
    view = {name: value for name, value in asked.items() if name in VIEW}
    own = {name: value for name, value in asked.items() if name not in VIEW}
    if isinstance(sources, Ticket):
        found: list[Any] = []
    elif member.reads == "rows":
        found = [*sources]
    elif isinstance(sources, Mapping):
        found = [*sources.items()]
    else:
        found = [(each, None) for each in sources]
    check_takes(member, view, own)
    checked = all(_is_source(member.reads, each) for each in found)
    if not checked or not found:
        raise UsageError(f"plot {member.name} wants {WANTED[member.reads]}")
    return figure_of(member, found, View(**view), own, title)


WANTED = {
    "rows": "rows of measures, as dicts",
    "tickets": 'tickets by name, as a dict: {"name": ticket}',
    "tickets or names": 'tickets by name, as a dict: {"name": ticket}; or names of schedules',
}


def _is_source(reads: str, source: Any) -> bool:
    if reads == "rows":
        return isinstance(source, Mapping)
    name, held = source
    named = held is None and reads == "tickets or names"
    return isinstance(name, str) and (named or isinstance(held, Ticket))


def check_takes(plot: Plot, view: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    """Refuse an option that a kind of plot does not look at.

    Args:
        plot: The kind.
        view: Fields of `View` with what was asked; None was not.
        own: Further options.

    Raises:
        UsageError: It takes none such; the message names the kinds that do.
    """
    kinds = find.members("plots")
    for option in [name for name, value in view.items() if value is not None]:
        if option not in plot.takes:
            takes = {k: cast(tuple[str, ...], find.constant("plots", k, "TAKES")) for k in kinds}
            others = " or ".join(k for k in kinds if option in takes[k])
            raise UsageError(f"plot {plot.name} takes no --{option}: it is for plot {others}")
    if idle := [name for name in own if name not in plot.options]:
        flag = idle[0].replace("_", "-")
        raise UsageError(f"plot {plot.name} has no use for --{flag}: leave it out")


def figure_of(
    plot: Plot, sources: list[Any], view: View, own: Mapping[str, Any], title: str = ""
) -> Figure:
    """The numbers of a picture.

    Args:
        plot: The kind.
        sources: What it reads.
        view: What to show.
        own: The kind's own options.
        title: Words above the picture.

    Raises:
        SparsetoolError: The sources lack what it draws, or it gives no figure.
    """
    figure = plot.figure(sources, view, **own)
    if not isinstance(figure, Figure):
        name, given = plot.name.partition(MARK)[0], type(figure).__name__
        raise SparsetoolError(f"{name} must return a Figure, not {given}")
    return replace(figure, title=title)


def scaled(figure: Figure, log: bool, log_y: str | None) -> Figure:
    """The figure with logarithmic axes.

    Args:
        figure: The figure.
        log: Whether horizontal axes are.
        log_y: The fields, with commas, whose vertical axes are.

    Raises:
        UsageError: An axis has names or an image, or a value that has no logarithm; or no vertical
            axis has such a field.
    """
    names = log_y.split(",") if log_y else []
    known = sorted({panel.y.name for panel in figure.panels if panel.image is None})
    for name in names:
        if name not in known:
            raise UsageError(f"--log-y: no vertical axis shows '{name}': {nearest(name, known)}")
    panels = [_across(panel) if log else panel for panel in figure.panels]
    return replace(figure, panels=tuple(_upright(p) if p.y.name in names else p for p in panels))


def _across(panel: Panel) -> Panel:
    lowest = min((float(x) for s in panel.series for x in s.x), default=0.0)
    if panel.image is not None or panel.x.ticks or lowest <= 0:
        raise UsageError(
            f"--log wants numbers above 0 on the horizontal axis, not {panel.x.label} "
            f"from {lowest:g}; sparsities go as --x density --log"
        )
    return replace(panel, x=replace(panel.x, log=True))


def _upright(panel: Panel) -> Panel:
    lowest = min((float(y) for s in panel.series for y in s.y), default=0.0)
    if lowest <= 0:
        raise UsageError(
            f"--log-y {panel.y.name} wants numbers above 0 on the vertical axis, not "
            f"{panel.y.label} from {lowest:g}: leave it out"
        )
    return replace(panel, y=replace(panel.y, log=True))

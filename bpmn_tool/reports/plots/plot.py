"""What a figure is, and what all figures share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bpmn_tool.messages import format_number
from bpmn_tool.reports.palette import SERIES
from bpmn_tool.reports.sheet import NARROW, Table
from bpmn_tool.results.summary import ScenarioResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One figure. `title` says the finding, `description` what is drawn (for screen readers), `note` how to read it.

    `draw` makes the figure at a width in pixels; call it inside :func:`bpmn_tool.reports.picture.settings`.
    """

    id: str
    title: str
    description: str
    table: Table
    draw: Callable[[float], Figure]
    note: str = ""


class Named(Protocol):
    """Whatever has a name."""

    @property
    def name(self) -> str: ...


def colours(scenarios: Sequence[ScenarioResult]) -> dict[str, str]:
    """A colour by scenario, the same in every figure; the baseline is grey."""
    return {scenario.name: SERIES[index % len(SERIES)] for index, scenario in enumerate(scenarios)}


def number_axis(axes: Axes, width: float, *, which: str = "x", suffix: str = "") -> None:
    """Few ticks, written as the language writes numbers."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    bins = 4 if width < NARROW else 6
    axis.set_major_locator(MaxNLocator(nbins=bins, min_n_ticks=2))
    axis.set_major_formatter(FuncFormatter(lambda value, _place: format_number(value + 0.0).replace("-", "−") + suffix))


def padded(low: float, high: float) -> tuple[float, float]:
    """Limits of an axis around values: from zero where that costs little, with room at both ends."""
    if high <= low:
        high, low = high + (abs(high) or 1.0) * 0.5, min(low, 0.0)
    start = 0.0 if 0 <= low < 0.75 * high else low - 0.1 * (high - low)
    return start, high + 0.06 * (high - start)

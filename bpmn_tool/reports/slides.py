"""The figures of a study in the size of a slide: 16 to 9, the finding as title, readable from the back of a room."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from matplotlib.backends.backend_agg import FigureCanvasAgg

from bpmn_tool.messages import _, format_number
from bpmn_tool.reports import plots
from bpmn_tool.reports.palette import BLACK, GREY
from bpmn_tool.reports.picture import new_figure, settings
from bpmn_tool.reports.plots.plot import Plot
from bpmn_tool.reports.text import plain, wrap
from bpmn_tool.results.summary import StudyResult

WIDTH, HEIGHT = 1280.0, 720.0
_TITLE, _FOOT, _EDGE = 30.0, 16.0, 48.0
_DRAWN: Final = 640.0
"""Width that a figure is drawn at before it is enlarged: its words become as large as on a slide."""
_SHARP: Final = 216.0
"""Dots for 72 units that it is drawn with."""
_DOTS: Final = 108.0
"""Of the slide: 1920 by 1080."""


def write_slides(study: StudyResult, folder: Path) -> list[Path]:
    """A PNG a figure. Raises OSError where the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for plot in _plots(study):
        path = folder / f"{plot.id}.png"
        _write(plot, _foot(study), path)
        written.append(path)
    return written


def _plots(study: StudyResult) -> Iterator[Plot]:
    found = (
        plots.verdicts(study),
        *plots.time_curves(study)[:4],
        plots.waiting_by_role(study),
        plots.waiting_by_handoff(study),
        plots.handoff_outcomes(study),
        plots.utilisation(study),
        *plots.over_time(study),
        plots.undefined_roles(study),
    )
    yield from (plot for plot in found if plot is not None)


def _foot(study: StudyResult) -> str:
    sentence = _("%(n)s repetitions of each; all numbers in the report")
    return sentence % {"n": format_number(study.scenarios[0].replications)}


def _write(plot: Plot, foot: str, path: Path) -> None:
    with settings():
        figure = plot.draw(_DRAWN)
        figure.set_dpi(_SHARP)
        canvas: Any = FigureCanvasAgg(figure)  # its methods have no types
        canvas.draw()
        drawn = canvas.buffer_rgba()
        high, wide = drawn.shape[0], drawn.shape[1]
        slide = new_figure(WIDTH, HEIGHT)
        lines = wrap(plain(plot.title), 0.9 * (WIDTH - 2 * _EDGE), _TITLE, bold=True)[:3]  # bold letters are wider
        for number, line in enumerate(lines):
            y = _EDGE + (number + 0.5) * _TITLE * 1.2
            slide.text(_EDGE / WIDTH, 1 - y / HEIGHT, line, size=_TITLE, weight="bold", color=BLACK, va="center")
        top = _EDGE + len(lines) * _TITLE * 1.2 + 20
        room = (WIDTH - 2 * _EDGE, HEIGHT - top - _FOOT - 36)
        by = min(room[0] / wide, room[1] / high)
        left = (WIDTH - wide * by) / 2
        box = (left / WIDTH, 1 - (top + high * by) / HEIGHT, wide * by / WIDTH, high * by / HEIGHT)
        axes = slide.add_axes(box)
        axes.imshow(drawn, interpolation="lanczos", aspect="auto")
        axes.set_axis_off()
        slide.text(_EDGE / WIDTH, 24 / HEIGHT, foot, size=_FOOT, color=GREY, va="center")
        slide.set_dpi(_DOTS)
        with path.open("wb") as file:
            canvas = FigureCanvasAgg(slide)
            canvas.print_png(file, metadata={"Software": None})

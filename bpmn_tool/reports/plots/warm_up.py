"""How the simulated office fills, and from when on it is counted: what `warm_up = "auto"` rests on."""

from matplotlib.figure import Figure

from bpmn_tool.messages import _, format_number
from bpmn_tool.reports import text, words
from bpmn_tool.reports.palette import GREY
from bpmn_tool.reports.plots.plot import Plot, colours, number_axis
from bpmn_tool.reports.sheet import SMALL, Sheet, Table, bare, legend_height
from bpmn_tool.results.summary import Filling, ScenarioResult, StudyResult

_HEIGHT = 200.0


def warm_up(study: StudyResult) -> Plot | None:
    """Open cases of each day, with a line at the end of the warm-up; None where its length was given."""
    shown = [(s, s.filling) for s in study.scenarios if s.filling is not None]
    if not shown:
        return None
    days = format_number(shown[0][1].warm_up)
    return Plot(
        id="warm-up",
        title=_("The first %(days)s days are left out: until then the office fills") % {"days": days},
        description=_("Lines of the mean number of open cases on each day, and where the counting begins."),
        note=_(
            "A real office is not empty on its first day. The rule (MSER-5) leaves out as many days as make the mean "
            "of the rest most certain; of several scenarios the longest counts for all."
        ),
        table=_table(shown),
        draw=lambda width: _draw(study, shown, width),
    )


def _table(shown: list[tuple[ScenarioResult, Filling]]) -> Table:
    rows = tuple(
        (
            scenario.name,
            format_number(filling.own),
            format_number(filling.warm_up),
            words.number(sum(rest) / len(rest)) if (rest := filling.open_cases[filling.warm_up :]) else words.NOTHING,
        )
        for scenario, filling in shown
    )
    headers = (_("Scenario"), _("Days that it would need"), _("Days left out"), _("Open cases after that"))
    return Table(headers=headers, rows=rows, numeric=frozenset({1, 2, 3}), caption=_("Warm-up"))


def _draw(study: StudyResult, shown: list[tuple[ScenarioResult, Filling]], width: float) -> Figure:
    paint = colours(study.scenarios)
    entries = [(paint[scenario.name], text.plain(scenario.name)) for scenario, _filling in shown]
    top = legend_height(entries, width) + 24
    sheet = Sheet(width, top + _HEIGHT + 46)
    sheet.legend(entries)
    sheet.write(0, top - 14, _("open cases"), size=SMALL)
    axes = sheet.axes(44.0, top, width - 58.0, _HEIGHT)
    for scenario, filling in shown:
        days = [day + 0.5 for day in range(len(filling.open_cases))]
        axes.plot(days, filling.open_cases, color=paint[scenario.name], linewidth=2)
    axes.axvline(shown[0][1].warm_up, color=GREY, linewidth=1.2, dashes=(1.5, 2.5))
    axes.set_xlim(0, max(len(filling.open_cases) for _scenario, filling in shown))
    axes.set_ylim(0, max(1.0, *(max(filling.open_cases) * 1.08 for _scenario, filling in shown)))
    number_axis(axes, width)
    number_axis(axes, width, which="y")
    bare(axes, grid="y")
    sheet.write(44.0, sheet.height - 10, _("days since the start"), size=SMALL)
    return sheet.figure

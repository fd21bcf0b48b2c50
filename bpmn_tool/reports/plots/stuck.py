"""Where nobody is named: the cases that rest there for good."""

from bpmn_tool.messages import _
from bpmn_tool.reports import words
from bpmn_tool.reports.palette import VERMILLION
from bpmn_tool.reports.plots.bars import Bars, Block, Row, draw
from bpmn_tool.reports.plots.plot import Plot
from bpmn_tool.reports.sheet import Table
from bpmn_tool.results.summary import StudyResult, UndefinedResult

_MOST = 10


def undefined_roles(study: StudyResult) -> Plot | None:
    """Cases stuck at each place where nobody is named; None where there is no such place."""
    shown = [(s, sorted(s.undefined, key=lambda u: (-u.stuck, u.element))) for s in study.scenarios if s.undefined]
    if not shown:
        return None
    blocks = [
        Block(s.name, tuple(Row(_place(u), (u.stuck,), words.count(u.stuck)) for u in places[:_MOST]))
        for s, places in shown
    ]
    bars = Bars(blocks=blocks, kinds=[(VERMILLION, "")], axis=_("cases that rest there at the end, in one repetition"))
    totals = [
        _("%(number)s in %(scenario)s") % {"number": words.count(sum(u.stuck for u in s.undefined)), "scenario": s.name}
        for s in study.scenarios
    ]
    rows = tuple(
        (s.name, u.name or u.element, u.role, words.count(u.reached), words.count(u.stuck))
        for s, places in shown
        for u in places
    )
    return Plot(
        id="undefined",
        title=_("Cases that end up where nobody is named: %(numbers)s") % {"numbers": words.listed(totals)},
        description=_(
            "Bars of the number of cases that rest for good at each step for which nobody is named, for each scenario."
        ),
        note=_("These cases are not late: they never go on, because the drawing names nobody who would take the step."),
        table=Table(
            headers=(
                _("Scenario"),
                _("Step"),
                _("Role without people"),
                _("Cases that got there"),
                _("Cases stuck there"),
            ),
            rows=rows,
            numeric=frozenset({3, 4}),
            caption=_("Steps for which nobody is named"),
        ),
        draw=lambda width: draw(bars, width),
    )


def _place(place: UndefinedResult) -> str:
    name = place.name or place.element
    return f"{name} ({place.role})" if place.role else name

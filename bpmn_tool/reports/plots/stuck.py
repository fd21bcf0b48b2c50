"""Where nobody is named: the cases that get there, and those that stay there for good."""

from bpmn_tool.messages import _, ngettext
from bpmn_tool.reports import words
from bpmn_tool.reports.palette import ORANGE, VERMILLION
from bpmn_tool.reports.plots.bars import Bars, Block, Row, draw
from bpmn_tool.reports.plots.plot import Plot
from bpmn_tool.reports.sheet import Table
from bpmn_tool.results.summary import ScenarioResult, StudyResult, UndefinedResult

_MOST = 10


def undefined_roles(study: StudyResult) -> Plot | None:
    """Cases at each place where nobody is named: stuck there, or gone on by another way; None where there is none."""
    shown = [(s, sorted(s.undefined, key=lambda u: (-_reached(u), u.element))) for s in study.scenarios if s.undefined]
    if not shown:
        return None
    blocks = [Block(s.name, tuple(_row(s, place) for place in places[:_MOST])) for s, places in shown]
    kinds = [
        (VERMILLION, _("stay there for good")),
        (ORANGE, _("leave again untouched, by a deadline or the end of the case")),
    ]
    bars = Bars(blocks=blocks, kinds=kinds, axis=_("cases that get there, in one repetition"))
    return Plot(
        id="undefined",
        title=_("Steps for which nobody is named: %(numbers)s")
        % {"numbers": words.listed([_total(s) for s in study.scenarios])},
        description=_(
            "Bars of the number of cases that get to each step for which nobody is named, divided into those that stay "
            "there for good and those that leave again."
        ),
        note=_(
            "These cases are not late: nobody takes the step, because nobody is named for it. Some get away by a "
            "deadline that is drawn in the process; the others never go on."
        ),
        table=_table(study),
        draw=lambda width: draw(bars, width),
    )


def _reached(place: UndefinedResult) -> float:
    """Where only the stuck were counted, those."""
    return max(place.reached, place.stuck)


def _row(scenario: ScenarioResult, place: UndefinedResult) -> Row:
    name = place.name or place.element
    label = f"{name} ({words.role_name(scenario, place.role)})" if place.role else name
    return Row(label, (place.stuck, _reached(place) - place.stuck), words.count(_reached(place)))


def _total(scenario: ScenarioResult) -> str:
    number = len(scenario.undefined)
    if not number:
        return _("none in %(scenario)s") % {"scenario": scenario.name}
    sentence = ngettext(
        "%(count)s in %(scenario)s (reached %(reached)s times)",
        "%(count)s in %(scenario)s (reached %(reached)s times)",
        number,
    )
    reached = sum(map(_reached, scenario.undefined))
    return sentence % {"count": words.count(number), "scenario": scenario.name, "reached": words.count(round(reached))}


def _table(study: StudyResult) -> Table:
    rows = tuple(
        (s.name, u.name or u.element, words.role_name(s, u.role), words.count(_reached(u)), words.count(u.stuck))
        for s in study.scenarios
        for u in s.undefined
    )
    return Table(
        headers=(_("Scenario"), _("Step"), _("Role without people"), _("Cases that get there"), _("Cases stuck there")),
        rows=rows,
        numeric=frozenset({3, 4}),
        caption=_("Steps for which nobody is named"),
    )

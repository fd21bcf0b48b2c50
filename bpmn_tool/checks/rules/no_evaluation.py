"""``no-evaluation``: what ends is counted by a KPI."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import ends, listed, not_stated
from bpmn_tool.messages import N_, _
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    asked = ends(model)
    silent = [each for each in asked if model.statement_of(each).kpi is None]
    yield from not_stated(model, _("the KPIs that count an end (kpi)"), asked, silent)
    none = [each for each in asked if model.statement_of(each).kpi == ()]
    if none:
        message = _("%(ends)s: it is stated that no KPI counts what ends here: choose one, so that it shows what helps")
        yield Violation(none[0], message % {"ends": listed(model, none)}, tuple(none))


RULE = Rule(
    name="no-evaluation",
    severity=Severity.WARNING,
    why="What nobody counts is continued or stopped by taste.",
    whence="this project: evaluation and continuity as open points",
    find=find,
    question=N_("By which figure does one see that this way helped, and who looks at it?"),
)

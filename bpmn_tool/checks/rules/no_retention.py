"""``no-retention``: data about persons have a day on which they go, and something that sets it."""

from collections.abc import Iterator

from bpmn_tool.checks.requirements import completions
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import (
    acts_not_stated,
    ends,
    label,
    listed,
    not_stated,
    personal,
    same_data,
    says_acts,
    steps_doing,
)
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import Model
from bpmn_tool.model.paths import Point, paths_of
from bpmn_tool.model.statement import Act
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    asked = personal(model)
    missing = [each for each in asked if model.statement_of(each).retention is None]
    yield from not_stated(model, _("retention of personal data (retention)"), asked, missing)
    for each in asked:
        if model.statement_of(each).retention is False:
            message = _(
                "of %(data)s it is stated that no term of retention is set: set one, or say by which law it is kept"
            )
            yield Violation(each, message % {"data": label(model, each)})
    if says_acts(model):
        yield from _no_clock(model, asked)
    elif len(missing) < len(asked):
        yield from acts_not_stated(model)


def _no_clock(model: Model, asked: list[str]) -> Iterator[Violation]:
    """Ends to which a path leads on which nobody starts the clock, in processes that keep data of persons."""
    reached = paths_of(model).reached(completions(model, tuple(steps_doing(model, Act.START_RETENTION, Act.ERASE))))
    keeping = {process for each in asked for process in _keepers(model, each)}
    closed = [each for each in ends(model) if model.process_of(each) in keeping and Point(each) in reached]
    if closed:
        message = _(
            "%(ends)s can be reached without a day of erasure, and data of persons are kept there: start the clock "
            "(act start_retention) or erase on every path"
        )
        yield Violation(closed[0], message % {"ends": listed(model, closed)}, tuple(closed))


def _keepers(model: Model, holding: str) -> Iterator[str]:
    """The processes in which something is written to these data."""
    names = same_data(model, holding)
    for node in model.flow_nodes.values():
        if names & set(getattr(node, "data_outputs", ())) and (process := model.process_of(node.id)) is not None:
            yield process


RULE = Rule(
    name="no-retention",
    severity=Severity.WARNING,
    why="What nobody is told to erase stays, of those most of all about whom there was no concern.",
    whence="GDPR art. 5(1)(e) and 17",
    find=find,
    question=N_("How long may these data be kept, from which day on, and who erases them?"),
)

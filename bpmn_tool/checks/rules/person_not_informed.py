"""``person-not-informed``: before a case ends, the person whom it is about has been told."""

from collections.abc import Iterator

from bpmn_tool.checks.requirements import completions
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import (
    about_persons,
    acts_not_stated,
    anchor,
    doing,
    ends,
    listed,
    not_stated,
    says_acts,
    work,
)
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import Model
from bpmn_tool.model.paths import Point, paths_of
from bpmn_tool.model.statement import Act
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    if not says_acts(model):
        yield from acts_not_stated(model)
        return
    persons = about_persons(model, work(model))
    if not persons:
        steps = work(model)
        silent = [each for each in steps if model.statement_of(each).person_level is None]
        if len(silent) == len(steps):
            yield from not_stated(model, _("whether steps are about one person (personLevel)"), steps, silent)
        return
    told = set(doing(model, Act.INFORM))
    told |= {flow.source_ref for flow in model.message_flows.values() if flow.id in told}
    if not told:
        message = _(
            "no step or message tells the person concerned (act inform), on any path: say when, by whom, and when "
            "it may be put off"
        )
        yield Violation(anchor(model), message, tuple(persons))
        return
    yield from _ends_untold(model, persons, told)


def _ends_untold(model: Model, persons: list[str], told: set[str]) -> Iterator[Violation]:
    reached = paths_of(model).reached(completions(model, tuple(told)))
    about = {model.process_of(each) for each in persons}
    closed = [each for each in ends(model) if model.process_of(each) in about and Point(each) in reached]
    if closed:
        message = _(
            "%(ends)s can be reached though the person concerned was never told (%(told)s tells them): tell them "
            "before, or say why it is put off"
        )
        steps = [each for each in told if each in model.flow_nodes]
        values = {"ends": listed(model, closed), "told": listed(model, sorted(steps, key=list(model.flow_nodes).index))}
        yield Violation(anchor(model), message % values, tuple(closed))


RULE = Rule(
    name="person-not-informed",
    severity=Severity.WARNING,
    why="Who does not know that a file exists cannot object to it, correct it or ask for help.",
    whence="GDPR art. 12 to 14",
    find=find,
    question=N_(
        "When, by whom and how is the person (or are the parents) told, and on which ground may it be put off?"
    ),
)

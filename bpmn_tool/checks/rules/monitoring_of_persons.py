"""``monitoring-of-persons``: who collects data about persons has the power to."""

from collections.abc import Iterator

from bpmn_tool.checks.powers import powers_not_stated, without_power
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import about_persons, acts_not_stated, at_work, says_acts, steps_doing
from bpmn_tool.messages import N_, _
from bpmn_tool.model.statement import Act
from bpmn_tool.register import Power
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    yield from acts_not_stated(checked.model)
    if says_acts(checked.model):
        yield from powers_not_stated(checked, at_work(checked))
    steps = about_persons(checked.model, steps_doing(checked.model, Act.COLLECT))
    message = _(
        "%(role)s collects data about persons in %(step)s, and the register gives it no power to: leave persons "
        "out, or have somebody do it who may"
    )
    yield from without_power(checked, steps, Power.COLLECT, message)


RULE = Rule(
    name="monitoring-of-persons",
    severity=Severity.WARNING,
    why="To watch what persons write is to investigate, and few may; a protocol is no ground.",
    whence="ECHR art. 8; GDPR art. 6(1)(e) and 6(3): a task in the public interest has a basis in law",
    find=find,
    question=N_("May this role collect data about persons at all, on which specific ground and within which limits?"),
)

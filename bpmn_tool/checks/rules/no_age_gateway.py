"""``no-age-gateway``: before somebody speaks with a person it is asked whether that is a minor."""

from collections.abc import Iterator

from bpmn_tool.checks.gates import around_gate
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import acts_not_stated, says_acts, steps_doing
from bpmn_tool.messages import N_, _
from bpmn_tool.model.statement import Act, Topic
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    if not says_acts(model):
        yield from acts_not_stated(model)
        return
    nowhere = _(
        "%(steps)s: somebody speaks with a person, and no gateway asks before whether that is a minor (decides age): "
        "lead minors a way of their own"
    )
    around = _("%(steps)s can be reached without the question whether the person is a minor (%(gates)s): ask it before")
    yield from around_gate(model, steps_doing(model, Act.CONTACT), Topic.AGE, nowhere, around)


RULE = Rule(
    name="no-age-gateway",
    severity=Severity.WARNING,
    why="A minor has parents, a best interest and rules of their own, and is many a case.",
    whence="Convention on the Rights of the Child art. 3, 12 and 16; GDPR art. 8",
    find=find,
    question=N_("What is different for a minor, who decides on it, and when are the parents involved?"),
)

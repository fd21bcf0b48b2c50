"""``no-authenticity-test``: of a signal from the internet it is asked whether it is meant, and two read it."""

from collections.abc import Iterator

from bpmn_tool.checks.gates import around_gate
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import (
    about_persons,
    acts_not_stated,
    channel_not_stated,
    deciding,
    label,
    online_entries,
    says_acts,
    steps_doing,
)
from bpmn_tool.messages import N_, _
from bpmn_tool.model.statement import Act, Topic
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    yield from channel_not_stated(model)
    begins = online_entries(model)
    if not begins:
        return
    if not says_acts(model):
        yield from acts_not_stated(model)
        return
    steps = about_persons(model, steps_doing(model, Act.CONTACT, Act.IDENTIFY, Act.REFER, Act.CONSULT))
    nowhere = _(
        "%(steps)s: this may be done on a signal from the internet, and no gateway asks whether it is meant (decides "
        "authenticity): ask before whether it is play, irony or a test"
    )
    around = _("%(steps)s can be reached from the internet without the question whether it is meant (%(gates)s)")
    yield from around_gate(model, steps, Topic.AUTHENTICITY, nowhere, around, frozenset(begins))
    gates = deciding(model, Topic.AUTHENTICITY)
    if gates and not steps_doing(model, Act.SECOND_READING):
        message = _("%(gate)s rests on one reading: let a second person read without the first (act second_reading)")
        yield Violation(gates[0], message % {"gate": label(model, gates[0])})


RULE = Rule(
    name="no-authenticity-test",
    severity=Severity.WARNING,
    why="On the internet frustration, play and provocation look alike, and one reader takes the one for the other.",
    whence="this project: telling trolling from frustration",
    find=find,
    question=N_("By which test is play told from real frustration, and who reads a second time?"),
)

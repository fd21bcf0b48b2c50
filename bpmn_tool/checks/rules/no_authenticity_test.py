"""``no-authenticity-test``: of a signal from the internet it is asked whether it is meant, and two read it."""

from collections.abc import Iterator

from bpmn_tool.checks.gates import around_gate_from_the_internet
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import steps_doing
from bpmn_tool.messages import N_, _
from bpmn_tool.model.statement import Act, Topic
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    nowhere = _(
        "%(steps)s: this may be done on a signal from the internet, and no gateway asks whether it is meant (decides "
        "authenticity): ask before whether it is play, irony or a test"
    )
    around = _("%(steps)s can be reached from the internet without the question whether it is meant (%(gates)s)")
    alone = _("%(gate)s rests on one reading: let a second person read without the first (act second_reading)")
    again = steps_doing(model, Act.SECOND_READING)
    return around_gate_from_the_internet(model, Topic.AUTHENTICITY, nowhere, around, along=again, alone=alone)


RULE = Rule(
    name="no-authenticity-test",
    severity=Severity.WARNING,
    why="On the internet frustration, play and provocation look alike, and one reader takes the one for the other.",
    whence="this project: telling trolling from frustration",
    find=find,
    question=N_("By which test is play told from real frustration, and who reads a second time?"),
)

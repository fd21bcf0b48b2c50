"""``no-locality``: a signal from the internet is ours, or goes to whoever's it is."""

from collections.abc import Iterator

from bpmn_tool.checks.gates import around_gate_from_the_internet
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import doing
from bpmn_tool.messages import N_, _
from bpmn_tool.model.statement import Act, Topic
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    nowhere = _(
        "%(steps)s: this may be done on a signal from the internet, and no gateway asks whether the person lives here "
        "(decides locality): ask, and hand over what is another place's"
    )
    around = _("%(steps)s can be reached from the internet without the question whether it is ours (%(gates)s)")
    alone = _("after %(gate)s nothing hands over what is another place's (act transfer): draw that way")
    over = doing(model, Act.TRANSFER)
    return around_gate_from_the_internet(model, Topic.LOCALITY, nowhere, around, along=over, alone=alone)


RULE = Rule(
    name="no-locality",
    severity=Severity.WARNING,
    why="Who is met online may live anywhere, and a place that is not competent can neither help nor keep a file.",
    whence="this project: users from another city",
    find=find,
    question=N_("How is it found out where somebody lives, and to whom does what is another place's go?"),
)

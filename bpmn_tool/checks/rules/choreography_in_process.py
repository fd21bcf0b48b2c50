"""``choreography-in-process``: what partners do together stands in a choreography, not in a process."""

from collections.abc import Iterator
from typing import Final

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import SubProcess
from bpmn_tool.results.finding import Severity

CHOREOGRAPHY: Final = frozenset({"choreographyTask", "subChoreography", "callChoreography"})


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for other in model.others.values():
        inside = other.parent in model.processes or isinstance(model.flow_nodes.get(other.parent), SubProcess)
        if other.kind in CHOREOGRAPHY and inside:
            message = _("%(name)s is part of a choreography and stands in a process: draw what each partner does")
            yield Violation(other.id, message % {"name": quoted(other)}, (other.parent,))


RULE = Rule(
    name="choreography-in-process",
    severity=Severity.ERROR,
    why="A process is what one partner does. What two of them do together is nobody's step, and no token can be there.",
    whence="BPMN 2.0.2, 8.4 (flow elements container): a process must not hold choreography activities",
    find=find,
)

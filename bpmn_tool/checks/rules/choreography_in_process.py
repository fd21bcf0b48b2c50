"""``choreography-in-process``: what partners do together stands in a choreography, not in a process."""

from collections.abc import Iterator
from typing import Final

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Model, Other, SubProcess
from bpmn_tool.results.finding import Severity

CHOREOGRAPHY: Final = frozenset({"choreographyTask", "subChoreography", "callChoreography"})


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    inside = [other for other in model.others.values() if other.kind in CHOREOGRAPHY and _is_inside(model, other)]
    for other in inside:
        message = _("%(name)s is part of a choreography and stands in a process: draw what each partner does")
        yield Violation(other.id, message % {"name": quoted(other)}, (other.parent,))
    told = {other.id for other in inside}
    for flow in model.sequence_flows.values():
        ends = {flow.source_ref, flow.target_ref}
        for end in sorted(ends - model.flow_nodes.keys() - told) if ends & model.flow_nodes.keys() else ():
            if (element := model.get(end)) is not None:
                message = _(
                    "this sequence flow joins a step with %(name)s, which is part of a choreography: take it out"
                )
                yield Violation(flow.id, message % {"name": quoted(element)}, (end,))


def _is_inside(model: Model, other: Other) -> bool:
    return other.parent in model.processes or isinstance(model.flow_nodes.get(other.parent), SubProcess)


RULE = Rule(
    name="choreography-in-process",
    severity=Severity.ERROR,
    why="A process is what one partner does. What two of them do together is nobody's step, and no token can be there.",
    whence="BPMN 2.0.2, 8.4 (flow elements container): a process must not hold choreography activities",
    find=find,
)

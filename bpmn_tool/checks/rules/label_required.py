"""``label-required``: what a reader has to understand has a name."""

from collections.abc import Iterator
from typing import Final

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Element, FlowNode, Gateway, GatewayKind, Model, SubProcess
from bpmn_tool.results.finding import Severity

WITHOUT: Final = frozenset({GatewayKind.PARALLEL, GatewayKind.EVENT_BASED})
"""Gateways that ask nothing."""


def find(checked: Checked) -> Iterator[Violation]:
    for element in _asked(checked.model):
        if not element.name.strip():
            message = _("'%(id)s' has no name: say what it is in the words of those who read the drawing")
            yield Violation(element.id, message % {"id": element.id})


def _asked(model: Model) -> Iterator[Element]:
    yield from model.participants.values()
    yield from model.lanes.values()
    yield from (node for node in model.flow_nodes.values() if _wants_a_name(node))
    yield from (flow for flow in model.sequence_flows.values() if flow.condition is not None)


def _wants_a_name(node: FlowNode) -> bool:
    match node:
        case Gateway():
            return node.kind not in WITHOUT and len(node.outgoing) > 1
        case SubProcess():
            return False
        case _:
            return True


RULE = Rule(
    name="label-required",
    severity=Severity.ERROR,
    why="A step, an event or a question without a name means something to whoever drew it, and to nobody else.",
    whence="bpmnlint",
    find=find,
)

"""``gateway-direction``: a gateway splits or joins as it says."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Gateway
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for node in checked.model.flow_nodes.values():
        if isinstance(node, Gateway):
            yield from _of(node)


def _of(node: Gateway) -> Iterator[Violation]:
    """An error where the table of attributes forbids it of 8.4 as well as 10.6; that table asks for no least number."""
    several_in, several_out = len(node.incoming) > 1, len(node.outgoing) > 1
    values = {"name": quoted(node), "direction": node.direction}
    if node.direction == "Converging" and several_out:
        message = _("gateway %(name)s says that it joins (%(direction)s), and several flows lead from it")
        yield Violation(node.id, message % values, node.outgoing)
    elif node.direction == "Diverging" and several_in:
        message = _("gateway %(name)s says that it splits (%(direction)s), and several flows lead to it")
        yield Violation(node.id, message % values, node.incoming)
    elif node.direction == "Mixed" and not (several_in and several_out):
        message = _("gateway %(name)s says that it joins and splits (%(direction)s), and does not do both")
        yield Violation(node.id, message % values, severity=Severity.WARNING)
    elif (node.direction == "Converging" and not several_in) or (node.direction == "Diverging" and not several_out):
        message = _("gateway %(name)s says '%(direction)s', and does not: draw the way that is missing, or say nothing")
        yield Violation(node.id, message % values, severity=Severity.WARNING)


RULE = Rule(
    name="gateway-direction",
    severity=Severity.ERROR,
    why="Tools draw and check a gateway by what it says of itself; where its flows differ, two people read two things.",
    whence="BPMN 2.0.2, 8.4 (gateways) and 10.6",
    find=find,
)

"""``default-flow``: the default is one of the ways on, of a node that chooses."""

from collections.abc import Iterator
from typing import Final

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, Gateway, GatewayKind
from bpmn_tool.results.finding import Severity

WITHOUT: Final = frozenset({GatewayKind.PARALLEL, GatewayKind.EVENT_BASED})


def find(checked: Checked) -> Iterator[Violation]:
    for node in checked.model.flow_nodes.values():
        own = None if isinstance(node, Event) else node.default
        default = own or node.attributes.get("default")  # the reader leaves it there where it is none of the node's
        if not default:
            continue
        values = {"name": quoted(node), "flow": default}
        if isinstance(node, Event) or (isinstance(node, Gateway) and node.kind in WITHOUT):
            message = _("%(name)s chooses nothing and names '%(flow)s' as its default: take that out")
            yield Violation(node.id, message % values)
        elif own not in node.outgoing:
            message = _("the default of %(name)s, '%(flow)s', is not one of the flows that lead from it")
            yield Violation(node.id, message % values)


RULE = Rule(
    name="default-flow",
    severity=Severity.ERROR,
    why="The default says which way is left when no condition holds: a way that is not there leaves the case stuck.",
    whence="BPMN 2.0.2, 8.4.13: exclusive, inclusive and complex gateways and activities have defaults",
    find=find,
)

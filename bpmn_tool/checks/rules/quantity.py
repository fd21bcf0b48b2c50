"""``quantity``: an activity takes and gives at least one token, and a participant is at least one."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, Gateway, StandardLoop
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if isinstance(node, Event | Gateway):
            continue
        if isinstance(node.loop, StandardLoop) and node.loop.maximum is not None and node.loop.maximum < 1:
            message = _("the loop of %(name)s is done at most %(value)s times: let loopMaximum be 1 or more")
            values = {"name": quoted(node), "value": node.loop.maximum}
            yield Violation(node.id, message % values, severity=Severity.WARNING)
        quantities = {"startQuantity": node.start_quantity, "completionQuantity": node.completion_quantity}
        for attribute, value in quantities.items():
            if value < 1:
                message = _("%(name)s has a %(attribute)s of %(value)s: it must be 1 or more")
                yield Violation(node.id, message % {"name": quoted(node), "attribute": attribute, "value": value})
    for pool in model.participants.values():
        if pool.minimum is not None and pool.minimum < 0:
            message = _("%(name)s has a minimum of %(value)s participants: it must be 0 or more")
            yield Violation(pool.id, message % {"name": quoted(pool), "value": pool.minimum})
        least = max(1, pool.minimum or 0)
        if pool.maximum is not None and pool.maximum < least:
            message = _("%(name)s has a maximum of %(value)s participants: it must be %(least)s or more")
            yield Violation(pool.id, message % {"name": quoted(pool), "value": pool.maximum, "least": least})


RULE = Rule(
    name="quantity",
    severity=Severity.ERROR,
    why="A step that takes no token begins without cause, and one that gives none never goes on.",
    whence="BPMN 2.0.2, 10.3 (activities) and 9.3.1, Table 9.5 (participant multiplicity)",
    find=find,
)

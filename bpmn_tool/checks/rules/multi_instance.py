"""``multi-instance``: a step that is done several times says how often."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, Gateway, MultiInstance
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for node in checked.model.flow_nodes.values():
        if isinstance(node, Event | Gateway) or not isinstance(node.loop, MultiInstance):
            continue
        if not node.loop.cardinality.strip() and node.loop.data_input_ref is None and not _vendor_says(node.loop):
            message = _(
                "nothing says how often %(name)s is done: "
                "give its marker a cardinality, or the collection that it goes over"
            )
            yield Violation(node.id, message % {"name": quoted(node)})


def _vendor_says(loop: MultiInstance) -> bool:
    """Whether the marker has something of a modeller's own; engines keep their collection there."""
    return bool(loop.extension) or any(name.startswith("{") for name in (*loop.attributes, *loop.parts))


RULE = Rule(
    name="multi-instance",
    severity=Severity.WARNING,
    why="Several times is no number. To run or to simulate the step somebody has to know how many there are.",
    whence="BPMN 2.0.2, 10.3.8 (multi-instance characteristics): to be valid, one of the two must be specified",
    find=find,
)

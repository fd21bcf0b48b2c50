"""``instantiating-receive-task``: no flow leads to a receive task that begins its process."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Task
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for node in checked.model.flow_nodes.values():
        if isinstance(node, Task) and node.instantiate and node.incoming:
            message = _("the receive task %(name)s begins the process, and a flow leads to it: choose one of them")
            yield Violation(node.id, message % {"name": quoted(node)}, node.incoming)


RULE = Rule(
    name="instantiating-receive-task",
    severity=Severity.ERROR,
    why="A task that both begins a case and goes on with one leaves open which of them a message means.",
    whence="BPMN 2.0.2, 10.3.3 (receive task): it must not have any incoming sequence flow",
    find=find,
)

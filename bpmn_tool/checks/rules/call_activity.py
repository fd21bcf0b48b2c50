"""``call-activity``: what is called can be called."""

from collections.abc import Iterator
from typing import Final

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import CallActivity, Element, Event, EventKind, Model, Process, RootElement
from bpmn_tool.results.finding import Severity

GLOBAL_TASKS: Final = frozenset(
    {"globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask"}
)


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if not isinstance(node, CallActivity):
            continue
        called = model.get(node.called_element)  # None: it stands in another file, or is for an engine to find
        if called is None:
            continue
        values = {"name": quoted(node), "called": quoted(called)}
        if not _callable(called):
            message = _("%(name)s calls %(called)s, which is neither a process nor a global task")
            yield Violation(node.id, message % values, (called.id,))
        elif not _begins_when_called(model, called):
            message = _(
                "%(name)s calls %(called)s, whose start events all wait for something else: "
                "give it one without a trigger for when it is called"
            )
            yield Violation(node.id, message % values, (called.id,))


def _callable(element: Element) -> bool:
    return isinstance(element, Process) or (isinstance(element, RootElement) and element.kind in GLOBAL_TASKS)


def _begins_when_called(model: Model, called: Element) -> bool:
    starts = [n for n in model.nodes_in(called.id) if isinstance(n, Event) and n.kind is EventKind.START]
    return not starts or any(not start.definitions for start in starts)


RULE = Rule(
    name="call-activity",
    severity=Severity.ERROR,
    why="What is called takes over the case until it ends; a pool, a step or a data object cannot.",
    whence="BPMN 2.0.2, 10.3.6 (call activity) and 10.5.2, Table 10.85 (start of what is called)",
    find=find,
)

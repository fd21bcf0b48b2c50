"""``global``: messages, signals, errors and escalations have a name of their own, and something uses them."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, Model, Task
from bpmn_tool.results.finding import Severity

KINDS: Final = frozenset({"message", "signal", "error", "escalation"})


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    asked = [element for element in model.root_elements.values() if element.kind in KINDS]
    times = Counter((element.kind, element.name) for element in asked)
    used = set(_used(model))
    for element in asked:
        values = {"name": quoted(element), "kind": element.kind}
        if not element.name.strip():
            yield Violation(element.id, _("the <%(kind)s> %(name)s has no name: give it one") % values)
        elif times[element.kind, element.name] > 1:
            message = _("another <%(kind)s> is called %(name)s as well: make them one, or call them differently")
            yield Violation(element.id, message % values)
        if element.id not in used:
            message = _("nothing uses the <%(kind)s> %(name)s: take it out, or name it where it is meant")
            yield Violation(element.id, message % values)


def _used(model: Model) -> Iterator[str | None]:
    for node in model.flow_nodes.values():
        match node:
            case Event():
                yield from (definition.ref for definition in node.definitions)
            case Task():
                yield node.message_ref
            case _:
                pass
    yield from (flow.message_ref for flow in model.message_flows.values())


RULE = Rule(
    name="global",
    severity=Severity.WARNING,
    why="Events meet by the message or signal that they name: two of one name, or one that nobody uses, is a misprint.",
    whence="bpmnlint, which also lets a name that is left out pass",
    find=find,
)

"""What comes to a case from outside: what nothing in the model sets off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bpmn_tool.execution.events import RAISED
from bpmn_tool.model.elements import Event, EventKind, Model, RootElement, TriggerKind

_BY_DATA_OR_TIME: Final = frozenset({TriggerKind.TIMER, TriggerKind.LINK, TriggerKind.COMPENSATE, TriggerKind.CANCEL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Of catching events, the numbers of the triggers that come from outside; of receive tasks, their message."""

    triggers: Mapping[str, frozenset[int]]

    def comes(self, element: str, number: int) -> bool:
        return number in self.triggers.get(element, frozenset({0}))


def outside(model: Model) -> Outside:
    thrown = {
        (definition.kind, definition.ref)
        for node in model.flow_nodes.values()
        if isinstance(node, Event) and node.kind in (EventKind.THROW, EventKind.END)
        for definition in node.definitions
        if definition.kind in RAISED
    }
    catching = (EventKind.CATCH, EventKind.BOUNDARY, EventKind.START)
    return Outside(
        triggers={
            node.id: frozenset(
                number
                for number, definition in enumerate(node.definitions)
                if _comes(definition.kind, definition.ref, definition.text, thrown)
            )
            for node in model.flow_nodes.values()
            if isinstance(node, Event) and node.kind in catching
        }
    )


def _comes(kind: TriggerKind, ref: str | None, text: str, thrown: set[tuple[TriggerKind, str | None]]) -> bool:
    match kind:
        case TriggerKind.MESSAGE:
            return True
        case TriggerKind.CONDITIONAL:
            return not text.strip()
        case TriggerKind.SIGNAL:
            return ref is None or (kind, ref) not in thrown
        case TriggerKind.ERROR | TriggerKind.ESCALATION:
            return not any(kind is k and (ref is None or ref == r) for k, r in thrown)
        case _:
            return kind not in _BY_DATA_OR_TIME


def from_outside(model: Model, ref: str) -> bool:
    """Whether this names a signal, or an event that waits for something else than a message."""
    node = model.flow_nodes.get(ref)
    if isinstance(node, Event):
        catches = node.kind in (EventKind.CATCH, EventKind.BOUNDARY, EventKind.START)
        return catches and bool(node.definitions) and not node.has(TriggerKind.MESSAGE)
    return node is None and ref not in model.message_flows and signal_of(model, ref) is not None


def signal_of(model: Model, ref: str) -> str | None:
    """The id of the signal with this id."""
    root = model.root_elements.get(ref)
    return root.id if isinstance(root, RootElement) and root.kind == "signal" else None

"""What events throw and catch, and who of a model throws what others catch (BPMN 2.0.2, 10.5)."""

from collections.abc import Iterator

from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventDefinition,
    EventKind,
    Model,
    SubProcess,
    TriggerKind,
)
from bpmn_tool.model.net import Trigger

#: what a throwing event gives to others of its case, beside messages and links
RAISED = frozenset(
    {
        TriggerKind.SIGNAL,
        TriggerKind.ESCALATION,
        TriggerKind.ERROR,
        TriggerKind.COMPENSATE,
        TriggerKind.CANCEL,
    }
)
_THROWING = (EventKind.THROW, EventKind.END)


def triggers_of(model: Model, event: Event) -> tuple[Trigger, ...]:
    return tuple(
        Trigger(
            kind=each.kind,
            key=_key(model, each),
            activity=(each.ref or "") if each.kind is TriggerKind.COMPENSATE else "",
            waits=each.wait_for_completion,
        )
        for each in event.definitions
    )


def matches(catch: Trigger, thrown: Trigger) -> bool:
    """Whether this catch is meant. A signal has to be named by both; an error or escalation that a catch does not
    name is any.
    """
    if catch.kind is not thrown.kind:
        return False
    if catch.kind is TriggerKind.SIGNAL:
        return bool(thrown.key) and catch.key == thrown.key
    return catch.key in ("", thrown.key)


def _key(model: Model, definition: EventDefinition) -> str:
    """Errors and escalations match by their codes (10.5.5), else by what they refer to."""
    if definition.kind is TriggerKind.COMPENSATE or definition.ref is None:
        return ""
    root = model.root_elements.get(definition.ref)
    return (root.code if root else "") or definition.ref


class Throwers:
    """Who throws what, and from within which activities and processes."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._callers: dict[str, list[str]] = {}
        for node in model.flow_nodes.values():
            if isinstance(node, CallActivity):
                self._callers.setdefault(node.called_element, []).append(node.id)
        self._thrown = [
            (trigger, frozenset(self._around(node.container)))
            for node in model.flow_nodes.values()
            if isinstance(node, Event) and node.kind in _THROWING
            for trigger in triggers_of(model, node)
            if trigger.kind in RAISED
        ]

    def known(self, event: Event, triggers: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
        """The triggers of a catching event, `within` where something of the model throws them to it."""
        if event.kind in _THROWING:
            return triggers
        around = self._listened_to(event)
        return tuple(each._replace(within=self._is_thrown(each, around)) for each in triggers)

    def _is_thrown(self, catch: Trigger, around: str | None) -> bool:
        return any(
            matches(catch, thrown) and (catch.kind is TriggerKind.SIGNAL or around in within)
            for thrown, within in self._thrown
        )

    def _listened_to(self, event: Event) -> str | None:
        """The activity or process from inside which an event catches errors and escalations."""
        if event.attached_to_ref is not None:
            return event.attached_to_ref
        around = self.model.flow_nodes.get(event.container)
        return around.container if isinstance(around, SubProcess) and around.triggered_by_event else None

    def _around(self, container: str) -> Iterator[str]:
        """A container, all around it, and all from where it is called."""
        todo, found = [container], set[str]()
        while todo:
            name = todo.pop()
            if name in found:
                continue
            found.add(name)
            yield name
            node = self.model.flow_nodes.get(name)
            todo.extend([node.container] if node is not None else self._callers.get(name, ()))

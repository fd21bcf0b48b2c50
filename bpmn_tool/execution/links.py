"""Links: a throwing link goes on at the catching one of its name in the same process or sub-process (10.5.1)."""

from collections.abc import Iterator
from dataclasses import replace

from bpmn_tool.model.elements import Event, EventKind, Model, SequenceFlow, TriggerKind


def linked(model: Model) -> Model:
    """The model with a sequence flow from each throwing link to its catching one."""
    flows = {flow.id: flow for flow in _flows(model)}
    if not flows:
        return model
    found = dict(model.flow_nodes)
    for flow in flows.values():
        source, target = found[flow.source_ref], found[flow.target_ref]
        found[source.id] = replace(source, outgoing=(*source.outgoing, flow.id))
        target = found[flow.target_ref]
        found[target.id] = replace(target, incoming=(*target.incoming, flow.id))
    return replace(model, flow_nodes=found, sequence_flows={**model.sequence_flows, **flows})


def unpaired(model: Model) -> Iterator[Event]:
    """Throwing links that nothing catches."""
    caught = {(event.container, _name(event)) for event in _events(model, EventKind.CATCH)}
    yield from (event for event in _events(model, EventKind.THROW) if (event.container, _name(event)) not in caught)


def _flows(model: Model) -> Iterator[SequenceFlow]:
    catching: dict[tuple[str, str], str] = {}
    for event in _events(model, EventKind.CATCH):
        catching.setdefault((event.container, _name(event)), event.id)
    for event in _events(model, EventKind.THROW):
        if (there := catching.get((event.container, _name(event)))) is not None:
            yield SequenceFlow(
                id=f"{event.id}→{there}", source_ref=event.id, target_ref=there, container=event.container
            )


def _events(model: Model, kind: EventKind) -> Iterator[Event]:
    for node in model.flow_nodes.values():
        if isinstance(node, Event) and node.kind is kind and node.has(TriggerKind.LINK):
            yield node


def _name(event: Event) -> str:
    return next((each.name for each in event.definitions if each.kind is TriggerKind.LINK and each.name), event.name)

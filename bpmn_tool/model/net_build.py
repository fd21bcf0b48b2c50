"""From a model to its net: flows in the order of their ids, links as flows, handlers and listeners where they belong.

Everything that BPMN 2.0.2 gives tokens to has rules here. What a model may not hold by the standard is a matter of
:mod:`bpmn_tool.checks`; what cannot be simulated yet, of :mod:`bpmn_tool.simulation`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import assert_never

from bpmn_tool.model.beginnings import (
    begins,
    by_id,
    called_begins,
    implicit_begins,
    instantiating,
    listeners,
    start_events,
    starts,
    together,
)
from bpmn_tool.model.behaviours import behaviour_of
from bpmn_tool.model.elements import (
    Activity,
    CallActivity,
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Model,
    SubProcess,
    SubProcessKind,
    Task,
    TimerKind,
    TriggerKind,
)
from bpmn_tool.model.message_ends import message_ends
from bpmn_tool.model.net import Behaviour, Net, Node
from bpmn_tool.model.triggers import Throwers, triggers_of


def build(model: Model, *, once: bool = False) -> Net:
    """The net of a model. With `once`, an event that does not interrupt occurs once each time it listens."""
    links = dict(_links(model))
    flows = {flow.id: (flow.source_ref, flow.target_ref) for flow in model.sequence_flows.values()} | links
    messages = message_ends(model)
    facts = _Facts(model, messages)
    nodes = {node.id: _linked(_node(facts, node), links, flows) for node in model.flow_nodes.values()}
    if once:
        nodes = {name: replace(node, recurs=False) if node.recurs else node for name, node in nodes.items()}
    containers = [*model.processes, *(n.id for n in model.flow_nodes.values() if isinstance(n, SubProcess))]
    return Net(
        nodes=nodes,
        flows=flows,
        messages=messages,
        process_of={node: model.process_of(node) or "" for node in model.flow_nodes},
        begins={process: implicit_begins(model, process) for process in model.processes if not starts(model, process)},
        starts=facts.starts,
        together=dict(together(model)),
        listeners={name: found for name in containers if (found := listeners(model, name))},
        complexes={
            name: found
            for name in containers
            if (found := tuple(sorted(n.id for n in model.nodes_in(name) if _is_complex_join(n))))
        },
        inclusive=tuple(
            sorted(n.id for n in nodes.values() if n.behaviour is Behaviour.INCLUSIVE and len(n.incoming) > 1)
        ),
    )


# -- links, 10.5.1


def _links(model: Model) -> Iterator[tuple[str, tuple[str, str]]]:
    """A flow from each throwing link to the catching one of its name in the same process or sub-process."""
    catching: dict[tuple[str, str], str] = {}
    for event in _link_events(model, EventKind.CATCH):
        catching.setdefault((event.container, _link_name(event)), event.id)
    for event in _link_events(model, EventKind.THROW):
        if (there := catching.get((event.container, _link_name(event)))) is not None:
            yield f"{event.id}→{there}", (event.id, there)


def _link_events(model: Model, kind: EventKind) -> Iterator[Event]:
    for node in model.flow_nodes.values():
        if isinstance(node, Event) and node.kind is kind and node.has(TriggerKind.LINK):
            yield node


def _link_name(event: Event) -> str:
    return next((d.name for d in event.definitions if d.kind is TriggerKind.LINK and d.name), event.name)


def _linked(node: Node, links: Mapping[str, tuple[str, str]], flows: Mapping[str, tuple[str, str]]) -> Node:
    if node.trigger is not TriggerKind.LINK:
        return node
    leaving = by_id((*node.outgoing, *(f for f in links if flows[f][0] == node.id)))
    arriving = by_id((*node.incoming, *(f for f in links if flows[f][1] == node.id)))
    return replace(node, outgoing=leaving, incoming=arriving)


# -- nodes


class _Facts:
    """A model, and what is asked of it at every node."""

    def __init__(self, model: Model, messages: Mapping[str, tuple[str, str]]) -> None:
        self.model = model
        self.throwers = Throwers(model)
        self.starts = {process: by_id(instantiating(model, process)) for process in model.processes}
        self.instantiating = {node for nodes in self.starts.values() for node in nodes}
        self.sends: dict[str, list[str]] = {}
        self.receives: dict[str, list[str]] = {}
        for flow, (source, target) in messages.items():
            self.sends.setdefault(source, []).append(flow)
            self.receives.setdefault(target, []).append(flow)


def _node(facts: _Facts, node: FlowNode) -> Node:
    model = facts.model
    behaviour = behaviour_of(model, node)
    made = Node(
        id=node.id,
        behaviour=behaviour,
        container=node.container,
        incoming=by_id(node.incoming),
        outgoing=node.outgoing if behaviour is Behaviour.EXCLUSIVE else by_id(node.outgoing),
        default=None if isinstance(node, Event) else node.default,
        sends=tuple(sorted(facts.sends.get(node.id, ()))),
        receives=tuple(sorted(facts.receives.get(node.id, ()))),
        instantiates=node.id in facts.instantiating,
    )
    match node:
        case Gateway():
            return _gateway(model, node, made)
        case Event():
            return _event(node, made, facts.throwers)
        case Task() | SubProcess() | CallActivity():
            return _activity(model, node, made)
        case _:
            assert_never(node)


def _gateway(model: Model, node: Gateway, made: Node) -> Node:
    match node.kind:
        case GatewayKind.EVENT_BASED:
            return replace(made, arms=tuple(model.sequence_flows[f].target_ref for f in made.outgoing))
        case GatewayKind.COMPLEX:
            return replace(made, activation=node.activation_condition, conditional=_conditional(model, node))
        case GatewayKind.EXCLUSIVE | GatewayKind.INCLUSIVE | GatewayKind.PARALLEL:
            return made
        case _:
            assert_never(node.kind)


def _event(node: Event, made: Node, throwers: Throwers) -> Node:
    interrupting = node.cancel_activity if node.kind is EventKind.BOUNDARY else node.is_interrupting
    return replace(
        made,
        triggers=throwers.known(node, triggers_of(throwers.model, node)),
        trigger=node.trigger,
        every=node.parallel_multiple and len(node.definitions) > 1,
        host=node.attached_to_ref,
        interrupting=interrupting,
        recurs=not interrupting and _may_recur(node),
    )


def _may_recur(event: Event) -> bool:
    """A timer occurs once unless it is a cycle (13.5.3)."""
    return any(d.kind is not TriggerKind.TIMER or d.timer is TimerKind.CYCLE for d in event.definitions)


def _activity(model: Model, node: Activity, made: Node) -> Node:
    made = replace(
        made,
        conditional=_conditional(model, node),
        needs=node.start_quantity,
        gives=node.completion_quantity,
        loop=node.loop,
        boundary=tuple(sorted(b.id for b in model.boundary_events(node.id) if not b.has(TriggerKind.COMPENSATE))),
        handler=_handler(model, node),
        compensable=_compensable(model, node, frozenset()),
    )
    match node:
        case SubProcess():
            ad_hoc = node.kind is SubProcessKind.AD_HOC
            return replace(
                made,
                inner=node.id,
                by_event=node.triggered_by_event,
                begins=() if ad_hoc else begins(model, node.id),
                inner_handler=_inner_handler(model, node.id),
                transaction=node.kind is SubProcessKind.TRANSACTION,
                performs=implicit_begins(model, node.id) if ad_hoc else None,
                sequential=node.ordering == "Sequential",
                cancels_rest=node.cancel_remaining_instances,
            )
        case CallActivity() if node.called_element in model.processes:
            called = node.called_element
            return replace(
                made, inner=called, begins=called_begins(model, called), inner_handler=_inner_handler(model, called)
            )
        case Task() | CallActivity():
            return made
        case _:
            assert_never(node)


def _conditional(model: Model, node: Activity | Gateway) -> tuple[str, ...]:
    """A condition of the default flow is ignored (Table 10.3)."""
    texts = {f: model.sequence_flows[f].condition for f in by_id(node.outgoing) if f != node.default}
    return tuple(f for f, text in texts.items() if text is not None and text.strip())


# -- compensation, 10.7


def _handler(model: Model, node: Activity) -> str | None:
    """The activity that an association leads to from the compensation event at the border."""
    events = {b.id for b in model.boundary_events(node.id) if b.has(TriggerKind.COMPENSATE)}
    if not events:
        return None
    for artifact in model.artifacts.values():
        for event, handler in ((artifact.source_ref, artifact.target_ref), (artifact.target_ref, artifact.source_ref)):
            if event in events and handler in model.flow_nodes:
                return handler
    return None


def _compensable(model: Model, node: FlowNode, around: frozenset[str]) -> bool:
    """`around`: the containers looked at, since processes may call each other in a circle."""
    if not isinstance(node, Activity):
        return False
    if any(b.has(TriggerKind.COMPENSATE) for b in model.boundary_events(node.id)):
        return True
    container = node.called_element if isinstance(node, CallActivity) else node.id
    if isinstance(node, Task) or container in around:
        return False
    return _inner_handler(model, container) is not None or any(
        _compensable(model, inside, around | {container}) for inside in model.nodes_in(container)
    )


def _inner_handler(model: Model, container: str) -> str | None:
    for inside in model.nodes_in(container):
        if isinstance(inside, SubProcess) and inside.triggered_by_event:
            for start in start_events(model, inside.id):
                if start.has(TriggerKind.COMPENSATE):
                    return inside.id
    return None


def _is_complex_join(node: FlowNode) -> bool:
    return isinstance(node, Gateway) and node.kind is GatewayKind.COMPLEX and len(node.incoming) > 1

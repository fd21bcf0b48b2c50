"""From a model to its net: flows in the order of their ids, links as flows, handlers and listeners where they belong.

Everything that BPMN 2.0.2 gives tokens to has rules here. What a model may not hold by the standard is a matter of
:mod:`bpmn_tool.checks`; what cannot be simulated yet, of :mod:`bpmn_tool.simulation`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import assert_never

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
    TaskKind,
    TimerKind,
    TriggerKind,
)
from bpmn_tool.model.message_ends import message_ends
from bpmn_tool.model.net import Behaviour, Net, Node
from bpmn_tool.model.triggers import RAISED, Throwers, triggers_of


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
        begins={
            process: _implicit_begins(model, process) for process in model.processes if not _starts(model, process)
        },
        starts=facts.starts,
        together=dict(_together(model)),
        listeners={name: found for name in containers if (found := _listeners(model, name))},
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
    leaving = _by_id((*node.outgoing, *(f for f in links if flows[f][0] == node.id)))
    arriving = _by_id((*node.incoming, *(f for f in links if flows[f][1] == node.id)))
    return replace(node, outgoing=leaving, incoming=arriving)


# -- nodes


class _Facts:
    """A model, and what is asked of it at every node."""

    def __init__(self, model: Model, messages: Mapping[str, tuple[str, str]]) -> None:
        self.model = model
        self.throwers = Throwers(model)
        self.starts = {process: _by_id(_instantiating(model, process)) for process in model.processes}
        self.instantiating = {node for nodes in self.starts.values() for node in nodes}
        self.sends: dict[str, list[str]] = {}
        self.receives: dict[str, list[str]] = {}
        for flow, (source, target) in messages.items():
            self.sends.setdefault(source, []).append(flow)
            self.receives.setdefault(target, []).append(flow)


def _node(facts: _Facts, node: FlowNode) -> Node:
    model = facts.model
    behaviour = _behaviour(model, node)
    made = Node(
        id=node.id,
        behaviour=behaviour,
        container=node.container,
        incoming=_by_id(node.incoming),
        outgoing=node.outgoing if behaviour is Behaviour.EXCLUSIVE else _by_id(node.outgoing),
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
                begins=() if ad_hoc else _begins(model, node.id),
                inner_handler=_inner_handler(model, node.id),
                transaction=node.kind is SubProcessKind.TRANSACTION,
                performs=_implicit_begins(model, node.id) if ad_hoc else None,
                sequential=node.ordering == "Sequential",
                cancels_rest=node.cancel_remaining_instances,
            )
        case CallActivity() if node.called_element in model.processes:
            called = node.called_element
            return replace(
                made, inner=called, begins=_called_begins(model, called), inner_handler=_inner_handler(model, called)
            )
        case Task() | CallActivity():
            return made
        case _:
            assert_never(node)


def _conditional(model: Model, node: Activity | Gateway) -> tuple[str, ...]:
    """A condition of the default flow is ignored (Table 10.3)."""
    texts = {f: model.sequence_flows[f].condition for f in _by_id(node.outgoing) if f != node.default}
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
            for start in _start_events(model, inside.id):
                if start.has(TriggerKind.COMPENSATE):
                    return inside.id
    return None


# -- where tokens begin


def _start_events(model: Model, container: str) -> tuple[Event, ...]:
    inside = (n for n in model.nodes_in(container) if isinstance(n, Event) and n.kind is EventKind.START)
    return tuple(sorted(inside, key=lambda event: event.id.encode()))


def _starts(model: Model, container: str) -> tuple[str, ...]:
    return tuple(event.id for event in _start_events(model, container))


def _begins(model: Model, container: str) -> tuple[str, ...]:
    return _starts(model, container) or _implicit_begins(model, container)


def _called_begins(model: Model, process: str) -> tuple[str, ...]:
    """A call begins at the start events without a trigger (10.3.6), where there are any."""
    plain = tuple(event.id for event in _start_events(model, process) if not event.definitions)
    return plain or _begins(model, process)


def _implicit_begins(model: Model, container: str) -> tuple[str, ...]:
    """Nodes without an incoming flow, but for those that something else sets going."""
    return _by_id(n.id for n in model.nodes_in(container) if not n.incoming and not _set_going(n))


def _set_going(node: FlowNode) -> bool:
    match node:
        case Event():
            return node.kind is EventKind.BOUNDARY or (node.kind is EventKind.CATCH and node.has(TriggerKind.LINK))
        case SubProcess():
            return node.triggered_by_event or node.is_for_compensation
        case Task() | CallActivity():
            return node.is_for_compensation
        case Gateway():
            return False
        case _:
            assert_never(node)


def _instantiating(model: Model, process: str) -> Iterator[str]:
    """Start events, receive tasks and the arms of gateways that begin an instance of a process."""
    for node in model.nodes_in(process):
        match node:
            case Event(kind=EventKind.START) | Task(kind=TaskKind.RECEIVE, instantiate=True):
                yield node.id
            case Gateway(kind=GatewayKind.EVENT_BASED, instantiate=True):
                yield from _arms(model, node)
            case _:
                pass


def _together(model: Model) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in model.flow_nodes.values():
        if isinstance(node, Gateway) and node.instantiate and node.event_gateway_type == "Parallel":
            arms = _arms(model, node)
            for arm in arms:
                yield arm, tuple(other for other in arms if other != arm)


def _arms(model: Model, gateway: Gateway) -> tuple[str, ...]:
    return _by_id(model.sequence_flows[flow].target_ref for flow in gateway.outgoing)


def _listeners(model: Model, container: str) -> tuple[str, ...]:
    found = (
        start.id
        for inside in model.nodes_in(container)
        if isinstance(inside, SubProcess) and inside.triggered_by_event
        for start in _start_events(model, inside.id)
        if start.definitions and not start.has(TriggerKind.COMPENSATE)
    )
    return _by_id(found)


def _is_complex_join(node: FlowNode) -> bool:
    return isinstance(node, Gateway) and node.kind is GatewayKind.COMPLEX and len(node.incoming) > 1


def _by_id(ids: Iterable[str]) -> tuple[str, ...]:
    """In the order that no editor can change."""
    return tuple(sorted(ids, key=str.encode))


# -- behaviours


def _behaviour(model: Model, node: FlowNode) -> Behaviour:
    match node:
        case Task():
            return Behaviour.RECEIVE if node.kind is TaskKind.RECEIVE else Behaviour.WORK
        case SubProcess():
            return Behaviour.SUB_PROCESS
        case CallActivity():  # what is called may stand in a file that was not read: then it is work
            return Behaviour.SUB_PROCESS if node.called_element in model.processes else Behaviour.WORK
        case Gateway():
            return _GATEWAYS[node.kind]
        case Event():
            return _event_behaviour(model, node)
        case _:
            assert_never(node)


def _event_behaviour(model: Model, node: Event) -> Behaviour:
    match node.kind:
        case EventKind.START:
            around = model.flow_nodes.get(node.container)
            by_event = isinstance(around, SubProcess) and around.triggered_by_event
            return Behaviour.EVENT_START if by_event else Behaviour.START
        case EventKind.END:
            if any(d.kind in RAISED for d in node.definitions):
                return Behaviour.RAISE
            return Behaviour.TERMINATE if node.has(TriggerKind.TERMINATE) else Behaviour.END
        case EventKind.THROW:
            return Behaviour.RAISE if any(d.kind in RAISED for d in node.definitions) else Behaviour.THROW
        case EventKind.CATCH:
            passes = not node.definitions or node.has(TriggerKind.LINK)
            return Behaviour.THROW if passes else Behaviour.CATCH
        case EventKind.BOUNDARY:
            return Behaviour.BOUNDARY
        case _:
            assert_never(node.kind)


_GATEWAYS = {
    GatewayKind.EXCLUSIVE: Behaviour.EXCLUSIVE,
    GatewayKind.INCLUSIVE: Behaviour.INCLUSIVE,
    GatewayKind.PARALLEL: Behaviour.PARALLEL,
    GatewayKind.EVENT_BASED: Behaviour.EVENT_GATEWAY,
    GatewayKind.COMPLEX: Behaviour.COMPLEX,
}

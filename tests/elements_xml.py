"""The small models of the page of elements as BPMN files, so that the reader can be asked about each."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any
from xml.sax.saxutils import quoteattr

from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventDefinition,
    EventKind,
    FlowNode,
    Gateway,
    Model,
    MultiInstance,
    StandardLoop,
    SubProcess,
    Task,
    TriggerKind,
)

_ROOTS = {TriggerKind.SIGNAL: "signal", TriggerKind.ERROR: "error", TriggerKind.ESCALATION: "escalation"}
_NOT_COMPARED = {"location", "id", "name", "incoming", "outgoing", "attributes", "parts", "statement"}


def is_read(model: Model) -> bool:
    """Whether the reader makes of the file what the model says, node by node and flow by flow."""
    found = read_bytes(as_xml(model).encode(), "element.bpmn")
    nodes = {id_: _facts(node) for id_, node in found.flow_nodes.items()}
    flows = {(flow.source_ref, flow.target_ref) for flow in found.sequence_flows.values()}
    return (
        nodes == {id_: _facts(node) for id_, node in model.flow_nodes.items()}
        and flows == {(flow.source_ref, flow.target_ref) for flow in model.sequence_flows.values()}
        and not found.remarks
    )


def _facts(thing: object) -> dict[str, Any]:
    """The fields that say what it is; of event definitions and loops too."""
    facts: dict[str, Any] = {"class": type(thing).__name__}
    for each in fields(thing):  # type: ignore[arg-type]
        value = getattr(thing, each.name)
        if each.name == "definitions":
            facts[each.name] = [_facts(definition) for definition in value]
        elif each.name == "loop" and value is not None:
            facts[each.name] = _facts(value)
        elif each.name not in _NOT_COMPARED:
            facts[each.name] = value
    return facts


def as_xml(model: Model) -> str:
    inside = "".join(_process(model, process) for process in model.processes)
    definitions = [
        each for node in model.flow_nodes.values() if isinstance(node, Event) for each in node.definitions if each.ref
    ]
    roots = "".join(f'<{_ROOTS[each.kind]} id="{each.ref}" />' for each in definitions if each.kind in _ROOTS)
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test">'
        f"{roots}{inside}</definitions>"
    )


def _process(model: Model, process: str) -> str:
    links = "".join(
        f'<association id="{each.id}" sourceRef="{each.source_ref}" targetRef="{each.target_ref}" />'
        for each in model.artifacts.values()
    )
    return f'<process id="{process}">{"".join(_inside(model, process))}{links}</process>'


def _inside(model: Model, container: str) -> Iterator[str]:
    for node in model.nodes_in(container):
        name, attributes = _start_tag(node)
        written = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
        yield f'<{name} id="{node.id}"{written}>{"".join(_children(model, node))}</{name}>'
        for flow in node.outgoing:
            target = model.sequence_flows[flow].target_ref
            yield f'<sequenceFlow id="{flow}" sourceRef="{node.id}" targetRef="{target}" />'


def _start_tag(node: FlowNode) -> tuple[str, dict[str, object]]:
    common: dict[str, object] = {"name": node.name} if node.name else {}
    if isinstance(node, Task | SubProcess | CallActivity):
        common |= {"startQuantity": node.start_quantity, "completionQuantity": node.completion_quantity}
        common |= {"isForCompensation": _flag(node.is_for_compensation)}
    match node:
        case Task():
            return node.kind.value, common | ({"instantiate": "true"} if node.instantiate else {})
        case SubProcess():
            return node.kind.value, common | {"triggeredByEvent": _flag(node.triggered_by_event)}
        case CallActivity():
            return "callActivity", common | {"calledElement": node.called_element}
        case Gateway():
            begins = {"instantiate": "true", "eventGatewayType": node.event_gateway_type} if node.instantiate else {}
            return node.kind.value, common | begins
        case Event(kind=EventKind.BOUNDARY):
            border = {"attachedToRef": node.attached_to_ref, "cancelActivity": _flag(node.cancel_activity)}
            return node.kind.value, common | border | {"parallelMultiple": _flag(node.parallel_multiple)}
        case Event(kind=EventKind.START):
            return node.kind.value, common | {"isInterrupting": _flag(node.is_interrupting)}
        case Event():
            caught = {"parallelMultiple": _flag(node.parallel_multiple)} if node.kind is EventKind.CATCH else {}
            return node.kind.value, common | caught


def _flag(value: bool) -> str:
    return str(value).lower()


def _children(model: Model, node: FlowNode) -> Iterator[str]:
    if isinstance(node, Event):
        yield from map(_definition, node.definitions)
    match getattr(node, "loop", None):
        case StandardLoop() as loop:
            yield f"<standardLoopCharacteristics><loopCondition>{loop.condition.replace('>', '&gt;')}</loopCondition>"
            yield "</standardLoopCharacteristics>"
        case MultiInstance() as loop:
            yield f'<multiInstanceLoopCharacteristics isSequential="{_flag(loop.is_sequential)}">'
            yield f"<loopCardinality>{loop.cardinality}</loopCardinality></multiInstanceLoopCharacteristics>"
        case _:
            pass
    if isinstance(node, SubProcess):
        yield from _inside(model, node.id)


def _definition(each: EventDefinition) -> str:
    text = each.text.replace(">", "&gt;")
    match each.kind:
        case TriggerKind.TIMER:
            assert each.timer is not None
            return f"<{each.kind.value}><{each.timer.value}>{text}</{each.timer.value}></{each.kind.value}>"
        case TriggerKind.CONDITIONAL:
            return f"<{each.kind.value}><condition>{text}</condition></{each.kind.value}>"
        case TriggerKind.LINK:
            return f'<{each.kind.value} name="{each.name}" />'
        case TriggerKind.SIGNAL | TriggerKind.ERROR | TriggerKind.ESCALATION if each.ref:
            return f'<{each.kind.value} {_ROOTS[each.kind]}Ref="{each.ref}" />'
        case _:
            return f"<{each.kind.value} />"

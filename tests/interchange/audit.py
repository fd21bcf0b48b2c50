"""What a file says, counted with lxml alone, against what the model of it says: every element, attribute and text.

The reader's own helpers are not used here, so that the two can disagree. Names of fields follow from names of BPMN by
one rule (``sourceRef`` is ``source_ref``); the exceptions are in a table.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

from lxml import etree

from bpmn_tool.instants import Duration
from bpmn_tool.model.elements import Event, Model, Other
from bpmn_tool.model.statement import Statement

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
EXTENSION: Final = "{urn:bpmn-tool:1}"
BPMNDI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
OPAQUE: Final = {BPMN + name for name in ("extensionElements", "documentation", "text", "script")}
ACTIVITIES: Final = {
    BPMN + name
    for name in (
        *("task", "userTask", "manualTask", "businessRuleTask", "serviceTask", "scriptTask", "sendTask", "receiveTask"),
        *("subProcess", "transaction", "adHocSubProcess", "callActivity"),
    )
}
EVENTS: Final = {
    BPMN + name
    for name in ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
}
DEFINITIONS: Final = {
    BPMN + name + "EventDefinition"
    for name in (
        *("cancel", "compensate", "conditional", "error", "escalation"),
        *("link", "message", "signal", "terminate", "timer"),
    )
}
NEEDS_ID: Final = {
    *(tag.removeprefix(BPMN) for tag in ACTIVITIES | EVENTS),
    *("exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"),
    *("dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "dataInput", "dataOutput"),
    *("textAnnotation", "group", "association", "process", "participant", "lane", "sequenceFlow", "messageFlow"),
    *("callChoreography", "choreographyTask"),
}
"""What gets an id where it has none."""

LOOPS: Final = {BPMN + "standardLoopCharacteristics", BPMN + "multiInstanceLoopCharacteristics"}

FIELDS: Final = {
    "errorCode": "code",
    "escalationCode": "code",
    "itemRef": "ref",
    "structureRef": "ref",
    "dataObjectRef": "ref",
    "dataStoreRef": "ref",
    "messageRef": ("message_ref", "ref"),
    "signalRef": "ref",
    "errorRef": "ref",
    "escalationRef": "ref",
    "activityRef": "ref",
    "gatewayDirection": "direction",
    "associationDirection": "direction",
    "loopMaximum": "maximum",
    "loopCardinality": "cardinality",
    "loopCondition": "condition",
    "loopDataInputRef": "data_input_ref",
    "loopDataOutputRef": "data_output_ref",
    "conditionExpression": "condition",
    "timeDate": "text",
    "timeDuration": "text",
    "timeCycle": "text",
    "condition": "text",
    "incoming": "incoming",
    "outgoing": "outgoing",
    "flowNodeRef": "flow_node_refs",
    "source": "sources",
    "sourceRef": "source_ref",
    "targetRef": "target_ref",
}


class Fact(NamedTuple):
    """`what` is an attribute, "#text" or "#element"; `value` is plain text, of references without a prefix."""

    tag: str
    what: str
    value: str


def lost(root: etree._Element, model: Model) -> list[str]:
    """What the file says and the model of this one file does not."""
    found: list[str] = []
    kept: dict[int, Counter[Fact]] = {}
    known: dict[etree._Element, tuple[Any, ...]] = {}
    made: dict[str, tuple[Any, ...]] = {}
    for row in model.generated:
        made[row.kind] = (*made.get(row.kind, ()), model.get(row.id))
    for owner, fact in facts(root):
        if owner not in known:
            known[owner] = records_of(owner, root, model, made)
            if not known[owner]:
                found.append(f"no record of {owner.tag!s} {owner.get('id')}")
        for record in known[owner]:
            if id(record) not in kept:
                kept[id(record)] = Counter(kept_facts(record))
        if known[owner] and not any(says(record, kept[id(record)], fact) for record in known[owner]):
            found.append(f"{str(owner.tag).rpartition('}')[2]} {owner.get('id')}: {fact}")
    return found


def says(record: Any, kept: Counter[Fact], fact: Fact) -> bool:
    if kept[fact] > 0:
        kept[fact] -= 1
        return True
    return typed(record, fact)


def facts(root: etree._Element) -> Iterator[tuple[etree._Element, Fact]]:
    """Each fact of the file with the element that has to keep it: the nearest at or around it with a record."""
    waiting = [(root, root, False)]
    while waiting:
        element, owner, opaque = waiting.pop()
        tag = str(element.tag)
        if tag == BPMNDI + "BPMNDiagram" and element.getparent() is root:
            continue
        if element is root or (not opaque and has_record(element)):
            owner = element
        else:
            yield owner, Fact(tag, "#element", "")
        for name, value in element.attrib.items():
            yield owner, Fact(tag, str(name), plain(str(name), str(value)))
        texts = [element.text, *(child.tail for child in element)]
        for text in texts:
            if text and text.strip():
                yield owner, Fact(tag, "#text", text.strip())
        inside = opaque or tag in OPAQUE or not tag.startswith(BPMN)
        waiting += [(child, owner, inside) for child in element if isinstance(child.tag, str)]  # type: ignore[redundant-expr]


def has_record(element: etree._Element) -> bool:
    if not str(element.tag).startswith(BPMN):
        return False
    local = str(element.tag).removeprefix(BPMN)
    return bool(own_id(element)) or local in NEEDS_ID or in_event(element) or is_loop(element)


def own_id(element: etree._Element) -> str:
    return (element.get("id") or "").strip()


def in_event(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in EVENTS and element.tag in DEFINITIONS


def is_loop(element: etree._Element) -> bool:
    """The first of an activity; another one means nothing, and is kept as a part."""
    parent = element.getparent()
    if element.tag not in LOOPS or parent is None or parent.tag not in ACTIVITIES:
        return False
    return element is next(child for child in parent if child.tag in LOOPS)


def records_of(
    owner: etree._Element, root: etree._Element, model: Model, made: Mapping[str, tuple[Any, ...]]
) -> tuple[Any, ...]:
    """The records that may keep what it says: one, or all those whose ids were made for their kind."""
    if owner is root:
        return (model.sources[0].definitions,)
    parent = owner.getparent()
    assert parent is not None
    if in_event(owner):
        place = [child for child in parent if in_event(child)].index(owner)
        events = [e for e in records_of(parent, root, model, made) if isinstance(e, Event)]
        return tuple(e.definitions[place] for e in events if place < len(e.definitions))
    if (found := model.get(own_id(owner))) is not None:
        return (found,)
    if owner.tag in LOOPS:
        loops = (getattr(record, "loop", None) for record in records_of(parent, root, model, made))
        return tuple(loop for loop in loops if loop is not None)
    return made.get(str(owner.tag).removeprefix(BPMN), ())


def kept_facts(record: Any) -> Iterator[Fact]:
    """Facts of the parts and the extension of a record."""
    yield from kept_facts_of_parts({**record.parts, "extension": (record.extension,)})


def kept_facts_of_parts(parts: Mapping[str, tuple[str, ...]]) -> Iterator[Fact]:
    for text in (text for name, group in parts.items() for text in group if name != "#text"):
        for element in etree.fromstring(f"<x>{text}</x>").iterdescendants():
            tag = str(element.tag)
            yield Fact(tag, "#element", "")
            for name, value in element.attrib.items():
                yield Fact(tag, str(name), plain(str(name), str(value)))
            for piece in (element.text, *(child.tail for child in element)):
                if piece and piece.strip():
                    yield Fact(tag, "#text", piece.strip())


def typed(record: Any, fact: Fact) -> bool:
    """Whether a field holds it, or it is the record's own attribute."""
    if fact.tag.startswith(EXTENSION):
        return stated(record.statement, fact)
    local = fact.tag.removeprefix(BPMN)
    if fact.what == "#element":
        return (
            local in FIELDS
            or local in {"extensionElements", "laneSet", "childLaneSet", "ioSpecification"}
            or (hasattr(record, snake(local)))
        )
    if fact.what != "#text":
        kept = record.attributes.get(fact.what)
        return (kept is not None and plain(fact.what, kept) == fact.value) or holds(record, fact.what, fact.value)
    if local == "extensionElements":
        around = etree.fromstring(f"<x>{record.extension}</x>")
        return any(fact.value in (text or "") for text in (around.text, *(each.tail for each in around)))
    stray = (*record.parts.get("#text", ()), record.text if isinstance(record, Other) else "")
    return holds(record, local, fact.value) or any(fact.value in text for text in stray)


def stated(statement: Statement, fact: Fact) -> bool:
    """Whether it is said in our own extension, and read."""
    texts = {*statement.names, *statement.names.values(), *statement.ignored, *statement.ignored.values()}
    if fact.what == "#element":
        return True  # what it says is asked for one by one
    if fact.tag != EXTENSION + "statement":
        return " ".join(fact.value.split()) in texts | {text.upper() for text in statement.names}
    held = getattr(statement, snake(fact.what))
    if isinstance(held, (bool, Duration)) or held == ():
        return fact.value in ("true", "false", "none") or isinstance(held, Duration)
    words = {
        str(each.value if isinstance(each, Enum) else each) for each in (held if isinstance(held, tuple) else [held])
    }
    return " ".join(fact.value.split()) in words or set(fact.value.split()) == words


def holds(record: Any, name: str, value: str) -> bool:
    fields = FIELDS.get(name, snake(name))
    for field in (fields,) if isinstance(fields, str) else fields:
        if not hasattr(record, field):
            continue
        held = getattr(record, field)
        held = held if isinstance(held, tuple) else (held,)
        if any(same(each, value) for each in held):
            return True
    return False


def same(held: Any, value: str) -> bool:
    match held:
        case bool():
            return value.strip().lower() in (("true", "1") if held else ("false", "0"))
        case int():
            return int(value) == held
        case float():
            return float(value) == held
        case str():
            return " ".join(value.split()) in " ".join(held.split()) or value.rpartition(":")[2] == held
    return False


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def plain(name: str, value: str) -> str:
    return value.strip().rpartition(":")[2] if name == TYPE else value.strip()


def lost_of_drawings(root: etree._Element, model: Model) -> list[str]:
    """Attributes of the drawings that are nowhere in the model's diagrams.

    Flags are left out, since any drawing has both values, and xsi:type, which repeats the schema.
    """
    kept: set[str | float | None] = set()
    for diagram in model.diagrams:
        kept |= {diagram.id, diagram.name, diagram.plane}
        records: tuple[Any, ...] = (diagram, *diagram.shapes.values(), *diagram.edges.values())
        for record in records:
            kept |= {record.id, getattr(record, "element", ""), *record.attributes.values()}
            kept |= {fact.value for fact in kept_facts_of_parts(record.parts)}
            boxes = (getattr(record, "bounds", None), getattr(record, "label", None))
            kept |= {each for box in boxes if box is not None for each in (box.x, box.y, box.width, box.height)}
            kept |= {number for point in getattr(record, "waypoints", ()) for number in point}
    found = []
    for diagram_element in root.iterchildren(BPMNDI + "BPMNDiagram"):  # elsewhere it is kept as a part
        for element in diagram_element.iter("*"):
            for name, value in element.attrib.items():
                text = plain(str(name), str(value))
                said = {text, text.rpartition(":")[2], number(text)}
                if not said & kept and str(name) not in {"isHorizontal", "isExpanded", "isMarkerVisible", TYPE}:
                    found.append(f"{element.tag!s} {name!s} {text}")
    return found


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

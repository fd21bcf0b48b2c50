"""What an element says of itself, as names of BPMN 2.0.2 with values, each with a key by which two models are compared.

The fields are read off the classes of :mod:`bpmn_tool.model.elements`, so that a new one is compared from its first
day. What only the file knows (ids, places, the order of flows, white space, prefixes, a default that is written out or
not) is no part of it.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from enum import Enum
from functools import cache
from typing import Any, Final

from bpmn_tool.comparison.linked import is_reference, kind_of
from bpmn_tool.model.elements import Element, Event, EventDefinition, MultiInstance, StandardLoop, TriggerKind
from bpmn_tool.model.statement import NONE, Statement
from bpmn_tool.results.differences import Value

Translate = Callable[[str], str]
"""From an id to the one by which both models call the element."""

Facts = Mapping[str, tuple[object, Value]]
"""Name to what is compared and what is shown."""

_SKIPPED: Final = frozenset(
    {
        "id",
        "location",
        "kind",  # stands first in every comparison
        "incoming",  # the flows say it
        "outgoing",
        "flow_node_refs",  # reassigned
        "container",  # compared by structure.py, which knows what else came or went
        "parent",
        "process",
        "collaboration",
        "definitions",
        "loop",
        "extension",
        "statement",  # each of its attributes by itself
        "attributes",
        "parts",
    }
)
_NAMES: Final = {
    "condition": "conditionExpression",
    "maximum": "participantMultiplicity.maximum",
    "minimum": "participantMultiplicity.minimum",
    "state": "dataState",
    "performer": "partitionElement",
    "direction": "gatewayDirection",
    "behavior": "behavior",
}
_NAMES_BY_KIND: Final = {
    ("error", "code"): "errorCode",
    ("escalation", "code"): "escalationCode",
    ("message", "ref"): "itemRef",
    ("association", "direction"): "associationDirection",
    ("dataObjectReference", "ref"): "dataObjectRef",
    ("dataStoreReference", "ref"): "dataStoreRef",
}
_LOOP_NAMES: Final = {
    (StandardLoop, "condition"): "loopCondition",
    (StandardLoop, "maximum"): "loopMaximum",
    (MultiInstance, "cardinality"): "loopCardinality",
    (MultiInstance, "data_input_ref"): "loopDataInputRef",
    (MultiInstance, "data_output_ref"): "loopDataOutputRef",
}
_DEFINITION_REFS: Final = {
    TriggerKind.MESSAGE: "messageRef",
    TriggerKind.SIGNAL: "signalRef",
    TriggerKind.ERROR: "errorRef",
    TriggerKind.ESCALATION: "escalationRef",
    TriggerKind.COMPENSATE: "activityRef",
}
EXPRESSIONS: Final = frozenset(
    {
        "activationCondition",
        "completionCondition",
        "condition",
        "conditionExpression",
        "loopCardinality",
        "loopCondition",
        "script",
        "timeCycle",
        "timeDate",
        "timeDuration",
    }
)
_ABSENT: Final[tuple[object, ...]] = (None, "", ())
_UNORDERED: Final = frozenset({"data_inputs", "data_outputs", "performers"})
_LINES: Final = frozenset({"name", "documentation", "text"})
"""Texts of which white space is no part: modellers break lines where the box ends."""

_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_BPMNDI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_OF_THE_FILE: Final = frozenset({"exporter", "exporterVersion"})
#: defaults of the schema (BPMN20.xsd, Semantic.xsd) of attributes that have no field in the model
_DEFAULTS: Final = {
    "isClosed": "false",
    "processType": "None",
    "isCollection": "false",
    "isUnlimited": "true",
    "itemKind": "Information",
    "cancelRemainingInstances": "true",
    "associationDirection": "None",
    "method": "##Compensate",
}
_UNSPECIFIED: Final = {
    "userTask": "##unspecified",
    "businessRuleTask": "##unspecified",
    "serviceTask": "##WebService",
    "sendTask": "##WebService",
    "receiveTask": "##WebService",
}


def facts_of(element: Element, translate: Translate, *, defaults: bool = True) -> Facts:
    """All that is compared of one element. `defaults` False: without what is as a class has it by itself, for
    comparing elements of two classes.
    """
    found: dict[str, tuple[object, Value]] = {}
    for field, name, default in _columns(type(element), kind_of(element)):  # type: ignore[arg-type]  # see linked.py
        value = getattr(element, field)
        if defaults or value != default:
            found[name] = _fact(field, value, translate)
    found.update(_statement(element.statement))
    found.update(_rest(element, kind_of(element), translate))
    loop = getattr(element, "loop", None)
    if loop is not None:
        found.update(_loop(loop, translate))
    if isinstance(element, Event):
        found.update(_definitions(element, translate))
    return {name: fact for name, fact in found.items() if fact[0] not in _ABSENT}


def stated(element: Element) -> Mapping[str, Value]:
    """The same facts as plain values that are equal where two models mean the same by the same ids."""
    return {name: _plain(key) for name, (key, _shown) in facts_of(element, str).items()}


def _plain(key: object) -> Value:
    match key:
        case _Text():
            return key.written
        case None | bool() | int() | str():
            return key
        case tuple():
            return tuple(each if isinstance(each, str) else str(each) for each in key)
        case _:
            return str(key)


@cache
def _columns(of: Hashable, kind: str) -> tuple[tuple[str, str, object], ...]:
    """The fields of a class that are compared: name, name in BPMN, default."""
    assert isinstance(of, type)
    compared = (each for each in fields(of) if each.name not in _SKIPPED)
    return tuple((each.name, _name(each.name, kind), _default(each)) for each in compared)


def camel(name: str) -> str:
    """As BPMN writes it.

    >>> camel("is_for_compensation")
    'isForCompensation'
    """
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _default(field: "Field[Any]") -> object:
    return field.default if field.default is not MISSING else None


def _name(field: str, kind: str) -> str:
    return _NAMES_BY_KIND.get((kind, field)) or _NAMES.get(field) or camel(field)


def _fact(name: str, value: object, translate: Translate) -> tuple[object, Value]:
    """What is compared and what is shown of one field."""
    match value:
        case None | bool() | int():
            return value, value
        case Enum():
            return str(value.value), str(value.value)
        case str() if is_reference(name):
            return translate(value), value
        case str():
            text = " ".join(value.split()) if name in _LINES else value.strip()
            return (text or (" " if name == "condition" else "")), value  # an empty condition is one
        case tuple():
            items = tuple(str(each) for each in value)
            keys = tuple(map(translate, items)) if is_reference(name) else items
            return (tuple(sorted(keys)) if name in _UNORDERED or name == "ref" else keys), items
        case _:
            return str(value), str(value)


def _statement(statement: Statement) -> Iterator[tuple[str, tuple[object, Value]]]:
    """What the extension says, each attribute by its name there. ``none`` is a value, unlike what is not stated."""
    for each in fields(statement):
        value = getattr(statement, each.name)
        if value is None or each.name in ("names", "ignored"):
            continue
        written = tuple(_written(item) for item in value) if isinstance(value, tuple) else (_written(value),)
        shown = " ".join(sorted(written)) or NONE
        yield f"statement.{camel(each.name)}", (shown, shown)
    yield from ((f"label.{language}", (name, name)) for language, name in statement.names.items())
    yield from ((f"ignore.{rule}", (because, because)) for rule, because in statement.ignored.items())


def _written(value: object) -> str:
    match value:
        case Enum():
            return str(value.value)
        case bool():
            return str(value).lower()
        case _:
            return " ".join(str(value).split())


def _rest(
    thing: Element | EventDefinition | StandardLoop | MultiInstance, kind: str, translate: Translate
) -> Iterator[tuple[str, tuple[object, Value]]]:
    """What has no field: attributes, vendors' data and other child elements, canonical as the reader leaves them."""
    for name, written in thing.attributes.items():
        value = written.strip()
        if name.startswith(_XSI) or (name in _OF_THE_FILE and kind == "definitions"):
            continue
        if value == (_UNSPECIFIED.get(kind) if name == "implementation" else _DEFAULTS.get(name)):
            continue
        yield name, (_Text(value, _translated(value, translate)), value)
    for name, pieces in thing.parts.items():
        if name in EXPRESSIONS:  # its text is in a field already
            yield from _beside_the_text(name, pieces)
        elif not name.startswith(_BPMNDI):
            yield name, (_text(pieces, translate), pieces)
    if thing.extension:
        yield "extensionElements", (_text(thing.extension.splitlines(), translate), thing.extension)


_START: Final = re.compile(r"<[^>]*>")
_ATTRIBUTE: Final = re.compile(r'\s([\w.:-]+)="([^"]*)"')


def _beside_the_text(name: str, pieces: Iterable[str]) -> Iterator[tuple[str, tuple[object, Value]]]:
    """The attributes of an expression (its language), but for the class of the schema that it is of."""
    for piece in pieces:
        start = _START.match(piece)
        for written, value in _ATTRIBUTE.findall(start[0] if start else ""):
            key = written.rpartition(":")[2]
            if key not in {"type", "id"} and not written.startswith("xmlns:"):
                yield f"{name}.{key}", (value, value)


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    """Text in which ids may stand that nobody declares as such: the same as written, or the same when translated."""

    written: str
    translated: str

    __hash__ = None  # type: ignore[assignment]  # two ways to be the same have no hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Text) and (self.written == other.written or self.translated == other.translated)


_MENTIONS: Final = re.compile(r'(?<==")[^"<>]+(?=")|(?<=>)[^<>]+(?=<)')


def _text(pieces: Iterable[str], translate: Translate) -> _Text:
    """Vendors' data may name elements by id (the parameters of a simulation); the order of pieces means nothing."""
    written = sorted(pieces)
    translated = sorted(_MENTIONS.sub(lambda found: _translated(found[0], translate), each) for each in written)
    return _Text("\n".join(written), "\n".join(translated))


def _translated(reference: str, translate: Translate) -> str:
    """The id behind the prefix of a QName translated, the prefix left out."""
    return translate(reference.rpartition(":")[2])


def _loop(loop: StandardLoop | MultiInstance, translate: Translate) -> Iterator[tuple[str, tuple[object, Value]]]:
    kind = "standardLoopCharacteristics" if isinstance(loop, StandardLoop) else "multiInstanceLoopCharacteristics"
    yield "loopCharacteristics", (kind, kind)
    for each in fields(loop):
        value = getattr(loop, each.name)
        if each.name not in _SKIPPED and value != _default(each):
            name = _LOOP_NAMES.get((type(loop), each.name)) or camel(each.name)
            yield f"loopCharacteristics.{name}", _fact(each.name, value, translate)
    yield from ((f"loopCharacteristics.{name}", fact) for name, fact in _rest(loop, kind, translate))


def _definitions(event: Event, translate: Translate) -> Iterator[tuple[str, tuple[object, Value]]]:
    """One by one where each kind occurs once, else all as one list; their order means nothing."""
    kinds = [each.kind for each in event.definitions]
    if kinds:
        shown = tuple(sorted(kind.value for kind in kinds))
        yield "eventDefinitions", (shown, shown)
    rows = [(each.kind.value, dict(_definition(each, translate))) for each in event.definitions]
    if len(set(kinds)) == len(kinds):
        for kind, facts in rows:
            yield from ((f"{kind}.{name}", fact) for name, fact in facts.items())
        return
    keys = sorted((kind, tuple(sorted((name, str(fact[0])) for name, fact in facts.items()))) for kind, facts in rows)
    texts = sorted(" ".join((kind, *(f"{name}={fact[1]}" for name, fact in facts.items()))) for kind, facts in rows)
    yield "eventDefinitions", (tuple(keys), tuple(texts))


def _definition(each: EventDefinition, translate: Translate) -> Iterator[tuple[str, tuple[object, Value]]]:
    for field in fields(each):
        value = getattr(each, field.name)
        if field.name in _SKIPPED | {"timer"} or value == _default(field):
            continue
        match field.name:
            case "ref":
                name = _DEFINITION_REFS.get(each.kind, "ref")
                yield name, _fact("ref", value, translate)
            case "sources" | "target":  # of a link: ids of event definitions
                yield field.name, _fact("ref", value, translate)
            case "text":
                name = each.timer.value if each.timer else "condition"
                yield name, (value.strip(), value.strip())
            case _:
                yield camel(field.name), _fact(field.name, value, translate)
    if each.timer is not None and not each.text:
        yield "timer", (each.timer.value, each.timer.value)
    yield from _rest(each, each.kind.value, translate)

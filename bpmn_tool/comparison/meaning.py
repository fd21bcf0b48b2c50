"""What a step means to whoever does it, as canonical facts, and the hash to which a sign-off is bound.

Part of it: what the step says of itself; the flows that lead to and from it with their conditions, past gateways, and
who is there; its messages, data, deadlines, notes; the grounds and purposes that it cites; what the register says of
its roles and their partners. No part: the drawing, the order and white space of the file, prefixes, who else does what
elsewhere, contacts, sources and other names of a role.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from bpmn_tool.comparison.asked import Asked, Neighbour, after, before, held_by, messages_of
from bpmn_tool.comparison.attributes import stated
from bpmn_tool.comparison.linked import kind_of
from bpmn_tool.comparison.owners import Owners
from bpmn_tool.model.elements import Data, Element, Event, FlowNode, MessageFlow, Model
from bpmn_tool.model.statement import Statement
from bpmn_tool.register import Register

Facts = Mapping[str, Any]
"""Name to a text, a number, a truth value or a list of texts: what JSON can say."""

_BESIDE: Final = frozenset({"id", "location", "source", "aliases", "codes", "contact"})
"""Of an entry of the register: where it stands and what else it is called, no part of what it says."""
_OF_FLOWS: Final = frozenset({"sourceRef", "targetRef"})
_CODE: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, 1, I, O: read off paper


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """The facts of one step. (No slots: its hash is made once and kept.)"""

    step: str
    facts: Facts

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical text, in hexadecimal."""
        return sha256(self.canonical).hexdigest()

    @property
    def canonical(self) -> bytes:
        """UTF-8 JSON: keys in order, no white space."""
        whole = {"step": self.step, "facts": dict(self.facts)}
        return json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(
            "utf-8", "surrogatepass"
        )


def paper_code(partner: str, meaning: Meaning) -> str:
    """Six characters (30 bits) that stand for one meaning on a printed sheet of one partner."""
    number = int.from_bytes(sha256(f"{partner}\n{meaning.hash}".encode()).digest()[:8], "big")
    return "".join(_CODE[number >> (5 * place) & 31] for place in range(6))


def changes(old: Facts, new: Facts) -> Mapping[str, tuple[Any, Any]]:
    """What differs between two meanings: fact to its old and new value, None where it is not there."""
    return MappingProxyType(
        {name: (old.get(name), new.get(name)) for name in sorted({*old, *new}) if old.get(name) != new.get(name)}
    )


def meaning_of(model: Model, register: Register, asked: Asked) -> Meaning:
    """What a step of a partner means."""
    owners = Owners(model, register)
    found: dict[str, Any] = {"kind": kind_of(asked.element)}
    rows = (
        _of_message(owners, asked.element)
        if isinstance(asked.element, MessageFlow)
        else _of_step(owners, asked.element)
    )
    roles = _roles(owners, asked)
    for name, value in (*rows, *_register(register, roles, asked.element.statement)):
        if value not in (None, "", (), []):
            found[name] = list(value) if isinstance(value, tuple) else value
    return Meaning(step=asked.id, facts=MappingProxyType(found))


def _of_message(owners: Owners, flow: MessageFlow) -> Iterator[tuple[str, Any]]:
    yield from stated(flow).items()
    yield from _message(owners, "message", flow, ("from", "to"))


def _of_step(owners: Owners, node: FlowNode) -> Iterator[tuple[str, Any]]:
    model = owners.model
    yield from stated(node).items()
    yield "by", [role or name for role, name in owners.roles_of(node)]
    for label, neighbours in (("before", before(model, node)), ("after", after(model, node))):
        yield from _neighbours(owners, label, neighbours)
    for label, to in (("received", True), ("sent", False)):
        for flow in messages_of(model, node.id, to=to):
            yield from _prefixed(f"{label}.{flow.id}", stated(flow))
            yield from _message(owners, f"{label}.{flow.id}", flow, ("from",) if to else ("to",))
    for event in model.boundary_events(node.id):
        yield from _prefixed(f"event.{event.id}", stated(event))
        yield from _triggers(model, f"event.{event.id}", event)
        yield from _neighbours(owners, f"event.{event.id}.after", after(model, event))
    for label, refs in (("reads", "data_inputs"), ("writes", "data_outputs")):
        for ref in getattr(node, refs, ()):
            yield from _data(model, f"{label}.{ref}", ref)
    yield from _root(model, "message", getattr(node, "message_ref", None))
    yield from _around(model, node)
    yield from _notes(model, node)


def _prefixed(label: str, facts: Facts, skip: Iterable[str] = ()) -> Iterator[tuple[str, Any]]:
    yield from ((f"{label}.{name}", value) for name, value in facts.items() if name not in skip)


def _neighbours(owners: Owners, label: str, neighbours: Iterable[Neighbour]) -> Iterator[tuple[str, Any]]:
    model = owners.model
    for each in neighbours:
        place = f"{label}.{each.node.id}"
        yield from _end(owners, place, each.node)
        yield f"{place}.{'-'.join(each.flows)}", True  # two ways to one neighbour are two
        if isinstance(each.node, Event):
            yield from _beyond(owners, place, each.node)
        for flow in each.flows:
            yield from _prefixed(f"flow.{flow}", stated(model.sequence_flows[flow]))
        for gateway in each.gateways:
            yield f"gateway.{gateway}.kind", kind_of(model.flow_nodes[gateway])
            yield from _prefixed(f"gateway.{gateway}", stated(model.flow_nodes[gateway]))


def _beyond(owners: Owners, place: str, event: Event) -> Iterator[tuple[str, Any]]:
    """Whom a message event beside the step hears from or speaks to: a sheet shows that as well."""
    for to in (True, False):
        for flow in messages_of(owners.model, event.id, to=to):
            yield from _prefixed(f"{place}.{flow.id}", stated(flow))
            yield from _message(owners, f"{place}.{flow.id}", flow, ("from",) if to else ("to",))


def _end(owners: Owners, place: str, element: Element) -> Iterator[tuple[str, Any]]:
    yield f"{place}.kind", kind_of(element)
    yield f"{place}.name", " ".join(element.name.split())
    yield f"{place}.by", held_by(owners, element.id)
    if isinstance(element, Event):
        yield from _triggers(owners.model, place, element)


def _triggers(model: Model, place: str, event: Event) -> Iterator[tuple[str, Any]]:
    """What an event waits for or says: a deadline, a message."""
    for name, value in stated(event).items():
        if "EventDefinition" in name or name == "eventDefinitions":
            yield f"{place}.{name}", value
    for definition in event.definitions:
        yield from _root(model, f"{place}.{definition.kind.value}", definition.ref)


def _message(owners: Owners, place: str, flow: MessageFlow, ends: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Who is at the other end (or ends), and what the message is."""
    for name in ends:
        ref = flow.source_ref if name == "from" else flow.target_ref
        if (end := owners.model.get(ref)) is not None:
            yield from _end(owners, f"{place}.{name}.{ref}", end)
    yield from _root(owners.model, f"{place}.message", flow.message_ref)


def _root(model: Model, place: str, ref: str | None) -> Iterator[tuple[str, Any]]:
    """What an element of the file that is referred to says: a message, a signal, an error."""
    if ref is not None and (element := model.root_elements.get(ref)) is not None:
        yield from _prefixed(place, stated(element))


def _data(model: Model, place: str, ref: str) -> Iterator[tuple[str, Any]]:
    data = model.data.get(ref)
    if data is None:
        return
    behind: Data | None = model.data.get(data.ref) if data.ref is not None else None
    if behind is not None:
        yield from _prefixed(place, stated(behind))
    yield from _prefixed(place, stated(data))  # what the reference says itself goes before


def _around(model: Model, node: FlowNode) -> Iterator[tuple[str, Any]]:
    """The sub-processes in which a step stands, with what repeats them."""
    outer = model.flow_nodes.get(node.container)
    while outer is not None:
        yield f"inside.{outer.id}.name", outer.label
        for name, value in stated(outer).items():
            if name.startswith("loopCharacteristics"):
                yield f"inside.{outer.id}.{name}", value
        outer = model.flow_nodes.get(outer.container)


def _notes(model: Model, node: FlowNode) -> Iterator[tuple[str, Any]]:
    for link in model.artifacts.values():
        ends = (link.source_ref, link.target_ref)
        if node.id in ends:
            for end in ends:
                note = model.artifacts.get(end or "")
                if note is not None and note.text.strip():
                    yield f"note.{note.id}", " ".join(note.text.split())


# -- what the register says


def _roles(owners: Owners, asked: Asked) -> tuple[str, ...]:
    """Whoever does the step, and those of the partner that take part or answer for it."""
    doing = () if isinstance(asked.element, MessageFlow) else owners.roles_of(asked.element)
    return tuple(dict.fromkeys((*(role for role, _name in doing if role), *asked.roles)))


def _register(register: Register, roles: Iterable[str], statement: Statement) -> Iterator[tuple[str, Any]]:
    bases = list(statement.legal_basis or ())
    partners: dict[str, None] = {}
    for role in roles:
        yield from _entry(f"role.{role}", register.roles[role])
        bases += register.roles[role].legal_bases or ()
        partners[register.roles[role].partner] = None
    for partner in partners:
        if partner in register.partners:
            yield from _entry(f"partner.{partner}", register.partners[partner])
    for code in bases:
        if (basis := register.legal_basis(code)) is not None:
            yield from _entry(f"ground.{basis.id}", basis)
    for purpose in statement.purpose or ():
        if purpose in register.purposes:
            yield from _entry(f"purpose.{purpose}", register.purposes[purpose])


def _entry(place: str, entry: Any) -> Iterator[tuple[str, Any]]:
    for each in fields(entry):
        if each.name not in _BESIDE:
            yield from _said(f"{place}.{each.name}", getattr(entry, each.name))


def _said(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Left out is not stated, and "none" stated that there is none: the two differ."""
    match value:
        case None:
            return
        case Mapping():
            yield from ((f"{place}.{key}", str(text)) for key, text in value.items())
        case Enum():
            yield place, str(value.value)
        case ():
            yield place, "none"
        case tuple():
            yield place, [str(each.value if isinstance(each, Enum) else each) for each in value]
        case bool() | int() | str():
            yield place, value
        case _:
            yield place, str(value)

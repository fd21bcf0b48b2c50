"""What changed between two models, by meaning: order, white space, prefixes and written-out defaults are no change.

All that refers to an element whose id changed is compared through the pairing (:mod:`bpmn_tool.comparison.pairing`):
a flow whose source was only renumbered is not reconnected.
"""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from bpmn_tool.comparison.attributes import EXPRESSIONS, facts_of
from bpmn_tool.comparison.linked import kind_of, linked
from bpmn_tool.comparison.owners import Owners, same_name
from bpmn_tool.comparison.pairing import pair_linked
from bpmn_tool.model.diagram import Diagram, Edge, Shape
from bpmn_tool.model.elements import Element, Event, Model, NodeBase
from bpmn_tool.register import Register
from bpmn_tool.results.differences import (
    Changed,
    Crossing,
    Named,
    Owner,
    Reassigned,
    StructureDiff,
    Value,
)


def diff(
    old: Model, new: Model, old_register: Register | None = None, new_register: Register | None = None
) -> StructureDiff:
    """All that differs between two models. Without registers a role is what a lane is called; with one of the two, it
    serves both.
    """
    registers = (old_register or new_register, new_register or old_register)
    return _Comparison(old, new, registers).result()


class _Comparison:
    def __init__(self, old: Model, new: Model, registers: tuple[Register | None, Register | None]) -> None:
        self.old, self.new = linked(old), linked(new)
        self.pairing = pair_linked(self.old, self.new)
        self.owners = Owners(old, registers[0]), Owners(new, registers[1])
        self.pairs = [(self.old.elements[a], self.new.elements[b]) for a, b in self.pairing.new_of.items()]
        self.old_of = self.pairing.old_of
        self.names = {**self.pairing.new_of, **_names_of_definitions(self.pairs)}
        self.shared = frozenset(self.names.values())

    def result(self) -> StructureDiff:
        added_handoffs, removed_handoffs = self._handoffs()
        return StructureDiff(
            added=tuple(_named(e) for e in self.new.elements.values() if e.id not in self.old_of and _is_told(e)),
            removed=tuple(
                _named(e) for e in self.old.elements.values() if e.id not in self.pairing.new_of and _is_told(e)
            ),
            changed=tuple(self._changed()),
            moved=tuple(self._moved()),
            renumbered=tuple(pair for pair in self.pairing.renumbered if _is_told(self.old.elements[pair[0]])),
            reassigned=tuple(self._reassigned()),
            handoffs_added=tuple(added_handoffs),
            handoffs_removed=tuple(removed_handoffs),
            labels={e.id: e.label for graph in (self.old, self.new) for e in graph.elements.values()},
        )

    # -- attributes

    def _changed(self) -> Iterator[Changed]:
        for before, after in self.pairs:
            if not _is_told(after):
                continue
            attributes = dict(self._attributes(before, after))
            if "performers" in attributes:
                attributes = {name: pair for name, pair in attributes.items() if name not in _RESOURCE_ROLES}
            if attributes:
                source, target = _ends(after)
                yield Changed(
                    id=after.id,
                    kind=kind_of(after),
                    name=_name(after),
                    source=source,
                    target=target,
                    attributes=attributes,
                )

    def _attributes(self, before: Element, after: Element) -> Iterator[tuple[str, tuple[Value, Value]]]:
        kinds = kind_of(before), kind_of(after)
        if kinds[0] != kinds[1]:
            yield "kind", kinds
        alike = type(before) is type(after)
        ours = facts_of(before, self._of_old, defaults=alike)
        theirs = facts_of(after, self._of_new, defaults=alike)
        for name in {**ours, **theirs}:
            (one, shown), (other, shown_now) = ours.get(name, _NOTHING), theirs.get(name, _NOTHING)
            if one != other:
                yield name, (shown, shown_now)
        yield from self._places(before, after)

    def _of_old(self, id: str) -> str:
        """The id in the new model; of what is gone, and of what is no element, none that the new model could have."""
        return self.names.get(id) or f"{id} ({'old' if id in self.old.elements else 'none'})"

    def _of_new(self, id: str) -> str:
        return id if id in self.shared else f"{id} ({'new' if id in self.new.elements else 'none'})"

    def _places(self, before: Element, after: Element) -> Iterator[tuple[str, tuple[Value, Value]]]:
        """Another container; not where the one is gone and the other new, since that is said already."""
        for name in ("container", "process", "parent", "collaboration"):
            ours, theirs = getattr(before, name, None) or "", getattr(after, name, None) or ""
            if name == "container" and not isinstance(before, NodeBase) and self.old.is_flow(before.id):
                continue  # a sequence flow may stand anywhere
            if (self.pairing.new_of.get(ours, ours) if ours else "") == theirs:
                continue
            if ours not in self.pairing.new_of and theirs not in self.old_of and ours and theirs:
                continue
            yield name, (ours or None, theirs or None)

    # -- roles and handoffs

    def _reassigned(self) -> Iterator[Reassigned]:
        for before, after in self.pairs:
            if not isinstance(before, NodeBase) or not isinstance(after, NodeBase):
                continue
            ours = self.owners[0].roles_of(self.old.model.flow_nodes[before.id])
            theirs = self.owners[1].roles_of(self.new.model.flow_nodes[after.id])
            if not self._same_roles(before.id, after.id, ours, theirs):
                yield Reassigned(
                    id=after.id,
                    kind=kind_of(after),
                    name=_name(after),
                    old_role=", ".join(role or name for role, name in ours),
                    new_role=", ".join(role or name for role, name in theirs),
                )

    def _same_roles(
        self, before: str, after: str, ours: tuple[tuple[str, str], ...], theirs: tuple[tuple[str, str], ...]
    ) -> bool:
        if len(ours) != len(theirs):
            return False
        lane, now = self.old.model.lane_of(before), self.new.model.lane_of(after)
        drawn = (
            lane is not None
            and now is not None
            and self.pairing.new_of.get(lane.id) == now.id
            and [name for _, name in (*ours, *theirs)] == [lane.label, now.label]
        )  # the same lane, whatever it is called now
        return all(
            role == other if role or other else (drawn or same_name(name, other_name))
            for (role, name), (other, other_name) in zip(sorted(ours), sorted(theirs), strict=True)
        )

    def _handoffs(self) -> tuple[list[Crossing], list[Crossing]]:
        ours, theirs = (owners.crossings() for owners in self.owners)
        kept = {
            self.pairing.new_of[id]
            for id, (_, giver, taker) in ours.items()
            if (now := theirs.get(self.pairing.new_of.get(id, ""))) is not None
            if self._same_owner(giver, now[1]) and self._same_owner(taker, now[2])
        }
        gone = [_crossing(*row) for id, row in ours.items() if self.pairing.new_of.get(id) not in kept]
        come = [_crossing(*row) for id, row in theirs.items() if id not in kept]
        return come, gone

    def _same_owner(self, before: Owner, after: Owner) -> bool:
        if before.id in self.pairing.new_of:
            return self.pairing.new_of[before.id] == after.id
        if after.id in self.old_of:
            return False
        return same_name(before.role or before.name, after.role or after.name)

    # -- the drawing

    def _moved(self) -> Iterator[Named]:
        ours, theirs = _drawn(self.old.model.diagrams), _drawn(self.new.model.diagrams)
        for before, after in self.pairs:
            if ours.get(before.id, []) != theirs.get(after.id, []):
                yield _named(after)


_RESOURCE_ROLES = frozenset({"performer", "humanPerformer", "potentialOwner", "resourceRole"})
_NOTHING: tuple[object, Value] = (None, None)


def _is_told(element: Element) -> bool:
    """Not an expression that has an id: it is an attribute of what it stands in, and told there."""
    return kind_of(element) not in EXPRESSIONS


def _named(element: Element) -> Named:
    source, target = _ends(element)
    return Named(id=element.id, kind=kind_of(element), name=_name(element), source=source, target=target)


def _crossing(flow: Element, giver: Owner, taker: Owner) -> Crossing:
    source, target = _ends(flow)
    return Crossing(
        id=flow.id, kind=kind_of(flow), name=_name(flow), source=source, target=target, giver=giver, taker=taker
    )


def _ends(element: Element) -> tuple[str, str]:
    return getattr(element, "source_ref", None) or "", getattr(element, "target_ref", None) or ""


def _name(element: Element) -> str:
    return " ".join((element.name or getattr(element, "text", "")).split())


def _names_of_definitions(pairs: list[tuple[Element, Element]]) -> Mapping[str, str]:
    """Old to new id of the parts that have ids of their own: event definitions, of a kind in their order."""
    found: dict[str, str] = {}
    for before, after in pairs:
        if isinstance(before, Event) and isinstance(after, Event):
            for one, other in zip_longest(before.definitions, after.definitions):
                if one is not None and other is not None and one.kind is other.kind and one.id and other.id:
                    found[one.id] = other.id
    return found


def _drawn(diagrams: tuple[Diagram, ...]) -> dict[str, list[tuple[object, ...]]]:
    """Where each element is drawn, in all diagrams; their order and the ids of shapes mean nothing."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for diagram in diagrams:
        for shape in diagram.shapes.values():
            found.setdefault(shape.element, []).append(_shape(shape))
        for edge in diagram.edges.values():
            found.setdefault(edge.element, []).append(_edge(edge))
    return {element: sorted(rows, key=repr) for element, rows in found.items()}


def _shape(shape: Shape) -> tuple[object, ...]:
    return (shape.bounds, shape.label, shape.is_horizontal, shape.is_expanded, shape.is_marker_visible)


def _edge(edge: Edge) -> tuple[object, ...]:
    return (edge.waypoints, edge.label)

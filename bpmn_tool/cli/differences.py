"""What changed, as a project lead reads it, and as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from bpmn_tool.cli.console import safe, say
from bpmn_tool.cli.words import attribute_words, is_seen, words_of
from bpmn_tool.messages import _, format_number, named, ngettext

if TYPE_CHECKING:
    from bpmn_tool.register import Register
    from bpmn_tool.results.differences import Changed, Crossing, Named, Owner, StructureDiff, Value

SHORT: Final = 60
"""Characters of an old and a new value together that stand on one line."""
LONG: Final = 300
"""Characters of a value that are shown; --json has all."""

_REFERENCES: Final = {"sourceRef", "targetRef", "default", "container", "attachedToRef", "dataInputs", "dataOutputs"}


def as_json(found: "StructureDiff") -> dict[str, Any]:
    """The keys that docs/cli.md promises, and `reconnected`: the ids of those that changed an end."""
    return {
        "added": [_named_json(each) for each in found.added],
        "removed": [_named_json(each) for each in found.removed],
        "changed": [{**_named_json(each), "attributes": dict(each.attributes)} for each in found.changed],
        "reconnected": [each.id for each in found.reconnected],
        "moved": [each.id for each in found.moved],
        "renumbered": [list(pair) for pair in found.renumbered],
        "reassigned": [
            {"id": each.id, "kind": each.kind, "name": each.name, "role": [each.old_role, each.new_role]}
            for each in found.reassigned
        ],
        "handoffs": {
            "added": [_crossing_json(each) for each in found.handoffs_added],
            "removed": [_crossing_json(each) for each in found.handoffs_removed],
        },
    }


def _named_json(each: "Named") -> dict[str, Any]:
    ends = {"source": each.source, "target": each.target} if each.source or each.target else {}
    return {"id": each.id, "kind": each.kind, "name": each.name, **ends}


def _crossing_json(each: "Crossing") -> dict[str, Any]:
    return {**_named_json(each), "from": _owner_json(each.giver), "to": _owner_json(each.taker)}


def _owner_json(owner: "Owner") -> dict[str, Any]:
    return {"id": owner.id, "name": owner.name, "role": owner.role, "partner": owner.partner}


def whole(found: "Sequence[StructureDiff]") -> "StructureDiff":
    """The differences of several pairs of files as one."""
    from bpmn_tool.results.differences import StructureDiff

    rows: dict[str, Any] = {
        field.name: tuple(row for each in found for row in getattr(each, field.name))
        for field in fields(StructureDiff)
        if field.name != "labels"
    }
    return StructureDiff(**rows)


def show_differences(
    name: str | None,
    paths: tuple[str | None, str | None],
    found: "StructureDiff",
    register: "Register | None",
    *,
    layout: bool,
) -> None:
    """Print one pair of files; `name` in a folder, one of the paths None where it has only the other."""
    page = _Page(found, register)
    if name is not None:
        say(f"[bold]{safe(name)}[/bold]")
    if None in paths:
        gone = paths[1] is None
        rows = found.removed if gone else found.added
        sentence = (
            ngettext(
                "The file is gone, with %(count)s element.", "The file is gone, with %(count)s elements.", len(rows)
            )
            if gone
            else ngettext(
                "The file is new, with %(count)s element.", "The file is new, with %(count)s elements.", len(rows)
            )
        )
        say(safe(sentence % {"count": format_number(len(rows))}))
    elif found.is_empty:
        say(_("No difference."))
    else:
        page.show(layout=layout)
    if name is not None:
        say()


class _Page:
    def __init__(self, found: "StructureDiff", register: "Register | None") -> None:
        self.found, self.register = found, register

    def show(self, *, layout: bool) -> None:
        found = self.found
        self._list(_("Removed"), "red", "-", found.removed)
        self._list(_("Added"), "green", "+", found.added)
        ends = {each.id for each in found.reconnected}
        self._section(_("Changed"), [line for c in found.changed if c.id not in ends for line in self._change(c)])
        self._section(_("Reconnected"), [line for c in found.reconnected for line in self._reconnected(c)])
        self._section(
            _("Another role"),
            [
                f"  {self._label(each)}: {safe(self._role(each.old_role))} → {safe(self._role(each.new_role))}"
                for each in found.reassigned
            ],
        )
        self._section(_("Handoffs"), list(self._handoffs()))
        self._section(
            _("The same by name, kind and neighbours, under another id"),
            [f"  {safe(self._called(new))}: {safe(old)} → {safe(new)}" for old, new in found.renumbered],
        )
        self._moved(layout=layout)

    # -- what came and went

    def _list(self, heading: str, colour: str, sign: str, rows: "Sequence[Named]") -> None:
        if not rows:
            return
        ids = {each.id for each in rows}
        with_them = [each for each in rows if each.source in ids or each.target in ids]
        unseen = [each for each in rows if not is_seen(each.kind) and each not in with_them]
        shown = [each for each in rows if each not in with_them and each not in unseen]
        lines = [f"  [{colour}]{sign}[/] {safe(words_of(each.kind))} {self._label(each)}" for each in shown]
        if with_them:
            text = ngettext("%(count)s flow from or to them", "%(count)s flows from or to them", len(with_them))
            lines.append(f"  [{colour}]{sign}[/] {safe(text % {'count': format_number(len(with_them))})}")
        if unseen:
            kinds = ", ".join(f"{count} {words_of(kind)}" for kind, count in Counter(e.kind for e in unseen).items())
            text = _("without a shape: %(kinds)s") % {"kinds": kinds}
            lines.append(f"  [{colour}]{sign}[/] {safe(text)}")
        self._section(heading, lines, len(rows))

    # -- what changed

    def _change(self, changed: "Changed") -> Iterator[str]:
        yield f"  {self._label(changed)}"
        for name, (old, new) in changed.attributes.items():
            yield from _value_lines(attribute_words(name), self._value(name, old), self._value(name, new))

    def _reconnected(self, changed: "Changed") -> Iterator[str]:
        rest = dict(changed.attributes)
        before = {name: rest.pop(name, (None, None))[0] for name in ("sourceRef", "targetRef")}
        source, target = (str(before[name] or now) for name, now in zip(before, _ends(changed), strict=True))
        was = f"{self._called(source)} → {self._called(target)}"
        now = f"{self._called(changed.source)} → {self._called(changed.target)}"
        yield f"  {safe(words_of(changed.kind))} {self._label(changed, ends=False)}"
        yield f"    [red]-[/] {safe(was)}"
        yield f"    [green]+[/] {safe(now)}"
        for name, (old, new) in rest.items():
            yield from _value_lines(attribute_words(name), self._value(name, old), self._value(name, new))

    def _value(self, name: str, value: "Value") -> str:
        match value:
            case None:
                return _("(none)")
            case bool():
                return _("yes") if value else _("no")
            case tuple():
                return ", ".join(self._called(each) if name in _REFERENCES else words_of(each) for each in value)
            case str() if name in _REFERENCES:
                return self._called(value)
            case str() if name in {"kind", "eventDefinitions", "loopCharacteristics"}:
                return words_of(value)
            case _:
                return str(value) or _("(empty)")

    # -- handoffs

    def _handoffs(self) -> Iterator[str]:
        groups: dict[tuple[str, str], list[tuple[str, Crossing]]] = {}
        for sign, rows in (("-", self.found.handoffs_removed), ("+", self.found.handoffs_added)):
            for each in rows:
                groups.setdefault((each.giver.partner, each.taker.partner), []).append((sign, each))
        for (giver, taker), members in groups.items():
            one, other = self._partner(giver), self._partner(taker)
            within = _("within %(partner)s") % {"partner": one}
            yield f"  {safe(within if one == other else f'{one} → {other}')}"
            for sign, each in members:
                colour = "green" if sign == "+" else "red"
                yield f"    [{colour}]{sign}[/] {self._label(each)}{safe(self._roles(each, one, other))}"

    def _roles(self, each: "Crossing", giver: str, taker: str) -> str:
        """Who to whom, where the partners do not say it."""
        if each.giver.name == giver and each.taker.name == taker:
            return ""
        names = [self._role(owner.role or owner.name) for owner in (each.giver, each.taker)]
        return f", {names[0]} → {names[1]}"

    def _partner(self, partner: str) -> str:
        known = None if self.register is None else self.register.partners.get(partner)
        return partner if known is None else named(known.name, partner)

    def _role(self, role: str) -> str:
        known = None if self.register is None else self.register.roles.get(role)
        return (role or _("nobody")) if known is None else named(known.name, role)

    # -- the drawing

    def _moved(self, *, layout: bool) -> None:
        rows = self.found.moved
        if not rows:
            return
        if layout:
            self._section(_("Moved on the drawing"), [f"  {safe(words_of(e.kind))} {self._label(e)}" for e in rows])
        else:
            text = ngettext(
                "%(count)s shape or line is drawn elsewhere; --layout lists it.",
                "%(count)s shapes and lines are drawn elsewhere; --layout lists them.",
                len(rows),
            )
            say(safe(text % {"count": format_number(len(rows))}))

    # -- words

    def _section(self, heading: str, lines: Iterable[str], count: int | None = None) -> None:
        lines = list(lines)
        if lines:
            number = "" if count is None else f" ({format_number(count)})"
            say(f"[bold]{safe(heading)}[/bold]{number}")
            for line in lines:
                say(line)
            say()

    def _label(self, each: "Named", *, ends: bool = True) -> str:
        """The name and the id; of a flow what it joins."""
        leads = f"{self._called(each.source)} → {self._called(each.target)}" if each.source and each.target else ""
        name = " ".join(each.name.split())
        said = ": ".join(part for part in (name, leads if ends else "") if part)
        return safe(f"{said} ({each.id})" if said else each.id)

    def _called(self, id: str) -> str:
        return self.found.labels.get(id, id)


def _ends(changed: "Changed") -> tuple[str, str]:
    return changed.source, changed.target


def _value_lines(name: str, old: str, new: str) -> Iterator[str]:
    """On one line where both are short, else one above the other."""
    if len(old) + len(new) <= SHORT and "\n" not in old + new:
        yield f"    {safe(name)}: {safe(old)} → {safe(new)}"
        return
    yield f"    {safe(name)}:"
    yield from (f"      [red]-[/] {safe(line)}" for line in _only(old, new))
    yield from (f"      [green]+[/] {safe(line)}" for line in _only(new, old))


def _only(text: str, other: str) -> list[str]:
    """The lines that the other text lacks, each as long as can be read."""
    known = set(other.splitlines())
    return [line if len(line) <= LONG else line[:LONG] + "…" for line in text.splitlines() if line not in known]

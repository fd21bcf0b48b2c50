"""The steps of a partner in words, in the language in use: for its sheet, and for `partner tasks`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bpmn_tool.comparison.agreement import Task
from bpmn_tool.comparison.asked import Neighbour, Part, after, before, messages_of
from bpmn_tool.comparison.meaning import paper_code
from bpmn_tool.comparison.owners import Owners
from bpmn_tool.instants import parse_duration
from bpmn_tool.messages import _, language, named
from bpmn_tool.model.elements import Element, Event, FlowNode, MessageFlow, Model, TriggerKind
from bpmn_tool.register import Register

_PARTS: Final = ("years", "months", "weeks", "days")
_UNITS: Final = ("year", "month", "week", "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What comes before or after: what it is, who holds it, on which condition or by which message."""

    what: str
    who: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInWords:
    """`roles` are those of the partner; `deputies`, `grounds` and `purposes` None where nobody stated any."""

    id: str
    model: str
    hash: str
    code: str
    name: str
    part: Part
    roles: tuple[str, ...]
    about: str
    comes_from: tuple[End, ...]
    goes_to: tuple[End, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    deadlines: tuple[str, ...]
    grounds: tuple[str, ...] | None
    purposes: tuple[str, ...] | None
    deputies: tuple[str, ...] | None


def in_words(task: Task, model: Model, register: Register, partner: str) -> StepInWords:
    """One step as its partner reads it."""
    element, statement = task.asked.element, task.asked.element.statement
    words = _Words(model, register)
    roles = [register.roles[role] for role in task.asked.roles]
    deputies = [words.role(role.deputy) for role in roles if role.deputy is not None]
    cited = [*(statement.legal_basis or ()), *(each for role in roles for each in role.legal_bases or ())]
    bases = dict.fromkeys(map(register.meant, cited))
    return StepInWords(
        id=task.asked.id,
        model=task.model,
        hash=task.meaning.hash,
        code=paper_code(partner, task.meaning),
        name=label(element),
        part=task.asked.part,
        roles=tuple(named(role.name, role.id) for role in roles),
        about=" ".join(element.documentation.split()),
        comes_from=tuple(words.sources(element)),
        goes_to=tuple(words.targets(element)),
        reads=words.data(getattr(element, "data_inputs", ())),
        writes=words.data(getattr(element, "data_outputs", ())),
        deadlines=tuple(words.deadlines(element)),
        grounds=tuple(words.ground(code) for code in bases) if bases else None,
        purposes=None if not statement.purpose else tuple(words.purpose(each) for each in statement.purpose),
        deputies=tuple(deputies) if deputies else None,
    )


def label(element: Element) -> str:
    """What an element is called in the language in use, where the model says it, else as it is drawn."""
    said = element.statement.names.get(language())
    return " ".join(said.split()) if said else element.label


@dataclass(frozen=True, slots=True)
class _Words:
    model: Model
    register: Register

    @property
    def owners(self) -> Owners:
        return Owners(self.model, self.register)

    def role(self, role: str | None) -> str:
        found = self.register.roles.get(role or "")
        return named(found.name, found.id) if found is not None else role or ""

    def who(self, element_id: str) -> str:
        """The role, else the partner, in the register's words."""
        owner = self.owners.owner(element_id)
        if owner.role:
            return self.role(owner.role)
        partner = self.register.partners.get(owner.partner)
        return named(partner.name, partner.id) if partner is not None else owner.name

    def ground(self, code: str) -> str:
        basis = self.register.legal_basis(code)
        if basis is None:
            return code
        return ", ".join(filter(None, (named(basis.name, basis.title), basis.article)))

    def purpose(self, code: str) -> str:
        found = self.register.purposes.get(code)
        return named(found.name, found.id) if found is not None else code

    def data(self, refs: Iterable[str]) -> tuple[str, ...]:
        return tuple(label(self.model.data[ref]) for ref in refs if ref in self.model.data)

    def sources(self, element: FlowNode | MessageFlow) -> Iterator[End]:
        if isinstance(element, MessageFlow):
            yield self._end(element.source_ref)
            return
        yield from self._neighbours(before(self.model, element), to=False)
        for flow in messages_of(self.model, element.id, to=True):
            yield self._end(flow.source_ref, _("message: %(name)s") % {"name": label(flow)})

    def targets(self, element: FlowNode | MessageFlow) -> Iterator[End]:
        if isinstance(element, MessageFlow):
            return
        yield from self._neighbours(after(self.model, element), to=True)
        for flow in messages_of(self.model, element.id, to=False):
            yield self._end(flow.target_ref, _("message: %(name)s") % {"name": label(flow)})
        for event in self.model.boundary_events(element.id):
            for end in self._neighbours(after(self.model, event), to=True):
                yield End(what=end.what, who=end.who, when=_and(label(event), end.when))

    def _neighbours(self, found: Sequence[Neighbour], *, to: bool) -> Iterator[End]:
        for each in found:
            names = (label(self.model.sequence_flows[flow]) for flow in each.flows if self._is_named(flow))
            end = self._end(each.node.id, _and(*names))
            yield end
            if isinstance(each.node, Event):
                yield from self._by_message(each.node, to=to)

    def _is_named(self, flow: str) -> bool:
        drawn = self.model.sequence_flows[flow]
        return bool(drawn.name.strip() or drawn.statement.names.get(language()))

    def _by_message(self, event: Event, *, to: bool) -> Iterator[End]:
        """Whom a message event at the side of the step hears from or speaks to."""
        for flow in messages_of(self.model, event.id, to=not to):
            other = flow.target_ref if to else flow.source_ref
            yield self._end(other, _("message: %(name)s") % {"name": label(flow)})

    def _end(self, element_id: str, when: str = "") -> End:
        element = self.model.get(element_id)
        what = element_id if element is None else label(element)
        who = self.who(element_id)
        return End(what=what, who="" if who == what else who, when=when)

    def deadlines(self, element: FlowNode | MessageFlow) -> Iterator[str]:
        if isinstance(element, MessageFlow):
            return
        for event in self.model.boundary_events(element.id):
            for each in event.definitions:
                if each.kind is TriggerKind.TIMER:
                    length = duration_in_words(each.text)
                    yield f"{label(event)} ({length})" if event.name.strip() else length


def _and(*texts: str) -> str:
    return ", ".join(filter(None, texts))


def duration_in_words(text: str) -> str:
    """An ISO 8601 duration in the language in use; anything else as it is written."""
    from babel.units import format_unit

    try:
        found = parse_duration(text)
    except ValueError:
        return text
    words = [
        format_unit(count, f"duration-{unit}", locale=language())
        for part, unit in zip(_PARTS, _UNITS, strict=True)
        if (count := getattr(found, part))
    ]
    if found.ticks or not words:
        from bpmn_tool.instants.units import HOUR, MINUTE

        unit, of = ("hour", HOUR) if found.ticks % HOUR == 0 else ("minute", MINUTE)
        words.append(format_unit(found.ticks // of, f"duration-{unit}", locale=language()))
    return _and(*words)


def as_json(step: StepInWords) -> Mapping[str, object]:
    """For `--json`."""
    ends = {"comes_from": step.comes_from, "goes_to": step.goes_to}
    return {
        "step": step.id,
        "name": step.name,
        "model": step.model,
        "part": step.part,
        "roles": step.roles,
        "about": step.about,
        **{name: [{"what": e.what, "who": e.who, "when": e.when} for e in found] for name, found in ends.items()},
        "reads": step.reads,
        "writes": step.writes,
        "deadlines": step.deadlines,
        "grounds": step.grounds,
        "purposes": step.purposes,
        "deputies": step.deputies,
        "hash": step.hash,
        "code": step.code,
    }

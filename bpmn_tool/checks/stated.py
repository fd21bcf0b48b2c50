"""What the rules about gaps have in common: what the extension and the register say, and how it is told what nobody has
stated yet.

A rule asks some elements for a fact. Where nobody has filled it in, it says so once a file ("legal basis: stated for 0
of 37 steps") and stops; where some have, it names the others once and judges those that have.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from bpmn_tool.checks.requirements import partner_of, roles_of
from bpmn_tool.checks.rule import Checked, Violation
from bpmn_tool.messages import _, format_number, named
from bpmn_tool.model.elements import (
    Data,
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    Model,
    SubProcess,
    Task,
    TaskKind,
)
from bpmn_tool.model.statement import NONE, Act, Channel, Topic
from bpmn_tool.register import Effect, LegalBasis, Register, Role, Sector
from bpmn_tool.results.finding import Severity

NAMED = 5
"""As many are named; the rest is counted. The witness has all."""
_DECIDING = frozenset({GatewayKind.EXCLUSIVE, GatewayKind.INCLUSIVE, GatewayKind.COMPLEX})
AUTOMATIC = frozenset({TaskKind.SERVICE, TaskKind.SCRIPT})
"""Tasks that software does."""


# -- what is not stated


def not_stated(
    model: Model, fact: str, asked: Sequence[str], missing: Sequence[str], names: Sequence[str] = ()
) -> Iterator[Violation]:
    """One finding for all of a file: `fact` is a sentence's begin ("legal basis of steps"); `names` where the missing
    are no elements (roles, partners, facts of an element).
    """
    if not missing:
        return
    values = {
        "fact": fact,
        "count": format_number(len(asked) - len(missing)),
        "all": format_number(len(asked)),
        "names": shortened(names or [label(model, each) for each in missing]),
    }
    if len(missing) == len(asked):
        message = _("%(fact)s: stated for %(count)s of %(all)s, so that nothing of it can be checked yet")
    else:
        message = _("%(fact)s: stated for %(count)s of %(all)s; not for %(names)s")
    witness = tuple(each for each in missing if model.get(each) is not None)
    yield Violation(anchor(model), message % values, witness, Severity.INFO, not_stated=True)


def anchor(model: Model) -> str:
    """The element at which a finding about a whole file stands: its first process with something in it."""
    drawn = (process for process in model.processes if model.nodes_in(process))
    return next(drawn, next(iter((*model.processes, *model.participants)), ""))


def label(model: Model, element: str) -> str:
    found = model.get(element)
    if isinstance(found, Data) and not found.name:
        found = next((each for each in model.data.values() if each.ref == element and each.name), found)
    return f"'{found.label}'" if found is not None else f"'{element}'"


def listed(model: Model, ids: Iterable[str]) -> str:
    return shortened([label(model, each) for each in ids])


def shortened(names: Sequence[str]) -> str:
    """'a, b, c and 4 more', each name once."""
    names = list(dict.fromkeys(names))
    if len(names) <= NAMED + 1:
        return ", ".join(names)
    more = _("%(names)s and %(count)s more")
    return more % {"names": ", ".join(names[:NAMED]), "count": format_number(len(names) - NAMED)}


# -- what steps, messages and gateways say


def work(model: Model) -> list[str]:
    """All steps that do something: tasks that do not just wait, calls, and sub-processes with nothing drawn in them."""
    return [node.id for node in model.flow_nodes.values() if _works(model, node)]


def _works(model: Model, node: FlowNode) -> bool:
    match node:
        case Task():
            return node.kind is not TaskKind.RECEIVE
        case SubProcess():
            return not model.nodes_in(node.id)
        case Event() | Gateway():
            return False
        case _:
            return True


def doing(model: Model, *acts: Act) -> list[str]:
    """The flow nodes, then the message flows that say that they do one of these."""
    return [
        each.id
        for each in (*model.flow_nodes.values(), *model.message_flows.values())
        if set(acts) & set(each.statement.act or ())
    ]


def steps_doing(model: Model, *acts: Act) -> list[str]:
    return [each for each in doing(model, *acts) if each in model.flow_nodes]


def without_act(model: Model, asked: Iterable[str]) -> list[str]:
    return [each for each in asked if model.statement_of(each).act is None]


def acts_not_stated(model: Model, asked: Sequence[str] | None = None) -> Iterator[Violation]:
    steps = work(model) if asked is None else asked
    yield from not_stated(model, _("what steps do (act)"), steps, without_act(model, steps))


def says_acts(model: Model) -> bool:
    """Whether anybody has said of any step or message what it does."""
    return any(each.statement.act is not None for each in (*model.flow_nodes.values(), *model.message_flows.values()))


def about_persons(model: Model, ids: Iterable[str]) -> list[str]:
    return [each for each in ids if model.statement_of(each).person_level]


def decisions(model: Model) -> list[str]:
    """Gateways at which somebody decides which way it goes."""
    return [
        node.id
        for node in model.flow_nodes.values()
        if isinstance(node, Gateway) and node.kind in _DECIDING and len(node.outgoing) > 1
    ]


def deciding(model: Model, topic: Topic) -> list[str]:
    return [node.id for node in model.flow_nodes.values() if topic in (node.statement.decides or ())]


def decisions_not_stated(model: Model) -> Iterator[Violation]:
    asked = decisions(model)
    missing = [each for each in asked if model.statement_of(each).decides is None]
    yield from not_stated(model, _("what gateways decide (decides)"), asked, missing)


def entries(model: Model) -> list[str]:
    """Start events of processes that begin from outside: no message of a drawn process leads there."""
    drawn = {
        flow.target_ref
        for flow in model.message_flows.values()
        if model.nodes_in(model.process_of(flow.source_ref) or "")
    }
    return [
        node.id
        for node in model.flow_nodes.values()
        if isinstance(node, Event) and node.kind is EventKind.START and node.container in model.processes
        if node.id not in drawn
    ]


def channel_not_stated(model: Model) -> Iterator[Violation]:
    asked = entries(model)
    missing = [each for each in asked if model.statement_of(each).channel is None]
    yield from not_stated(model, _("where cases come from (channel: online or offline)"), asked, missing)


def online_entries(model: Model) -> list[str]:
    return [each for each in entries(model) if model.statement_of(each).channel is Channel.ONLINE]


def by_software(model: Model) -> list[str]:
    return [node.id for node in model.flow_nodes.values() if isinstance(node, Task) and node.kind in AUTOMATIC]


def ends(model: Model) -> list[str]:
    """The end events of processes, less those of sub-processes."""
    return [
        node.id
        for node in model.flow_nodes.values()
        if isinstance(node, Event) and node.kind is EventKind.END and node.container in model.processes
    ]


# -- what data say


def holdings(model: Model) -> list[str]:
    """Each data object or store once, by the first reference to it that has a name."""
    found: dict[str, str] = {}
    for data in model.data.values():
        if data.kind in ("dataInput", "dataOutput"):
            continue
        known = data.ref if data.ref in model.data and data.ref is not None else data.id
        if known not in found or (data.id != known and found[known] == known):
            found[known] = data.id
    return list(found.values())


def personal(model: Model) -> list[str]:
    return [each for each in holdings(model) if model.statement_of(each).personal_data]


def same_data(model: Model, holding: str) -> set[str]:
    """The object behind a reference, and all references to it."""
    data = model.data[holding]
    known = data.ref if data.ref in model.data and data.ref is not None else data.id
    return {known, *(each.id for each in model.data.values() if each.ref == known)}


# -- who does it


def roles(checked: Checked, node: str) -> list[Role]:
    """The roles of the register that a step is the work of; at a gateway or event those of its lane."""
    model, register = checked.model, checked.register
    element = model.flow_nodes.get(node)
    if register is None or element is None:
        return []
    found = [register.roles[each] for each in roles_of(model, register, element)]
    lane = model.lane_of(node)
    if not found and lane is not None and (role := register.role_of(lane.name or lane.id)) is not None:
        return [role]
    return found


def at_work(checked: Checked) -> dict[str, list[str]]:
    """The steps of each role that does something, by id."""
    found: dict[str, list[str]] = {}
    for step in work(checked.model):
        for role in roles(checked, step):
            found.setdefault(role.id, []).append(step)
    return found


def role_names(register: Register, ids: Iterable[str]) -> list[str]:
    return [f"'{called(register.roles[each])}'" for each in ids]


def called(role: Role) -> str:
    return named(role.name, role.id)


def roles_not_stated(
    model: Model, fact: str, asked: Sequence[Role], value: Callable[[Role], object]
) -> Iterator[Violation]:
    """Of which of these roles the register does not say this."""
    silent = [role for role in asked if value(role) is None]
    ids = [role.id for role in asked]
    yield from not_stated(model, fact, ids, [role.id for role in silent], [called(role) for role in silent])


def bases_not_stated(
    model: Model, fact: str, asked: Sequence[LegalBasis], value: Callable[[LegalBasis], object]
) -> Iterator[Violation]:
    """Of which of these legal bases the register does not say this."""
    silent = [basis for basis in asked if value(basis) is None]
    ids = [basis.id for basis in asked]
    yield from not_stated(model, fact, ids, [basis.id for basis in silent], [basis.title for basis in silent])


def holds_secrecy(register: Register, role: Role) -> bool:
    bases = [register.legal_basis(each) for each in role.legal_bases or ()]
    bound = any(basis is not None and Effect.SECRECY in (basis.effects or ()) for basis in bases)
    return (role.secrecy is not None and role.secrecy != NONE) or bound


def sector_of(checked: Checked, element: str) -> Sector | None:
    """The sector of the partner whose pool it is, or holds it."""
    register = checked.register
    partner = partner_of(checked.model, register, element) if register is not None else None
    return register.partners[partner].sector if register is not None and partner is not None else None


def pools_of(checked: Checked, sector: Sector) -> list[str]:
    return [pool for pool in checked.model.participants if sector_of(checked, pool) is sector]


def sectors_not_stated(checked: Checked) -> Iterator[Violation]:
    """The sector decides whose pool is that of the person concerned, of reporters, of help."""
    model = checked.model
    asked = [pool for pool in model.participants if pool]
    missing = [pool for pool in asked if sector_of(checked, pool) is None]
    yield from not_stated(model, _("what kind of partner a pool is (sector, in the register)"), asked, missing)

"""What projections of the trace have to know, taken from the same join as the plan."""

from bpmn_tool.instants.iso8601 import Duration
from bpmn_tool.model.elements import CallActivity, Model, SubProcess, Task
from bpmn_tool.model.net import Net
from bpmn_tool.register import Register
from bpmn_tool.results.facts import Facts, Staff
from bpmn_tool.scenario.scenario import Scenario
from bpmn_tool.simulation.planning_flow import Flow
from bpmn_tool.simulation.planning_roles import Roles
from bpmn_tool.simulation.planning_staff import StaffPlanner

_DAY = 24 * 3600 * 1_000_000


def make_facts(
    model: Model,
    register: Register | None,
    scenario: Scenario,
    roles: Roles,
    net: Net,
    staff: StaffPlanner,
    flow: Flow,
) -> Facts:
    """Plain mappings by id; see :class:`bpmn_tool.results.facts.Facts`."""
    owner = {node: roles.owner(node) for node in net.nodes} | {box: box for box in flow.black_boxes}
    partner = _partners(model, register, owner)
    ends = {**net.flows, **net.messages}
    crossing = {f for f, (source, target) in ends.items() if owner.get(source) != owner.get(target)}
    handoffs = tuple(sorted(crossing | set(flow.handoffs), key=str.encode))
    undefined = dict(roles.undefined)
    undefined.update({box: box for box, plan in flow.black_boxes.items() if _unanswered(box, scenario, net)})
    sizes = {role: len(members) for role, members in staff.by_role.items()}
    return Facts(
        names={each.id: each.label for each in model.elements()},
        kinds={node.id: _kind(node) for node in model.flow_nodes.values()},
        owner=owner,
        process=dict(net.process_of),
        partner=partner,
        role_names=_role_names(register, scenario),
        seats={work.element: roles.seats.get(work.element, work.seats) for work in staff.works.values()},
        flow_ends=ends,
        handoffs=handoffs,
        accepted_by={f: h.accepted_by for f, h in scenario.handoffs.items() if h.accepted_by},
        accept_within={f: _ticks(h.accept_within) for f, h in scenario.handoffs.items() if h.accept_within},
        start_cost={task: each.cost for task, each in scenario.tasks.items() if each.cost},
        staff={
            r.label: Staff(
                label=r.label,
                roles=r.roles,
                cost_per_hour=staff.costs[r.label],
                calendar=r.calendar,
                name=staff.names.get(r.label, ""),
            )
            for r in staff.resources
        },
        role_size=sizes,
        undefined=undefined,
        policy=scenario.undefined_roles.policy,
        personal=_personal(model, partner),
        gates={work.element: work.gate.id for work in staff.works.values() if work.gate is not None},
        batched=frozenset(work.element for work in staff.works.values() if work.batch is not None),
        streams={**dict.fromkeys(scenario.arrivals, False), **dict.fromkeys(scenario.demand, True)},
        overtime_factor=scenario.costs.overtime_factor,
        once=dict(scenario.costs.once),
        currency=scenario.costs.currency,
        elements=tuple(sorted((each.id for each in model.elements()), key=str.encode)),
    )


def _ticks(duration: Duration) -> int:
    """A calendar duration in ticks of its usual length: what a target is compared with."""
    days = 365 * duration.years + 365 * duration.months // 12 + 7 * duration.weeks + duration.days
    return days * _DAY + duration.ticks


def _kind(node: object) -> str:
    return str(getattr(getattr(node, "kind", None), "value", "callActivity"))


def _unanswered(box: str, scenario: Scenario, net: Net) -> bool:
    given = scenario.black_boxes.get(box)
    catches = [t for source, t in net.messages.values() if source == box and net.nodes[t].behaviour.value != "start"]
    return bool(catches) and (given is None or not given.has("response"))


def _partners(model: Model, register: Register | None, owner: dict[str, str]) -> dict[str, str]:
    """The partner of each node, by the register, else its pool; and of each role that the register knows."""
    found: dict[str, str] = {}
    for node, role in owner.items():
        known = register.roles.get(role) if register is not None else None
        participant = model.participant_of(node)
        pool = participant.label if participant is not None else ""
        partner = register.partner_of(pool) if register is not None and pool else None
        found[node] = known.partner if known is not None else (partner.id if partner is not None else pool)
        found.setdefault(role, found[node])
    return found


def _role_names(register: Register | None, scenario: Scenario) -> dict[str, str]:
    names = {role: role.replace("_", " ") for role in scenario.roles}
    if register is not None:
        names.update({r.id: r.name.get("en") or next(iter(r.name.values()), r.id) for r in register.roles.values()})
    return names


def _personal(model: Model, partners: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Work that reads or writes a data object marked personal, with the partner that holds it by that."""
    marked = {id_ for id_ in model.data if model.statement_of(id_).personal_data}
    found: dict[str, tuple[str, ...]] = {}
    for node in model.flow_nodes.values():
        if isinstance(node, Task | SubProcess | CallActivity) and marked & {*node.data_inputs, *node.data_outputs}:
            found[node.id] = (partners.get(node.id, ""),)
    return found

"""What the compiled engine can run, and such a plan as arrays."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bpmn_tool.model.net import Behaviour, Node
from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.simulation.draws import address
from bpmn_tool.simulation.plan import DecisionPlan, DoorPlan, Lasting, Plan, StreamPlan, WorkPlan
from bpmn_tool.simulation.quantile_forms import Constant, Exponential, Triangular, Uniform
from bpmn_tool.simulation.rates import CumulativeRate
from bpmn_tool.simulation.samplers import Whole

if TYPE_CHECKING:
    from bpmn_tool.simulation.compiled_kernel import Flow, Work

BEHAVIOURS = (Behaviour.START, Behaviour.END, Behaviour.WORK, Behaviour.EXCLUSIVE, Behaviour.PARALLEL)


def unsupported(plan: Plan) -> list[str]:
    """Why the compiled engine leaves this plan to the other one, each with the element; nothing where it takes it."""
    found = [*_whole(plan), *_demand(plan)]
    for node in sorted(plan.net.nodes.values(), key=lambda each: each.id):
        found += [f"{reason}: {node.id}" for reason in _node(plan, node)]
    found += [f"duty that ends: {each.label}" for each in plan.resources if each.calendar.next_change(0) is not None]
    found += [f"a duration of a person's own: {each.label}" for each in plan.resources if each.durations]
    return found


def _whole(plan: Plan) -> Iterator[str]:
    if plan.background:
        yield f"background work: {plan.background[0].id}"
    if plan.handoffs:
        yield f"a handoff that is lost, declined or delayed: {min(plan.handoffs)}"
    if plan.attributes:
        yield f"an attribute of the case: {plan.attributes[0].name}"
    if plan.net.listeners and any(plan.net.listeners.values()):
        yield "an event sub-process"
    if len({work.priority for work in plan.works.values() if isinstance(work.priority, float)}) > 1:
        yield "priorities"


def _demand(plan: Plan) -> Iterator[str]:
    if len(plan.streams) != 1:
        yield "more than one stream of arrivals"
        return
    stream = plan.streams[0]
    if stream.is_demand:
        yield f"a demand: {stream.id}"
    elif rate(stream) is None or stream.size is not None or stream.attributes or len(stream.doors) != 1:
        yield f"arrivals other than at a rate: {stream.id}"
    elif not _is_plain(stream.doors[0]):
        yield f"a door that does not take all at once: {stream.doors[0].start_event}"
    elif plan.net.nodes[stream.doors[0].start_event].behaviour is not Behaviour.START:
        yield f"a start that waits: {stream.doors[0].start_event}"


def _is_plain(door: DoorPlan) -> bool:
    return door.when is None and door.probability == 1.0 and not (door.delay or door.hours or door.attributes)


def rate(stream: StreamPlan) -> CumulativeRate | None:
    """The cumulative rate of a stream that has one."""
    owner = getattr(stream.inverse, "__self__", None)
    return owner if isinstance(owner, CumulativeRate) else None


def _node(plan: Plan, node: Node) -> Iterator[str]:
    if node.behaviour not in BEHAVIOURS:
        yield node.behaviour.value
        return
    if node.loop is not None:
        yield "a loop or several instances"
    if node.boundary or node.handler or node.compensable:
        yield "a boundary event"
    if node.triggers or node.sends or node.receives:
        yield "an event or message"
    if node.needs != 1 or node.gives != 1:
        yield "several tokens at once"
    if node.id in plan.scripts:
        yield "a script"
    decision = plan.decisions.get(node.id)
    if decision is not None and not (node.behaviour is Behaviour.EXCLUSIVE and _is_fixed(decision)):
        yield "a decision other than by fixed probabilities"
    if node.behaviour is Behaviour.WORK:
        yield from _work(plan, plan.works[node.id])


def _is_fixed(decision: DecisionPlan) -> bool:
    if not decision.probabilities or decision.inclusive or decision.sure:
        return False
    sizes = _sizes(decision)
    if sizes is None:
        return False
    rest = 1.0 - sum(sizes.values())
    return rest >= -1e-9 and (len(sizes) < len(decision.probabilities) or rest <= 1e-9)


def _sizes(decision: DecisionPlan) -> dict[str, float] | None:
    """The probabilities that are given; None where one depends on the case."""
    table: tuple[tuple[str, Any], ...] = decision.probabilities  # None: the flow that has the rest
    given = [(flow, value) for flow, value in table if value is not None]
    fixed = {flow: value for flow, value in given if not isinstance(value, CaseExpression) and 0.0 <= value <= 1.0}
    return fixed if len(fixed) == len(given) else None


def _work(plan: Plan, work: WorkPlan) -> Iterator[str]:
    if len(work.seats) > 1:
        yield "several seats"
    if work.absent or any(not plan.by_role.get(role) for role in work.seats):
        yield "work of somebody undefined"
    if work.lag is not None:
        yield "a lag"
    if work.gate is not None or work.batch is not None or work.invited:
        yield "a gate or batch"
    if work.same_as is not None or work.not_same_as is not None:
        yield "the same or not the same person"
    if not isinstance(work.priority, float):
        yield "a priority that depends on the case"
    if form(work.duration) is None:
        yield "a duration of another form"


def form(duration: Lasting | None) -> tuple[int, tuple[float, ...]] | None:
    """The number of the form of a duration, and its parameters; None for one that is not compiled."""
    if duration is None:
        return 0, ()
    quantile = duration.quantile if isinstance(duration, Whole) else None
    match quantile:
        case Constant(value):
            return 1, (value,)
        case Exponential(mean):
            return 2, (mean,)
        case Uniform(low, high):
            return 3, (low, high)
        case Triangular(low, mode, high):
            return 4, (low, mode, high)
        case _:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """A plan as arrays, and the ids of what they number."""

    nodes: tuple[Node, ...]
    flows: tuple[str, ...]
    flow: "Flow"
    work: "Work"


def tables(plan: Plan) -> Tables:
    """Of a plan that :func:`unsupported` has nothing against."""
    nodes = tuple(sorted(plan.net.nodes.values(), key=lambda node: node.id))
    flows = tuple(sorted({flow for node in nodes for flow in (*node.incoming, *node.outgoing)}))
    return Tables(nodes=nodes, flows=flows, flow=_flow(plan, nodes, flows), work=_people(plan, nodes))


def _flow(plan: Plan, nodes: tuple[Node, ...], flows: tuple[str, ...]) -> "Flow":
    from bpmn_tool.simulation.compiled_kernel import Flow

    of_node, of_flow = _numbers([node.id for node in nodes]), _numbers(flows)
    stream = plan.streams[0]
    choices = [_choices(plan.decisions.get(node.id)) for node in nodes]
    return Flow(
        behaviour=_ints(BEHAVIOURS.index(node.behaviour) for node in nodes),
        out_start=_starts(len(node.outgoing) for node in nodes),
        out=_ints(of_flow[flow] for node in nodes for flow in node.outgoing),
        in_start=_starts(len(node.incoming) for node in nodes),
        into=_ints(of_flow[flow] for node in nodes for flow in node.incoming),
        target=_ints(of_node[plan.net.flows[flow][1]] for flow in flows),
        upto=np.array([upto for table, _ in choices for _, upto in table], dtype=np.float64),
        choice_start=_starts(len(table) for table, _ in choices),
        choice=_ints(of_flow[flow] for table, _ in choices for flow, _ in table),
        rest=_ints(of_flow[rest] if rest else -1 for _, rest in choices),
        start=of_node[stream.doors[0].start_event],
        stream=np.array([address(stream.id, stream.id)], dtype=np.uint64),
        branch=np.array([address(stream.id, node.id) for node in nodes], dtype=np.uint64),
    )


def _choices(decision: DecisionPlan | None) -> tuple[list[tuple[str, float]], str]:
    """Each flow with where it ends on (0, 1), added up as the readable engine does; and the flow beyond the last."""
    if decision is None:
        return [], ""
    sizes = _sizes(decision)
    assert sizes is not None
    rest = 1.0 - sum(sizes.values())
    found, upto = [], 0.0
    for flow, _ in decision.probabilities:
        upto += sizes.get(flow, max(rest, 0.0))
        found.append((flow, upto))
    last = max((flow for flow, _ in found if sizes.get(flow, rest) > 0), default=found[-1][0])
    return found, last


def _people(plan: Plan, nodes: tuple[Node, ...]) -> "Work":
    from bpmn_tool.simulation.compiled_kernel import Work

    works = [plan.works.get(node.id) for node in nodes]
    of_role = _numbers(sorted({work.seats[0] for work in works if work is not None and work.seats}))
    forms = [(form(work.duration) if work is not None else None) or (0, ()) for work in works]
    return Work(
        tasks=_ints(index for index, work in enumerate(works) if work is not None),
        rank=_ints(plan.rank[node.id] for node in nodes),
        role=_ints(of_role[work.seats[0]] if work is not None and work.seats else -1 for work in works),
        form=_ints(number for number, _ in forms),
        parameters=np.array([(*given, 0.0, 0.0, 0.0)[:3] for _, given in forms], dtype=np.float64),
        held_start=_starts(len(plan.by_role[role]) for role in of_role),
        held=_ints(who for role in of_role for who in plan.by_role[role]),
        roles_of=_ints(len(each.roles) for each in plan.resources),
        speed=np.array([each.speed for each in plan.resources], dtype=np.float64),
    )


def _numbers(ids: Any) -> dict[str, int]:
    return {name: number for number, name in enumerate(ids)}


def _ints(values: Any) -> Any:
    return np.array(list(values), dtype=np.int64)


def _starts(lengths: Any) -> Any:
    return np.array([0, *np.cumsum(list(lengths), dtype=np.int64)], dtype=np.int64)

"""Decisions, loops, timers, handoffs, messages and black boxes of a scenario on a model, as plans."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions import parse, parse_script
from bpmn_tool.instants.iso8601 import Duration, parse_cycle, parse_duration, parse_instant
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.model.elements import (
    Event,
    EventDefinition,
    FlowNode,
    Gateway,
    Model,
    MultiInstance,
    StandardLoop,
    SubProcess,
    Task,
    TaskKind,
    TimerKind,
    TriggerKind,
)
from bpmn_tool.model.net import Behaviour, Net, Node
from bpmn_tool.scenario import scenario as said
from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.simulation.plan import (
    ACTIVATION_COUNT,
    BlackBoxPlan,
    Chance,
    DecisionPlan,
    HandoffPlan,
    LoopPlan,
    Sampler,
    TimerPlan,
)
from bpmn_tool.simulation.planning_problems import Problems
from bpmn_tool.simulation.planning_roles import Roles
from bpmn_tool.simulation.samplers import how_many, ticks

_MAY_OCCUR = frozenset({Behaviour.CATCH, Behaviour.BOUNDARY, Behaviour.RECEIVE, Behaviour.EVENT_START})
_WAITS_FOR_MESSAGES = _MAY_OCCUR


class Flow:
    """What the scenario says of the flow of a model."""

    def __init__(
        self, model: Model, scenario: said.Scenario, roles: Roles, net: Net, line: TimeLine, problems: Problems
    ) -> None:
        self.model, self.scenario, self.roles, self.net, self.line, self.problems = (
            model, scenario, roles, net, line, problems,
        )  # fmt: skip
        self.scripts = self._scripts()
        self.known = self._known_attributes()
        nodes = [net.nodes[each] for each in sorted(net.nodes)]
        self.decisions = {n.id: each for n in nodes if (each := self._decision(n)) is not None}
        self._said_in_vain()
        self.loops = {n.id: self._loop(n) for n in nodes if n.loop is not None}
        self.timers = {n.id: plan for n in nodes if (plan := self._timer(n)) is not None}
        self.handoffs = {flow: self._handoff(flow, each) for flow, each in scenario.handoffs.items()}
        self.mail_into = self._mail()
        self.conditions = {n.id: condition for n in nodes if (condition := self._conditional(n)) is not None}
        self.activations = {n.id: condition for n in nodes if (condition := self._activation(n)) is not None}
        self.warnings = list(self._never())
        self.black_boxes = {p.id: self._black_box(p.id) for p in model.participants.values() if p.process_ref is None}

    # -- expressions

    def _known_attributes(self) -> frozenset[str]:
        names: set[str] = set(self.scenario.attributes)
        for demand in self.scenario.demand.values():
            names |= set(demand.attributes)
        for door in self.scenario.arrivals.values():
            names |= set(door.attributes)
            for _, recorded in door.recorded:
                names |= set(recorded)
        for script in self.scripts.values():
            names |= set(script.assigned)
        return frozenset(names)

    def _condition(self, text: str, element: str) -> CaseExpression | None:
        try:
            parsed = parse(text)
        except ExpressionError as error:
            self.problems.element(self.model, element, f"condition {text!r}: {error}")
            return None
        parameters = {n: self.scenario.parameters[n] for n in sorted(parsed.names) if n in self.scenario.parameters}
        names = frozenset(parsed.names) - parameters.keys()
        return CaseExpression(text, parsed, names, parameters)

    def _scripts(self) -> dict[str, Any]:
        found = {}
        for node in self.model.flow_nodes.values():
            if isinstance(node, Task) and node.kind is TaskKind.SCRIPT and node.script.strip():
                try:
                    found[node.id] = parse_script(node.script)
                except ExpressionError as error:
                    self.problems.element(self.model, node.id, f"script: {error}")
        return found

    def _known_condition(self, text: str, element: str, *more: str) -> CaseExpression | None:
        """A condition all of whose names are given somewhere."""
        condition = self._condition(text, element)
        if condition is not None and (unknown := sorted(condition.names - self.known - {*more})):
            names = ", ".join(map(repr, unknown))
            self.problems.element(
                self.model,
                element,
                f"condition {text!r} needs {names}, which no attribute of the scenario gives: add it to [attributes]",
            )
        return condition

    def _conditional(self, node: Node) -> CaseExpression | None:
        event = self.model.flow_nodes[node.id]
        if node.behaviour not in _MAY_OCCUR or not isinstance(event, Event):
            return None
        said = self.scenario.events.get(node.id)
        if said is not None and said.after is not None and len(node.triggers) == 1:
            return None  # the scenario says when, instead of the model
        text = next((d.text for d in event.definitions if d.kind is TriggerKind.CONDITIONAL), "")
        return self._known_condition(text, node.id) if text.strip() else None

    def _activation(self, node: Node) -> CaseExpression | None:
        """When a complex gateway fires, or an ad-hoc sub-process is done."""
        element = self.model.flow_nodes[node.id]
        if node.behaviour is Behaviour.COMPLEX and len(node.incoming) > 1 and node.activation.strip():
            return self._known_condition(node.activation, node.id, ACTIVATION_COUNT)
        if isinstance(element, SubProcess) and node.performs is not None and element.completion_condition.strip():
            return self._known_condition(element.completion_condition, node.id)
        return None

    def _caused(self, node: Node, number: int) -> bool:
        """Whether model or scenario makes one of the triggers of an event occur."""
        trigger = node.triggers[number]
        timer = self.timers.get(node.id)
        if timer is not None and (timer.trigger == number or not node.every):
            return True
        match trigger.kind:
            case TriggerKind.MESSAGE:
                return node.id in self.mail_into or node.instantiates
            case TriggerKind.CONDITIONAL:
                return node.id in self.conditions
            case _:
                return trigger.within or trigger.kind is TriggerKind.CANCEL

    def _from_outside(self, node: Node) -> int:
        """Which of several triggers that have to come together `after` is of: the timer, else one that nothing else
        sets off.
        """
        if not node.every:
            return 0
        found = [n for n, each in enumerate(node.triggers) if each.kind is TriggerKind.TIMER]
        found += [
            n for n, each in enumerate(node.triggers)
            if not each.within and each.kind not in (TriggerKind.TIMER, TriggerKind.CONDITIONAL)
            and not (each.kind is TriggerKind.MESSAGE and node.receives)
        ]  # fmt: skip
        return found[0] if found else 0

    def _never(self) -> Iterator[str]:
        """Events that nothing sets off: a warning where the case can go on without, else an open question."""
        for name in sorted(self.net.nodes):
            node = self.net.nodes[name]
            if node.behaviour not in _MAY_OCCUR or not node.triggers:
                continue
            caused = [self._caused(node, number) for number in range(len(node.triggers))]
            if all(caused) if node.every else any(caused):
                continue
            if node.behaviour is Behaviour.CATCH and not self._is_arm(node):
                label = self.model.flow_nodes[name].label
                self.problems.element(
                    self.model,
                    name,
                    f"nothing in the model sets off '{label}', for which a case would wait for ever: "
                    f'write when it happens in {self.scenario.path}, [events.{name}] after = "P1D"',
                )
            else:
                yield f"events.{name}: it never occurs, since nothing in the model makes it; say `after` if it does"

    def _is_arm(self, node: Node) -> bool:
        """Whether it stands behind an event gateway, where another event may come."""
        sources = (self.net.nodes[self.net.flows[flow][0]] for flow in node.incoming)
        return any(source.behaviour is Behaviour.EVENT_GATEWAY for source in sources)

    # -- decisions

    def _decision(self, node: Node) -> DecisionPlan | None:
        element = self.model.flow_nodes[node.id]
        if node.behaviour is Behaviour.COMPLEX:
            return self._complex(node)
        if node.behaviour in (Behaviour.EXCLUSIVE, Behaviour.INCLUSIVE):
            if len(node.outgoing) < 2 and not any(self._may_fail(node, flow) for flow in node.outgoing):
                return None
            return self._gateway(node, node.outgoing, inclusive=node.behaviour is Behaviour.INCLUSIVE)
        if not node.conditional or isinstance(element, Gateway | Event):
            return None
        plan = self._gateway(node, node.conditional, inclusive=True)
        sure = tuple(f for f in node.outgoing if f not in node.conditional and f != node.default)
        return DecisionPlan(
            probabilities=plan.probabilities,
            conditions=plan.conditions,
            default=node.default,
            inclusive=True,
            sure=sure,
        )

    def _complex(self, node: Node) -> DecisionPlan | None:
        """Flows with a condition or a probability are chosen; the others are always taken."""
        chosen = [flow for flow in node.outgoing if flow in node.conditional or flow in self.scenario.flows]
        if not chosen:
            return None
        plan = self._gateway(node, chosen, inclusive=True)
        sure = tuple(flow for flow in node.outgoing if flow not in chosen and flow != node.default)
        return replace(plan, default=node.default, sure=sure)

    def _may_fail(self, node: Node, flow: str) -> bool:
        """Whether the only way out of a gateway has a condition to meet."""
        text = self.model.sequence_flows[flow].condition
        return flow != node.default and text is not None and bool(text.strip())

    def _gateway(self, node: Node, flows: Iterable[str], *, inclusive: bool) -> DecisionPlan:
        given = {flow: self.scenario.flows[flow] for flow in flows if flow in self.scenario.flows}
        if given:
            return self._by_probability(node, tuple(flows), given, inclusive=inclusive)
        conditions: list[tuple[str, CaseExpression | None]] = []
        for flow in flows:
            text = self.model.sequence_flows[flow].condition
            if flow == node.default:
                continue
            if text is None or not text.strip():
                label = self.model.flow_nodes[node.id].label
                self.problems.element(
                    self.model,
                    flow,
                    f"'{label}' ({node.id}) decides on '{flow}' with neither condition nor probability: "
                    f"give it a condition, or write flows.{flow} in {self.scenario.path}",
                )
                continue
            condition = self._condition(text, flow)
            if condition is not None and (unknown := sorted(condition.names - self.known)):
                names = ", ".join(map(repr, unknown))
                self.problems.element(
                    self.model,
                    flow,
                    f"condition {text!r} needs {names}, which no attribute of the scenario gives: "
                    f"add it to [attributes], or write flows.{flow} in {self.scenario.path}",
                )
            conditions.append((flow, condition))
        return DecisionPlan(conditions=tuple(conditions), default=node.default, inclusive=inclusive)

    def _by_probability(
        self, node: Node, flows: tuple[str, ...], given: dict[str, Chance], *, inclusive: bool
    ) -> DecisionPlan:
        ordered = tuple(sorted(flows, key=str.encode))
        if inclusive:
            silent = [f for f in ordered if f not in given and f != node.default]
            if silent:
                self.problems.key(
                    "flows", f"'{node.id}' needs a probability for {', '.join(silent)} too: each flow is on its own"
                )
            table = tuple((flow, given[flow]) for flow in ordered if flow in given)
            return DecisionPlan(probabilities=table, default=node.default, inclusive=True)
        left_out = [flow for flow in ordered if flow not in given]
        if len(left_out) > 1:
            self.problems.key("flows", f"'{node.id}' needs a probability for all but one of {', '.join(left_out)}")
        numbers = [value for value in given.values() if isinstance(value, float | int)]
        if len(numbers) == len(given):
            total = sum(numbers)
            if total > 1.0 + 1e-9 or (not left_out and total < 1.0 - 1e-9):
                self.problems.key("flows", f"the probabilities of '{node.id}' sum to {total:g}, not 1")
        table_or_rest: list[tuple[str, Any]] = [(flow, given.get(flow)) for flow in ordered]
        return DecisionPlan(probabilities=tuple(table_or_rest), default=node.default)

    def _said_in_vain(self) -> None:
        used = {flow for plan in self.decisions.values() for flow, _ in plan.probabilities}
        for flow in self.scenario.flows:
            if flow in self.net.flows and flow not in used and flow not in {d.default for d in self.decisions.values()}:
                source = self.net.flows[flow][0]
                self.problems.key(f"flows.{flow}", f"nothing is decided at '{source}', so that it needs no probability")

    # -- loops

    def _loop(self, node: Node) -> LoopPlan:
        task = self.scenario.tasks.get(node.id, said.Task())
        path = f"tasks.{node.id}"
        match node.loop:
            case MultiInstance():
                instances = how_many(task.instances) if task.instances is not None else None
                if instances is None and node.loop.cardinality.strip():
                    instances = self._count(node.loop.cardinality, node.id)
                if instances is None:
                    self.problems.key(f"{path}.instances", f"how many instances does '{node.id}' have? Give a number")
                text = node.loop.completion_condition
                return LoopPlan(
                    instances=instances, completion=self._condition(text, node.id) if text.strip() else None
                )
            case StandardLoop():
                again = self._condition(node.loop.condition, node.id) if node.loop.condition.strip() else None
                repeat = how_many(task.repeat) if task.repeat is not None else None
                if again is None and repeat is None and node.loop.maximum is None:
                    self.problems.key(
                        f"{path}.repeat", f"how often does '{node.id}' run? It has no condition and no count"
                    )
                if repeat is None and again is None and node.loop.maximum is not None:
                    most = node.loop.maximum
                    repeat = lambda _u, _attributes: most  # noqa: E731 (a constant count)
                return LoopPlan(
                    again=again if repeat is None else None,
                    repeat=repeat,
                    test_before=node.loop.test_before,
                    maximum=node.loop.maximum,
                )
            case _:
                return LoopPlan()

    def _count(self, text: str, element: str) -> Sampler | None:
        condition = self._condition(text, element)
        if condition is None:
            return None
        if unknown := sorted(condition.names - self.known):
            names = ", ".join(map(repr, unknown))
            self.problems.element(
                self.model, element, f"the number of instances {text!r} needs {names}: write tasks.{element}.instances"
            )
        return how_many(condition)

    # -- timers

    def _timer(self, node: Node) -> TimerPlan | None:
        event = self.model.flow_nodes[node.id]
        given = self.scenario.events.get(node.id)
        probability: Chance = given.probability if given is not None else 1.0
        if given is not None and node.behaviour not in _MAY_OCCUR:
            self.problems.key(
                f"events.{node.id}", "nothing has to happen here: it is neither a catching nor a boundary event"
            )
            return None
        if given is not None and given.after is not None:
            try:
                after = given.after if isinstance(given.after, Duration) else ticks(given.after)
            except ValueError as error:
                self.problems.key(f"events.{node.id}.after", str(error))
                return None
            return TimerPlan(after=after, probability=probability, trigger=self._from_outside(node))
        definition = _timer_of(event)
        if definition is None or node.behaviour is Behaviour.START:
            if given is not None and given.has("probability"):
                self.problems.key(
                    f"events.{node.id}.after", "a probability, but of what? Say when it happens with `after`"
                )
            return None
        place = next((n for n, each in enumerate(node.triggers) if each.kind is TriggerKind.TIMER), 0)
        try:
            match definition.timer:
                case TimerKind.DURATION:
                    plan = TimerPlan(after=parse_duration(definition.text), probability=probability)
                    return replace(plan, trigger=place)
                case TimerKind.DATE:
                    date = self.line.to_tick(parse_instant(definition.text))
                    return TimerPlan(date=date, probability=probability, trigger=place)
                case TimerKind.CYCLE:
                    return replace(self._cycle(definition.text, probability), trigger=place)
                case _:
                    reason = "the timer says no time"
        except ValueError as error:
            reason = str(error)
        self.problems.element(self.model, node.id, f"'{event.label}': {reason}; or write events.{node.id}.after")
        return None

    def _cycle(self, text: str, probability: Chance) -> TimerPlan:
        """Raises ValueError for one that counts back from its end."""
        cycle = parse_cycle(text)
        if cycle.end is not None:
            raise ValueError(f"{text!r} counts back from its end, which is not simulated; give its start")
        return TimerPlan(
            after=cycle.duration,
            date=self.line.to_tick(cycle.start) if cycle.start is not None else None,
            repeats=-1 if cycle.repetitions is None else cycle.repetitions,
            probability=probability,
        )

    # -- handoffs, messages, black boxes

    def _handoff(self, flow: str, said_: said.Handoff) -> HandoffPlan:
        path = f"handoffs.{flow}"
        if flow not in self.net.flows and flow not in self.net.messages:
            self.problems.key(path, "there is no such sequence or message flow in the model")
        goes_to = said_.declines_to or ""
        if goes_to:
            self._declines(flow, goes_to, path)
        try:
            delay = ticks(said_.delay) if said_.delay is not None else None
        except ValueError as error:
            self.problems.key(f"{path}.delay", str(error))
            delay = None
        return HandoffPlan(delay=delay, lost=said_.lost, declined=said_.declined, declines_to=goes_to)

    def _declines(self, flow: str, goes_to: str, path: str) -> None:
        if flow in self.net.messages:
            node = self.net.nodes.get(goes_to)
            if node is None or node.behaviour not in _WAITS_FOR_MESSAGES:
                self.problems.key(f"{path}.declines_to", f"'{goes_to}' is no message event or receive task that waits")
        elif goes_to not in self.net.flows:
            self.problems.key(
                f"{path}.declines_to", f"'{goes_to}' is no sequence flow: a declined token goes on over one"
            )

    def _mail(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, set[str]] = {}
        for flow, (_, receiver) in self.net.messages.items():
            node = self.net.nodes.get(receiver)
            if node is not None and node.behaviour in _WAITS_FOR_MESSAGES:
                found.setdefault(receiver, set()).add(flow)
            elif node is not None and node.behaviour is not Behaviour.START and not node.instantiates:
                self.problems.element(
                    self.model,
                    flow,
                    f"the message goes to '{receiver}', which waits for none: draw it to an event or receive task",
                )
        for flow, plan in self.handoffs.items():
            if plan.declines_to and flow in self.net.messages:
                found.setdefault(plan.declines_to, set()).add(flow)
        return {node: tuple(sorted(flows)) for node, flows in found.items()}

    def _black_box(self, participant: str) -> BlackBoxPlan:
        box = self.scenario.black_boxes.get(participant)
        path = f"black_boxes.{participant}"
        received = sorted(f for f, (_, target) in self.net.messages.items() if target == participant)
        catches = sorted(
            f
            for f, (source, target) in self.net.messages.items()
            if source == participant and self.net.nodes[target].behaviour in _WAITS_FOR_MESSAGES
        )
        replies: dict[str, tuple[tuple[str, float], ...]] = {}
        said_replies = box.replies if box is not None else {}
        for flow in received:
            if flow in said_replies:
                replies[flow] = tuple(sorted(said_replies[flow].items()))
            elif len(catches) == 1:
                replies[flow] = ((catches[0], 1.0),)
            elif len(catches) > 1 and box is not None and box.has("response"):
                self.problems.key(
                    f"{path}.replies", f"which of {', '.join(catches)} answers '{flow}'? Say it in `replies`"
                )
        undefined = bool(catches) and (box is None or not box.has("response"))
        absent = undefined and self.scenario.undefined_roles.policy != "unlimited"
        try:
            response = ticks(box.response) if box is not None and box.response is not None else None
        except ValueError as error:
            self.problems.key(f"{path}.response", str(error))
            response = None
        return BlackBoxPlan(
            participant=participant,
            response=response,
            answers=box.answers if box is not None else 1.0,
            replies=replies,
            absent=absent,
        )


def _timer_of(event: FlowNode) -> EventDefinition | None:
    """The timer among what an event may wait for."""
    if not isinstance(event, Event):
        return None
    return next((each for each in event.definitions if each.kind is TriggerKind.TIMER), None)

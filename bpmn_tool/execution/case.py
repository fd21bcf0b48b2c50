"""One case: its process instances side by side, the messages between them, a simulated clock, and what happened.

    case = Case(model, data={"is_minor": False})
    case.start("concern_voiced")
    case.work()                                   # what people may do now
    case.complete("clarify_signal", data={"urgent": True})
    case.trace()

Nothing happens in between by itself but what needs nobody: service, script and send tasks, gateways with conditions,
messages between pools.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpmn_tool.errors import RunError
from bpmn_tool.execution.beginnings import beginning
from bpmn_tool.execution.build import Executable, executable
from bpmn_tool.execution.build_events import name as spec_name
from bpmn_tool.execution.chronicle import Chronicle
from bpmn_tool.execution.clock import Clock
from bpmn_tool.execution.engine import Agenda, Token
from bpmn_tool.execution.events import occur, triggers_of
from bpmn_tool.execution.gateways import Decision as DecisionSpec
from bpmn_tool.execution.gateways import ExclusiveGateway
from bpmn_tool.execution.mail import Letter
from bpmn_tool.execution.outside import from_outside, signal_of
from bpmn_tool.execution.runtime import FIRINGS, Runtime
from bpmn_tool.instants import Duration, format_duration, parse_duration
from bpmn_tool.model.elements import Event, EventKind, FlowNode, Gateway, GatewayKind, MessageFlow, Model
from bpmn_tool.results.execution import ExecutionTrace


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something for a person to do. `instance` counts the runs of a multi-instance or loop from 0. With `free` nobody
    has to: it may be taken up in an ad-hoc sub-process, or is that sub-process, which somebody may say is done.
    """

    activity: str
    name: str
    role: str | None
    process: str
    since: datetime
    instance: int | None = None
    free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A gateway that conditions do not decide: somebody chooses one of `flows`."""

    gateway: str
    name: str
    flows: tuple[str, ...]
    role: str | None
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something done from outside, as a step of a story says it: `verb` is do, wait, message or choose."""

    verb: str
    what: str | tuple[str, ...]
    role: str | None = None
    instance: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


class Case:
    """A case in progress. `acts` are what was done from outside since it began."""

    def __init__(
        self,
        model: Model | Executable,
        *,
        clock: datetime | None = None,
        zone: str | None = None,
        data: Mapping[str, Any] | None = None,
        roles: Mapping[str, tuple[str, ...]] | None = None,
        ask: bool | Collection[str] = False,
        firings: int = FIRINGS,
    ) -> None:
        """`roles`: flow node -> ids of the roles that may do it, the one that holds it first
        (:func:`bpmn_tool.execution.roles.roles_of`).

        `ask`: gateways (True: all) whose conditions need data that nobody set wait for a choice; else they stop the
        case. Raises InputError where the model cannot be executed.
        """
        self.executable = executable(model) if isinstance(model, Model) else model
        self.model = self.executable.model
        self.acts: list[Act] = []
        self._agenda = Agenda(Clock(clock, zone), dict(data or {}))
        self._chronicle = Chronicle(self.model, self._agenda.clock, roles or {})
        self._runtime = Runtime(self.executable, self._agenda, self._chronicle, firings)
        if ask:
            asked = frozenset(self.model.flow_nodes) if ask is True else frozenset(ask)
            lacks_data = self._runtime.evaluation.lacks_data
            self._agenda.is_open = lambda spec: spec.element.id in asked and lacks_data(spec)

    # what may be done

    def start(self, element: str | None = None) -> None:
        """Begin at a start event, or where a process (by its id) begins; without an argument where the model leaves
        no choice.
        """
        self._runtime.begin(*beginning(self.model, element))
        self._runtime.settle()

    def work(self) -> tuple[Work, ...]:
        """What people may do now, the oldest first; what nobody has to do after all else."""
        must = tuple(self._work(token, token.task_spec.element) for token in _by_age(self._agenda.open.values()))
        return (*must, *self._free())

    def oldest_work(self) -> Work | None:
        """What has been open longest and somebody has to do."""
        token = min(self._agenda.open.values(), key=lambda token: token.id, default=None)
        return None if token is None else self._work(token, token.task_spec.element)

    def complete(
        self,
        activity: str,
        data: Mapping[str, Any] | None = None,
        role: str | None = None,
        instance: int | None = None,
    ) -> None:
        """Complete an open activity; `role` must be one that may. Raises RunError with what is open instead."""
        token = self._open(activity, instance)
        if token.task_spec.performs is not None or token.task_spec.element.id != activity:
            self._complete_free(token, activity, data or {}, role)
            return
        if role is not None:
            self._hold(activity, role)
            token._set_internal_data(role=role)
        self.acts.append(Act(verb="do", what=activity, role=role, instance=token.run_number, data=data or {}))
        self._agenda.update(data or {})
        token.run()
        self._runtime.settle()

    def perform(self, activity: str) -> None:
        """Take up an activity in an ad-hoc sub-process; to complete it is another thing. Raises RunError."""
        for token in _by_age(self._agenda.ad_hoc.values()):
            if spec_name(activity) in token.task_spec.may_perform(token):
                token.task_spec.perform(token, spec_name(activity))
                self._runtime.settle()
                return
        raise RunError(f"{activity} is not to be taken up now")

    def decisions(self) -> tuple[Decision, ...]:
        """Gateways at which somebody has to choose, the one that waits longest first."""
        return tuple(
            Decision(
                gateway=token.task_spec.element.id,
                name=token.task_spec.element.label,
                flows=tuple(flow.id for flow in token.task_spec.flows),
                role=self.role_of(token.task_spec.element.id),
                default=token.task_spec.default,
            )
            for token in self._undecided()
        )

    def choose(self, *flows: str, data: Mapping[str, Any] | None = None) -> None:
        """Take these flows out of a gateway that waits for it; several only where it is an inclusive one."""
        for token in self._undecided():
            offered = {flow.id for flow in token.task_spec.flows}
            if set(flows) <= offered and (len(flows) == 1 or not isinstance(token.task_spec, ExclusiveGateway)):
                self.acts.append(Act(verb="choose", what=flows if len(flows) > 1 else flows[0], data=data or {}))
                self._agenda.update(data or {})
                token._set_internal_data(chosen=frozenset(flows))
                token.task_spec._update(token)
                self._runtime.settle()
                return
        offers = ", ".join(flow for decision in self.decisions() for flow in decision.flows)
        instead = f"to choose are {offers}" if offers else "none waits for one"
        raise RunError(f"no gateway waits for the choice of {', '.join(flows)}; {instead}")

    def message(self, ref: str, data: Mapping[str, Any] | None = None) -> bool:
        """Something comes from outside. A message: by the id of its message flow, of its message, or of the event or
        task that it is for. A signal, by its id, reaches all that wait for it. Any other event by its own id.

        True if somebody took it; else a message is kept until somebody waits.
        """
        outside = from_outside(self.model, ref)
        receivers = () if outside else self._runtime.post.addressees(self.model, ref)
        self.acts.append(Act(verb="message", what=ref, data=data or {}))
        if outside:
            return self._occur(ref, data or {})
        letter = Letter(flow=self._flow(ref), ref=ref, receivers=receivers, data=dict(data or {}))
        self._runtime.post.put(letter)
        self._runtime.settle()
        return letter.received

    def _occur(self, ref: str, data: Mapping[str, Any]) -> bool:
        self._agenda.update(data)
        if (signal := signal_of(self.model, ref)) is not None:
            caught = self._runtime.broadcast(signal)
            self._runtime.settle()
            return caught > 0
        for token in _by_age(self._agenda.waiting.values()):
            definition = triggers_of(token)
            if token.task_spec.element.id == ref and definition is not None:
                occur(token, next(number for number, _ in definition.open(token)))
                self._runtime.settle()
                return True
        return False

    def wait(self, duration: str | Duration, then: Callable[[], None] | None = None) -> None:
        """Let time pass; timers on the way fire in order, those of one tick by the id of their element.

        `then` is called after each, at its instant.
        """
        end = self._agenda.clock.after(parse_duration(duration) if isinstance(duration, str) else duration)
        self.acts.append(Act(verb="wait", what=str(duration)))
        self._runtime.pass_until(end, then)

    def wait_for_timer(self) -> bool:
        """Let the clock go on to the tick of the next timer; False where none runs."""
        timer = self._runtime.next_timer()
        if timer is None:
            return False
        now = self._agenda.clock.now
        due = max(now, self._runtime.due(timer))
        self.acts.append(Act(verb="wait", what=format_duration(due - now)))
        self._runtime.pass_until(due)
        return True

    # what may be asked

    @property
    def now(self) -> datetime:
        """The instant on the simulated clock."""
        return self._agenda.clock.instant

    @property
    def began(self) -> datetime:
        """The instant at which the case begins."""
        return self._agenda.clock.line.to_local(0)

    def instant_after(self, duration: Duration) -> datetime:
        """The instant at which a duration from the start of the case is over."""
        clock = self._agenda.clock
        return clock.line.to_local(clock.later(0, duration))

    @property
    def data(self) -> Mapping[str, Any]:
        """A copy of the data of the case."""
        return dict(self._agenda.data)

    @property
    def next_timer(self) -> tuple[str, datetime] | None:
        """The element whose timer is due next, and when."""
        timer = self._runtime.next_timer()
        if timer is None:
            return None
        return timer.task_spec.element.id, self._agenda.clock.line.to_local(self._runtime.due(timer))

    def awaited(self) -> tuple[str, ...]:
        """Elements that wait now for something from outside that is no timer, longest first: a message, or what
        nothing in the model sets off.
        """
        waiting = [token for token in self._agenda.waiting.values() if self._is_awaited(token)]
        return tuple(dict.fromkeys(token.task_spec.element.id for token in _by_age(waiting)))

    def _is_awaited(self, token: Token) -> bool:
        definition = triggers_of(token)
        if definition is None:
            return False
        return any(self.executable.outside.comes(token.task_spec.element.id, n) for n, _ in definition.open(token))

    @property
    def completed(self) -> bool:
        """Whether it began, and no token is left anywhere."""
        instances = self._runtime.instances
        return bool(instances) and all(instance.completed for instance in instances)

    def role_of(self, element: str) -> str | None:
        """The role that holds an element; None where nobody does."""
        return next(iter(self._chronicle.roles_of(element)), None)

    def trace(self) -> ExecutionTrace:
        """What happened until now."""
        return ExecutionTrace(
            completed=self.completed,
            ends=tuple(self._chronicle.ends),
            steps=tuple(self._chronicle.steps),
            flows=tuple(self._chronicle.flows),
            data=dict(self._agenda.data),
            waiting=self._held(),
            failed=tuple(self._chronicle.failed),
            unreceived=tuple(letter.flow.id if letter.flow else letter.ref for letter in self._runtime.post.kept),
        )

    # tokens

    def _open(self, activity: str, instance: int | None) -> Token:
        found = [
            token
            for token in (*self._agenda.open.values(), *self._finishable())
            if token.task_spec.element.id == activity and (instance is None or token.run_number == instance)
        ]
        if not found:
            found = [
                token
                for token in self._agenda.ad_hoc.values()
                if spec_name(activity) in token.task_spec.may_perform(token)
                and (instance is None or token.run_number == instance)
            ]
        if found:
            return min(found, key=lambda token: token.id)
        if activity not in self.model.flow_nodes:
            raise RunError(f"there is no activity {activity!r} in this model")
        now = ", ".join(dict.fromkeys(work.activity for work in self.work())) or "nothing"
        which = activity if instance is None else f"instance {instance} of {activity}"
        raise RunError(f"{which} is not to be done now; open is {now}")

    def _hold(self, activity: str, role: str) -> None:
        held = self._chronicle.roles_of(activity)
        if role not in held:
            whose = f"the work of {' or '.join(held)}" if held else "the work of nobody who is named"
            raise RunError(f"'{self.model.flow_nodes[activity].label}' ({activity}) is {whose}, not of {role}")

    def _finishable(self) -> list[Token]:
        """Ad-hoc sub-processes that somebody may say are done."""
        return [token for token in self._agenda.ad_hoc.values() if token.task_spec.may_complete(token)]

    def _free(self) -> tuple[Work, ...]:
        found: list[Work] = []
        for token in _by_age(self._agenda.ad_hoc.values()):
            for performed in token.task_spec.may_perform(token):
                inside = token.task_spec.inner(token).spec.task_specs[performed].element
                found.append(self._work(token, inside, free=True))
            if token.task_spec.may_complete(token):
                found.append(self._work(token, token.task_spec.element, free=True))
        return tuple(found)

    def _complete_free(self, token: Token, activity: str, data: Mapping[str, Any], role: str | None) -> None:
        """Say that an ad-hoc sub-process is done; or take up an activity in it, and complete it if a person does it."""
        if role is not None:
            self._hold(activity, role)
        self.acts.append(Act(verb="do", what=activity, role=role, instance=token.run_number, data=data))
        self._agenda.update(data)
        if token.task_spec.element.id == activity:
            token.task_spec.finish(token)
        else:
            before = set(self._agenda.open)
            token.task_spec.perform(token, spec_name(activity))
            for id in [id for id in self._agenda.open if id not in before]:
                if self._agenda.open[id].task_spec.element.id == activity:
                    self._agenda.open[id]._set_internal_data(role=role)
                    self._agenda.open[id].run()
                    break
        self._runtime.settle()

    def _work(self, token: Token, element: FlowNode, *, free: bool = False) -> Work:
        return Work(
            activity=element.id,
            name=element.label,
            role=self.role_of(element.id),
            process=self.model.process_of(element.id) or "",
            since=self._agenda.clock.line.to_local(token.since),
            instance=token.run_number,
            free=free,
        )

    def _undecided(self) -> list[Token]:
        return _by_age(
            token
            for token in self._agenda.waiting.values()
            if isinstance(token.task_spec, DecisionSpec) and token.task_spec.is_through(token)
        )

    def _flow(self, ref: str) -> MessageFlow | None:
        """The message flow by which a message from outside comes: the one named, or the only one from a black box."""
        by_flow = self.executable.routes.by_flow
        if (route := by_flow.get(ref)) is not None:
            return route.flow
        outside = [r for r in by_flow.values() if not r.senders and ref in (*r.receivers, r.flow.message_ref)]
        return outside[0].flow if len(outside) == 1 else None

    def _held(self) -> tuple[str, ...]:
        agenda = self._agenda
        tokens = _by_age(
            (*agenda.open.values(), *agenda.waiting.values(), *agenda.gathering.values(), *agenda.ad_hoc.values())
        )
        return tuple(dict.fromkeys(token.task_spec.element.id for token in tokens if not _listens(token)))


def _by_age(tokens: Any) -> list[Token]:
    return sorted(tokens, key=lambda token: token.id)


def _listens(token: Token) -> bool:
    """Boundary events, event sub-processes and event-based gateways hold no token of their own beside those of their
    activity, scope or events.
    """
    match token.task_spec.element:
        case Event(kind=EventKind.BOUNDARY) | Gateway(kind=GatewayKind.EVENT_BASED):
            return True
        case _:
            return token.listener

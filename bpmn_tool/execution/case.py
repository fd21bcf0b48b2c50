"""One case: its process instances side by side, the messages between them, a simulated clock, and what happened.

    case = Case(model, data={"is_minor": False})
    case.start("concern_voiced")
    case.work()                                   # what people may do now
    case.complete("clarify_signal", data={"urgent": True})
    case.trace()

Nothing happens in between by itself but what needs nobody: service, script and send tasks, gateways with conditions,
messages between pools.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.util.task import TaskState

from bpmn_tool.errors import ExpressionError, RunError
from bpmn_tool.execution import specs
from bpmn_tool.execution.build import Executable, entries, executable, name
from bpmn_tool.execution.clock import Clock
from bpmn_tool.execution.engine import Agenda, Decider, Instance, Token
from bpmn_tool.execution.events import Message, Timer
from bpmn_tool.execution.mail import Letter, PostOffice
from bpmn_tool.execution.routes import catches
from bpmn_tool.instants import Duration, format_duration, parse_duration
from bpmn_tool.model.elements import CallActivity, Event, EventKind, FlowNode, Gateway, GatewayKind, MessageFlow, Model
from bpmn_tool.results.execution import ExecutionTrace, Step

FIRINGS: Final = 10_000
"""Elements that may complete between two things that people do, before a run is held to go round in circles."""

#: what the data of a case name the number of runs of an activity whose model does not say it
RUNS: Final = "{activity}_instances"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something for a person to do. `instance` counts the runs of a multi-instance or loop from 0."""

    activity: str
    name: str
    role: str | None
    process: str
    since: datetime
    instance: int | None = None


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

        `ask`: a gateway whose conditions need data that nobody set waits for a choice; else it stops the case. Raises
        InputError where the model cannot be executed.
        """
        self.executable = executable(model) if isinstance(model, Model) else model
        self.model = self.executable.model
        self.roles = roles or {}
        self._agenda = Agenda(Clock(clock, zone), dict(data or {}))
        self._agenda.sink = self._note
        if ask:
            self._agenda.is_open = self._lacks_data
        self._asked = None if isinstance(ask, bool) else frozenset(ask)
        self.acts: list[Act] = []
        self._engine = Decider(self._decide)
        self._post = PostOffice(self.executable.routes)
        self._instances: list[Instance] = []
        self._steps: list[Step] = []
        self._flows: list[str] = []
        self._ends: list[str] = []
        self._firings = firings

    # what may be done

    def start(self, element: str | None = None) -> None:
        """Begin at a start event, or where a process (by its id) begins; without an argument where the model leaves
        no choice.
        """
        process, begin = self._beginning(element)
        self._begin(process, begin)
        self._settle()

    def work(self) -> tuple[Work, ...]:
        """What people may do now, the oldest first."""
        return tuple(self._work(token) for token in sorted(self._agenda.open.values(), key=lambda token: token.id))

    def complete(
        self, activity: str, data: Mapping[str, Any] | None = None, role: str | None = None, instance: int | None = None
    ) -> None:
        """Complete an open activity; `role` must be the one that holds it. Raises RunError with what is open
        instead.
        """
        token = self._open(activity, instance)
        if role is not None:
            self._hold(activity, role)
            token._set_internal_data(role=role)
        self.acts.append(Act(verb="do", what=activity, role=role, instance=token.run_number, data=data or {}))
        self._agenda.data.update(data or {})
        token.run()
        self._settle()

    def decisions(self) -> tuple[Decision, ...]:
        """Gateways at which somebody has to choose."""
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
            if set(flows) <= offered and (len(flows) == 1 or isinstance(token.task_spec, specs.InclusiveGateway)):
                self._agenda.data.update(data or {})
                self.acts.append(Act(verb="choose", what=flows if len(flows) > 1 else flows[0], data=data or {}))
                token._set_internal_data(chosen=frozenset(flows))
                token.task_spec._update(token)
                self._settle()
                return
        offers = ", ".join(flow for decision in self.decisions() for flow in decision.flows)
        raise RunError(
            f"no gateway waits for the choice of {', '.join(flows)}; "
            + (f"to choose are {offers}" if offers else "none waits for one")
        )

    def message(self, ref: str, data: Mapping[str, Any] | None = None) -> bool:
        """A message arrives from outside: by the id of its message flow, of its message, or of the event or task that
        it is for.

        True if somebody took it; else it is kept until somebody waits.
        """
        letter = Letter(flow=None, ref=ref, receivers=self._post.addressees(self.model, ref), data=dict(data or {}))
        self.acts.append(Act(verb="message", what=ref, data=data or {}))
        self._post.put(letter)
        self._settle()
        return letter.received

    def wait(self, duration: str | Duration) -> None:
        """Let time pass; timers on the way fire in order, those of one tick by the id of their element."""
        end = self._agenda.clock.after(parse_duration(duration) if isinstance(duration, str) else duration)
        self.acts.append(Act(verb="wait", what=str(duration)))
        self._pass_until(end)

    def wait_for_timer(self) -> bool:
        """Let the clock go on to the tick of the next timer; False where none runs."""
        timer = self._next_timer()
        if timer is None:
            return False
        due = max(self._agenda.clock.now, self._due(timer))
        self.acts.append(Act(verb="wait", what=format_duration(due - self._agenda.clock.now)))
        self._pass_until(due)
        return True

    def _pass_until(self, end: int) -> None:
        while (timer := self._next_timer()) is not None and self._due(timer) <= end:
            self._agenda.clock.now = max(self._agenda.clock.now, self._due(timer))
            timer.task_spec._update(timer)
            self._settle()
        self._agenda.clock.now = end

    # what may be asked

    @property
    def now(self) -> datetime:
        return self._agenda.clock.instant

    @property
    def began(self) -> datetime:
        """The instant at which the case begins."""
        return self._agenda.clock.line.to_local(0)

    @property
    def data(self) -> Mapping[str, Any]:
        return dict(self._agenda.data)

    @property
    def next_timer(self) -> tuple[str, datetime] | None:
        """The timer that is due next, and when."""
        timer = self._next_timer()
        return (
            None if timer is None else (timer.task_spec.element.id, self._agenda.clock.line.to_local(self._due(timer)))
        )

    def instant_after(self, duration: Duration) -> datetime:
        """The instant at which a duration from the start of the case is over."""
        line = self._agenda.clock.line
        return line.to_local(line.add(0, duration))

    def awaited(self) -> tuple[str, ...]:
        """Elements that wait for a message now, longest first."""
        waiting = [
            t
            for t in self._agenda.waiting.values()
            if isinstance(getattr(t.task_spec, "event_definition", None), Message)
        ]
        return tuple(dict.fromkeys(t.task_spec.element.id for t in sorted(waiting, key=lambda t: t.id)))

    @property
    def completed(self) -> bool:
        """Whether it began, and no token is left anywhere."""
        return bool(self._instances) and all(instance.completed for instance in self._instances)

    def roles_of(self, element: str) -> tuple[str, ...]:
        """The roles that may do a step, the one that holds it first; without roles the name of its lane."""
        if (roles := self.roles.get(element)) is not None:
            return roles
        lane = self.model.lane_of(element)
        return () if lane is None else (lane.label,)

    def role_of(self, element: str) -> str | None:
        """The role that holds an element; None where nobody does."""
        return next(iter(self.roles_of(element)), None)

    def trace(self) -> ExecutionTrace:
        """What happened until now."""
        return ExecutionTrace(
            completed=self.completed,
            ends=tuple(self._ends),
            steps=tuple(self._steps),
            flows=tuple(self._flows),
            data=dict(self._agenda.data),
            waiting=self._held(),
            unreceived=tuple(letter.flow.id if letter.flow else letter.ref for letter in self._post.kept),
        )

    # beginning

    def _beginning(self, element: str | None) -> tuple[str, tuple[str, ...]]:
        if element is None:
            return self._only_beginning()
        if element in self.model.processes:
            begin = entries(self.model, element)
            own = [start for start in self._starts() if self.model.process_of(start) == element]
            if not begin and len(own) != 1:
                label = self._label(element)
                raise RunError(f"the process '{label}' ({element}) begins at {' or '.join(own) or 'nothing'}; name one")
            return element, begin or tuple(own)
        node = self.model.flow_nodes.get(element)
        if not (isinstance(node, Event) and node.kind is EventKind.START):
            starts = ", ".join(self._starts()) or "none"
            raise RunError(f"{element!r} is no start event of this model; there is {starts}")
        if node.container not in self.model.processes:
            raise RunError(f"the start event {element!r} stands in a sub-process, which a case does not begin with")
        return node.container, (element,)

    def _only_beginning(self) -> tuple[str, tuple[str, ...]]:
        starts = self._starts()
        if len(starts) == 1:
            return self._beginning(starts[0])
        if not starts and len(self.model.processes) == 1:
            return self._beginning(next(iter(self.model.processes)))
        raise RunError("a case may begin at " + (", ".join(starts) or "several processes") + "; name one")

    def _starts(self) -> list[str]:
        return [
            n.id
            for n in self.model.flow_nodes.values()
            if isinstance(n, Event) and n.kind is EventKind.START and n.container in self.model.processes
        ]

    def _begin(self, process: str, begin: tuple[str, ...]) -> None:
        spec = self.executable.processes[process]
        instance = Instance(process, spec, self.executable.inner, self._engine, self._agenda)
        self._instances.append(instance)
        instance.begin(tuple(map(name, begin)))

    # going on

    def _settle(self) -> None:
        """Move all tokens to rest, and bring the messages, one at a time, first in first out."""
        fired: Counter[str] = Counter()
        while True:
            while self._agenda.ready:
                token = self._agenda.ready.popleft()
                if token.gone or token.state != TaskState.READY or not token.task_spec.may_run(token):
                    continue
                self._run(token)
                if token.task_spec.bpmn_id is not None:
                    fired[token.task_spec.bpmn_id] += 1
                    if fired.total() > self._firings:
                        self._give_up(fired)
            if not self._deliver():
                return

    def _run(self, token: Token) -> None:
        try:
            token.run()
        except WorkflowTaskException as error:
            raise RunError(str(error)) from error

    def _give_up(self, fired: Counter[str]) -> None:
        most = fired.most_common(1)[0][1]
        loop = sorted(element for element, times in fired.items() if times > most // 2)
        raise RunError(
            f"after {self._firings} steps in no time the case still goes round in a loop: {', '.join(loop[:10])}"
        )

    def _deliver(self) -> bool:
        """Bring the next letter; False where none is on its way."""
        letter = self._post.next(self._agenda, self._waiting_for)
        if letter is None:
            return False
        if (token := self._waiting_for(letter)) is not None:
            self._receive(letter)
            if token.state == TaskState.WAITING:
                token.task_spec.catch(token, BpmnEvent(Message(token.task_spec.element.id), payload=letter.data))
                token.task_spec._update(token)
            else:
                self._agenda.data.update(letter.data)
        elif (start := self._start_for(letter)) is not None:
            self._receive(letter)
            self._agenda.data.update(letter.data)
            self._begin(start.container, (start.id,))
        elif letter.flow is not None and not letter.receivers:
            self._receive(letter)  # a black box
        else:
            self._post.keep(letter)
        return True

    def _waiting_for(self, letter: Letter) -> Token | None:
        """The token that waits longest for it; else open work that takes it up."""
        wanted = [
            token
            for token in self._agenda.waiting.values()
            if isinstance(getattr(token.task_spec, "event_definition", None), Message)
            and token.task_spec.element.id in letter.receivers
        ]
        wanted = wanted or [t for t in self._agenda.open.values() if t.task_spec.element.id in letter.receivers]
        return min(wanted, key=lambda token: token.id, default=None)

    def _start_for(self, letter: Letter) -> Event | None:
        for receiver in letter.receivers:
            node = self.model.flow_nodes[receiver]
            if isinstance(node, Event) and node.kind is EventKind.START:
                return node
        return None

    def _receive(self, letter: Letter) -> None:
        letter.received = True
        if letter.flow is not None:
            self._steps.append(self._message_step(letter.flow))

    def _message_step(self, flow: MessageFlow) -> Step:
        process = self.model.process_of(flow.target_ref) or self.model.process_of(flow.source_ref) or ""
        return Step(element=flow.id, kind="messageFlow", name=flow.label, role=None, process=process, at=self.now)

    # what the specs tell

    def _note(self, token: Token, what: str) -> None:
        spec = token.task_spec
        match what:
            case "flow":
                self._flows.append(token.flow or "")
            case "completed":
                self._completed(spec.element, token._get_internal_data("role"))
            case "enabled":
                self._take_up(spec.element)
            case "script":
                self._script(spec.element)

    def _completed(self, element: FlowNode, role: str | None) -> None:
        assert not isinstance(element, CallActivity)  # refused before
        self._steps.append(
            Step(
                element=element.id,
                kind=element.kind.value,
                name=element.label,
                role=role or self.role_of(element.id),
                process=self.model.process_of(element.id) or "",
                at=self.now,
            )
        )
        if isinstance(element, Event) and element.kind is EventKind.END and element.container in self.model.processes:
            self._ends.append(element.id)
        for route in self.executable.routes.from_element.get(element.id, ()):
            self._post.put(Letter(flow=route.flow, ref=route.flow.id, receivers=route.receivers, data={}))

    def _take_up(self, element: FlowNode) -> None:
        """Work that does not wait for a message takes up what was kept for it."""
        if not catches(element):
            for letter in self._post.take_kept(element.id):
                self._receive(letter)
                self._agenda.data.update(letter.data)

    def _script(self, element: FlowNode) -> None:
        if (script := self.executable.scripts.get(element.id)) is not None:
            try:
                self._agenda.data.update(script.execute(self._agenda.data))
            except ExpressionError as error:
                raise RunError(f"the script of '{element.label}' ({element.id}): {error}") from error

    def _decide(self, token: Token, expression: str, names: Mapping[str, Any]) -> Any:
        if expression.startswith(specs.COUNT):
            return self._count(token)
        try:
            return self.executable.expressions[expression].evaluate({**self._agenda.data, **names})
        except ExpressionError as error:
            kind, _, element = expression.partition(":")
            raise RunError(f"the {_MEANT[kind]} {element} at '{token.task_spec.element.label}': {error}") from error

    def _count(self, token: Token) -> int:
        element = token.task_spec.element
        expression = self.executable.expressions.get(specs.COUNT + element.id)
        key = RUNS.format(activity=element.id)
        try:
            value = self._agenda.data.get(key) if expression is None else expression.evaluate(self._agenda.data)
        except ExpressionError as error:
            raise RunError(f"the number of instances of '{element.label}' ({element.id}): {error}") from error
        if value is None:
            raise RunError(
                f"how many times '{element.label}' ({element.id}) is done stands nowhere: give it in the data as {key}"
            )
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise RunError(
                f"'{element.label}' ({element.id}) is done {value!r} times, which is no whole number from 0 on"
            )
        return value

    # tokens

    def _open(self, activity: str, instance: int | None) -> Token:
        found = [
            token
            for token in self._agenda.open.values()
            if token.task_spec.element.id == activity and (instance is None or token.run_number == instance)
        ]
        if found:
            return min(found, key=lambda token: token.id)
        if activity not in self.model.flow_nodes:
            raise RunError(f"there is no activity {activity!r} in this model")
        now = ", ".join(dict.fromkeys(work.activity for work in self.work())) or "nothing"
        which = activity if instance is None else f"instance {instance} of {activity}"
        raise RunError(f"{which} is not to be done now; open is {now}")

    def _hold(self, activity: str, role: str) -> None:
        held = self.roles_of(activity)
        if role not in held:
            whose = f"the work of {' or '.join(held)}" if held else "the work of nobody who is named"
            raise RunError(f"'{self._label(activity)}' ({activity}) is {whose}, not of {role}")

    def _work(self, token: Token) -> Work:
        element = token.task_spec.element
        return Work(
            activity=element.id,
            name=element.label,
            role=self.role_of(element.id),
            process=self.model.process_of(element.id) or "",
            since=self._agenda.clock.line.to_local(token.since),
            instance=token.run_number,
        )

    def _undecided(self) -> list[Token]:
        waiting = [t for t in self._agenda.waiting.values() if isinstance(t.task_spec, specs.Decision)]
        joining = specs.InclusiveGateway
        return sorted(
            (t for t in waiting if not isinstance(t.task_spec, joining) or t.task_spec.is_through(t)),
            key=lambda t: t.id,
        )

    def _lacks_data(self, spec: specs.Decision) -> bool:
        """Whether a condition at a gateway needs a name that nobody set."""
        needed = (self.executable.expressions[specs.FLOW + flow].names for flow in spec.conditional)
        if len(spec.flows) < 2 or (self._asked is not None and spec.element.id not in self._asked):
            return False
        return any(names - self._agenda.data.keys() for names in needed)

    def _next_timer(self) -> Token | None:
        timers = [
            t
            for t in self._agenda.waiting.values()
            if isinstance(getattr(t.task_spec, "event_definition", None), Timer)
        ]
        return min(timers, key=lambda t: (self._due(t), t.task_spec.element.id.encode(), t.id), default=None)

    @staticmethod
    def _due(token: Token) -> int:
        due: int = token._get_internal_data("due")
        return due

    def _held(self) -> tuple[str, ...]:
        tokens = sorted((*self._agenda.open.values(), *self._agenda.waiting.values()), key=lambda token: token.id)
        held = (token.task_spec.element for token in tokens)
        return tuple(dict.fromkeys(element.id for element in held if not _listens(element)))

    def _label(self, element: str) -> str:
        found = self.model.get(element)
        return element if found is None else found.label


_MEANT: Final = {"flow": "condition of the flow", "completion": "completion condition of", "loop": "loop condition of"}


def _listens(element: FlowNode) -> bool:
    """Boundary events and event-based gateways hold no token of their own beside those of their activity or events."""
    match element:
        case Event(kind=EventKind.BOUNDARY) | Gateway(kind=GatewayKind.EVENT_BASED):
            return True
        case _:
            return False

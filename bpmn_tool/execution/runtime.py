"""What a case does by itself: tokens move to rest, messages reach one receiver each, timers fire when time passes."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.util.task import TaskState

from bpmn_tool.errors import RunError
from bpmn_tool.execution.beginnings import begins
from bpmn_tool.execution.build import Executable
from bpmn_tool.execution.build_events import name
from bpmn_tool.execution.chronicle import Chronicle
from bpmn_tool.execution.engine import Agenda, Decider, Instance, Token
from bpmn_tool.execution.evaluation import Evaluation
from bpmn_tool.execution.events import Trigger, occur, triggers_of
from bpmn_tool.execution.mail import Letter, PostOffice
from bpmn_tool.execution.routes import catches
from bpmn_tool.execution.throwing import order
from bpmn_tool.model.elements import FlowNode, TriggerKind

FIRINGS: Final = 10_000
"""Elements that may complete between two things that people do, before a run is held to go round in circles."""


class Runtime:
    """The process instances of one case and what goes on between them."""

    def __init__(self, executable: Executable, agenda: Agenda, chronicle: Chronicle, firings: int) -> None:
        self.executable = executable
        self.agenda = agenda
        self.chronicle = chronicle
        self.evaluation = Evaluation(executable, agenda.data)
        self.post = PostOffice(executable.routes)
        self.instances: list[Instance] = []
        self._engine = Decider(self.evaluation.value)
        self._firings = firings
        agenda.sink = self._note
        agenda.broadcast = self.broadcast

    def begin(self, process: str, nodes: tuple[str, ...]) -> None:
        """A new process instance with a token on each of these nodes; what a node waits for, if anything, has come."""
        spec = self.executable.processes[process]
        instance = Instance(process, spec, self.executable.inner, self._engine, self.agenda)
        instance.number = len(self.instances)
        self.instances.append(instance)
        model = self.executable.model
        instance.begin(tuple(map(name, nodes)), begun=any(begins(model, model.flow_nodes[node]) for node in nodes))

    def settle(self) -> None:
        """Move all tokens to rest, and bring the messages, one at a time, first in first out."""
        fired: Counter[str] = Counter()
        self._look_at_conditions()
        while True:
            while (token := self.agenda.next_ready()) is not None:
                if token.gone or token.state != TaskState.READY or not token.task_spec.may_run(token):
                    continue
                self._run(token)
                self._count(token, fired)
                self._look_at_conditions()
            if not (self._look_at_conditions() or self._deliver() or self._elapse_at_once(fired)):
                return

    def _run(self, token: Token) -> None:
        try:
            token.run()
        except WorkflowTaskException as error:
            raise RunError(str(error)) from error

    def _count(self, token: Token, fired: Counter[str]) -> None:
        fired[token.task_spec.bpmn_id or token.workflow.spec.name] += 1
        if fired.total() > self._firings:
            most = fired.most_common(1)[0][1]
            loop = ", ".join(sorted(element for element, times in fired.items() if times > most // 2)[:10])
            raise RunError(f"after {self._firings} steps in no time the case still goes round in a loop: {loop}")

    # time

    def next_timer(self) -> Token | None:
        """The timer that is due first; of several in one tick, by the id of its element."""
        timers = (token for token in self.agenda.timers.values() if self._timer(token) is not None)
        return min(timers, key=lambda t: (self.due(t), t.task_spec.element.id.encode(), t.id), default=None)

    @staticmethod
    def _timer(token: Token) -> tuple[int, int] | None:
        definition = triggers_of(token)
        return None if definition is None else definition.due(token)

    def due(self, token: Token) -> int:
        """The tick at which a timer fires."""
        found = self._timer(token)
        assert found is not None
        return found[0]

    def elapse(self, token: Token) -> None:
        """Let the timer of a token fire."""
        found = self._timer(token)
        assert found is not None
        occur(token, found[1])

    def pass_until(self, end: int, then: Callable[[], None] | None = None) -> None:
        """Let time pass; timers on the way fire one at a time, and `then` is called after each."""
        fired = 0
        while (timer := self.next_timer()) is not None and self.due(timer) <= end:
            self.agenda.clock.now = max(self.agenda.clock.now, self.due(timer))
            self.elapse(timer)
            self.settle()
            if then is not None:
                then()
            fired += 1
            if fired > self._firings:
                raise RunError(f"{timer.task_spec.element.id} and others fired {self._firings} times in one wait")
        self.agenda.clock.now = end

    def _elapse_at_once(self, fired: Counter[str]) -> bool:
        """A timer that was due before it began: it fires before anybody does anything."""
        timer = self.next_timer()
        if timer is None or self.due(timer) > timer.since:
            return False
        self._count(timer, fired)
        self.elapse(timer)
        return True

    # signals and conditions

    def broadcast(self, signal: str) -> int:
        """A signal reaches all that wait for it now, and begins the processes that it starts (10.5.1); how many. Only
        when all have it does anything go on.
        """
        thrown = Trigger(kind=TriggerKind.SIGNAL, key=signal)
        waiting, starts = self.waiting_for(thrown), self.executable.signals.get(signal, ())
        with self._on_their_flows():
            for token in sorted(waiting, key=order):
                self.catch(token, thrown)
            for process, node in starts:
                self.begin(process, (node,))
        return len(waiting) + len(starts)

    @contextmanager
    def _on_their_flows(self) -> Iterator[None]:
        """What comes by a flow meanwhile arrives at the end; a signal that is thrown meanwhile is part of it."""
        if self.agenda.arriving is not None:
            yield
            return
        arriving = self.agenda.arriving = []
        try:
            yield
        finally:
            self.agenda.arriving = None
        for token in arriving:
            if not token.gone:
                token.task_spec._update(token)
        for scope in {id(token.workflow): token.workflow for token in arriving}.values():
            scope.settle()

    def waiting_for(self, thrown: Trigger) -> list[Token]:
        """Tokens that wait for what is thrown."""
        return [
            token
            for token in self.agenda.waiting.values()
            if (definition := triggers_of(token)) is not None
            and any(t.catches(thrown) for _, t in definition.open(token))
        ]

    def catch(self, token: Token, thrown: Trigger) -> None:
        """All that a token waits for, and that this is, has come."""
        definition = triggers_of(token)
        assert definition is not None
        for number, trigger in tuple(definition.open(token)):
            if trigger.catches(thrown) and not token.gone and token.state == TaskState.WAITING:
                occur(token, number)

    def _look_at_conditions(self) -> bool:
        """Events whose condition has become true occur, one after another in order of id; whether one did."""
        if not self.agenda.changed:
            return False
        self.agenda.changed = False
        occurred = False
        for token in sorted(self.agenda.conditional.values(), key=lambda t: (t.task_spec.element.id.encode(), t.id)):
            definition = triggers_of(token)
            assert definition is not None
            held: dict[int, bool] = token.internal_data.setdefault("held", {})
            for number, trigger in tuple(definition.open(token)):
                if trigger.condition and not token.gone and token.state == TaskState.WAITING:
                    before, held[number] = held.get(number, False), self.evaluation.is_true(token, trigger.condition)
                    if held[number] and not before:
                        occur(token, number)
                        occurred = True
        for token in tuple(self.agenda.ad_hoc.values()):
            if not token.gone and not token.task_spec.inner(token).completed:
                token.task_spec.look(token)
        return occurred

    # messages

    def _deliver(self) -> bool:
        """Bring the next letter; False where none is on its way."""
        letter = self.post.next(self.agenda, self._waiting_for)
        if letter is None:
            return False
        if (token := self._waiting_for(letter)) is not None:
            self._receive(letter)
            self._hand_over(letter, token)
        elif (start := self._start_for(letter)) is not None:
            self._receive(letter)
            self.agenda.update(letter.data)
            self.begin(start.container, (start.id,))
        elif letter.flow is not None and not letter.receivers:
            self._receive(letter)  # a black box
        else:
            self.post.keep(letter)
        return True

    def _hand_over(self, letter: Letter, token: Token) -> None:
        self.agenda.update(letter.data)
        if token.state == TaskState.WAITING:
            found = self._message(letter, token)
            assert found is not None
            occur(token, found)

    def _message(self, letter: Letter, token: Token) -> int | None:
        """Which of the triggers of a waiting token a letter is: the one of its message, else the first message."""
        definition = triggers_of(token)
        if definition is None or token.task_spec.element.id not in letter.receivers:
            return None
        messages = [(number, each) for number, each in definition.open(token) if each.kind is TriggerKind.MESSAGE]
        meant = letter.flow.message_ref if letter.flow is not None else letter.ref
        named = [number for number, each in messages if each.key and each.key == meant]
        return next(iter((*named, *(number for number, _ in messages))), None)

    def _waiting_for(self, letter: Letter) -> Token | None:
        """The token that waits longest for it; else open work that takes it up."""
        waiting = [token for token in self.agenda.waiting.values() if self._message(letter, token) is not None]
        wanted = waiting or [t for t in self.agenda.open.values() if t.task_spec.element.id in letter.receivers]
        return min(wanted, key=lambda token: token.id, default=None)

    def _start_for(self, letter: Letter) -> FlowNode | None:
        for receiver in letter.receivers:
            node = self.executable.model.flow_nodes[receiver]
            if node.container in self.executable.processes and begins(self.executable.model, node):
                return node
        return None

    def _receive(self, letter: Letter) -> None:
        letter.received = True
        if letter.flow is not None:
            self.chronicle.passed(letter.flow)

    # what the specs tell

    def _note(self, token: Token, what: str) -> None:
        element = token.task_spec.element
        match what:
            case "flow":
                if token.flow is not None and token.flow in self.executable.model.sequence_flows:  # not of a link
                    self.chronicle.flows.append(token.flow)
            case "completed":
                self.chronicle.completed(element, token._get_internal_data("role"))
                self._send(element)
            case "enabled":
                self._take_up(element)
            case "script":
                self.evaluation.run_script(token)
                self.agenda.changed = True
            case "gathered":
                self.evaluation.gather(token, token._get_internal_data("outcome", {}))
            case "failed":
                self.chronicle.failed.append(str(token.workflow.top_workflow.process))
            case _:
                pass

    def _send(self, element: FlowNode) -> None:
        for route in self.executable.routes.from_element.get(element.id, ()):
            self.post.put(Letter(flow=route.flow, ref=route.flow.id, receivers=route.receivers, data={}))

    def _take_up(self, element: FlowNode) -> None:
        """Work that does not wait for a message takes up what was kept for it."""
        if not catches(element):
            for letter in self.post.take_kept(element.id):
                self._receive(letter)
                self.agenda.update(letter.data)

"""What a case does by itself: tokens move to rest, messages reach one receiver each, timers fire when time passes."""

from collections import Counter
from collections.abc import Callable
from typing import Final

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.util.task import TaskState

from bpmn_tool.errors import RunError
from bpmn_tool.execution.build import Executable, name
from bpmn_tool.execution.chronicle import Chronicle
from bpmn_tool.execution.engine import Agenda, Decider, Instance, Token
from bpmn_tool.execution.evaluation import Evaluation
from bpmn_tool.execution.events import Message, Timer
from bpmn_tool.execution.mail import Letter, PostOffice
from bpmn_tool.execution.routes import catches
from bpmn_tool.model.elements import Event, EventKind, FlowNode

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

    def begin(self, process: str, nodes: tuple[str, ...]) -> None:
        """A new process instance with a token on each of these nodes."""
        spec = self.executable.processes[process]
        instance = Instance(process, spec, self.executable.inner, self._engine, self.agenda)
        self.instances.append(instance)
        instance.begin(tuple(map(name, nodes)))

    def settle(self) -> None:
        """Move all tokens to rest, and bring the messages, one at a time, first in first out."""
        fired: Counter[str] = Counter()
        while True:
            while self.agenda.ready:
                token = self.agenda.ready.popleft()
                if token.gone or token.state != TaskState.READY or not token.task_spec.may_run(token):
                    continue
                self._run(token)
                self._count(token, fired)
            if not self._deliver():
                return

    def _run(self, token: Token) -> None:
        try:
            token.run()
        except WorkflowTaskException as error:
            raise RunError(str(error)) from error

    def _count(self, token: Token, fired: Counter[str]) -> None:
        if token.task_spec.bpmn_id is None:
            return
        fired[token.task_spec.bpmn_id] += 1
        if fired.total() > self._firings:
            most = fired.most_common(1)[0][1]
            loop = ", ".join(sorted(element for element, times in fired.items() if times > most // 2)[:10])
            raise RunError(f"after {self._firings} steps in no time the case still goes round in a loop: {loop}")

    # time

    def next_timer(self) -> Token | None:
        """The timer that is due first; of several in one tick, by the id of its element."""
        timers = [token for token in self.agenda.waiting.values() if isinstance(definition(token), Timer)]
        return min(timers, key=lambda t: (self.due(t), t.task_spec.element.id.encode(), t.id), default=None)

    @staticmethod
    def due(token: Token) -> int:
        """The tick at which a timer fires."""
        due: int = token._get_internal_data("due")
        return due

    def pass_until(self, end: int, then: Callable[[], None] | None = None) -> None:
        """Let time pass; timers on the way fire one at a time, and `then` is called after each."""
        fired = 0
        while (timer := self.next_timer()) is not None and self.due(timer) <= end:
            self.agenda.clock.now = max(self.agenda.clock.now, self.due(timer))
            timer.task_spec._update(timer)
            self.settle()
            if then is not None:
                then()
            fired += 1
            if fired > self._firings:
                raise RunError(f"{timer.task_spec.element.id} and others fired {self._firings} times in one wait")
        self.agenda.clock.now = end

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
            self.agenda.data.update(letter.data)
            self.begin(start.container, (start.id,))
        elif letter.flow is not None and not letter.receivers:
            self._receive(letter)  # a black box
        else:
            self.post.keep(letter)
        return True

    def _hand_over(self, letter: Letter, token: Token) -> None:
        if token.state == TaskState.WAITING:
            token.task_spec.catch(token, BpmnEvent(Message(token.task_spec.element.id), payload=letter.data))
            token.task_spec._update(token)
        else:
            self.agenda.data.update(letter.data)

    def _waiting_for(self, letter: Letter) -> Token | None:
        """The token that waits longest for it; else open work that takes it up."""
        waiting = [
            token
            for token in self.agenda.waiting.values()
            if isinstance(definition(token), Message) and token.task_spec.element.id in letter.receivers
        ]
        wanted = waiting or [t for t in self.agenda.open.values() if t.task_spec.element.id in letter.receivers]
        return min(wanted, key=lambda token: token.id, default=None)

    def _start_for(self, letter: Letter) -> Event | None:
        for receiver in letter.receivers:
            node = self.executable.model.flow_nodes[receiver]
            if isinstance(node, Event) and node.kind is EventKind.START:
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
                self.chronicle.flows.append(token.flow or "")
            case "completed":
                self.chronicle.completed(element, token._get_internal_data("role"))
                self._send(element)
            case "enabled":
                self._take_up(element)
            case "script":
                self.evaluation.run_script(element)

    def _send(self, element: FlowNode) -> None:
        for route in self.executable.routes.from_element.get(element.id, ()):
            self.post.put(Letter(flow=route.flow, ref=route.flow.id, receivers=route.receivers, data={}))

    def _take_up(self, element: FlowNode) -> None:
        """Work that does not wait for a message takes up what was kept for it."""
        if not catches(element):
            for letter in self.post.take_kept(element.id):
                self._receive(letter)
                self.agenda.data.update(letter.data)


def definition(token: Token) -> object:
    """What a token waits for, where its node catches an event."""
    return getattr(token.task_spec, "event_definition", None)

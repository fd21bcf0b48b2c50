"""SpiffWorkflow's task tree kept small: a task stands for a token, lives as long as its token, and is filed by what
it waits for.

SpiffWorkflow predicts all that may follow (2^k tasks for k parallel blocks), keeps every finished task in one ever
deeper tree, and walks that tree for each step (at depth 1000 it stops looking). Its classes are ours to derive from, so
nothing of it is patched: children are made when a task completes, a completed task hands them to its own parent and
goes, and the :class:`Agenda` knows who is ready and who waits without a walk.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpmn_tool.errors import RunError
from bpmn_tool.execution.clock import Clock

DEPTH: Final = 100
"""Sub-processes and calls within each other: a process that calls itself must not fill the memory."""


def _nobody(token: "Token", what: str) -> None:
    """Told by a spec while nobody listens."""


def _to_nobody(_signal: str) -> int:
    """A signal while no case runs."""
    return 0


def _never(_spec: Any) -> bool:
    """Whether a decision is left open for want of data: it is not, it stops the case."""
    return False


class Agenda:
    """What one case shares over all its process instances: data, clock, and its tasks by what they wait for, in order
    of arrival.
    """

    def __init__(self, clock: Clock, data: dict[str, Any]) -> None:
        self.clock = clock
        self.data = data
        self.at_once: deque[Token] = deque()  # how scopes begin and end: before all else
        self.ready: deque[Token] = deque()
        self.open: dict[int, Token] = {}  # ready, and for a person to do
        self.waiting: dict[int, Token] = {}
        self.timers: dict[int, Token] = {}  # of those that wait, the ones with a timer
        self.conditional: dict[int, Token] = {}  # ... with a condition on data
        self.gathering: dict[int, Token] = {}  # tokens that wait for more of them, to begin an activity together
        self.ad_hoc: dict[int, Token] = {}  # ad-hoc sub-processes under way
        self.arriving: list[Token] | None = (
            None  # while a signal is handed out: what came by a flow, and waits for its end
        )
        self.changed = False  # whether data changed, or a condition is listened to, since conditions were looked at
        self.broadcast: Callable[[str], int] = _to_nobody
        self.sink: Callable[[Token, str], None] = _nobody
        self.is_open: Callable[[Any], bool] = _never
        self._last = 0

    def number(self) -> int:
        """The next number of arrival; SpiffWorkflow's random ids would stand in no trace twice."""
        self._last += 1
        return self._last

    def file(self, token: "Token") -> None:
        """Put a task where its state says."""
        self.withdraw(token)
        if token.state == TaskState.WAITING:
            self.waiting[token.id] = token
            if token.task_spec.has_timer:
                self.timers[token.id] = token
            if token.task_spec.has_condition:
                self.conditional[token.id] = token
                self.changed = True
        elif token.state == TaskState.READY:
            if token.task_spec.manual:
                self.open[token.id] = token
            elif token.task_spec.at_once:
                self.at_once.append(token)
            else:
                self.ready.append(token)

    def withdraw(self, token: "Token") -> None:
        self.open.pop(token.id, None)
        self.gathering.pop(token.id, None)
        if self.waiting.pop(token.id, None) is not None:
            self.timers.pop(token.id, None)
            self.conditional.pop(token.id, None)

    def next_ready(self) -> "Token | None":
        """The token whose turn it is."""
        turns = self.at_once or self.ready
        return turns.popleft() if turns else None

    def update(self, data: Mapping[str, Any]) -> None:
        """Set data of the case."""
        if data:
            self.data.update(data)
            self.changed = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A completed activity that can be compensated: by the task spec `handler`, else by what was completed inside."""

    activity: str
    handler: Any
    inside: "tuple[Done, ...]" = ()

    def handlers(self) -> "Iterator[tuple[Any, tuple[Done, ...]]]":
        """What runs to compensate it, last completed first (13.5.5), and what it may compensate itself: an event
        sub-process inside stands for all that was done there.
        """
        if self.handler is not None:
            yield self.handler, self.inside
        else:
            for done in reversed(self.inside):
                yield from done.handlers()


class Token(Task):
    """A SpiffWorkflow task whose data are the case's one dictionary, never a copy; `flow` is the sequence flow by
    which it came.
    """

    def __init__(self, workflow: Any, task_spec: Any, parent: Any = None, state: int = TaskState.MAYBE) -> None:
        self.agenda: Agenda = workflow.top_workflow.agenda
        self._parent: int | None
        self.flow: str | None = None
        self.instance: int | None = None
        self.listener = False  # it holds no token: the start of an event sub-process, the reset of a complex gateway
        self.begun = False  # what it would wait for has come: that is why its process began
        self.serves: Token | None = None  # of a compensation handler: the event that called it
        self.pending: deque[Any] = deque()  # of such an event: the handlers still to run
        self.runs: list[tuple[int, Done]] = []  # of a multi-instance or loop under way: runs that can be compensated
        self.inside: list[Done] | None = None  # of a handler inside of a completed sub-process: what was done there
        self.left = False  # ... and whether its token went on before they are done
        self.entries: tuple[str, ...] | None = None  # of an event sub-process: the start event that occurred
        self.since = self.agenda.clock.now
        self.gone = False
        super().__init__(workflow, task_spec, parent, state, id=self.agenda.number())
        self.data = self.agenda.data

    @property
    def run_number(self) -> int | None:
        """Which run of the nearest multi-instance or loop around it this is, from 0; None outside of any."""
        token = self
        while token.instance is None:
            host: Token | None = token.workflow.host
            if host is None:
                return None
            token = host
        return token.instance

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> "Token":
        return Token(self.workflow, task_spec, self, state)

    def _inherit_data(self) -> None:
        """There is one dictionary a case."""

    def _set_state(self, value: int) -> None:
        """Without SpiffWorkflow's line in the log, which costs more than the step."""
        self._state = value
        if not self.gone:
            self.agenda.file(self)

    def move_to(self, parent: Any) -> None:
        """Hang this task under another one."""
        held: Token = self.workflow.tasks[self._parent]
        held._children.remove(self.id)
        self._parent = parent.id
        parent._children.append(self.id)

    def cancel(self) -> None:
        """Take the token away, with all that listens or works for it."""
        if not self.gone:
            self._state = TaskState.CANCELLED
            self.workflow.remove(self)

    def complete(self) -> None:
        if not self.gone:
            super().complete()


class _Tokens:
    """What a process instance and a sub-process share: a flat tree of live tokens below its root."""

    agenda: Agenda
    tasks: dict[int, Token]
    spec: Any
    task_tree: Token
    completed: bool
    host: Token | None = None  # the activity that it is the inside of

    def begin(self, entries: tuple[str, ...], *, begun: bool = False) -> None:
        """Put a token on each of these task specs, and let the event sub-processes listen. With `begun`, what the node
        waits for has come.
        """
        self.record: list[Done] = []
        self.resets: dict[str, frozenset[str]] = {}
        self.listening = 0
        self.task_tree = Token(self, self.spec.start, None, TaskState.FUTURE)
        self.task_tree.internal_data["entries"] = entries
        self.task_tree.internal_data["begun"] = begun
        for start in self.spec.listeners:
            self.listen_to(start)
        self.task_tree._ready()

    def listen_to(self, start: Any, after: Token | None = None) -> None:
        """Let the start of an event sub-process wait."""
        listener = Token(self, start, self.task_tree, TaskState.FUTURE)
        listener.listener = True
        self.listening += 1
        if after is not None:
            start.event_definition.follow(listener, after)
        start._update(listener)

    def live(self) -> list[Token]:
        """Tasks that hold a token, or listen at the border of an activity."""
        return [token for token in self.tasks.values() if token.has_state(TaskState.DEFINITE_MASK)]

    @property
    def held(self) -> int:
        """What the scope holds: all but its root and what holds no token."""
        return len(self.tasks) - 1 - self.listening

    def remove(self, token: Token) -> None:
        """Take a task out of the tree, and all below it."""
        if token.gone:
            return
        for child in token.children:
            self.remove(child)
        token.gone = True
        self.listening -= token.listener
        token.agenda.withdraw(token)
        token.agenda.ad_hoc.pop(token.id, None)
        workflow: Any = token.workflow.top_workflow
        if (inner := workflow.subprocesses.pop(token.id, None)) is not None:
            inner.clear()
        if (parent := token.parent) is not None:
            parent._children.remove(token.id)
        self.tasks.pop(token.id, None)

    def empty(self, *, but: Token | None = None) -> None:
        """Take away all tokens and all that listens, but `but` and what it has put."""
        self.task_tree.internal_data["entries"] = ()
        self.resets.clear()
        for token in list(self.tasks.values()):
            if token is not self.task_tree and token is not but and not token.gone:
                token.cancel()

    def terminate(self, token: Token) -> None:
        """A terminate end event: the scope is ended without compensation (Table 10.88)."""
        self.record.clear()
        self.empty(but=token)

    def clear(self) -> None:
        """Leave nothing: the activity around is gone, or an error ended the process."""
        self.completed = True
        for token in list(self.tasks.values()):
            self.remove(token)

    def _remove_task(self, task_id: int) -> None:
        self.remove(self.tasks[task_id])

    def _task_completed_notify(self, task: Token) -> None:
        """A completed task hands its tokens on and goes; a scope without tokens is complete."""
        if task is not self.task_tree and not task.gone:
            for child in task.children:
                child.move_to(task.parent)
            self.remove(task)
        self.settle()

    def settle(self) -> None:
        """End the scope where no token is left; else let joins look again."""
        if self.completed:
            return
        if self.host is not None and self.host.task_spec.performs is not None:
            self.host.task_spec.look(self.host)
        elif not self.held:
            self.end()
        for spec in () if self.over else self.spec.joins:
            spec.look_again(self)

    @property
    def over(self) -> bool:
        """Whether it is complete, or was taken away."""
        return self.completed

    def end(self) -> None:
        """Nothing is left: what listens no longer does."""
        self.completed = True
        for token in list(self.tasks.values()):
            if token.listener:
                self.remove(token)
        self.completed_event(self)  # type: ignore[attr-defined]


class Instance(_Tokens, BpmnWorkflow):
    """A process instance of a case."""

    def __init__(
        self, process: str, spec: BpmnProcessSpec, inner: Mapping[str, Any], engine: Any, agenda: Agenda
    ) -> None:
        self.process = process
        self.agenda = agenda
        super().__init__(spec, dict(inner), engine, deserializing=True)

    def create_subprocess(self, my_task: Token, spec_name: str) -> "InnerScope":
        """The running inside of a sub-process or of a called process."""
        inner = InnerScope(self.subprocess_specs[spec_name], my_task, self)
        self.subprocesses[my_task.id] = inner
        return inner


class InnerScope(_Tokens, BpmnSubWorkflow):
    """The running inside of a sub-process or of a called process."""

    def __init__(self, spec: BpmnProcessSpec, host: Token, top: Instance) -> None:
        self.host = host
        super().__init__(spec, host.id, top, deserializing=True)
        if self.depth > DEPTH:
            element = host.task_spec.element
            raise RunError(f"'{element.label}' ({element.id}) is more than {DEPTH} sub-processes and calls deep")

    def _calculate_depth(self) -> int:
        """SpiffWorkflow looks for the parent among all tasks, level by level."""
        assert self.host is not None
        return int(self.host.workflow.depth) + 1

    @property
    def parent_workflow(self) -> Any:
        assert self.host is not None
        return self.host.workflow


class Decider(PythonScriptEngine):
    """Evaluates nothing but what was parsed beforehand: a text that reaches it names an expression, it is never one."""

    def __init__(self, decide: Callable[[Token, str, Mapping[str, Any]], Any]) -> None:
        super().__init__(environment=_Nothing())
        self.decide = decide

    def evaluate(self, task: Token, expression: str, external_context: Any = None) -> Any:
        return self.decide(task, expression, external_context or {})

    def execute(self, task: Any, script: Any, external_context: Any = None) -> Any:  # noqa: ARG002 — the signature is SpiffWorkflow's
        raise RuntimeError("no text is executed")

    def call_service(self, task: Any, **_: Any) -> Any:  # noqa: ARG002
        raise RuntimeError("no service is called")


class _Nothing:
    """In the place of SpiffWorkflow's environment, which is Python's eval and exec."""

    def evaluate(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("no text is evaluated")

    execute = call_service = evaluate

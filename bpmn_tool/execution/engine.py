"""SpiffWorkflow's task tree kept small: a task stands for a token, lives as long as its token, and is filed by what
it waits for.

SpiffWorkflow predicts all that may follow (2^k tasks for k parallel blocks), keeps every finished task in one ever
deeper tree, and walks that tree for each step (at depth 1000 it stops looking). Its classes are ours to derive from, so
nothing of it is patched: children are made when a task completes, a completed task hands them to its own parent and
goes, and the :class:`Agenda` knows who is ready and who waits without a walk.
"""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpmn_tool.execution.clock import Clock


def _nobody(token: "Token", what: str) -> None:
    """Told by a spec while nobody listens."""


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
        self.ready: deque[Token] = deque()
        self.open: dict[int, Token] = {}  # ready, and for a person to do
        self.waiting: dict[int, Token] = {}
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
        elif token.state == TaskState.READY:
            if token.task_spec.manual:
                self.open[token.id] = token
            else:
                self.ready.append(token)

    def withdraw(self, token: "Token") -> None:
        self.open.pop(token.id, None)
        self.waiting.pop(token.id, None)


class Token(Task):
    """A SpiffWorkflow task whose data are the case's one dictionary, never a copy; `flow` is the sequence flow by
    which it came.
    """

    def __init__(self, workflow: Any, task_spec: Any, parent: Any = None, state: int = TaskState.MAYBE) -> None:
        self.agenda: Agenda = workflow.top_workflow.agenda
        self._parent: int | None
        self.flow: str | None = None
        self.instance: int | None = None
        self.since = self.agenda.clock.now
        self.gone = False
        super().__init__(workflow, task_spec, parent, state, id=self.agenda.number())
        self.data = self.agenda.data

    @property
    def run_number(self) -> int | None:
        """Which run of the nearest multi-instance or loop around it this is, from 0; None outside of any."""
        token = self
        while token.instance is None:
            workflow: Any = token.workflow
            if workflow.parent_task_id is None:
                return None
            token = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        return token.instance

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> "Token":
        return Token(self.workflow, task_spec, self, state)

    def _inherit_data(self) -> None:
        """There is one dictionary a case."""

    def _set_state(self, value: int) -> None:
        super()._set_state(value)
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
            super().cancel()
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

    def begin(self, entries: tuple[str, ...]) -> None:
        """Put a token on each of these task specs."""
        self.task_tree = Token(self, self.spec.start, None, TaskState.FUTURE)
        self.task_tree.internal_data["entries"] = entries
        self.task_tree._ready()

    def live(self) -> list[Token]:
        """Tasks that hold a token, or listen."""
        return [token for token in self.tasks.values() if token.has_state(TaskState.DEFINITE_MASK)]

    def remove(self, token: Token) -> None:
        """Take a task out of the tree, and all below it."""
        if token.gone:
            return
        for child in token.children:
            self.remove(child)
        token.gone = True
        token.agenda.withdraw(token)
        workflow: Any = token.workflow.top_workflow
        if (inner := workflow.subprocesses.pop(token.id, None)) is not None:
            for held in list(inner.tasks.values()):
                inner.remove(held)
        workflow.event_manager.remove_task(token)
        if (parent := token.parent) is not None:
            parent._children.remove(token.id)
        self.tasks.pop(token.id, None)

    def _remove_task(self, task_id: int) -> None:
        self.remove(self.tasks[task_id])

    def _task_completed_notify(self, task: Token) -> None:
        """A completed task hands its tokens on and goes; a scope without tokens is complete."""
        if task is not self.task_tree:
            for child in task.children:
                child.move_to(task.parent)
            self.remove(task)
        self.settle()

    def settle(self) -> None:
        """Let inclusive joins look again, and end the scope where no token is left."""
        if self.completed:
            return
        for spec in {token.task_spec.name: token.task_spec for token in self.tasks.values() if token.flow}.values():
            if (look := getattr(spec, "look_again", None)) is not None:
                look(self)
        if len(self.tasks) == 1:
            self.completed = True
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
        """The running inside of a sub-process."""
        inner = InnerScope(self.subprocess_specs[spec_name], my_task.id, self, deserializing=True)
        self.subprocesses[my_task.id] = inner
        return inner


class InnerScope(_Tokens, BpmnSubWorkflow):
    """The running inside of a sub-process."""


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

"""What an event throws to others of its case: signals, escalations, errors, cancel and compensation (BPMN 2.0.2,
10.5.5, 10.7, 13.5).

SpiffWorkflow hands what is thrown to all that wait for it in the process instance; here errors and escalations look for
the nearest catcher outward, and compensation runs what was recorded, last completed first.
"""

from collections.abc import Iterator
from typing import Any, Final

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from bpmn_tool.execution.engine import Done, Token
from bpmn_tool.execution.events import Trigger, occur, triggers_of
from bpmn_tool.execution.nodes import BoundaryEvent, Node
from bpmn_tool.model.elements import TriggerKind

#: several results of one event: those come last that end what it stands in
_ORDER: Final = (
    TriggerKind.SIGNAL,
    TriggerKind.ESCALATION,
    TriggerKind.COMPENSATE,
    TriggerKind.ERROR,
    TriggerKind.CANCEL,
    TriggerKind.TERMINATE,
)


class Thrower(Node):
    """Runs the handlers that it calls, if any, one after another; then throws what else it throws."""

    results: tuple[Trigger, ...] = ()

    def _run_hook(self, my_task: Token) -> Any:
        my_task.agenda.sink(my_task, "thrown")
        waits, handlers, thrower = True, list[Any](), my_task
        for result in self.results:
            if result.kind is TriggerKind.CANCEL and (inside := _transaction(my_task)) is not None:
                handlers += _done_within(inside)
                thrower = self._alone_in(inside)
            elif result.kind is TriggerKind.COMPENSATE:
                handlers += _handlers(_take_done(my_task.workflow, result.activity))
                waits = waits and result.waits
        if not handlers and thrower is my_task:
            self.leave(my_task)
            return True
        thrower.pending.extend(handlers)
        if not waits:
            self._go_on(thrower)
        if thrower is not my_task or handlers:
            thrower._set_state(TaskState.STARTED)
            self.served(thrower)
        return None

    def _alone_in(self, scope: Any) -> Token:
        """A token of this event that is all that is left in a transaction."""
        scope.empty()
        scope.record.clear()
        return Token(scope, self, scope.task_tree, TaskState.FUTURE)

    def _go_on(self, my_task: Token) -> None:
        """Its token leaves before its handlers are done."""
        my_task.left = True
        self.leave(my_task)
        my_task.agenda.sink(my_task, "completed")
        for child in my_task.children:
            child.move_to(my_task.parent)
            child.task_spec._update(child)

    def served(self, my_task: Token) -> None:
        """The next handler, or, after the last, what it throws."""
        if my_task.gone:
            return  # it was taken away while the handler ran
        scope = my_task.workflow
        if my_task.pending:
            spec, inside = my_task.pending.popleft()
            handler = Token(scope, spec, scope.task_tree, TaskState.FUTURE)
            handler.serves = my_task
            handler.inside = list(inside)
            handler.task_spec._update(handler)
        elif my_task.left:
            self._throw_all(my_task)
            scope.remove(my_task)
            scope.settle()
        else:
            self.leave(my_task)
            my_task.complete()

    def _on_complete_hook(self, my_task: Token) -> None:
        super()._on_complete_hook(my_task)
        self._throw_all(my_task)

    def _throw_all(self, my_task: Token) -> None:
        scope = my_task.workflow
        for result in sorted(self.results, key=lambda each: _ORDER.index(each.kind) if each.kind in _ORDER else -1):
            match result.kind:
                case TriggerKind.SIGNAL:
                    my_task.agenda.broadcast(result.key)
                case TriggerKind.ESCALATION | TriggerKind.ERROR:
                    if (caught := _catcher(scope, result)) is not None:
                        occur(*caught)
                    elif result.kind is TriggerKind.ERROR:
                        _fail(my_task)
                case TriggerKind.CANCEL:
                    _cancel(my_task, result)
                case TriggerKind.TERMINATE:
                    scope.terminate(my_task)
                case _:
                    pass


class RaisingThrowEvent(Thrower, defaults.IntermediateThrowEvent):
    """Throws, and its token goes on."""


class RaisingEndEvent(Thrower, defaults.EndEvent):
    """Throws, and its token ends."""


# who catches


def order(token: Token) -> tuple[Any, ...]:
    """Of several that a signal reaches: by scope, from the outermost in, then by element."""
    return (_path(token.workflow), token.task_spec.element.id, token.id)


def _path(scope: Any) -> tuple[Any, ...]:
    host: Token | None = scope.host
    if host is None:
        return ((scope.process, scope.number, -1),)
    around = _path(host.workflow)
    if host.instance is not None:
        around = (*around, (host.task_spec.element.id, host.parent.id, host.instance))
    return (*around, (host.task_spec.element.id, host.id, -1))


def _catcher(scope: Any, thrown: Trigger) -> tuple[Token, int] | None:
    """The nearest that catches an error or escalation, from the scope outward: event sub-processes before what sits at
    the border; one that names it before one that takes any.
    """
    passed: set[str] = set()
    while scope is not None:
        inside = (t for t in scope.tasks.values() if t.listener and t.task_spec.element.container not in passed)
        if (found := _best(inside, thrown)) is not None:
            return found
        host: Token | None = scope.host
        if host is None:
            return None
        passed.add(host.task_spec.element.id)
        if (found := _best(_border(host), thrown)) is not None:
            return found
        scope = host.workflow
    return None


def _border(host: Token) -> Iterator[Token]:
    """Boundary events that listen at an activity; of a run of a multi-instance or loop they sit at the whole."""
    whole = host if host.instance is None else host.parent
    return (child for child in whole.children if isinstance(child.task_spec, BoundaryEvent))


def _best(tokens: Iterator[Token], thrown: Trigger) -> tuple[Token, int] | None:
    found = [
        ((not catch.key, token.task_spec.element.id.encode(), number), token, number)
        for token in tokens
        if token.state == TaskState.WAITING and (definition := triggers_of(token)) is not None
        for number, catch in enumerate(definition.each)
        if catch.catches(thrown)
    ]
    best = min(found, key=lambda each: each[0], default=None)
    return None if best is None else best[1:]


def _fail(my_task: Token) -> None:
    """An error that nobody catches ends its process instance."""
    my_task.agenda.sink(my_task, "failed")
    top = my_task.workflow.top_workflow
    top.empty(but=my_task if my_task.workflow is top else None)
    if my_task.workflow is not top:
        top.settle()


# transactions


def _transaction(my_task: Token) -> Any:
    """The inside of the transaction around."""
    scope = my_task.workflow
    while scope is not None and scope.host is not None:
        if scope.host.task_spec.transaction:
            return scope
        scope = scope.host.workflow
    return None


def _done_within(inside: Any) -> Iterator[Any]:
    """What is to be compensated of a transaction: of what is still active in it first (10.5.1, 10.7)."""
    depth = len(_path(inside))
    logs: list[tuple[tuple[Any, ...], tuple[Done, ...]]] = []
    for scope in inside.top_workflow.subprocesses.values():
        path = _path(scope)
        if path[:depth] != _path(inside):
            continue
        logs.append((path, tuple(scope.record)))
        for token in scope.tasks.values():
            logs += (((*path, (token.task_spec.element.id, token.id, run)), (done,)) for run, done in token.runs)
    for _, record in sorted(logs, key=lambda log: (-len(log[0]), log[0])):
        yield from _handlers(record)


def _cancel(my_task: Token, thrown: Trigger) -> None:
    """Leave a transaction by its cancel event; one that has none completes."""
    inside = _transaction(my_task)
    if inside is not None and (found := _best(_border(inside.host), thrown)) is not None:
        occur(*found)


# compensation


def _take_done(scope: Any, activity: str) -> tuple[Done, ...]:
    """What is to be compensated, taken off the record: all of this scope, or the activity that is named (10.7.2). An
    event sub-process stands for the scope around it.
    """
    for record in _records(scope, by_event=scope.host is not None and scope.host.task_spec.by_event):
        if meant := tuple(done for done in record if activity in ("", done.activity)):
            record[:] = [done for done in record if done not in meant]
            return meant
        if not activity:
            return ()
    return ()


def _records(scope: Any, *, by_event: bool) -> Iterator[list[Done]]:
    """What was completed, from where a throwing event stands outward."""
    while scope is not None:
        host: Token | None = scope.host
        if not by_event:
            yield scope.record
        elif host is not None and host.inside is not None:
            yield host.inside
        by_event = False
        scope = None if host is None else host.workflow


def _handlers(record: tuple[Done, ...]) -> Iterator[Any]:
    """Last completed first."""
    for done in reversed(record):
        yield from done.handlers()

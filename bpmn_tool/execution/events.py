"""Event definitions of our own: a message is known by the element that catches it, a timer reads the clock of its
case.
"""

from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition

from bpmn_tool.execution.engine import Token
from bpmn_tool.instants import Cycle, Duration


class Message(EventDefinition):
    """Waits for a message to one element; the router of the case brings and sends it (SpiffWorkflow would broadcast
    by name).
    """

    def catches(self, my_task: Token, event: Any) -> bool:  # noqa: ARG002 — the signature is SpiffWorkflow's
        return isinstance(event.event_definition, Message) and event.event_definition.name == self.name

    def catch(self, my_task: Token, event: Any = None) -> None:
        if event is not None:
            my_task._set_internal_data(payload=event.payload)
        super().catch(my_task, event)

    def update_task_data(self, my_task: Token) -> None:
        my_task.set_data(**(my_task._get_internal_data("payload") or {}))

    def throw(self, my_task: Token) -> None:
        """The router sends, by message flow."""

    def goes_on(self, fired: Token) -> bool:  # noqa: ARG002 — a timer asks it
        """A message may come any number of times."""
        return True

    def follow(self, listener: Token, after: Token) -> None:
        """The next listener after a non-interrupting one has fired waits for a message of its own."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and other.name == self.name

    __hash__ = None  # type: ignore[assignment]


class Timer(EventDefinition):
    """Due at a tick of the case's clock: after a duration, at an instant, or again and again."""

    def __init__(self, name: str, when: Duration | Cycle | datetime) -> None:
        """A naive `when` is local time."""
        super().__init__(name)
        self.when = when

    def has_fired(self, my_task: Token) -> bool:
        if (due := my_task._get_internal_data("due")) is None:
            due = self._due(my_task)
            my_task._set_internal_data(due=due)
        return bool(due <= my_task.agenda.clock.now)

    def _due(self, my_task: Token) -> int:
        clock = my_task.agenda.clock
        match self.when:
            case Duration():
                return clock.after(self.when)
            case Cycle():
                return clock.first_of(self.when)
            case datetime():
                return clock.line.to_tick(self.when)

    def goes_on(self, fired: Token) -> bool:
        """Whether a next occurrence follows on this one."""
        return isinstance(self.when, Cycle) and _left(self.when, fired) > 1

    def follow(self, listener: Token, after: Token) -> None:
        """A cycle's next occurrence is one period after the last."""
        assert isinstance(self.when, Cycle)  # only cycles repeat
        last = after._get_internal_data("due")
        clock = after.agenda.clock
        listener._set_internal_data(due=clock.later(last, self.when.duration), left=_left(self.when, after) - 1)

    def reset(self, my_task: Token) -> None:
        """A timer is a token's own."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timer) and other.name == self.name

    __hash__ = None  # type: ignore[assignment]


class Terminate(EventDefinition):
    """A terminate end event's result: the spec does it."""

    def throw(self, my_task: Token) -> None:
        """Nobody outside the scope is told."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Terminate)

    __hash__ = None  # type: ignore[assignment]


def _left(cycle: Cycle, token: Token) -> float:
    left: float | None = token._get_internal_data("left")
    if left is not None:
        return left
    return float("inf") if cycle.repetitions is None else cycle.repetitions

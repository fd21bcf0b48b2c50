"""What an event waits for: one trigger or several, of any kind; and that it occurs (BPMN 2.0.2, 10.5.5, 13.5).

SpiffWorkflow has a class of event definition for each kind, and a manager that matches them by name over all that
waits; here an event has its :class:`Triggers`, and who sets one off names the token that is meant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition

from bpmn_tool.execution.engine import Token
from bpmn_tool.instants import Cycle, Duration
from bpmn_tool.model.elements import TriggerKind

#: what a throwing event gives to others of its case, beside messages and links
RAISED: Final = frozenset(
    {
        TriggerKind.SIGNAL,
        TriggerKind.ESCALATION,
        TriggerKind.ERROR,
        TriggerKind.COMPENSATE,
        TriggerKind.CANCEL,
    }
)
#: the tick of what has occurred for good
_NEVER: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One thing that an event waits for, or throws. `key` is what has to match: a signal, the code (else the id) of an
    error or escalation, a message; a catch of an error or escalation without one catches all of its kind.
    """

    kind: TriggerKind
    key: str = ""
    when: Duration | Cycle | datetime | None = None  # of a timer
    condition: str = ""  # the name of the expression, where it has one
    activity: str = ""  # of a compensation: what is compensated
    waits: bool = True  # ... and whether it is waited for

    def catches(self, thrown: "Trigger") -> bool:
        """A signal has to be named by both; an error or escalation that a catch does not name is any."""
        if self.kind is not thrown.kind:
            return False
        if self.kind is TriggerKind.SIGNAL:
            return bool(thrown.key) and self.key == thrown.key
        return self.key in ("", thrown.key)


class Triggers(EventDefinition):
    """All that an event waits for: for any of them, or for every one (parallel multiple)."""

    def __init__(self, name: str, each: tuple[Trigger, ...], *, every: bool = False) -> None:
        super().__init__(name)
        self.each = each
        self.every = every
        self.recurs = any(not isinstance(trigger.when, Duration | datetime) for trigger in each)

    def has(self, kind: TriggerKind) -> bool:
        return any(trigger.kind is kind for trigger in self.each)

    def open(self, token: Token) -> Iterator[tuple[int, Trigger]]:
        """Those that a token still waits for."""
        came = token._get_internal_data("came", ())
        return ((number, trigger) for number, trigger in enumerate(self.each) if number not in came)

    # timers

    def listen(self, token: Token) -> None:
        """Work out when the timers are due; a naive instant is local time."""
        due: dict[int, int] = token.internal_data.setdefault("due", {})
        clock = token.agenda.clock
        for number, trigger in enumerate(self.each):
            if number in due:
                continue
            match trigger.when:
                case Duration():
                    due[number] = clock.after(trigger.when)
                case Cycle():
                    due[number] = clock.first_of(trigger.when)
                case datetime():
                    due[number] = clock.line.to_tick(trigger.when)
                case None:
                    pass

    def due(self, token: Token) -> tuple[int, int] | None:
        """The tick and the number of the timer that is due first."""
        due: Mapping[int, int] = token._get_internal_data("due", {})
        ticks = ((due.get(number, _NEVER), number) for number, _ in self.open(token))
        return min((each for each in ticks if each[0] < _NEVER), default=None)

    def goes_on(self, fired: Token) -> bool:
        """Whether it may occur again while it listens: all but a timer that is no cycle (13.5.3)."""
        by = fired._get_internal_data("by", 0)
        when = self.each[by].when
        if isinstance(when, Cycle):
            return _left(when, fired) > 1
        return self.recurs

    def follow(self, listener: Token, after: Token) -> None:
        """The next listening after one that does not interrupt has occurred: a cycle's next occurrence is one period
        after the last; a condition has to become false first.
        """
        held = dict(after._get_internal_data("held", {}))
        due = dict(after._get_internal_data("due", {}))
        by = after._get_internal_data("by", 0)
        left = after._get_internal_data("left")
        match self.each[by].when:
            case Cycle() as cycle:
                due[by] = after.agenda.clock.later(due[by], cycle.duration)
                left = _left(cycle, after) - 1
            case Duration() | datetime():
                due[by] = _NEVER
            case None:
                pass
        listener._set_internal_data(held=held, due=due, left=left)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Triggers) and other.name == self.name

    __hash__ = None  # type: ignore[assignment]


def triggers_of(token: Token) -> Triggers | None:
    """What a token waits for, where its node waits for events."""
    found = getattr(token.task_spec, "event_definition", None)
    return found if isinstance(found, Triggers) else None


def occur(token: Token, number: int = 0) -> None:
    """One of the triggers of a token that waits has come: it goes on, at once, unless it waits for others too."""
    definition = triggers_of(token)
    assert definition is not None
    came = {*token._get_internal_data("came", ()), number}
    token._set_internal_data(came=came, by=number)
    if definition.every and len(came) < len(definition.each):
        token.agenda.sink(token, "came")
        return
    token._ready()
    if not token.gone:
        token.run()


def _left(cycle: Cycle, token: Token) -> float:
    left: float | None = token._get_internal_data("left")
    if left is not None:
        return left
    return float("inf") if cycle.repetitions is None else cycle.repetitions

"""``event-trigger``: an event has a trigger that an event in its place may have."""

from collections.abc import Iterator
from typing import Final, assert_never

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.words import event_sub_process, trigger_words
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, Model, TriggerKind
from bpmn_tool.results.finding import Severity

Triggers = frozenset[TriggerKind]

OF_PROCESS_START: Final[Triggers] = frozenset(
    {TriggerKind.MESSAGE, TriggerKind.TIMER, TriggerKind.CONDITIONAL, TriggerKind.SIGNAL}
)
"""Table 10.84; several of them make a multiple or parallel multiple event, which is as good."""
OF_EVENT_SUB_PROCESS_START: Final[Triggers] = OF_PROCESS_START | {
    TriggerKind.ESCALATION,
    TriggerKind.ERROR,
    TriggerKind.COMPENSATE,
}
"""Table 10.86."""
OF_BOUNDARY: Final[Triggers] = OF_EVENT_SUB_PROCESS_START | {TriggerKind.CANCEL}
"""10.5.4, on the border of an activity."""
OF_CATCH: Final[Triggers] = OF_PROCESS_START | {TriggerKind.LINK}
"""Table 10.89, catching."""
OF_THROW: Final[Triggers] = frozenset(
    {TriggerKind.MESSAGE, TriggerKind.ESCALATION, TriggerKind.COMPENSATE, TriggerKind.LINK, TriggerKind.SIGNAL}
)
"""Table 10.89, throwing."""
OF_END: Final[Triggers] = frozenset(
    {
        TriggerKind.MESSAGE,
        TriggerKind.ERROR,
        TriggerKind.ESCALATION,
        TriggerKind.CANCEL,
        TriggerKind.COMPENSATE,
        TriggerKind.SIGNAL,
        TriggerKind.TERMINATE,
    }
)
"""10.5.3."""
INTERRUPTS: Final[Triggers] = frozenset({TriggerKind.ERROR, TriggerKind.CANCEL})
"""There is no version of these that lets the work go on (10.5.4)."""


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        if isinstance(node, Event):
            yield from _of(model, node)


def _of(model: Model, event: Event) -> Iterator[Violation]:
    kinds = frozenset(definition.kind for definition in event.definitions)
    values = {"name": quoted(event), "wrong": "", "allowed": ""}
    place = _place(model, event)
    if place is not None:
        allowed, sentence = place
        wrong = kinds - allowed
        if wrong:
            values |= {"wrong": trigger_words(wrong), "allowed": trigger_words(allowed)}
            yield Violation(event.id, sentence % values)
    if not kinds and event.kind is EventKind.BOUNDARY:
        message = _("the boundary event %(name)s has no trigger: say what happens (%(allowed)s)")
        yield Violation(event.id, message % (values | {"allowed": trigger_words(OF_BOUNDARY)}))
    if not kinds and event.kind is EventKind.CATCH:
        message = _("the intermediate event %(name)s catches nothing: say what it waits for (%(allowed)s)")
        yield Violation(event.id, message % (values | {"allowed": trigger_words(OF_CATCH)}))
    if (wrong := kinds & INTERRUPTS) and _goes_on(model, event):
        message = _("%(name)s (%(wrong)s) always interrupts, and is drawn as if it did not: make it interrupting")
        yield Violation(event.id, message % (values | {"wrong": trigger_words(wrong)}))


def _goes_on(model: Model, event: Event) -> bool:
    """Whether it says that it does not interrupt, where that means something."""
    if event.kind is EventKind.BOUNDARY:
        return not event.cancel_activity
    started = event.kind is EventKind.START and event_sub_process(model, event.container) is not None
    return started and not event.is_interrupting


def _place(model: Model, event: Event) -> tuple[Triggers, str] | None:
    """What may stand in its place, and the sentence for what may not. None where another rule says it."""
    match event.kind:
        case EventKind.START:
            if event_sub_process(model, event.container) is not None:
                return OF_EVENT_SUB_PROCESS_START, _(
                    "%(wrong)s cannot start the event sub-process of %(name)s: take one of %(allowed)s"
                )
            if event.container in model.processes:
                return OF_PROCESS_START, _("%(wrong)s cannot start a process (%(name)s): take one of %(allowed)s")
            return None  # sub-process-blank-start-event
        case EventKind.END:
            return OF_END, _("%(wrong)s cannot be the result of the end event %(name)s: take one of %(allowed)s")
        case EventKind.CATCH:
            return OF_CATCH, _("the intermediate event %(name)s cannot wait for %(wrong)s: take one of %(allowed)s")
        case EventKind.THROW:
            return OF_THROW, _("the intermediate event %(name)s cannot throw %(wrong)s: take one of %(allowed)s")
        case EventKind.BOUNDARY:
            return OF_BOUNDARY, _("%(wrong)s cannot happen on a border (%(name)s): take one of %(allowed)s")
        case _:
            assert_never(event.kind)


RULE = Rule(
    name="event-trigger",
    severity=Severity.ERROR,
    why="A trigger in a place where it cannot occur never occurs: the case waits for good, or never begins.",
    whence="BPMN 2.0.2, 10.5.2 to 10.5.4: the tables of event types, from 10.84 on",
    find=find,
)

"""Texts of a model, parsed once: conditions, scripts and timers."""

from datetime import datetime

from bpmn_tool.instants import Cycle, Duration, parse_cycle, parse_duration, parse_instant
from bpmn_tool.model.elements import EventDefinition, TimerKind


def parse_timer(definition: EventDefinition) -> Duration | Cycle | datetime:
    """When a timer is due. Raises ValueError with a sentence."""
    text = _unquoted(definition.text)
    if not text:
        raise ValueError("its timer does not say when; write a duration such as P10D")
    match definition.timer:
        case TimerKind.DURATION | None:
            return parse_duration(text)
        case TimerKind.DATE:
            return parse_instant(text)
        case TimerKind.CYCLE:
            cycle = parse_cycle(text)
            if cycle.end is not None or cycle.repetitions == 0:
                raise ValueError(f"{text!r}: a cycle that counts back from its end, or never occurs, is not executed")
            return cycle


def _unquoted(text: str) -> str:
    """Some tools write timers as expressions: `"PT1H"`."""
    stripped = text.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'":
        return stripped[1:-1].strip()
    return stripped

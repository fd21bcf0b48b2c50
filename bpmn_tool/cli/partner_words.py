"""Words for what partners say and how it stands."""

from collections.abc import Mapping
from typing import Any, Final, assert_never

from bpmn_tool.comparison.agreement import State
from bpmn_tool.comparison.asked import Part
from bpmn_tool.messages import _
from bpmn_tool.register.sign_offs import How, Verdict

SHOWN: Final = 8
"""Changes shown of one step on the terminal; the rest is counted."""
WIDEST: Final = 100


def verdict_word(verdict: Verdict) -> str:
    match verdict:
        case Verdict.ACCEPT:
            return _("accepted")
        case Verdict.CONTEST:
            return _("contested")
        case Verdict.NOT_MINE:
            return _("not their task")
        case _:
            assert_never(verdict)


def state_word(state: State) -> str:
    match state:
        case State.ACCEPTED:
            return _("accepted")
        case State.CONTESTED:
            return _("contested")
        case State.NOT_MINE:
            return _("not their task")
        case State.STALE:
            return _("stale")
        case State.UNSIGNED:
            return _("not signed")
        case _:
            assert_never(state)


def part_word(part: Part) -> str:
    match part:
        case Part.DOES:
            return _("does it")
        case Part.TAKES_PART:
            return _("takes part")
        case Part.ANSWERS_FOR:
            return _("answers for it")
        case Part.RECEIVES:
            return _("receives it")
        case _:
            assert_never(part)


def how_word(how: How) -> str:
    match how:
        case How.SHEET:
            return _("by the sheet")
        case How.PAPER:
            return _("on paper")
        case How.HAND:
            return _("by hand")
        case _:
            assert_never(how)


def change_lines(changes: Mapping[str, tuple[Any, Any]] | None) -> list[str]:
    """What differs since, a line each: the fact, what it was, what it is."""
    if changes is None:
        return [_("what it was when it was signed is not kept; the file of the model in git has it")]
    lines = [f"{name}: {_value(old)} → {_value(new)}" for name, (old, new) in changes.items()]
    if len(lines) > SHOWN:
        rest = _("and %(count)s more (--json has all)") % {"count": len(lines) - SHOWN}
        lines[SHOWN:] = [rest]
    return lines


def _value(value: Any) -> str:
    if value is None:
        return _("(nothing)")
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return f"{text[: WIDEST - 1]}…" if len(text) > WIDEST else text

"""``cannot-complete``: from every situation the end can be reached."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.soundness import soundness_of
from bpmn_tool.messages import N_, _, ngettext
from bpmn_tool.model.elements import Model
from bpmn_tool.results.finding import Severity

_STUCK = N_(
    "a case can come to where it never ends: it waits at %(names)s for what cannot come any more (each decision was "
    "taken either way)"
)
_ROUND = N_(
    "a case can come to where it never ends: it goes round by %(names)s, and no way leads out (each decision was taken "
    "either way)"
)


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    found = soundness_of(model)
    for trouble in found.stuck:
        message = _(_ROUND if trouble.round else _STUCK)
        if trouble is found.stuck[-1] and found.more_stuck:
            message += ngettext("; %(count)s more such situation", "; %(count)s more such situations", found.more_stuck)
        names = ", ".join(_names(model, trouble.elements))
        yield Violation(trouble.elements[0], message % {"names": names, "count": found.more_stuck}, trouble.path)


def _names(model: Model, elements: tuple[str, ...]) -> Iterator[str]:
    for each in elements:
        element = model.get(each)
        yield f"'{each}'" if element is None else quoted(element)


RULE = Rule(
    name="cannot-complete",
    severity=Severity.ERROR,
    why="A case that waits for what never comes is one that nobody closes, and somebody who gets no answer.",
    whence="soundness of workflow nets (van der Aalst 1998; for BPMN rust_bpmn_analyzer, 'OptionToComplete')",
    find=find,
)

"""``cannot-complete``: from every situation the end can be reached."""

from collections.abc import Iterator, Sequence

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.soundness import Trouble, soundness_of
from bpmn_tool.messages import N_, _, ngettext
from bpmn_tool.model.elements import (
    CallActivity,
    Element,
    Event,
    Gateway,
    GatewayKind,
    Model,
    SubProcess,
    Task,
    TaskKind,
)
from bpmn_tool.results.finding import Severity

_STUCK = N_(
    "a case can come to where it never ends: it waits at %(names)s for what cannot come any more: %(advice)s "
    "(conditions are not looked at: each decision may go any way)"
)
_ROUND = N_(
    "a case can come to where it never ends: it goes round by %(names)s, and no way leads out: draw one "
    "(conditions are not looked at: each decision may go any way)"
)


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    found = soundness_of(model)
    places: dict[tuple[tuple[str, ...], bool], list[Trouble]] = {}
    for trouble in found.stuck:
        places.setdefault((_innermost(model, trouble.elements), trouble.round), []).append(trouble)
    for number, ((elements, goes_round), troubles) in enumerate(places.items(), 1):
        values = {"names": ", ".join(_names(model, elements)), "advice": _advice(model, elements)}
        message = _(_ROUND if goes_round else _STUCK) % values
        if others := len(troubles) - 1:
            sentence = ngettext(
                "; %(count)s other way leads there too", "; %(count)s other ways lead there too", others
            )
            message += sentence % {"count": others}
        if number == len(places) and found.more_stuck:
            more = found.more_stuck
            sentence = ngettext("; %(count)s more such situation", "; %(count)s more such situations", more)
            message += sentence % {"count": more}
        yield Violation(elements[0], message, troubles[0].path)


def _innermost(model: Model, elements: tuple[str, ...]) -> tuple[str, ...]:
    """Less the sub-processes and calls in which others of them stand: these are where it is."""
    around = {each.id for name in elements for each in _around(model, name)}
    return tuple(each for each in elements if each not in around) or elements


def _around(model: Model, name: str) -> Iterator[Element]:
    """The sub-processes and call activities that this stands in."""
    node = model.flow_nodes.get(name)
    while node is not None:
        container = node.container
        node = model.flow_nodes.get(container)
        if isinstance(node, SubProcess):
            yield node
        elif container in model.processes:
            callers = (each for each in model.flow_nodes.values() if isinstance(each, CallActivity))
            yield from (each for each in callers if each.called_element == container)


def _names(model: Model, elements: Sequence[str]) -> Iterator[str]:
    for each in elements:
        element = model.get(each)
        yield f"'{each}'" if element is None else quoted(element)


def _advice(model: Model, elements: Sequence[str]) -> str:
    """What to do where it waits."""
    found = [model.flow_nodes.get(each) for each in elements]
    advice = []
    if any(isinstance(each, Gateway) and each.kind is not GatewayKind.EVENT_BASED for each in found):
        advice.append(_("let each way into a join be taken, or join them by a gateway that does not wait for all"))
    if any(_waits_for_an_event(each) for each in found):
        advice.append(_("let what it waits for come on every way, or let a timer end the wait"))
    if any(getattr(each, "start_quantity", 1) > 1 for each in found):
        advice.append(_("let as many tokens come as its startQuantity wants, or lower that"))
    return ", ".join(advice) or _("draw a way out")


def _waits_for_an_event(element: Element | None) -> bool:
    match element:
        case Gateway():
            return element.kind is GatewayKind.EVENT_BASED
        case Task():
            return element.kind is TaskKind.RECEIVE
        case _:
            return isinstance(element, Event)


RULE = Rule(
    name="cannot-complete",
    severity=Severity.ERROR,
    why="A case that waits for what never comes is one that nobody closes, and somebody who gets no answer.",
    whence="soundness of workflow nets (van der Aalst 1998; for BPMN rust_bpmn_analyzer, 'OptionToComplete')",
    find=find,
    path=True,
)

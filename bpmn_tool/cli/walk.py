"""The guided walk of ``bpmn-tool run`` on a terminal: where the case is, who holds it, what may happen next; one
chooses.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bpmn_tool.cli.console import safe, say
from bpmn_tool.errors import InputError, RunError
from bpmn_tool.messages import _

if TYPE_CHECKING:
    from bpmn_tool.execution.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that may happen next; `act` takes the data that it leaves."""

    text: str
    act: Callable[[dict[str, Any]], object]


def walk(case: "Case", ask: Callable[[str], str] = input) -> None:
    """Ask until the case is over, nothing can happen any more, or the user has had enough (q, Ctrl-D)."""
    while not case.completed:
        choices = tuple(offered(case))
        say()
        say(safe(_("%(now)s. What happens next?") % {"now": case.now.strftime("%Y-%m-%d %H:%M")}))
        for number, choice in enumerate(choices, start=1):
            say(safe(f"  {number}  {choice.text}"))
        if not choices:
            say(safe(_("Nothing can happen any more.")))
            return
        try:
            answer = ask(_("Number, then data as name=value; q ends: ")).split()
        except EOFError:
            return
        if not answer:  # Enter by mistake ends nothing
            continue
        if answer[0] == "q":
            return
        _take(choices, answer)


def _take(choices: tuple[Choice, ...], answer: list[str]) -> None:
    from bpmn_tool.cli.run import assignment

    number = answer[0]
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(choices)):
        say(safe(_("Give a number from 1 to %(last)s.") % {"last": len(choices)}))
        return
    try:
        choices[int(number) - 1].act(dict(map(assignment, answer[1:])))
    except (InputError, RunError) as error:
        say(safe(error))


def offered(case: "Case") -> Iterator[Choice]:
    """What may happen next: work of people, choices at gateways, messages from outside, time."""
    for work in case.work():
        nth = "" if work.instance is None else f" [{work.instance}]"
        names = {"role": work.role or _("nobody who is named"), "work": f"{work.name}{nth} ({work.activity})"}
        yield Choice(text=_("%(role)s does %(work)s") % names, act=_doing(case, work.activity, work.instance))
    for decision in case.decisions():
        for flow in decision.flows:
            names = {"gateway": decision.name, "flow": _flow(case, flow)}
            yield Choice(text=_("at %(gateway)s: %(flow)s") % names, act=_choosing(case, flow))
    for element in case.awaited():
        yield Choice(
            text=_("a message arrives for %(element)s") % {"element": _name(case, element)}, act=_sending(case, element)
        )
    if (timer := case.next_timer) is not None:
        names = {"element": _name(case, timer[0]), "at": timer[1].strftime("%Y-%m-%d %H:%M")}
        yield Choice(
            text=_("time passes until %(element)s, on %(at)s") % names, act=lambda _data: case.wait_for_timer()
        )


def _doing(case: "Case", activity: str, instance: int | None) -> Callable[[dict[str, Any]], object]:
    return lambda data: case.complete(activity, data, instance=instance)


def _choosing(case: "Case", flow: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: case.choose(flow, data=data)


def _sending(case: "Case", element: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: case.message(element, data)


def _flow(case: "Case", flow: str) -> str:
    target = case.model.flow_nodes[case.model.sequence_flows[flow].target_ref]
    name = case.model.sequence_flows[flow].name
    return f"{name or flow} → {target.label}"


def _name(case: "Case", element: str) -> str:
    label = case.model.flow_nodes[element].label
    return element if label == element else f"{label} ({element})"

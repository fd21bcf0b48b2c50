"""The guided walk of ``bpmn-tool run`` on a terminal: where the case is, who holds it, what may happen next. One
chooses, sees what came of it, and may go back a step. Somebody who knows the work and not the drawing can sit beside
it.
"""

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bpmn_tool.cli.console import console, plain, safe, say
from bpmn_tool.errors import InputError, RunError
from bpmn_tool.messages import _, format_date, format_number, ngettext

if TYPE_CHECKING:
    from bpmn_tool.cli.people import People
    from bpmn_tool.execution.case import Act, Case, Work
    from bpmn_tool.results.execution import ExecutionTrace, Step

WIDEST: Final = 100
"""Columns beyond which lines are hard to read."""

AHEAD: Final = 4
"""Elements behind gateways without a name that are named together."""

_ACTIVITIES: Final = ("task", "Task", "ubProcess", "callActivity", "transaction")  # ends of XML local names


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that may happen next; `act` takes the data that it leaves. `group` is the heading that it stands
    under.
    """

    group: str
    text: str
    act: Callable[["Case", dict[str, Any]], object]


def walk(begin: Callable[[], "Case"], people: "People", ask: Callable[[str], str]) -> "Case":
    """Ask until the case is over, nothing can happen any more, or the user has had enough (q, Ctrl-D); the case as it
    then is.

    `begin` gives the case as it began, each time anew: a step back is the walk again without its last step.
    """
    return _Walk(begin, people, ask).walk()


@dataclass(slots=True)
class _Walk:
    begin: Callable[[], "Case"]
    people: "People"
    ask: Callable[[str], str]
    case: "Case" = field(init=False)
    shown: int = 0  # steps of the trace whose consequences were told
    flows: int = 0
    open_before: Counter[str] = field(default_factory=Counter)

    def walk(self) -> "Case":
        self.case = self.begin()
        pools = ", ".join(pool.label for pool in self.case.model.participants.values())
        say(
            safe(
                _("A case among %(pools)s. You say what happens; ? explains how.")
                % {"pools": pools or self._processes()}
            )
        )
        self._say_what_came()
        while True:
            choices = tuple(offered(self.case, self.people))
            self._say_where()
            self._say_choices(choices)
            if not self._answer(choices):
                return self.case

    def _processes(self) -> str:
        return ", ".join(process.label for process in self.case.model.processes.values())

    # what is shown

    def _say_what_came(self) -> None:
        """What happened since it was last told: what people did, ways taken, messages, events."""
        trace = self.case.trace()
        lines = list(consequences(self.case, trace, self.shown, self.flows, self.people))
        if lines:
            say()
            _heading(_("What came of it") if self.shown else _("How it begins"))
            for line in lines:
                _item("-", line)
        self.shown, self.flows = len(trace.steps), len(trace.flows)

    def _say_where(self) -> None:
        case = self.case
        say()
        _rule(_("%(day)s, step %(number)s") % {"day": _moment(case.now), "number": format_number(len(case.acts))})
        if case.completed:
            self._say_end(case.trace())
            return
        _heading(_("Where the case is"))
        now = Counter(_key(work) for work in case.work())
        for line in where(case, self.people, self.open_before if self.shown else now):
            _item("*", line)
        self.open_before = now

    def _say_end(self, trace: "ExecutionTrace") -> None:
        ends = ", ".join(_label(self.case, end) for end in dict.fromkeys(trace.ends))
        say(safe(_("The case ended at %(ends)s") % {"ends": ends or _("no end event")}))
        days = (self.case.now - self.case.began).days
        names = {"days": format_number(days), "steps": format_number(len(self.case.acts))}
        say(
            safe(
                ngettext(
                    "It took %(days)s day and %(steps)s steps.", "It took %(days)s days and %(steps)s steps.", days
                )
                % names
            )
        )
        if trace.unreceived:
            flows = ", ".join(_label(self.case, flow) for flow in trace.unreceived)
            say(safe(_("Messages that nobody took: %(flows)s") % {"flows": flows}))

    def _say_choices(self, choices: tuple[Choice, ...]) -> None:
        if self.case.completed:
            return
        say()
        if not choices:
            say(safe(_("Nothing can happen any more.")))
            return
        _heading(_("What may happen next"))
        group = ""
        for number, choice in enumerate(choices, start=1):
            if choice.group != group:
                group = choice.group
                say(safe(f"  {group}"))
            _item(str(number).rjust(4), choice.text)

    # what is asked

    def _answer(self, choices: tuple[Choice, ...]) -> bool:
        """Ask until something came of it; False where the walk is over."""
        say()
        over = self.case.completed or not choices
        while True:
            try:
                prompt = (
                    _("b goes back a step, Enter ends:")
                    if over
                    else _("Number, then data as name=value (? explains, q ends):")
                )
                words = self.ask(prompt + " ").split()
            except EOFError:
                return False
            match words:
                case []:
                    if over:
                        return False
                case ["q"]:
                    return False
                case ["b"]:
                    if self._back():
                        return True
                case ["d"]:
                    self._say_data()
                case ["h"]:
                    self._say_history()
                case ["?"]:
                    self._explain()
                case [number, *data]:
                    if self._take(choices, number, data):
                        return True

    def _take(self, choices: tuple[Choice, ...], number: str, data: list[str]) -> bool:
        from bpmn_tool.cli.run import assignment

        if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(choices)):
            if choices:
                say(safe(_("Give a number from 1 to %(last)s.") % {"last": len(choices)}))
            return False
        acts = tuple(self.case.acts)
        try:
            choices[int(number) - 1].act(self.case, dict(map(assignment, data)))
        except InputError as error:
            say(safe(error))
            return False
        except RunError as error:
            say(safe(error))
            self._again(acts)  # what failed has left traces; as if it had not been tried
            say(_("The case is as it was before."))
            return False
        self._say_what_came()
        return True

    def _back(self) -> bool:
        if not self.case.acts:
            say(_("This is where the case begins."))
            return False
        last = self.case.acts[-1]
        self._again(tuple(self.case.acts[:-1]))
        say()
        say(safe(_("One step back: %(act)s has not happened.") % {"act": _act(self.case, last)}))
        return True

    def _again(self, acts: "tuple[Act, ...]") -> None:
        self.case = self.begin()
        for act in acts:
            repeat(self.case, act)
        trace = self.case.trace()
        self.shown, self.flows = len(trace.steps), len(trace.flows)
        self.open_before = Counter(_key(work) for work in self.case.work())

    def _say_data(self) -> None:
        if not self.case.data:
            say(_("Nothing is known of the case yet."))
        for name, value in self.case.data.items():
            say(safe(f"  {name} = {_value(value)}"))

    def _say_history(self) -> None:
        if not self.case.acts:
            say(_("This is where the case begins."))
        for number, act in enumerate(self.case.acts, start=1):
            _item(str(number).rjust(4), _act(self.case, act))

    def _explain(self) -> None:
        for sign, line in (
            ("3", _("the third of what may happen, happens")),
            ("3 urgent=true", _("it happens, and leaves this behind (a text, a number, true or false)")),
            ("b", _("one step back")),
            ("d", _("what is known of the case")),
            ("h", _("what was done until here")),
            ("q", _("end the walk; what was walked can be kept with --record")),
        ):
            _item(sign.rjust(15), line)


# what may happen


def offered(case: "Case", people: "People") -> Iterator[Choice]:
    """What may happen next: work of people, choices at gateways, messages from outside, time."""
    for work in case.work():
        names = {"role": people.role(work.role), "work": _work(work)}
        text = _("%(role)s may take up %(work)s") if work.free else _("%(role)s does %(work)s")
        yield Choice(group=_("Somebody does something"), text=text % names, act=_doing(work))
    for decision in case.decisions():
        for flow in decision.flows:
            names = {"gateway": decision.name, "flow": _flow(case, flow)}
            yield Choice(group=_("It is decided"), text=f"{names['gateway']} {names['flow']}", act=_choosing(flow))
    for element in _from_outside(case):
        text = _("a message arrives for %(element)s") % {"element": _name(case, element)}
        yield Choice(group=_("Something comes from outside"), text=text, act=_sending(element))
    if (timer := case.next_timer) is not None:
        names = {"element": _name(case, timer[0]), "at": _moment(timer[1])}
        text = _("until %(at)s: %(element)s") % names
        yield Choice(group=_("Time passes"), text=text, act=lambda case, _data: case.wait_for_timer())


def _from_outside(case: "Case") -> tuple[str, ...]:
    """What waits for a message that nobody in the model sends; where nothing else can happen, all that waits for
    one.
    """
    routes = case.executable.routes.by_flow.values()
    inside = {receiver for route in routes if route.senders for receiver in route.receivers}
    awaited = case.awaited()
    outside = tuple(element for element in awaited if element not in inside)
    is_stuck = not (case.work() or case.decisions() or case.next_timer)
    return outside or (awaited if is_stuck else ())


def _doing(work: "Work") -> Callable[["Case", dict[str, Any]], object]:
    return lambda case, data: case.complete(work.activity, data, instance=work.instance)


def _choosing(flow: str) -> Callable[["Case", dict[str, Any]], object]:
    return lambda case, data: case.choose(flow, data=data)


def _sending(element: str) -> Callable[["Case", dict[str, Any]], object]:
    return lambda case, data: case.message(element, data)


def repeat(case: "Case", act: "Act") -> None:
    """Do again what was done."""
    match act.verb:
        case "do":
            case.complete(str(act.what), act.data, act.role, act.instance)
        case "choose":
            case.choose(*((act.what,) if isinstance(act.what, str) else act.what), data=act.data)
        case "message":
            case.message(str(act.what), act.data)
        case _:
            case.wait(str(act.what))


# where it is, and what came


def where(case: "Case", people: "People", before: Counter[str]) -> Iterator[str]:
    """What is open and who holds it, then what is waited for; what was not open before is new."""
    from bpmn_tool.model.elements import Gateway

    works = case.work()
    counts = Counter(_key(work) for work in works)
    told: set[str] = set()
    for work in works:
        key = _key(work)
        if key in told:
            continue
        told.add(key)
        names = {"work": _words(work.name, work.activity), "holder": people.holder(work.role)}
        line = _("%(work)s, held by %(holder)s") % names
        if counts[key] > 1:
            line = _("%(work)s (%(count)s times)") % {"work": line, "count": format_number(counts[key])}
        yield line if counts[key] <= before[key] else _("%(work)s – new") % {"work": line}
    decisions = {decision.gateway for decision in case.decisions()}
    for decision in case.decisions():
        yield _("%(gateway)s is to be decided by %(holder)s") % {
            "gateway": _words(decision.name, decision.gateway),
            "holder": people.holder(decision.role),
        }
    messages = set(case.awaited())
    activities = {work.activity for work in works}
    for element in case.trace().waiting:
        if element in activities or element in decisions:
            continue
        name = _label(case, element)
        if element not in messages and isinstance(case.model.get(element), Gateway):
            yield _("where ways come together, one waits for the others: %(element)s") % {"element": name}
            continue
        yield (_("%(element)s waits for a message") if element in messages else _("%(element)s waits")) % {
            "element": name
        }


def consequences(case: "Case", trace: "ExecutionTrace", steps: int, flows: int, people: "People") -> Iterator[str]:
    """What happened from these places of the trace on."""
    taken: dict[str, list[str]] = {}
    for flow in trace.flows[flows:]:
        taken.setdefault(case.model.sequence_flows[flow].source_ref, []).append(flow)
    for step in trace.steps[steps:]:
        if (line := _came(case, step, taken, people)) is not None:
            yield line


def _came(case: "Case", step: "Step", taken: dict[str, list[str]], people: "People") -> str | None:
    name = _words(step.name, step.element)
    if step.kind == "messageFlow":
        return _sent(case, step)
    if step.kind.endswith(_ACTIVITIES):
        if step.role is None:
            return _("%(step)s is done") % {"step": name}
        return _("%(step)s is done, by %(role)s") % {"step": name, "role": people.role(step.role)}
    if step.kind.endswith("ateway"):
        ways = taken.get(step.element, [])
        several = len(case.model.flow_nodes[step.element].outgoing) > 1
        return f"{name} {_way(case, ways.pop(0))}" if several and len(ways) == 1 else None
    names = {"step": name, "pool": _owner(case, step.element)}
    if step.kind == "startEvent":
        return _("%(pool)s begins: %(step)s") % names
    if step.kind == "endEvent":
        return _("%(pool)s ends: %(step)s") % names
    return name


def _sent(case: "Case", step: "Step") -> str:
    flow = case.model.message_flows[step.element]
    ends = [_owner(case, flow.source_ref), _owner(case, flow.target_ref)]
    names = {"message": _words(step.name, step.element), "sender": ends[0], "receiver": ends[1]}
    return _("message %(message)s goes from %(sender)s to %(receiver)s") % names


def _owner(case: "Case", element: str) -> str:
    """The pool of an element, or the pool that it is."""
    pool = case.model.participant_of(element) or case.model.get(element)
    return element if pool is None else pool.label


# words


def _act(case: "Case", act: "Act") -> str:
    ids = (act.what,) if isinstance(act.what, str) else act.what
    what = ", ".join(_label(case, each) for each in ids)
    data = ", ".join(f"{name} = {_value(value)}" for name, value in act.data.items())
    match act.verb:
        case "message":
            said = _("a message arrives for %(element)s") % {"element": what}
        case "wait":
            said = _("%(duration)s pass") % {"duration": act.what}
        case "choose":
            gateway = case.model.sequence_flows[ids[0]].source_ref
            said = f"{_label(case, gateway)} {what}"
        case _:
            said = what
    return f"{said} ({data})" if data else said


def _key(work: "Work") -> str:
    return f"{work.activity} {work.free}"


def _work(work: "Work") -> str:
    title = _title(work.name, work.activity)
    return (
        title if work.instance is None else _("%(work)s, run %(number)s") % {"work": title, "number": work.instance + 1}
    )


def _way(case: "Case", flow: str) -> str:
    """The name of a flow and where it leads."""
    found = case.model.sequence_flows[flow]
    return " → ".join(filter(None, (" ".join(found.name.split()), ", ".join(_leads_to(case, found.target_ref)))))


def _leads_to(case: "Case", node: str) -> list[str]:
    """The node, or through gateways without a name what stands behind them."""
    from bpmn_tool.model.elements import Gateway

    found: dict[str, None] = {}
    passed: set[str] = set()
    ahead = [node]
    while ahead and len(found) < AHEAD:
        each = ahead.pop(0)
        element = case.model.flow_nodes[each]
        if element.name or each in passed or not isinstance(element, Gateway) or not element.outgoing:
            found[element.label] = None
        else:
            passed.add(each)
            ahead += [case.model.sequence_flows[flow].target_ref for flow in element.outgoing]
    return list(found)


def _flow(case: "Case", flow: str) -> str:
    """A way that may be chosen, with the condition under which it is taken where nobody chooses."""
    condition = case.model.sequence_flows[flow].condition
    said = _way(case, flow)
    if not (condition and condition.strip()):
        return said
    return _("%(way)s (if %(condition)s)") % {"way": said, "condition": " ".join(condition.split())}


def _words(name: str, id: str) -> str:
    return " ".join(name.split()) or id


def _title(name: str, id: str) -> str:
    """The name, and the id behind it, by which stories and findings call it."""
    return id if name in ("", id) else f"{' '.join(name.split())} ({id})"


def _name(case: "Case", element: str) -> str:
    return _title(_label(case, element), element)


def _label(case: "Case", element: str) -> str:
    found = case.model.get(element)
    return element if found is None else found.label


def _value(value: object) -> str:
    match value:
        case True:
            return "true"
        case False:
            return "false"
        case _:
            return str(value)


def _moment(at: datetime) -> str:
    return f"{format_date(at.date())}, {at.strftime('%H:%M')}"


# lines


def _width() -> int:
    return min(console().width, WIDEST)


def _rule(text: str) -> None:
    _line(f"── {text} {'─' * max(_width() - len(plain(text)) - 4, 2)}", bold=True)


def _heading(text: str) -> None:
    _line(text, bold=True)


def _item(sign: str, text: str) -> None:
    """A line with a sign before it; what does not fit stands below the text."""
    lead = f"{sign:>4}  "
    parts = textwrap.wrap(plain(text), max(_width() - len(lead), 20), break_long_words=False, break_on_hyphens=False)
    for number, part in enumerate(parts or [""]):
        _line((lead if number == 0 else " " * len(lead)) + part)


def _line(text: str, *, bold: bool = False) -> None:
    """As it is: it was broken to fit before."""
    from rich.text import Text

    console().print(Text(plain(text), style="bold" if bold else ""), soft_wrap=True)

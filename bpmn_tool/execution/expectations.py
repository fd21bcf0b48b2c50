"""What a story expects, held against what happened: the first difference, in plain words, with its key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bpmn_tool.execution.case import Case
from bpmn_tool.instants import Duration
from bpmn_tool.messages import _
from bpmn_tool.results.execution import ExecutionTrace, Step
from bpmn_tool.scenario.story import Expect


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where a story and its case part."""

    key: str
    message: str


def first_difference(case: Case, expect: Expect, start: datetime) -> Difference | None:
    """The first difference in the order path, by, ends, never, data, within; None where there is none."""
    return next(_differences(case, expect, start), None)


def _differences(case: Case, expect: Expect, start: datetime) -> Iterator[Difference]:
    trace = case.trace()
    yield from _path(case, trace, expect)
    yield from _by(case, trace, expect)
    yield from _ends(case, trace, expect)
    yield from _never(case, trace, expect)
    yield from _data(trace, expect)
    if expect.within is not None:
        yield from _within(case, trace, expect, expect.within, start)


_ACTIVITIES = ("task", "subProcess", "Task")  # ends of the XML local names of activities


def _path(case: Case, trace: ExecutionTrace, expect: Expect) -> Iterator[Difference]:
    if expect.exact:
        yield from _exact_path(case, trace, expect)
        return
    elements = iter(trace.steps)
    for number, wanted in enumerate(expect.path):
        if not any(step.element == wanted for step in elements):
            yield Difference(key=f"expect.path[{number}]", message=_missing(case, trace, expect, number))
            return


def _exact_path(case: Case, trace: ExecutionTrace, expect: Expect) -> Iterator[Difference]:
    """Activities must be these alone; events, gateways and messages count only where the path names them."""
    happened = [s for s in trace.steps if s.kind.endswith(_ACTIVITIES) or s.element in expect.path]
    for number, (wanted, step) in enumerate(zip(expect.path, happened, strict=False)):
        if wanted != step.element:
            sentence = _("%(wanted)s should come here, but %(happened)s did")
            names = {"wanted": _name(case, wanted), "happened": _name(case, step.element)}
            yield Difference(key=f"expect.path[{number}]", message=sentence % names)
            return
    if len(happened) > len(expect.path):
        sentence = _("after the path, %(happened)s happened too")
        yield Difference(
            key="expect.path", message=sentence % {"happened": _name(case, happened[len(expect.path)].element)}
        )
    elif len(happened) < len(expect.path):
        number = len(happened)
        yield Difference(key=f"expect.path[{number}]", message=_missing(case, trace, expect, number))


def _missing(case: Case, trace: ExecutionTrace, expect: Expect, number: int) -> str:
    wanted = expect.path[number]
    before = any(step.element == wanted for step in trace.steps)
    if number and before:
        sentence = _("%(wanted)s did not happen after %(before)s, only earlier. %(stands)s")
    elif number:
        sentence = _("%(wanted)s did not happen after %(before)s. %(stands)s")
    else:
        sentence = _("%(wanted)s did not happen. %(stands)s")
    before_it = _name(case, expect.path[number - 1]) if number else ""
    return sentence % {"wanted": _name(case, wanted), "before": before_it, "stands": _stands(case, trace)}


def _stands(case: Case, trace: ExecutionTrace) -> str:
    """Where the case stands."""
    if trace.waiting:
        return _("The case waits at %(waiting)s") % {"waiting": ", ".join(_name(case, id) for id in trace.waiting)}
    ends = ", ".join(_name(case, end) for end in trace.ends)
    return _("The case ended at %(ends)s") % {"ends": ends} if ends else _("The case ended at no end event")


def _by(case: Case, trace: ExecutionTrace, expect: Expect) -> Iterator[Difference]:
    for element, role in expect.by.items():
        steps = [step for step in trace.steps if step.element == element]
        names = {"element": _name(case, element), "role": role}
        if not steps:
            yield Difference(
                key=f"expect.by.{element}", message=_("%(element)s did not happen, so %(role)s did not do it") % names
            )
        for step in steps:
            if step.role != role:
                sentence = _("%(element)s was done by %(other)s, not by %(role)s")
                other = step.role or _("nobody who is named")
                yield Difference(key=f"expect.by.{element}", message=sentence % {**names, "other": other})


def _ends(case: Case, trace: ExecutionTrace, expect: Expect) -> Iterator[Difference]:
    """Each end is reached, and in the process where the case began no other one, if any of its ends is named."""
    for number, end in enumerate(expect.ends):
        if not any(step.element == end for step in trace.steps):
            names = {"end": _name(case, end), "stands": _stands(case, trace)}
            yield Difference(
                key=f"expect.ends[{number}]", message=_("the case did not end at %(end)s. %(stands)s") % names
            )
    began = trace.steps[0].process if trace.steps else ""
    if not any(case.model.process_of(end) == began for end in expect.ends):
        return
    for end in trace.ends:
        if end not in expect.ends and case.model.process_of(end) == began:
            yield Difference(key="expect.ends", message=_("the case ended at %(end)s too") % {"end": _name(case, end)})


def _never(case: Case, trace: ExecutionTrace, expect: Expect) -> Iterator[Difference]:
    for number, element in enumerate(expect.never):
        if (step := next((step for step in trace.steps if step.element == element), None)) is not None:
            names = {"element": _name(case, element), "at": step.at.isoformat(timespec="minutes")}
            yield Difference(key=f"expect.never[{number}]", message=_("%(element)s happened, at %(at)s") % names)


def _data(trace: ExecutionTrace, expect: Expect) -> Iterator[Difference]:
    for name, value in expect.data.items():
        if name not in trace.data:
            yield Difference(key=f"expect.data.{name}", message=_("%(name)s was never set") % {"name": name})
        elif not _same(trace.data[name], value):
            names = {"name": name, "value": repr(trace.data[name]), "wanted": repr(value)}
            yield Difference(key=f"expect.data.{name}", message=_("%(name)s is %(value)s, not %(wanted)s") % names)


def _same(one: object, other: object) -> bool:
    """Equal, and a truth value is no number."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _within(
    case: Case, trace: ExecutionTrace, expect: Expect, within: Duration, start: datetime
) -> Iterator[Difference]:
    last = _last(trace, expect)
    if last is None:
        return
    limit = case.instant_after(within)
    if last.at > limit:
        names = {"element": _name(case, last.element), "took": _rounded(last.at - start), "within": str(within)}
        yield Difference(
            key="expect.within", message=_("%(element)s came after %(took)s, not within %(within)s") % names
        )


def _last(trace: ExecutionTrace, expect: Expect) -> Step | None:
    """The last step that the story speaks of: an end, else the end of its path, else whatever happened last."""
    for ids in (expect.ends, expect.path[-1:]):
        found = [step for step in trace.steps if step.element in ids]
        if found:
            return found[-1]
    return trace.steps[-1] if trace.steps else None


def _rounded(delta: timedelta) -> str:
    return str(timedelta(seconds=round(delta.total_seconds())))


def _name(case: Case, element: str) -> str:
    found = case.model.get(element)
    return element if found is None or found.label == element else f"{element} ({found.label})"

"""A story that failed, told so that one sees where: what was expected, what happened instead, and the path with the
first difference marked.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from bpmn_tool.messages import _
from bpmn_tool.model.elements import Model
from bpmn_tool.results.execution import ExecutionTrace, Step, StoryResult
from bpmn_tool.scenario.story import Story

_ACTIVITIES: Final = ("task", "Task", "ubProcess", "callActivity", "transaction")  # ends of XML local names
_SHOWN: Final = (*_ACTIVITIES, "endEvent")
_KEY: Final = re.compile(
    r"(?P<where>steps|expect)(\[(?P<step>\d+)\])?\.(?P<what>\w+)(\[(?P<number>\d+)\]|\.(?P<name>.+))?"
)


class Mark(Enum):
    """What a line of the path is."""

    HAPPENED = ""
    EXPECTED = "expected"  # it happened, and the story names it in `path`
    DIFFERENT = "different"  # it happened, and here the story says otherwise
    MISSING = "missing"  # it should have happened here, and did not


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLine:
    """A line of the path: a step, or what should have stood here (then without `at`)."""

    mark: Mark
    element: str
    name: str
    kind: str = ""  # the XML local name
    role: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`path` has exactly one line that is marked as different or missing."""

    expected: str
    happened: str
    path: tuple[PathLine, ...]


def told(model: Model, story: Story, result: StoryResult) -> Told:
    """How a story failed. `result` is that of a story that did not pass and was played."""
    assert result.trace is not None
    return _Teller(model, story, result, result.trace).told()


@dataclass(frozen=True, slots=True)
class _Teller:
    model: Model
    story: Story
    result: StoryResult
    trace: ExecutionTrace

    def told(self) -> Told:
        key = _KEY.fullmatch(self.result.location.key or "")
        if key is None or key["where"] == "steps":
            return self._cannot(int(key["step"]) if key is not None else None)
        match key["what"]:
            case "path":
                return self._path(int(key["number"])) if key["number"] else self._too_much()
            case "by":
                return self._by(key["name"])
            case "ends":
                return self._end(int(key["number"])) if key["number"] else self._other_end()
            case "never":
                return self._never(int(key["number"]))
            case "data":
                return self._data(key["name"])
            case _:
                return self._late()

    # a sentence each

    def _cannot(self, number: int | None) -> Told:
        """A step that could not be done, or the start."""
        if number is None:
            what, element = (
                _("the case begins at %(element)s") % {"element": self._name(self.story.start)},
                self.story.start,
            )
        else:
            step = self.story.steps[number]
            chosen = ", ".join((step.choose,) if isinstance(step.choose, str) else step.choose or ())
            element = step.do or step.message or chosen or str(step.wait)
            names = {"element": self._name(element), "role": step.as_ or ""}
            if step.do is not None and step.as_ is not None:
                what = _("%(role)s does %(element)s") % names
            elif step.do is not None:
                what = _("%(element)s is done") % names
            elif step.message is not None:
                what = _("the message %(element)s arrives") % names
            elif step.choose is not None:
                what = _("the way %(element)s is chosen") % names
            else:
                what = _("%(element)s pass") % names
        return Told(
            expected=what, happened=self.result.message, path=self._lines(missing=(len(self.trace.steps), element))
        )

    def _path(self, number: int) -> Told:
        wanted = self.story.expect.path[number]
        if self.story.expect.exact:
            counted = [n for n, step in enumerate(self.trace.steps) if self._counts(step)]
            if number < len(counted):
                step = self.trace.steps[counted[number]]
                return Told(
                    expected=self._name(wanted),
                    happened=self._done(step),
                    path=self._lines(different=counted[number], until=number),
                )
            return Told(
                expected=self._name(wanted),
                happened=self._stands(),
                path=self._lines(missing=(len(self.trace.steps), wanted)),
            )
        matched = self._matched()
        place = matched[number - 1] + 1 if number else 0
        after = [step for step in self.trace.steps[place:] if step.kind.endswith(_ACTIVITIES)]
        if number:
            before = self._name(self.story.expect.path[number - 1])
            expected = _("%(wanted)s after %(before)s") % {"wanted": self._name(wanted), "before": before}
        else:
            expected = self._name(wanted)
        happened = self._done(after[0]) if after else self._stands()
        return Told(expected=expected, happened=happened, path=self._lines(missing=(place, wanted)))

    def _too_much(self) -> Told:
        counted = [n for n, step in enumerate(self.trace.steps) if self._counts(step)]
        place = counted[len(self.story.expect.path)]
        return Told(
            expected=_("nothing more after the path"),
            happened=self._done(self.trace.steps[place]),
            path=self._lines(different=place),
        )

    def _by(self, element: str) -> Told:
        role = self.story.expect.by[element]
        expected = _("%(element)s by %(role)s") % {"element": self._name(element), "role": role}
        steps = self.trace.steps
        place = next((n for n, s in enumerate(steps) if s.element == element and s.role != role), None)
        if place is None:
            return Told(expected=expected, happened=self._stands(), path=self._lines(missing=(len(steps), element)))
        return Told(expected=expected, happened=self._done(steps[place]), path=self._lines(different=place))

    def _end(self, number: int) -> Told:
        end = self.story.expect.ends[number]
        expected = _("the case ends at %(element)s") % {"element": self._name(end)}
        return Told(expected=expected, happened=self._stands(), path=self._lines(missing=(len(self.trace.steps), end)))

    def _other_end(self) -> Told:
        wanted = self.story.expect.ends
        began = self.trace.steps[0].process
        place = next(
            n
            for n, step in enumerate(self.trace.steps)
            if step.element in self.trace.ends and step.element not in wanted and step.process == began
        )
        expected = _("no other end than %(ends)s") % {"ends": ", ".join(map(self._name, wanted))}
        return Told(expected=expected, happened=self._done(self.trace.steps[place]), path=self._lines(different=place))

    def _never(self, number: int) -> Told:
        element = self.story.expect.never[number]
        place = next(n for n, step in enumerate(self.trace.steps) if step.element == element)
        expected = _("%(element)s never happens") % {"element": self._name(element)}
        return Told(expected=expected, happened=self._done(self.trace.steps[place]), path=self._lines(different=place))

    def _data(self, name: str) -> Told:
        wanted = f"{name} = {self.story.expect.data[name]!r}"
        found = (
            f"{name} = {self.trace.data[name]!r}"
            if name in self.trace.data
            else _("%(name)s was never set") % {"name": name}
        )
        return Told(expected=wanted, happened=found, path=self._lines(missing=(len(self.trace.steps), wanted)))

    def _late(self) -> Told:
        steps = self.trace.steps
        spoken = [n for n, s in enumerate(steps) if s.element in self.story.expect.ends] or [
            n for n, s in enumerate(steps) if s.element in self.story.expect.path[-1:]
        ]
        place = spoken[-1] if spoken else len(steps) - 1
        names = {"element": self._name(steps[place].element), "within": str(self.story.expect.within)}
        expected = _("%(element)s within %(within)s") % names
        return Told(expected=expected, happened=self.result.message, path=self._lines(different=place))

    # lines

    def _lines(
        self, *, different: int | None = None, missing: tuple[int, str] | None = None, until: int | None = None
    ) -> tuple[PathLine, ...]:
        """All steps, and what is missing before the step of that number."""
        expected = frozenset(self._matched()[:until])
        lines: list[PathLine] = []
        for number, step in enumerate(self.trace.steps):
            if missing is not None and missing[0] == number:
                lines.append(self._missing(missing[1]))
            mark = Mark.DIFFERENT if number == different else Mark.EXPECTED if number in expected else Mark.HAPPENED
            lines.append(
                PathLine(mark=mark, element=step.element, name=step.name, kind=step.kind, role=step.role, at=step.at)
            )
        if missing is not None and missing[0] >= len(self.trace.steps):
            lines.append(self._missing(missing[1]))
        return tuple(lines)

    def _missing(self, element: str) -> PathLine:
        found = self.model.get(element)
        return PathLine(mark=Mark.MISSING, element=element, name=element if found is None else found.label)

    def _matched(self) -> list[int]:
        """The steps that the path names, one after another."""
        found: list[int] = []
        steps: Iterator[tuple[int, Step]] = enumerate(self.trace.steps)
        for wanted in self.story.expect.path:
            place = next((n for n, step in steps if step.element == wanted), None)
            if place is None:
                break
            found.append(place)
        return found

    def _counts(self, step: Step) -> bool:
        """Whether an exact path speaks of it."""
        return step.kind.endswith(_ACTIVITIES) or step.element in self.story.expect.path

    # words

    def _done(self, step: Step) -> str:
        names = {"element": self._name(step.element), "role": step.role or "", "at": step.at.strftime("%Y-%m-%d %H:%M")}
        return (_("%(element)s by %(role)s, on %(at)s") if step.role else _("%(element)s, on %(at)s")) % names

    def _stands(self) -> str:
        if self.trace.waiting:
            return _("The case waits at %(waiting)s") % {"waiting": ", ".join(map(self._name, self.trace.waiting))}
        ends = ", ".join(map(self._name, dict.fromkeys(self.trace.ends)))
        return _("The case ended at %(ends)s") % {"ends": ends} if ends else _("The case ended at no end event")

    def _name(self, element: str) -> str:
        found = self.model.get(element)
        return element if found is None or found.label == element else f"'{found.label}' ({element})"


def shortened(lines: Sequence[PathLine], around: int) -> tuple[int, tuple[PathLine, ...], int]:
    """The activities of a path, what the story names, and the difference, at most `around` of them before it and half
    as many behind; with how many lines were left out before and behind.
    """
    marked = next(n for n, line in enumerate(lines) if line.mark in (Mark.DIFFERENT, Mark.MISSING))
    kept = [
        n for n, line in enumerate(lines) if n == marked or line.mark is not Mark.HAPPENED or line.kind.endswith(_SHOWN)
    ]
    place = kept.index(marked)
    shown = kept[max(0, place - around) : place + around // 2 + 1]
    before = kept.index(shown[0])
    return before, tuple(lines[n] for n in shown), len(kept) - before - len(shown)

"""What is laid over a drawing: findings, the way to a trouble, a story, what stories cover, what changed.

An overlay says of elements how they look (a tint), in which order they come (numbers), and what the legend says. Each
tint has a colour, a frame and a sign, so that colour never says it alone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from bpmn_tool.messages import _, ngettext
from bpmn_tool.model.elements import Model
from bpmn_tool.reports.palette import BLUE, COVERED, GREEN, ORANGE, PURPLE, VERMILLION
from bpmn_tool.results.differences import Named, StructureDiff
from bpmn_tool.results.execution import Coverage, ExecutionTrace
from bpmn_tool.results.finding import Finding, Severity

_NAMED: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tint:
    """How an element looks. `words` stand in the legend and in the tooltip; `sign` beside a node."""

    words: str
    stroke: str
    fill: str | None = None  # of the area of a node
    dashes: tuple[float, float] | None = None  # of its frame, and of a line
    framed: bool = True  # a node gets a frame around it
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """`tints` by element id; `numbered` elements get a disc with their place; `notes` stand below the legend."""

    tints: Mapping[str, Tint] = field(default_factory=dict)
    numbered: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def of_coverage(coverage: Coverage, ids: Iterable[str]) -> Overlay:
    """Of flow nodes and sequence flows, whether any story goes through them."""
    missed = frozenset(coverage.missed)
    went = Tint(words=_("a story goes through it"), stroke=BLUE, fill=COVERED, framed=False)
    not_ = Tint(words=_("no story goes through it"), stroke=VERMILLION, dashes=(4, 4))
    return Overlay(tints={each: not_ if each in missed else went for each in ids})


def of_story(trace: ExecutionTrace) -> Overlay:
    """The way of one case: its steps, numbered as they were first done, and the flows that it took."""
    went = Tint(words=_("the story goes here"), stroke=BLUE, fill=COVERED, framed=False)
    waits = Tint(words=_("the story ends while this waits"), stroke=ORANGE, sign="…")
    done = dict.fromkeys(step.element for step in trace.steps)
    steps = dict.fromkeys(step.element for step in trace.steps if step.kind != "messageFlow")
    tints = {**dict.fromkeys((*done, *trace.flows), went), **dict.fromkeys(trace.waiting, waits)}
    return Overlay(tints=tints, numbered=tuple(steps))


def of_findings(findings: Sequence[Finding], drawn: Collection[str]) -> Overlay:
    """The gravest finding of each element that is drawn; what is about others is counted."""
    looks = {
        Severity.ERROR: Tint(words=_("error"), stroke=VERMILLION, fill="#f9d9c6", sign="!"),
        Severity.WARNING: Tint(words=_("warning"), stroke=ORANGE, fill="#fcebc4", dashes=(7, 4), sign="?"),
        Severity.INFO: Tint(words=_("remark"), stroke=BLUE, dashes=(2, 4), sign="i"),
    }
    order = list(looks)
    tints: dict[str, Tint] = {}
    for finding in sorted(findings, key=lambda each: order.index(each.severity)):
        if finding.element in drawn:
            tints.setdefault(finding.element, looks[finding.severity])
    others = sum(finding.element not in drawn for finding in findings)
    sentence = ngettext(
        "%(count)s finding is about the file or a process as a whole.",
        "%(count)s findings are about the file or a process as a whole.",
        others,
    )
    return Overlay(tints=tints, notes=(sentence % {"count": others},) if others else ())


def of_witness(finding: Finding, model: Model) -> Overlay:
    """The way to the trouble that a finding tells, and where it is. `model` knows the flows between its steps."""
    way = Tint(words=_("the way there"), stroke=BLUE, fill=COVERED, framed=False)
    here = Tint(words=_("the trouble"), stroke=VERMILLION, fill="#f9d9c6", sign="!")
    path = tuple(dict.fromkeys(finding.witness))
    ends = set(pairwise(finding.witness))
    between = (flow.id for flow in model.sequence_flows.values() if (flow.source_ref, flow.target_ref) in ends)
    tints = {**dict.fromkeys((*path, *between), way), **({finding.element: here} if finding.element else {})}
    return Overlay(tints=tints, numbered=path, notes=(finding.message,))


def of_diff(found: StructureDiff) -> Overlay:
    """What is new, changed or done by another role; what is gone is named, and what only moved counted."""
    added = Tint(words=_("new"), stroke=GREEN, fill="#cfeee3", sign="+")
    changed = Tint(words=_("changed"), stroke=ORANGE, fill="#fcebc4", dashes=(7, 4), sign="~")
    other = Tint(words=_("done by another role"), stroke=PURPLE, fill="#f4dfeb", dashes=(2, 3), sign="R")
    tints: dict[str, Tint] = {}
    for tint, rows in ((added, found.added), (other, found.reassigned), (changed, found.changed)):
        for row in rows:
            tints.setdefault(row.id, tint)
    notes = _gone(found.removed, found.labels)
    if found.moved:
        sentence = ngettext("%(count)s element only moved.", "%(count)s elements only moved.", len(found.moved))
        notes.append(sentence % {"count": len(found.moved)})
    return Overlay(tints=tints, notes=tuple(notes))


def _gone(removed: Sequence[Named], labels: Mapping[str, str]) -> list[str]:
    named = list(dict.fromkeys(each.name or labels.get(each.id, each.id) for each in removed if not each.source))
    said = ", ".join(named[:_NAMED]) + (" …" if len(named) > _NAMED else ".")
    flows = sum(bool(each.source) for each in removed)
    notes = [_("Gone: %(names)s") % {"names": said}] if named else []
    if flows:
        sentence = ngettext("%(count)s flow is gone.", "%(count)s flows are gone.", flows)
        notes.append(sentence % {"count": flows})
    return notes


def rows(overlay: Overlay) -> list[tuple[Tint, int]]:
    """The tints of the legend, in the order in which they were first said, with how many elements each has."""
    counted = Counter(tint.words for tint in overlay.tints.values())
    seen = {tint.words: tint for tint in overlay.tints.values()}
    return [(tint, counted[words]) for words, tint in sorted(seen.items(), key=lambda row: row[1].framed)]

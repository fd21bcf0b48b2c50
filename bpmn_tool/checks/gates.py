"""Whether a question is asked on every path before some steps."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from bpmn_tool.checks.requirements import completions
from bpmn_tool.checks.rule import Violation
from bpmn_tool.checks.stated import deciding, decisions, decisions_not_stated, label, listed
from bpmn_tool.model.elements import Model
from bpmn_tool.model.paths import Point, paths_of
from bpmn_tool.model.statement import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator


def around_gate(
    model: Model, steps: Sequence[str], topic: Topic, nowhere: str, around: str, begins: AbstractSet[str] = frozenset()
) -> "Iterator[Violation]":
    """The steps that can be reached, from these start events (from all where none is given), before a gateway has
    decided the topic; one finding for all of them where no gateway decides it.

    `nowhere` has %(steps)s, `around` has %(step)s and %(gates)s.
    """
    if not steps:
        return
    gates = deciding(model, topic)
    if not gates:
        asked = decisions(model)
        if asked and all(model.statement_of(each).decides is None for each in asked):
            yield from decisions_not_stated(model)
        else:
            yield Violation(steps[0], nowhere % {"steps": listed(model, steps)}, tuple(steps))
        return
    paths = paths_of(model)
    if begins:
        paths = replace(
            paths, starts=frozenset(Point(each) for each in begins) & paths.starts | _awaited(model, begins)
        )
    reached = paths.reached(completions(model, tuple(gates)))
    for step in steps:
        if Point(step) in reached:
            values = {"step": label(model, step), "gates": listed(model, gates)}
            yield Violation(step, around % values, paths.around(Point(step), reached))


def _awaited(model: Model, begins: AbstractSet[str]) -> frozenset[Point]:
    """The messages of pools in which nothing is drawn: they may come at any time; and the start events themselves."""
    outside = (flow.id for flow in model.message_flows.values() if model.process_of(flow.source_ref) is None)
    return frozenset(Point(each) for each in (*outside, *begins))

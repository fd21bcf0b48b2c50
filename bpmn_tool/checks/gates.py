"""Whether a question is asked on every path before some steps."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from bpmn_tool.checks.requirements import completions
from bpmn_tool.checks.rule import Violation
from bpmn_tool.checks.stated import (
    about_persons,
    acts_not_stated,
    channel_not_stated,
    deciding,
    decisions,
    decisions_not_stated,
    label,
    listed,
    online_entries,
    says_acts,
    steps_doing,
)
from bpmn_tool.model.elements import Event, EventKind, Model
from bpmn_tool.model.paths import Point, paths_of
from bpmn_tool.model.statement import Act, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator


def around_gate(
    model: Model, steps: Sequence[str], topic: Topic, nowhere: str, around: str, begins: AbstractSet[str] = frozenset()
) -> "Iterator[Violation]":
    """The steps that can be reached, from these start events (from all where none is given), before a gateway has
    decided the topic. One finding for all of them, with the shortest way around.

    `nowhere` has %(steps)s, `around` has %(steps)s and %(gates)s.
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
        paths = replace(paths, starts=_from(model, begins))
    reached = paths.reached(completions(model, tuple(gates)))
    loose = [step for step in steps if Point(step) in reached]
    if loose:
        ways = {step: paths.around(Point(step), reached) for step in loose}
        first = min(loose, key=lambda step: len(ways[step]))
        values = {"steps": listed(model, loose), "gates": listed(model, gates)}
        yield Violation(first, around % values, ways[first])


def around_gate_from_the_internet(
    model: Model, topic: Topic, nowhere: str, around: str, *, along: Sequence[str], alone: str
) -> "Iterator[Violation]":
    """As :func:`around_gate`, of what is done about persons on a signal from the internet.

    `along` is what has to stand beside the question; where nothing does, `alone` says so, which has %(gate)s.
    """
    yield from channel_not_stated(model)
    begins = online_entries(model)
    if not begins:
        return
    if not says_acts(model):
        yield from acts_not_stated(model)
        return
    steps = about_persons(model, steps_doing(model, Act.CONTACT, Act.IDENTIFY, Act.REFER, Act.CONSULT))
    yield from around_gate(model, steps, topic, nowhere, around, frozenset(begins))
    gates = deciding(model, topic)
    if gates and not along:
        yield Violation(gates[0], alone % {"gate": label(model, gates[0])})


def _from(model: Model, begins: AbstractSet[str]) -> frozenset[Point]:
    """These start events, and the messages of pools in which nothing is drawn, which may come at any time; but for
    those that begin a process elsewhere.
    """
    outside = (flow for flow in model.message_flows.values() if model.process_of(flow.source_ref) is None)
    coming = (flow.id for flow in outside if flow.target_ref in begins or not _is_start(model, flow.target_ref))
    return frozenset(Point(each) for each in (*coming, *begins))


def _is_start(model: Model, node: str) -> bool:
    found = model.flow_nodes.get(node)
    return isinstance(found, Event) and found.kind is EventKind.START

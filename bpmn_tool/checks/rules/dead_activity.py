"""``dead-activity``: everything that is drawn can happen."""

from collections.abc import Iterator, Sequence
from typing import Final

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.soundness import soundness_of
from bpmn_tool.messages import _, ngettext
from bpmn_tool.model.elements import Element, Event, Model, SequenceFlow
from bpmn_tool.results.finding import Severity

NAMED: Final = 8
"""Steps behind a dead one that the sentence names; the witness has all."""


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for first, behind in _groups(model, soundness_of(model).dead):
        element = model.get(first)
        if element is None:
            continue
        yield Violation(first, _message(model, element, behind), behind)


def _message(model: Model, element: Element, behind: Sequence[str]) -> str:
    if isinstance(element, SequenceFlow):
        source, target = (model.flow_nodes[end] for end in (element.source_ref, element.target_ref))
        message = _(
            "the flow from %(source)s to %(target)s can never be taken, whatever is decided: change what stands "
            "before it, or take it out"
        )
        return message % {"source": quoted(source), "target": quoted(target)}
    message = _(
        "%(name)s can never happen, whatever is decided: draw a way to it that can be taken, or let what it waits "
        "for come, or take it out"
    )
    if behind:
        message += ngettext(
            "; nor can %(count)s step behind it: %(names)s",
            "; nor can %(count)s steps behind it: %(names)s",
            len(behind),
        )
    names = ", ".join(quoted(found) for each in behind[:NAMED] if (found := model.get(each)) is not None)
    dots = ", …" if behind[NAMED:] else ""
    return message % {"name": quoted(element), "count": len(behind), "names": names + dots}


def _groups(model: Model, dead: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is dead by itself, and what is so since it stands behind or in it."""
    left = dict.fromkeys(dead)
    roots = [each for each in dead if not any(before in left for before in _before(model, each))]
    for first in (*roots, *dead):
        if first not in left:
            continue
        del left[first]
        behind = []
        todo = [first]
        while todo:
            for there in _after(model, todo.pop()):
                if there in left and there not in roots:
                    del left[there]
                    behind.append(there)
                    todo.append(there)
        yield first, tuple(behind)


def _before(model: Model, name: str) -> Iterator[str]:
    node = model.flow_nodes.get(name)
    if node is None:
        return
    yield from (model.sequence_flows[flow].source_ref for flow in node.incoming)
    if isinstance(node, Event) and node.attached_to_ref is not None:
        yield node.attached_to_ref
    if node.container in model.flow_nodes:
        yield node.container


def _after(model: Model, name: str) -> Iterator[str]:
    node = model.flow_nodes.get(name)
    if node is None:
        return
    yield from (model.sequence_flows[flow].target_ref for flow in node.outgoing)
    yield from (event.id for event in model.boundary_events(name))
    yield from (inside.id for inside in model.nodes_in(name))


RULE = Rule(
    name="dead-activity",
    severity=Severity.ERROR,
    why="No case ever comes to such a step, though the drawing promises it.",
    whence="soundness of workflow nets (van der Aalst 1998; for BPMN rust_bpmn_analyzer, 'NoDeadActivities')",
    find=find,
)

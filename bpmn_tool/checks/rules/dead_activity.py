"""``dead-activity``: everything that is drawn can happen."""

from collections.abc import Iterator, Sequence

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.soundness import soundness_of
from bpmn_tool.messages import _, ngettext
from bpmn_tool.model.elements import Event, Model
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for first, behind in _groups(model, soundness_of(model).dead):
        element = model.get(first)
        if element is None:
            continue
        message = _("%(name)s can never happen, whatever is decided")
        if behind:
            message += ngettext(
                ", and so nor can %(count)s step behind it: %(names)s",
                ", and so nor can %(count)s steps behind it: %(names)s",
                len(behind),
            )
        names = ", ".join(quoted(found) for each in behind if (found := model.get(each)) is not None)
        values = {"name": quoted(element), "count": len(behind), "names": names}
        yield Violation(first, message % values, behind)


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

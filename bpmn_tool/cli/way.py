"""A path through a model as a reader follows it: names, the choices at splits, no more of it than is read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bpmn_tool.cli.words import words_of
from bpmn_tool.messages import _, format_number

if TYPE_CHECKING:
    from bpmn_tool.model.elements import Element, Model, SequenceFlow

LONGEST: Final = 16
"""Steps of a path that are shown; --json has all."""
_FIRST: Final = 4


def way(model: "Model", path: Sequence[str]) -> str:
    """The steps in order, an arrow between two: by name, one without a name by kind and id. A flow stands in brackets
    behind its gateway, by name or by where it leads; not where it has no name and the next step says it.
    """
    from bpmn_tool.model.elements import SequenceFlow

    steps: list[str] = []
    for each, then in zip(path, (*path[1:], ""), strict=True):
        element = model.get(each)
        if element is None:
            continue
        if not isinstance(element, SequenceFlow) or not steps:
            steps.append(_called(element))
        elif chosen := _chosen(model, element, then):
            steps[-1] += f" ({chosen})"
    if left := len(steps[LONGEST:]):
        dots = _("… %(count)s more …") % {"count": format_number(left)}
        steps = [*steps[:_FIRST], dots, *steps[_FIRST - LONGEST :]]
    return " → ".join(steps)


def _chosen(model: "Model", flow: "SequenceFlow", then: str) -> str:
    if flow.name.strip():
        return flow.label
    target = model.get(flow.target_ref)
    return "" if then == flow.target_ref or target is None else _("to %(name)s") % {"name": _called(target)}


def _called(element: "Element") -> str:
    from bpmn_tool.comparison.linked import kind_of

    return f"'{element.label}'" if element.name.strip() else f"{words_of(kind_of(element))} {element.id}"

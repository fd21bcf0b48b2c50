"""``foreign-expression``: conditions and scripts are in the one language that is executed and simulated here, and mean
there what they mean here.
"""

from collections.abc import Callable, Iterator
from typing import assert_never

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.expressions import Expression, ExpressionError, RemarkKind, Script, parse, parse_script
from bpmn_tool.messages import _
from bpmn_tool.model.elements import (
    Event,
    FlowNode,
    Gateway,
    MultiInstance,
    StandardLoop,
    SubProcess,
    Task,
    TaskKind,
    TriggerKind,
)
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    for flow in checked.model.sequence_flows.values():
        yield from _held(flow.id, flow.condition or "", parse)
    for node in checked.model.flow_nodes.values():
        for text in _texts(node):
            yield from _held(node.id, text, parse)
        if isinstance(node, Task) and node.kind is TaskKind.SCRIPT:
            yield from _held(node.id, node.script, parse_script)


def _texts(node: FlowNode) -> Iterator[str]:
    """What is evaluated at a node, besides its script."""
    match node:
        case Task(loop=loop) | SubProcess(loop=loop):
            match loop:
                case MultiInstance():
                    yield loop.cardinality
                    yield loop.completion_condition
                case StandardLoop():
                    yield loop.condition
                case None:
                    pass
        case Event():
            yield from (each.text for each in node.definitions if each.kind is TriggerKind.CONDITIONAL)
        case Gateway():
            yield node.activation_condition
        case _:
            pass


def _held(element: str, text: str, read: Callable[[str], Expression | Script]) -> Iterator[Violation]:
    if not text.strip():
        return
    try:
        made = read(text)
    except ExpressionError as error:
        message = _("'%(text)s' cannot be read, and neither executed nor simulated: %(why)s")
        yield Violation(element, message % {"text": _short(text), "why": error})
        return
    for remark in made.remarks:
        values = {"text": _short(text), "place": remark.position + 1}
        yield Violation(element, _why(remark.kind) % values, severity=Severity.INFO)


def _short(text: str) -> str:
    """The text on one line, and not more of it than tells which it is."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "..."


def _why(kind: RemarkKind) -> str:
    match kind:
        case RemarkKind.ASSIGNMENT:
            return _("'%(text)s': at character %(place)s = is read as equality; where it was meant so, write ==")
        case RemarkKind.CHAIN:
            return _(
                "'%(text)s': at character %(place)s a second comparison follows; here both have to hold, elsewhere the "
                "second takes what came of the first: write 'and' between them"
            )
        case RemarkKind.SIGN_OF_REMAINDER:
            return _(
                "'%(text)s': at character %(place)s the remainder of a negative number is never negative here "
                "(-5 %% 3 is 1), elsewhere it is (-2)"
            )
        case RemarkKind.COMMENT:
            return _(
                "'%(text)s': at character %(place)s // is read as a whole division; if a comment was meant, "
                "begin it with #"
            )
        case _:
            assert_never(kind)


RULE = Rule(
    name="foreign-expression",
    severity=Severity.WARNING,
    why="What tools and people read in two ways decides two things; what nobody can read decides nothing.",
    whence="bpmn-tool; BPMN 2.0.2, 8.4.6 (expressions) leaves the language open",
    find=find,
)

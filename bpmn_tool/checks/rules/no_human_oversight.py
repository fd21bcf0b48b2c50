"""``no-human-oversight``: between a flag of software and what is done about a person somebody decides."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import AUTOMATIC, acts_not_stated, by_software, label, steps_doing
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import FlowNode, Model, Task
from bpmn_tool.model.statement import Act
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    yield from acts_not_stated(model, by_software(model))
    for flag in steps_doing(model, Act.SCORE):
        for step, path in _next_steps(model, flag):
            if model.statement_of(step).person_level:
                message = _(
                    "%(step)s is about a person and follows at once on %(flag)s, what software says: let somebody "
                    "look at it first, who may say no"
                )
                yield Violation(step, message % {"step": label(model, step), "flag": label(model, flag)}, path)


def _next_steps(model: Model, start: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The first steps after it that people do, and what software does until then; with the way there."""
    todo: list[tuple[str, tuple[str, ...]]] = [(start, (start,))]
    seen = {start}
    while todo:
        here, path = todo.pop(0)
        for flow in model.flow_nodes[here].outgoing:
            after = model.sequence_flows[flow].target_ref
            if after in seen:
                continue
            seen.add(after)
            node = model.flow_nodes[after]
            if _does_something(node):
                yield after, (*path, flow, after)
            if not _is_by_people(node):
                todo.append((after, (*path, flow, after)))


def _does_something(node: FlowNode) -> bool:
    return hasattr(node, "performers")


def _is_by_people(node: FlowNode) -> bool:
    return _does_something(node) and not (isinstance(node, Task) and node.kind in AUTOMATIC)


RULE = Rule(
    name="no-human-oversight",
    severity=Severity.WARNING,
    why=(
        "A decision about a person that only software has taken is forbidden, and a click without a look is "
        "no decision."
    ),
    whence="GDPR art. 22; Regulation (EU) 2024/1689 art. 14",
    find=find,
    question=N_("Who looks at what the software flags, with which time and right to say no?"),
    path=True,
)

"""``no-feedback``: who raises a concern hears what came of it."""

from collections.abc import Iterator

from bpmn_tool.checks.requirements import completions
from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import ends, label, listed, not_stated, pools_of, sectors_not_stated, without_act
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import Event, EventKind, Model
from bpmn_tool.model.graph import flow_graph, reachable
from bpmn_tool.model.paths import Point, paths_of
from bpmn_tool.model.statement import Act
from bpmn_tool.register import Sector
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    outside = [pool.id for pool in model.participants.values() if _starts_of(model, pool.id)]
    if outside:
        yield from sectors_not_stated(checked)
    for pool in pools_of(checked, Sector.REPORTER):
        if pool in outside:
            yield from _of(model, pool)


def _starts_of(model: Model, pool: str) -> list[str]:
    """The start events that messages of a pool lead to."""
    targets = (
        model.flow_nodes.get(flow.target_ref) for flow in model.message_flows.values() if flow.source_ref == pool
    )
    return [node.id for node in targets if isinstance(node, Event) and node.kind is EventKind.START]


def _of(model: Model, pool: str) -> Iterator[Violation]:
    back = [flow.id for flow in model.message_flows.values() if flow.target_ref == pool]
    silent = without_act(model, back)
    yield from not_stated(model, _("what messages to reporters do (act)"), back, silent)
    if back and len(silent) == len(back):
        return
    answers = [each for each in back if Act.FEEDBACK in (model.statement_of(each).act or ())]
    senders = tuple(model.message_flows[each].source_ref for each in answers)
    reached = paths_of(model).reached(completions(model, (*answers, *senders)))
    for start in _starts_of(model, pool):
        process = model.process_of(start) or ""
        after = reachable(flow_graph(model, process), [start])
        closed = [each for each in ends(model) if each in after and Point(each) in reached]
        if closed:
            message = _(
                "%(ends)s can be reached though %(pool)s, who raised the concern, has heard nothing of what came "
                "of it: send what can be said (act feedback)"
            )
            yield Violation(start, message % {"ends": listed(model, closed), "pool": label(model, pool)}, tuple(closed))


RULE = Rule(
    name="no-feedback",
    severity=Severity.WARNING,
    why="Whoever hears nothing does not report again, and most of what is known comes from those who report.",
    whence="this project: feedback to reporters",
    find=find,
    question=N_("What may the reporter be told, by whom and within how many days?"),
)

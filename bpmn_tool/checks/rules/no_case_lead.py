"""``no-case-lead``: where several partners follow one case up side by side, one answers for it."""

from collections.abc import Iterable, Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import called, label, not_stated, work
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import FlowNode, Gateway, GatewayKind, Model, MultiInstance, SubProcess
from bpmn_tool.model.graph import holder
from bpmn_tool.model.statement import NONE, Act
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model, register = checked.model, checked.register
    asked = [node.id for node in model.flow_nodes.values() if _is_shared(model, node)]
    silent = [each for each in asked if model.statement_of(each).accountable is None]
    yield from not_stated(model, _("who answers for work that several do side by side (accountable)"), asked, silent)
    for each in asked:
        lead = model.statement_of(each).accountable
        role = register.role(lead) if register is not None and lead else None
        if lead == NONE:
            message = _("%(step)s is done by several side by side, and nobody answers for the whole: name a lead")
            yield Violation(each, message % {"step": label(model, each)})
        elif role is not None and role.undefined:
            message = _("'%(role)s' answers for %(step)s, and the register says that nobody holds this role yet")
            yield Violation(each, message % {"step": label(model, each), "role": called(role)})


def _is_shared(model: Model, node: FlowNode) -> bool:
    """Follow-up that more than one holder has a part in: a repeated sub-process, or a parallel gateway."""
    match node:
        case SubProcess():
            side_by_side = isinstance(node.loop, MultiInstance) and not node.loop.is_sequential
            follows = Act.FOLLOW_UP in (node.statement.act or ())
            return (side_by_side or follows) and len(_parties(model, model.nodes_below(node.id))) > 1
        case Gateway(kind=GatewayKind.PARALLEL) if len(node.outgoing) > 1:
            first = [model.sequence_flows[flow].target_ref for flow in node.outgoing]
            steps = [each for each in first if each in work(model)]
            return len({holder(model, each) for each in steps}) > 1
        case _:
            return False


def _parties(model: Model, nodes: Iterable[FlowNode]) -> set[str]:
    """The holder of the steps, other performers, and the partners that messages go to."""
    found: set[str] = set()
    for each in nodes:
        found.update(getattr(each, "performers", ()) or (holder(model, each.id),))
        sent = (flow for flow in model.message_flows.values() if flow.source_ref == each.id)
        found.update(model.process_of(flow.target_ref) or flow.target_ref for flow in sent)
    return found


RULE = Rule(
    name="no-case-lead",
    severity=Severity.WARNING,
    why="What several do side by side is nobody's, until one of them is named who sees the whole.",
    whence="this project: the case lead after the table",
    find=find,
    question=N_("Which partner leads this case, and what may the lead ask of the others?"),
)

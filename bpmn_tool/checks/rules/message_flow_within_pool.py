"""``message-flow-within-pool``: a message flow joins two pools."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for flow in model.message_flows.values():
        source, target = model.get(flow.source_ref), model.get(flow.target_ref)
        if source is None or target is None:
            continue
        process = model.process_of(source.id)
        same = process is not None and process == model.process_of(target.id)
        both_pools = source.id in model.participants and target.id in model.participants
        if source.id == target.id or (same and not both_pools):
            message = _(
                "this message flow leads from %(source)s to %(target)s in the same pool: "
                "draw a sequence flow, or let a signal or data pass it on"
            )
            values = {"source": quoted(source), "target": quoted(target)}
            yield Violation(flow.id, message % values, (source.id, target.id))


RULE = Rule(
    name="message-flow-within-pool",
    severity=Severity.ERROR,
    why="A message passes between those who do not share a process. Within one, the flow itself passes things on.",
    whence="BPMN 2.0.2, 7.6.2 (message flow connection rules) and 10.5.2",
    find=find,
)

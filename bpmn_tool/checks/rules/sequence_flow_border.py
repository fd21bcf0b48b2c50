"""``sequence-flow-border``: a sequence flow stays in its pool and in its sub-process."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.words import enters_at_the_border, leaves_at_the_border
from bpmn_tool.messages import _
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for flow in model.sequence_flows.values():
        source, target = model.flow_nodes.get(flow.source_ref), model.flow_nodes.get(flow.target_ref)
        if source is None or target is None or source.container == target.container:
            continue  # an end in a choreography is another matter
        values = {"source": quoted(source), "target": quoted(target)}
        if enters_at_the_border(model, flow) or leaves_at_the_border(model, flow):
            message = _(
                "this sequence flow from %(source)s to %(target)s meets an event on the border of a sub-process: the "
                "standard allows it, and what tokens do there is not worked out here; end it at the sub-process itself"
            )
            yield Violation(flow.id, message % values, (source.id, target.id), Severity.WARNING)
            continue
        if model.process_of(source.id) != model.process_of(target.id):
            message = _(
                "this sequence flow leads from %(source)s to %(target)s in another process: "
                "what passes between pools is a message flow"
            )
        else:
            message = _(
                "this sequence flow leads from %(source)s to %(target)s across the border of a sub-process: "
                "end it at the sub-process itself"
            )
        yield Violation(flow.id, message % values, (source.id, target.id))


RULE = Rule(
    name="sequence-flow-border",
    severity=Severity.ERROR,
    why="A token cannot leave its process, nor enter a sub-process in the middle: nobody can say what follows.",
    whence="BPMN 2.0.2, 7.6.1 (sequence flow connection rules)",
    find=find,
)

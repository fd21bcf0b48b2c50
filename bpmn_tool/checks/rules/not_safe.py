"""``not-safe``: nothing holds a second token while the first is still there."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.soundness import soundness_of
from bpmn_tool.messages import _
from bpmn_tool.model.elements import SequenceFlow
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for trouble in soundness_of(model).unsafe:
        element = model.get(trouble.elements[0])
        if element is None:
            continue
        if isinstance(element, SequenceFlow):
            source, target = (model.flow_nodes[end] for end in (element.source_ref, element.target_ref))
            message = _(
                "a second token can come to the flow from %(source)s to %(target)s while the first is still there, so "
                "that what follows is done twice: join what runs side by side before it (conditions are not looked "
                "at: each decision may go any way)"
            )
            yield Violation(element.id, message % {"source": quoted(source), "target": quoted(target)}, trouble.path)
        else:
            message = _(
                "%(name)s can begin a second time while it is still under way: join what runs side by side before it "
                "(conditions are not looked at: each decision may go any way)"
            )
            yield Violation(element.id, message % {"name": quoted(element)}, trouble.path)


RULE = Rule(
    name="not-safe",
    severity=Severity.ERROR,
    why="Where two tokens come together a step is done twice for one case, and later joins take the wrong tokens.",
    whence="soundness of workflow nets (van der Aalst 1998; for BPMN rust_bpmn_analyzer, 'Safeness')",
    find=find,
    path=True,
)

"""``ad-hoc-sub-process``: it holds activities, and says neither where it begins nor where it ends."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.checks.steps import is_ad_hoc
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Event, EventKind, Gateway
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    model = checked.model
    for node in model.flow_nodes.values():
        inside = model.nodes_in(node.id) if is_ad_hoc(node) else ()
        values = {"around": quoted(node)}
        if inside and all(isinstance(each, Event | Gateway) for each in inside):
            message = _("nothing is done in the ad-hoc sub-process %(around)s: draw its activities")
            yield Violation(node.id, message % values)
        for each in inside:
            if not isinstance(each, Event):
                continue
            values |= {"name": quoted(each)}
            if each.kind in {EventKind.START, EventKind.END}:
                message = _(
                    "%(name)s is a start or end event in the ad-hoc sub-process %(around)s, which has neither: "
                    "take it out"
                )
                yield Violation(each.id, message % values, (node.id,))
            elif each.kind is EventKind.CATCH and not each.outgoing:
                message = _(
                    "no flow leads on from %(name)s in the ad-hoc sub-process %(around)s: "
                    "what it waits for has no effect"
                )
                yield Violation(each.id, message % values, (node.id,), Severity.WARNING)


RULE = Rule(
    name="ad-hoc-sub-process",
    severity=Severity.ERROR,
    why="In an ad-hoc sub-process people choose what to do next; a start or an end would say that it is laid down.",
    whence="bpmnlint; BPMN 2.0.2, 10.3.5 (ad-hoc sub-process) and 13.3.5",
    find=find,
)

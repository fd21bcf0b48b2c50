"""How sentences of several rules call kinds of events, and what stands around an event."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from bpmn_tool.checks.steps import is_event
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import EventKind, FlowNode, Model, SequenceFlow, SubProcess, TriggerKind

_TRIGGERS: Final[Mapping[TriggerKind, str]] = MappingProxyType(
    {
        TriggerKind.MESSAGE: N_("message"),
        TriggerKind.TIMER: N_("timer"),
        TriggerKind.SIGNAL: N_("signal"),
        TriggerKind.ERROR: N_("error"),
        TriggerKind.ESCALATION: N_("escalation"),
        TriggerKind.CONDITIONAL: N_("conditional"),
        TriggerKind.LINK: N_("link"),
        TriggerKind.COMPENSATE: N_("compensation"),
        TriggerKind.CANCEL: N_("cancel"),
        TriggerKind.TERMINATE: N_("terminate"),
    }
)


def trigger_words(kinds: Iterable[TriggerKind]) -> str:
    """'message, timer': in the order of :class:`TriggerKind`, each once."""
    wanted = set(kinds)
    return ", ".join(_(word) for kind, word in _TRIGGERS.items() if kind in wanted)


def event_sub_process(model: Model, container: str) -> SubProcess | None:
    """The event sub-process that this id means, if it is one."""
    found = model.flow_nodes.get(container)
    return found if isinstance(found, SubProcess) and found.triggered_by_event else None


def enters_at_the_border(model: Model, flow: SequenceFlow) -> bool:
    """Whether it leads to a start event that stands on the border of its sub-process, which the standard allows
    (BPMN 2.0.2, 10.5.2 and 13.3.4): the sub-process is then entered by that event.
    """
    source, target = model.flow_nodes.get(flow.source_ref), model.flow_nodes.get(flow.target_ref)
    return target is not None and is_event(target, EventKind.START) and _beside(model, source, target)


def leaves_at_the_border(model: Model, flow: SequenceFlow) -> bool:
    """Whether it leads from an end event that stands on the border of its sub-process (BPMN 2.0.2, 10.5.3)."""
    source, target = model.flow_nodes.get(flow.source_ref), model.flow_nodes.get(flow.target_ref)
    return source is not None and is_event(source, EventKind.END) and _beside(model, target, source)


def _beside(model: Model, outer: FlowNode | None, inner: FlowNode) -> bool:
    """Whether `outer` stands where the sub-process of `inner` stands, and that is none that an event begins."""
    around = model.flow_nodes.get(inner.container)
    if outer is None or not isinstance(around, SubProcess) or around.triggered_by_event:
        return False
    return around.container == outer.container

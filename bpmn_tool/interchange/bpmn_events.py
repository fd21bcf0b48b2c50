"""Event definitions and loop markers: the parts of a flow node that are no elements of their own."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.bpmn_ids import local_name, own_id, text_of
from bpmn_tool.interchange.bpmn_refs import References
from bpmn_tool.interchange.bpmn_tag import Tag
from bpmn_tool.messages import N_
from bpmn_tool.model.elements import (
    EventDefinition,
    LoopCharacteristics,
    MultiInstance,
    StandardLoop,
    TimerKind,
    TriggerKind,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_REFS: Mapping[TriggerKind, tuple[str, Collection[str], str]] = {
    TriggerKind.MESSAGE: ("messageRef", ("message",), N_("a message")),
    TriggerKind.SIGNAL: ("signalRef", ("signal",), N_("a signal")),
    TriggerKind.ERROR: ("errorRef", ("error",), N_("an error")),
    TriggerKind.ESCALATION: ("escalationRef", ("escalation",), N_("an escalation")),
    TriggerKind.COMPENSATE: ("activityRef", names.ACTIVITIES, N_("an activity")),
}


def event_definitions(tag: Tag, shared: "dict[str, tuple[_Element, References]]") -> tuple[EventDefinition, ...]:
    """Those inside the event, then those that it refers to; `shared` holds the ones under ``<definitions>``."""
    inline = [child for child in tag.element if local_name(child) in names.EVENT_DEFINITIONS]
    tag.read.update(inline)
    refs = tag.child_refs("eventDefinitionRef", names.EVENT_DEFINITIONS, N_("an event definition"))
    return (
        *(event_definition(child, tag.references) for child in inline),
        *(event_definition(*shared[ref]) for ref in refs if ref in shared),
    )


def event_definition(element: "_Element", references: References) -> EventDefinition:
    tag = Tag(element, references)
    kind = TriggerKind(local_name(element))
    attribute, kinds, says = _REFS.get(kind, ("", (), ""))
    timer = next((t for t in TimerKind if t.value in tag.kids), None)
    return EventDefinition(
        kind=kind,
        id=own_id(element),
        ref=tag.ref(attribute, kinds, says) if attribute else None,
        timer=timer,
        text=tag.child_text(timer.value if timer else "condition"),
        name=element.get("name") or "",
        wait_for_completion=tag.flag("waitForCompletion", default=True),
        operation_ref=next(iter(tag.child_refs("operationRef", ("operation",), N_("an operation"))), None),
        sources=tag.child_refs("source", ("linkEventDefinition",), N_("a link")),
        target=next(iter(tag.child_refs("target", ("linkEventDefinition",), N_("a link"))), None),
        **tag.rest(),
    )


def loop(tag: Tag) -> LoopCharacteristics | None:
    element = next((child for child in tag.element if local_name(child) in names.LOOPS), None)
    if element is None:
        return None
    tag.read.add(element)
    marker = Tag(element, tag.references)
    marker.taken.discard("name")  # it has none
    if local_name(element) == "standardLoopCharacteristics":
        return StandardLoop(
            id=own_id(element),
            condition=marker.child_text("loopCondition"),
            test_before=marker.flag("testBefore", default=False),
            maximum=marker.optional_number("loopMaximum"),
            **marker.rest(),
        )
    says = N_("an event definition")
    return MultiInstance(
        id=own_id(element),
        is_sequential=marker.flag("isSequential", default=False),
        cardinality=marker.child_text("loopCardinality"),
        completion_condition=marker.child_text("completionCondition"),
        data_input_ref=next(iter(marker.child_refs("loopDataInputRef")), None),
        data_output_ref=next(iter(marker.child_refs("loopDataOutputRef")), None),
        input_data_item=_item(marker, "inputDataItem"),
        output_data_item=_item(marker, "outputDataItem"),
        behavior=marker.text("behavior", "All"),
        one_behavior_event_ref=marker.ref("oneBehaviorEventRef", names.EVENT_DEFINITIONS, says),
        none_behavior_event_ref=marker.ref("noneBehaviorEventRef", names.EVENT_DEFINITIONS, says),
        complex_behaviors=tuple(
            "".join(text_of(each) for each in child if local_name(each) == "condition")
            for child in marker.children("complexBehaviorDefinition")
        ),
        **marker.rest(),
    )


def _item(marker: Tag, name: str) -> str:
    """The name of the variable that one instance reads or writes."""
    item = next(iter(marker.children(name)), None)
    return "" if item is None else (item.get("name") or own_id(item))

"""Event definitions and loop markers: the parts of a flow node that are no elements of their own."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.bpmn_ids import children, has_child, own_id, qualified
from bpmn_tool.interchange.bpmn_refs import References
from bpmn_tool.interchange.bpmn_tag import Tag
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
    TriggerKind.MESSAGE: ("messageRef", ("message",), "a message"),
    TriggerKind.SIGNAL: ("signalRef", ("signal",), "a signal"),
    TriggerKind.ERROR: ("errorRef", ("error",), "an error"),
    TriggerKind.ESCALATION: ("escalationRef", ("escalation",), "an escalation"),
    TriggerKind.COMPENSATE: ("activityRef", names.ACTIVITIES, "an activity"),
}


def event_definitions(tag: Tag, shared: "dict[str, tuple[_Element, References]]") -> tuple[EventDefinition, ...]:
    """Those inside the event, then those that it refers to; `shared` holds the ones under ``<definitions>``."""
    inline = [event_definition(child, tag.references) for child in children(tag.element, *names.EVENT_DEFINITIONS)]
    refs = tag.child_refs("eventDefinitionRef", names.EVENT_DEFINITIONS, "an event definition")
    return (*inline, *(event_definition(*shared[ref]) for ref in refs if ref in shared))


def event_definition(element: "_Element", references: References) -> EventDefinition:
    tag = Tag(element, references)
    kind = TriggerKind(qualified(element)[1])
    attribute, kinds, says = _REFS.get(kind, ("", (), ""))
    timer = next((t for t in TimerKind if has_child(element, t.value)), None)
    return EventDefinition(
        kind=kind,
        id=own_id(element),
        ref=tag.ref(attribute, kinds, says) if attribute else None,
        timer=timer,
        text=tag.child_text(timer.value if timer else "condition"),
        name=element.get("name") or "",
        wait_for_completion=tag.flag("waitForCompletion", default=True),
    )


def loop(tag: Tag) -> LoopCharacteristics | None:
    element = next(children(tag.element, *names.LOOPS), None)
    if element is None:
        return None
    marker = Tag(element, tag.references)
    if qualified(element)[1] == "standardLoopCharacteristics":
        return StandardLoop(
            condition=marker.child_text("loopCondition"),
            test_before=marker.flag("testBefore", default=False),
            maximum=marker.optional_number("loopMaximum"),
        )
    inputs = marker.child_refs("loopDataInputRef")
    item = next(children(element, "inputDataItem"), None)
    return MultiInstance(
        is_sequential=marker.flag("isSequential", default=False),
        cardinality=marker.child_text("loopCardinality"),
        completion_condition=marker.child_text("completionCondition"),
        data_input_ref=inputs[0] if inputs else None,
        input_data_item="" if item is None else (item.get("name") or own_id(item)),
        behavior=marker.text("behavior", "All"),
    )

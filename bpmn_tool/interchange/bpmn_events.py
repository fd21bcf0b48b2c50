"""Event definitions and loop markers: the parts of a flow node that are no elements of their own."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.bpmn_ids import children, has_child, own_id, qualified, texts
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
        operation_ref=tag.child_text("operationRef") or None,
        sources=tuple(texts(children(element, "source"))),
        target=tag.child_text("target") or None,
    )


def loop(tag: Tag) -> LoopCharacteristics | None:
    element = next(children(tag.element, *names.LOOPS), None)
    if element is None:
        return None
    marker = Tag(element, tag.references)
    if qualified(element)[1] == "standardLoopCharacteristics":
        return StandardLoop(
            id=own_id(element),
            condition=marker.child_text("loopCondition"),
            test_before=marker.flag("testBefore", default=False),
            maximum=marker.optional_number("loopMaximum"),
        )
    return MultiInstance(
        id=own_id(element),
        is_sequential=marker.flag("isSequential", default=False),
        cardinality=marker.child_text("loopCardinality"),
        completion_condition=marker.child_text("completionCondition"),
        data_input_ref=next(iter(marker.child_refs("loopDataInputRef")), None),
        data_output_ref=marker.child_text("loopDataOutputRef") or None,
        input_data_item=_item(element, "inputDataItem"),
        output_data_item=_item(element, "outputDataItem"),
        behavior=marker.text("behavior", "All"),
        one_behavior_event_ref=marker.text("oneBehaviorEventRef") or None,
        none_behavior_event_ref=marker.text("noneBehaviorEventRef") or None,
        complex_behaviors=tuple(
            Tag(child, tag.references).child_text("condition")
            for child in children(element, "complexBehaviorDefinition")
        ),
    )


def _item(element: "_Element", name: str) -> str:
    """The name of the variable that one instance reads or writes."""
    item = next(children(element, name), None)
    return "" if item is None else (item.get("name") or own_id(item))

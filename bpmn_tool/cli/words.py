"""What people call the kinds of elements and their attributes."""

import re
from typing import Final

from bpmn_tool.messages import N_, _

_ATTRIBUTES: Final = {
    "name": N_("name"),
    "kind": N_("kind"),
    "conditionExpression": N_("condition"),
    "default": N_("default flow"),
    "documentation": N_("documentation"),
    "container": N_("stands in"),
    "performers": N_("done by"),
    "dataInputs": N_("reads"),
    "dataOutputs": N_("writes"),
    "calledElement": N_("calls"),
    "attachedToRef": N_("attached to"),
    "cancelActivity": N_("interrupts"),
    "isInterrupting": N_("interrupts"),
    "extensionElements": N_("vendor's data"),
    "eventDefinitions": N_("trigger"),
    "loopCharacteristics": N_("loop marker"),
    "script": N_("script"),
    "text": N_("text"),
}
_KINDS: Final = {
    "task": N_("task"),
    "userTask": N_("user task"),
    "manualTask": N_("manual task"),
    "businessRuleTask": N_("business rule task"),
    "serviceTask": N_("service task"),
    "scriptTask": N_("script task"),
    "sendTask": N_("send task"),
    "receiveTask": N_("receive task"),
    "subProcess": N_("sub-process"),
    "transaction": N_("transaction"),
    "adHocSubProcess": N_("ad-hoc sub-process"),
    "callActivity": N_("call activity"),
    "exclusiveGateway": N_("exclusive gateway"),
    "inclusiveGateway": N_("inclusive gateway"),
    "parallelGateway": N_("parallel gateway"),
    "eventBasedGateway": N_("event-based gateway"),
    "complexGateway": N_("complex gateway"),
    "startEvent": N_("start event"),
    "endEvent": N_("end event"),
    "intermediateCatchEvent": N_("intermediate catch event"),
    "intermediateThrowEvent": N_("intermediate throw event"),
    "boundaryEvent": N_("boundary event"),
    "sequenceFlow": N_("sequence flow"),
    "messageFlow": N_("message flow"),
    "lane": N_("lane"),
    "process": N_("process"),
    "participant": N_("pool"),
    "dataObject": N_("data object"),
    "dataObjectReference": N_("data object reference"),
    "dataStore": N_("data store"),
    "dataStoreReference": N_("data store reference"),
    "textAnnotation": N_("text annotation"),
    "group": N_("group"),
    "message": N_("message"),
    "signal": N_("signal"),
    "error": N_("error"),
    "escalation": N_("escalation"),
    "messageEventDefinition": N_("message"),
    "timerEventDefinition": N_("timer"),
    "signalEventDefinition": N_("signal"),
    "errorEventDefinition": N_("error"),
    "escalationEventDefinition": N_("escalation"),
    "conditionalEventDefinition": N_("conditional"),
    "linkEventDefinition": N_("link"),
    "compensateEventDefinition": N_("compensate"),
    "cancelEventDefinition": N_("cancel"),
    "terminateEventDefinition": N_("terminate"),
    "standardLoopCharacteristics": N_("loop"),
    "multiInstanceLoopCharacteristics": N_("multi-instance"),
}
_SEEN: Final = frozenset(
    {
        "process",
        "participant",
        "lane",
        "sequenceFlow",
        "messageFlow",
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "textAnnotation",
        "group",
        "message",
        "signal",
        "error",
        "escalation",
    }
)
"""Kinds that people draw or name, besides flow nodes; of the rest there is a count."""
_NODE: Final = re.compile("(task|event|gateway|activity|process|transaction|choreography)$", re.IGNORECASE)


def is_seen(kind: str) -> bool:
    """Whether people draw or name elements of this kind."""
    return kind in _SEEN or _NODE.search(kind) is not None


def words_of(kind: str) -> str:
    """What people call a kind of element; of a rare one the standard's name.

    >>> words_of("exclusiveGateway"), words_of("ioSpecification")
    ('exclusive gateway', 'io specification')
    """
    if kind in _KINDS:
        return _(_KINDS[kind])
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower() if kind.isidentifier() else kind


def attribute_words(name: str) -> str:
    """What people call an attribute; a vendor's without its namespace."""
    if name in _ATTRIBUTES:
        return _(_ATTRIBUTES[name])
    first, _dot, rest = name.partition(".")
    if rest.startswith("{") or name.startswith("{"):
        return name.rpartition("}")[2]
    if first.endswith("EventDefinition") or first == "loopCharacteristics":
        return attribute_words(rest) if rest in _ATTRIBUTES else words_of(rest)
    return words_of(name)

"""What the XML schema of BPMN 2.0.2 lets stand in an element, by local name (BPMN20.xsd, Semantic.xsd).

The order of children, the least number of them and the types of values are left out: few modellers keep to the first,
and the reader asks for the others where something depends on them.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

#: a line: types (* only to be extended) < what they extend : what may stand in them (? at most one) @ attributes (=
#: the only values)
_TYPES: Final = """
definitions: import extension rootElement relationship
    @ id name targetNamespace expressionLanguage typeLanguage exporter exporterVersion
import: @ namespace location importType
extension: documentation @ definition mustUnderstand
documentation: @ id textFormat
extensionElements script text:
*baseElement: documentation extensionElements? @ id
*rootElement *artifact *loopCharacteristics auditing monitoring rendering < baseElement:
relationship < baseElement: source target @ type direction=None|Forward|Backward|Both
expression < baseElement: @ language evaluatesToTypeRef
formalExpression < expression:

*callableElement < rootElement: supportedInterfaceRef ioSpecification? ioBinding @ name
process < callableElement: auditing? monitoring? property laneSet flowElement artifact resourceRole supports
    correlationSubscription
    @ processType=None|Public|Private isClosed isExecutable definitionalCollaborationRef
laneSet < baseElement: lane @ name
lane < baseElement: partitionElement? flowNodeRef childLaneSet? @ name partitionElementRef
*flowElement < baseElement: auditing? monitoring? categoryValueRef @ name
*flowNode < flowElement: incoming outgoing
sequenceFlow < flowElement: conditionExpression? @ sourceRef targetRef isImmediate

*activity < flowNode: ioSpecification? property dataInputAssociation dataOutputAssociation resourceRole
    loopCharacteristics?
    @ isForCompensation startQuantity completionQuantity default
task < activity:
manualTask < task:
businessRuleTask < task: @ implementation
serviceTask < task: @ implementation operationRef
sendTask < task: @ implementation messageRef operationRef
receiveTask < task: @ implementation messageRef operationRef instantiate
scriptTask < task: script? @ scriptFormat
userTask < task: rendering @ implementation
callActivity < activity: @ calledElement
subProcess < activity: laneSet flowElement artifact @ triggeredByEvent
transaction < subProcess: @ method
adHocSubProcess < subProcess: completionCondition? @ cancelRemainingInstances ordering=Parallel|Sequential
standardLoopCharacteristics < loopCharacteristics: loopCondition? @ testBefore loopMaximum
multiInstanceLoopCharacteristics < loopCharacteristics: loopCardinality? loopDataInputRef? loopDataOutputRef?
    inputDataItem? outputDataItem? complexBehaviorDefinition completionCondition?
    @ isSequential behavior=None|One|All|Complex oneBehaviorEventRef noneBehaviorEventRef
complexBehaviorDefinition < baseElement: condition? event?

*gateway < flowNode: @ gatewayDirection=Unspecified|Converging|Diverging|Mixed
parallelGateway < gateway:
exclusiveGateway inclusiveGateway < gateway: @ default
complexGateway < gateway: activationCondition? @ default
eventBasedGateway < gateway: @ instantiate eventGatewayType=Exclusive|Parallel

*event < flowNode: property
*catchEvent < event: dataOutput dataOutputAssociation outputSet? eventDefinition eventDefinitionRef @ parallelMultiple
*throwEvent < event: dataInput dataInputAssociation inputSet? eventDefinition eventDefinitionRef
startEvent < catchEvent: @ isInterrupting
intermediateCatchEvent < catchEvent:
boundaryEvent < catchEvent: @ cancelActivity attachedToRef
endEvent intermediateThrowEvent implicitThrowEvent < throwEvent:
*eventDefinition < rootElement:
cancelEventDefinition terminateEventDefinition < eventDefinition:
compensateEventDefinition < eventDefinition: @ waitForCompletion activityRef
conditionalEventDefinition < eventDefinition: condition?
errorEventDefinition < eventDefinition: @ errorRef
escalationEventDefinition < eventDefinition: @ escalationRef
linkEventDefinition < eventDefinition: source target? @ name
messageEventDefinition < eventDefinition: operationRef? @ messageRef
signalEventDefinition < eventDefinition: @ signalRef
timerEventDefinition < eventDefinition: timeDate? timeDuration? timeCycle?

ioSpecification < baseElement: dataInput dataOutput inputSet outputSet
ioBinding < baseElement: @ operationRef inputDataRef outputDataRef
dataInput dataOutput < baseElement: dataState? @ name itemSubjectRef isCollection
property < baseElement: dataState? @ name itemSubjectRef
dataState < baseElement: @ name
inputSet < baseElement: dataInputRefs optionalInputRefs whileExecutingInputRefs outputSetRefs @ name
outputSet < baseElement: dataOutputRefs optionalOutputRefs whileExecutingOutputRefs inputSetRefs @ name
*dataAssociation < baseElement: sourceRef targetRef? transformation? assignment
dataInputAssociation dataOutputAssociation < dataAssociation:
assignment < baseElement: from? to?
dataObject < flowElement: dataState? @ itemSubjectRef isCollection
dataObjectReference < flowElement: dataState? @ itemSubjectRef dataObjectRef
dataStoreReference < flowElement: dataState? @ itemSubjectRef dataStoreRef
dataStore < rootElement: dataState? @ name capacity isUnlimited itemSubjectRef

resourceRole < baseElement: resourceRef? resourceParameterBinding resourceAssignmentExpression? @ name
performer < resourceRole:
humanPerformer < performer:
potentialOwner < humanPerformer:
resourceAssignmentExpression < baseElement: expression?
resourceParameterBinding < baseElement: expression? @ parameterRef
resource < rootElement: resourceParameter @ name
resourceParameter < baseElement: @ name type isRequired

textAnnotation < artifact: text? @ textFormat
association < artifact: @ sourceRef targetRef associationDirection=None|One|Both
group < artifact: @ categoryValueRef
category < rootElement: categoryValue @ name
categoryValue < baseElement: @ value

error < rootElement: @ name errorCode structureRef
escalation < rootElement: @ name escalationCode structureRef
signal < rootElement: @ name structureRef
message < rootElement: @ name itemRef
itemDefinition < rootElement: @ structureRef isCollection itemKind=Information|Physical
endPoint < rootElement:
interface < rootElement: operation @ name implementationRef
operation < baseElement: inMessageRef? outMessageRef? errorRef @ name implementationRef
partnerEntity partnerRole < rootElement: participantRef @ name
globalTask < callableElement: resourceRole
globalManualTask < globalTask:
globalBusinessRuleTask < globalTask: @ implementation
globalScriptTask < globalTask: script? @ scriptLanguage
globalUserTask < globalTask: rendering @ implementation

collaboration < rootElement: participant messageFlow artifact conversationNode conversationAssociation
    participantAssociation messageFlowAssociation correlationKey choreographyRef conversationLink
    @ name isClosed
globalConversation < collaboration:
choreography < collaboration: flowElement
globalChoreographyTask < choreography: @ initiatingParticipantRef
participant < baseElement: interfaceRef endPointRef participantMultiplicity? @ name processRef
participantMultiplicity < baseElement: @ minimum maximum
participantAssociation < baseElement: innerParticipantRef? outerParticipantRef?
messageFlow < baseElement: @ name sourceRef targetRef messageRef
messageFlowAssociation < baseElement: @ innerMessageFlowRef outerMessageFlowRef
*conversationNode < baseElement: participantRef messageFlowRef correlationKey @ name
conversation < conversationNode:
subConversation < conversationNode: conversationNode
callConversation < conversationNode: participantAssociation @ calledCollaborationRef
conversationLink < baseElement: @ name sourceRef targetRef
conversationAssociation < baseElement: @ innerConversationNodeRef outerConversationNodeRef
*choreographyActivity < flowNode: participantRef correlationKey
    @ initiatingParticipantRef loopType=None|Standard|MultiInstanceSequential|MultiInstanceParallel
choreographyTask < choreographyActivity: messageFlowRef
callChoreography < choreographyActivity: participantAssociation @ calledChoreographyRef
subChoreography < choreographyActivity: flowElement artifact
correlationKey < baseElement: correlationPropertyRef @ name
correlationProperty < rootElement: correlationPropertyRetrievalExpression @ name type
correlationPropertyRetrievalExpression < baseElement: messagePath? @ messageRef
correlationSubscription < baseElement: correlationPropertyBinding @ correlationKeyRef
correlationPropertyBinding < baseElement: dataPath? @ correlationPropertyRef
"""

#: elements that are of a type that is called otherwise
_OF_TYPE: Final = {
    **dict.fromkeys(("condition", "conditionExpression", "activationCondition", "completionCondition"), "expression"),
    **dict.fromkeys(("loopCondition", "loopCardinality", "timeDate", "timeDuration", "timeCycle"), "expression"),
    **dict.fromkeys(("from", "to", "transformation", "dataPath", "messagePath"), "expression"),
    "childLaneSet": "laneSet",
    "inputDataItem": "dataInput",
    "outputDataItem": "dataOutput",
    "event": "implicitThrowEvent",
}


class Shape(NamedTuple):
    """What may stand in an element: `children` by local name with the slot that they fill, a name of the schema;
    `single`: slots for one child; `attributes` with the values that they may have (none: any).
    """

    children: Mapping[str, str]
    single: frozenset[str]
    attributes: Mapping[str, tuple[str, ...]]


class _Type(NamedTuple):
    base: str
    only_extended: bool
    slots: tuple[str, ...]
    attributes: tuple[str, ...]


@cache
def shapes() -> Mapping[str, Shape]:
    """Every element that holds elements or attributes; what holds a reference alone is not there."""
    types = dict(_types())
    found = {name: _shape(types, name) for name, each in types.items() if not each.only_extended}
    return found | {name: found[type] for name, type in _OF_TYPE.items()}


@cache
def places() -> Mapping[str, tuple[str, ...]]:
    """Every element -> the elements that it may stand in, in the order of the table."""
    found: dict[str, list[str]] = {"definitions": []}
    for name, shape in shapes().items():
        for child in shape.children:
            found.setdefault(child, []).append(name)
    return {name: tuple(around) for name, around in found.items()}


def _types() -> Iterator[tuple[str, _Type]]:
    for line in re.sub(r"\n +", " ", _TYPES).split("\n"):
        head, _, content = line.partition(":")
        heads, _, base = head.partition(" <")
        slots, _, attributes = content.partition("@")
        for name in heads.split():
            only_extended = name.startswith("*")
            row = _Type(base.strip(), only_extended, tuple(slots.split()), tuple(attributes.split()))
            yield name.removeprefix("*"), row


def _shape(types: Mapping[str, _Type], name: str) -> Shape:
    bases = list(_bases(types, name))
    slots = [slot for each in bases for slot in types[each].slots]
    children = {child: slot.rstrip("?") for slot in slots for child in _fill(types, slot.rstrip("?"))}
    attributes = (row.partition("=") for each in bases for row in types[each].attributes)
    return Shape(
        children=children,
        single=frozenset(slot.rstrip("?") for slot in slots if slot.endswith("?")),
        attributes={name: tuple(values.split("|")) if values else () for name, _, values in attributes},
    )


def _bases(types: Mapping[str, _Type], name: str) -> Iterator[str]:
    """A type with all that it extends."""
    while name:
        yield name
        name = types[name].base


def _fill(types: Mapping[str, _Type], slot: str) -> Iterator[str]:
    """The elements that may stand in a slot: that of its name, and those of types that extend it."""
    if slot in _OF_TYPE or slot not in types:
        yield slot
        return
    yield from (name for name, each in types.items() if not each.only_extended and slot in _bases(types, name))

"""The namespaces of BPMN 2.0.2 (its XML schemas) and the families of local names that the reader and the DI share."""

from typing import Final

from bpmn_tool.model.elements import EventKind, GatewayKind, SubProcessKind, TaskKind, TriggerKind

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"

TASKS: Final = frozenset(kind.value for kind in TaskKind)
SUB_PROCESSES: Final = frozenset(kind.value for kind in SubProcessKind)
ACTIVITIES: Final = TASKS | SUB_PROCESSES | {"callActivity"}
GATEWAYS: Final = frozenset(kind.value for kind in GatewayKind)
EVENTS: Final = frozenset(kind.value for kind in EventKind)
FLOW_NODES: Final = ACTIVITIES | GATEWAYS | EVENTS
EVENT_DEFINITIONS: Final = frozenset(kind.value for kind in TriggerKind)
CHOREOGRAPHY: Final = frozenset({"choreographyTask", "subChoreography", "callChoreography"})
CONTAINERS: Final = SUB_PROCESSES | {"process", "choreography", "subChoreography", "globalChoreographyTask"}

DATA: Final = frozenset(
    {"dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "dataInput", "dataOutput"}
)
DATA_ASSOCIATIONS: Final = frozenset({"dataInputAssociation", "dataOutputAssociation"})
ARTIFACTS: Final = frozenset({"textAnnotation", "group", "association"})
RESOURCE_ROLES: Final = frozenset({"resourceRole", "performer", "humanPerformer", "potentialOwner"})
LOOPS: Final = frozenset({"standardLoopCharacteristics", "multiInstanceLoopCharacteristics"})

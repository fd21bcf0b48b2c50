"""Flow nodes: one builder a class of :mod:`bpmn_tool.model.elements`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.bpmn_events import event_definitions, loop
from bpmn_tool.interchange.bpmn_ids import local_name, text_of
from bpmn_tool.interchange.bpmn_refs import References
from bpmn_tool.interchange.bpmn_tag import Tag
from bpmn_tool.messages import N_, _
from bpmn_tool.model.elements import (
    CallActivity,
    Event,
    EventKind,
    FlowNode,
    Gateway,
    GatewayKind,
    RemarkKind,
    SequenceFlow,
    SubProcess,
    SubProcessKind,
    Task,
    TaskKind,
)

if TYPE_CHECKING:
    from lxml.etree import _Element


class Nodes:
    """Builds flow nodes.

    `flows` are the model's sequence flows, `shared` the event definitions under ``<definitions>``, `resources` the
    names of resources by id.
    """

    def __init__(
        self,
        flows: Mapping[str, SequenceFlow],
        shared: "dict[str, tuple[_Element, References]]",
        resources: Mapping[str, str],
    ) -> None:
        self.flows, self.shared, self.resources = flows, shared, resources
        self.leaving: dict[str, list[str]] = {}
        self.arriving: dict[str, list[str]] = {}
        for flow in flows.values():
            self.leaving.setdefault(flow.source_ref, []).append(flow.id)
            self.arriving.setdefault(flow.target_ref, []).append(flow.id)

    def build(self, tag: Tag, container: str) -> FlowNode:
        kind = local_name(tag.element)
        fields: dict[str, Any] = {"container": container}
        fields["incoming"] = self._ordered(tag, "incoming", self.arriving.get(tag.id, []))
        fields["outgoing"] = self._ordered(tag, "outgoing", self.leaving.get(tag.id, []))
        if kind in names.EVENTS:
            return self._event(tag, EventKind(kind), fields)
        if kind in names.GATEWAYS:
            return self._gateway(tag, GatewayKind(kind), fields)
        return self._activity(tag, kind, fields)

    def _ordered(self, tag: Tag, name: str, true: list[str]) -> tuple[str, ...]:
        """The flows that really arrive or leave (their own refs say so), in the order in which the node lists them."""
        listed = tag.child_refs(name, ("sequenceFlow",), N_("a sequence flow"))
        for flow in listed:
            if flow in self.flows and flow not in true:
                self._against(tag, name, flow)
        if len(true) < 2:
            return tuple(true)
        order = {flow: place for place, flow in enumerate(listed)}
        return tuple(sorted(true, key=lambda flow: order.get(flow, len(order))))

    def _against(self, tag: Tag, name: str, flow: str) -> None:
        tag.read.difference_update(tag.children(name))  # so that what the node says stays in its parts
        words = {
            "element": tag.references.describe(tag.element),
            "flow": flow,
            "what": name,
            "end": "targetRef" if name == "incoming" else "sourceRef",
        }
        message = _("%(element)s lists '%(flow)s' as %(what)s, against its %(end)s") % words
        tag.references.remark(tag.element, message)

    def _default(self, tag: Tag, fields: dict[str, Any]) -> str | None:
        """Where no flow that leaves the node is named, there is no default; the attribute then keeps what is written.

        It is an IDREF: the schema refuses one that leads nowhere.
        """
        named = (tag.element.get("default") or "").strip()
        if not named:
            return None
        if named not in tag.references.ids.kinds:
            return tag.required_ref_here("default", (), "", "")
        default = tag.ref("default", ("sequenceFlow",), N_("a sequence flow"))
        if default is None or default in fields["outgoing"]:
            return default
        tag.taken.discard("default")
        words = {"element": tag.references.describe(tag.element), "flow": default}
        message = _("default of %(element)s names '%(flow)s', which leaves another") % words
        tag.references.remark(tag.element, message, RemarkKind.DEFAULT)
        return None

    def _activity(self, tag: Tag, kind: str, fields: dict[str, Any]) -> FlowNode:
        fields |= {
            "default": self._default(tag, fields),
            "loop": loop(tag),
            "is_for_compensation": tag.flag("isForCompensation", default=False),
            "start_quantity": tag.number("startQuantity", 1),
            "completion_quantity": tag.number("completionQuantity", 1),
            "data_inputs": read_from(tag),
            "data_outputs": written_to(tag),
            "performers": tuple(self._performer(e, tag) for e in tag.element if local_name(e) in names.RESOURCE_ROLES),
        }
        if kind == "callActivity":
            return CallActivity(called_element=self._called(tag), **fields, **tag.common())
        if kind in names.SUB_PROCESSES:
            fields |= {
                "triggered_by_event": tag.flag("triggeredByEvent", default=False),
                "ordering": tag.text("ordering"),
                "completion_condition": tag.child_text("completionCondition"),
                "cancel_remaining_instances": tag.flag("cancelRemainingInstances", default=True),
                "method": tag.text("method"),
            }
            return SubProcess(kind=SubProcessKind(kind), **fields, **tag.common())
        fields |= {
            "script": tag.child_text("script"),
            "script_format": tag.text("scriptFormat"),
            "message_ref": tag.ref("messageRef", ("message",), N_("a message")),
            "operation_ref": tag.ref("operationRef", ("operation",), N_("an operation")),
            "instantiate": tag.flag("instantiate", default=False),
        }
        return Task(kind=TaskKind(kind), **fields, **tag.common())

    def _called(self, tag: Tag) -> str:
        """The id of what is called; never a dangling reference, since it may stand in a file that is not read."""
        value = tag.text("calledElement")
        local = value.rpartition(":")[2]
        return local if local in tag.references.ids.kinds else value

    def _performer(self, element: "_Element", tag: Tag) -> str:
        """The name of the resource, else the expression that assigns it, else the role's own name."""
        role = Tag(element, tag.references)
        for child in role.children("resourceRef"):
            if value := text_of(child):
                says = N_("a resource")
                identifier = tag.references.resolve(child, "resourceRef", value, ("resource",), says) or value
                return self.resources.get(identifier) or identifier
        expressions = filter(None, map(text_of, role.children("resourceAssignmentExpression")))
        return next(expressions, "") or element.get("name") or element.get("id") or ""

    def _gateway(self, tag: Tag, kind: GatewayKind, fields: dict[str, Any]) -> Gateway:
        fields |= {
            "default": self._default(tag, fields),
            "direction": tag.text("gatewayDirection", "Unspecified"),
            "instantiate": tag.flag("instantiate", default=False),
            "event_gateway_type": tag.text("eventGatewayType", "Exclusive"),
            "activation_condition": tag.child_text("activationCondition"),
        }
        return Gateway(kind=kind, **fields, **tag.common())

    def _event(self, tag: Tag, kind: EventKind, fields: dict[str, Any]) -> Event:
        fields |= {
            "definitions": event_definitions(tag, self.shared),
            "parallel_multiple": tag.flag("parallelMultiple", default=False),
            "data_inputs": read_from(tag),
            "data_outputs": written_to(tag),
        }
        if kind is EventKind.BOUNDARY:
            fields["attached_to_ref"] = self._host(tag)
            fields["cancel_activity"] = tag.flag("cancelActivity", default=True)
        elif kind is EventKind.START:
            fields["is_interrupting"] = tag.flag("isInterrupting", default=True)
        return Event(kind=kind, **fields, **tag.common())

    def _host(self, tag: Tag) -> str | None:
        """An activity or gateway; of a reference to anything else only the attribute is kept: no circles."""
        host = tag.required_ref("attachedToRef", names.ACTIVITIES, N_("an activity"))
        if tag.references.ids.kinds.get(host) in names.ACTIVITIES | names.GATEWAYS:
            return host
        tag.taken.discard("attachedToRef")
        return None


def read_from(tag: Tag) -> tuple[str, ...]:
    """The data that its ``<dataInputAssociation>`` elements bring in."""
    return _data(tag, "dataInputAssociation", "sourceRef")


def written_to(tag: Tag) -> tuple[str, ...]:
    return _data(tag, "dataOutputAssociation", "targetRef")


def _data(tag: Tag, association: str, end: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for element in tag.children(association):
        for child in element:
            if local_name(child) == end:
                identifier = tag.references.resolve(element, end, text_of(child))
                if identifier and tag.references.ids.kinds.get(identifier) in names.DATA:
                    found[identifier] = None
    return tuple(found)

from dataclasses import replace
from types import MappingProxyType

from bpmn_tool.comparison.asked import Part, after, asked_of, before, partners_in
from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.model.elements import Model
from bpmn_tool.register import Partner, Register, Role
from tests.interchange.bpmn_text import definitions

BODY = """<collaboration id="C"><participant id="shop" name="Shop" processRef="P"/>
  <participant id="bank" name="The bank"/>
  <messageFlow id="bill" sourceRef="pay" targetRef="bank"/></collaboration>
<process id="P"><laneSet id="LS"><lane id="desk" name="Desk">{refs}</lane></laneSet>
  <startEvent id="s"/><userTask id="check"/><exclusiveGateway id="g"/><exclusiveGateway id="h"/>
  <userTask id="pay"/><userTask id="store"><performer id="pf"><resourceAssignmentExpression id="ra"><formalExpression
  id="fe">Clerk</formalExpression></resourceAssignmentExpression></performer></userTask>
  <subProcess id="sub"><userTask id="inner"/></subProcess><endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="check"/><sequenceFlow id="f2" sourceRef="check" targetRef="g"/>
  <sequenceFlow id="f3" sourceRef="g" targetRef="h"/><sequenceFlow id="f4" sourceRef="g" targetRef="pay"/>
  <sequenceFlow id="f5" sourceRef="h" targetRef="store"/><sequenceFlow id="f6" sourceRef="h" targetRef="g"/>
  <sequenceFlow id="f7" sourceRef="store" targetRef="sub"/><sequenceFlow id="f8" sourceRef="sub" targetRef="e"/>
</process>"""
REFS = "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each in ("s", "check", "g", "h", "pay", "store", "sub", "e"))

REGISTER = Register(
    partners={
        "shop": Partner(id="shop", name={"en": "Shop"}),
        "depot": Partner(id="depot", name={"en": "Depot"}),
        "bank": Partner(id="bank", name={"en": "Bank"}, aliases=("The bank",)),
        "idle": Partner(id="idle", name={"en": "Idle"}),
    },
    roles={
        "desk": Role(id="desk", partner="shop", name={"en": "Desk"}),
        "clerk": Role(id="clerk", partner="depot", name={"en": "Clerk"}),
        "teller": Role(id="teller", partner="bank", name={"en": "Teller"}, codes=("R7",)),
    },
    codes={"R7": "teller"},
)


def drawn() -> Model:
    return read_bytes(definitions(BODY.replace("{refs}", REFS)).encode(), "x.bpmn")


def asked(partner: str, model: Model | None = None) -> list[tuple[str, Part]]:
    return [(each.id, each.part) for each in asked_of(model or drawn(), REGISTER, partner)]


def test_a_step_is_whoever_s_that_does_it_by_lane_or_performer():
    assert asked("shop") == [("check", Part.DOES), ("pay", Part.DOES), ("inner", Part.DOES)]
    assert asked("depot") == [("store", Part.DOES)]


def test_a_pool_without_a_process_receives_its_messages():
    assert asked("bank") == [("bill", Part.RECEIVES)]


def test_whoever_takes_part_or_answers_for_it_is_asked_too():
    model = drawn()
    node = model.flow_nodes["check"]
    both = replace(node, statement=replace(node.statement, participants=("R7",), accountable="clerk"))
    changed = replace(model, flow_nodes=MappingProxyType({**model.flow_nodes, "check": both}))
    assert asked("bank", changed)[0] == ("check", Part.TAKES_PART)
    assert asked("depot", changed)[0] == ("check", Part.ANSWERS_FOR)


def test_a_partner_of_whom_nothing_is_asked_is_not_among_them():
    assert partners_in(drawn(), REGISTER) == ("shop", "depot", "bank")


def test_neighbours_are_looked_for_past_gateways_and_loops_end():
    model = drawn()
    found = {each.node.id: (each.flows, each.gateways) for each in after(model, model.flow_nodes["check"])}
    assert found == {"pay": (("f2", "f4"), ("g",)), "store": (("f2", "f3", "f5"), ("g", "h"))}
    assert {each.node.id: each.flows for each in before(model, model.flow_nodes["store"])} == {
        "check": ("f2", "f3", "f5")
    }


def test_every_step_of_the_shipped_processes_is_somebody_s(root):
    from bpmn_tool.comparison.asked import is_step
    from bpmn_tool.interchange.bpmn_xml import read_model

    register = read_register(str(root / "processes" / "partners.toml"))
    for file in ("as_is/local_pcve.bpmn", "to_be/integrated_hub.bpmn"):
        model = read_model(root / "processes" / file)
        doing = {each.id for p in register.partners for each in asked_of(model, register, p) if each.part is Part.DOES}
        assert {node.id for node in model.flow_nodes.values() if is_step(model, node)} == doing

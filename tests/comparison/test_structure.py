"""What counts as a change, one edit at a time; and what does not."""

from dataclasses import replace

import pytest

from bpmn_tool.comparison.structure import diff
from tests.comparison.drawn import attributes, changes, edited, read


def test_the_same_is_no_difference():
    assert diff(read(), read()).is_empty


ATTRIBUTES = {
    "name": (('name="Check papers"', 'name="Check"'), "check", {"name": ("Check papers", "Check")}),
    "name where there was none": (('name="Pay"', ""), "pay", {"name": ("Pay", None)}),
    "documentation": (("Look twice.", "Look once."), "check", {"documentation": ("Look twice.", "Look once.")}),
    "condition": (("good &gt; 1", "good &gt; 2"), "yes", {"conditionExpression": ("good > 1", "good > 2")}),
    "default flow": (('default="no"', 'default="yes"'), "g", {"default": ("no", "yes")}),
    "no default flow": ((' default="no"', ""), "g", {"default": ("no", None)}),
    "timer": (("PT1H", "PT2H"), "late", {"timerEventDefinition.timeDuration": ("PT1H", "PT2H")}),
    "interrupting": (
        ('attachedToRef="check"', 'attachedToRef="check" cancelActivity="false"'),
        "late",
        {"cancelActivity": (True, False)},
    ),
    "host": (('attachedToRef="check"', 'attachedToRef="pay"'), "late", {"attachedToRef": ("check", "pay")}),
    "message": (('messageRef="m1"', 'messageRef="m2"'), "s", {"messageEventDefinition.messageRef": ("m1", "m2")}),
    "extension": (
        ('<v:field name="x"/>', '<v:field name="y"/>'),
        "check",
        {
            "extensionElements": (
                '<n0:form xmlns:n0="urn:vendor" key="a"><n0:field name="x"/></n0:form>',
                '<n0:form xmlns:n0="urn:vendor" key="a"><n0:field name="y"/></n0:form>',
            )
        },
    ),
    "vendor's attribute": (('id="pay"', 'id="pay" v:who="clerk"'), "pay", {"{urn:vendor}who": (None, "clerk")}),
    "script": (("a = 1", "a = 2"), "refuse", {"script": ("a = 1", "a = 2")}),
    "script format": (('"python"', '"feel"'), "refuse", {"scriptFormat": ("python", "feel")}),
    "error code": (('errorCode="E1"', 'errorCode="E2"'), "err", {"errorCode": ("E1", "E2")}),
    "executable": (('isExecutable="true"', 'isExecutable="false"'), "P", {"isExecutable": (True, False)}),
    "compensation": (
        ('id="pay"', 'id="pay" isForCompensation="true"'),
        "pay",
        {"isForCompensation": (False, True)},
    ),
    "quantity": (('id="pay"', 'id="pay" startQuantity="2"'), "pay", {"startQuantity": (1, 2)}),
    "gateway direction": (
        ('id="g"', 'id="g" gatewayDirection="Diverging"'),
        "g",
        {"gatewayDirection": ("Unspecified", "Diverging")},
    ),
    "pool": (('name="Bank"', 'name="The bank"'), "bank", {"name": ("Bank", "The bank")}),
    "lane": (('name="Cash"', 'name="Till"'), "cash", {"name": ("Cash", "Till")}),
    "an attribute without a field": (
        ('<userTask id="pay"', '<userTask id="pay" implementation="##WebService"'),
        "pay",
        {"implementation": (None, "##WebService")},
    ),
}


@pytest.mark.parametrize(("edit", "element", "expected"), ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_one_attribute_is_one_change(edit, element, expected):
    assert attributes(edit) == {element: expected}


def test_another_kind_of_task_is_a_change_of_kind():
    edits = [('<userTask id="pay" name="Pay"/>', '<serviceTask id="pay" name="Pay"/>')]
    assert attributes(*edits) == {"pay": {"kind": ("userTask", "serviceTask")}}


def test_another_kind_of_node_drops_only_what_it_had():
    script = '<scriptTask id="refuse" name="Refuse" scriptFormat="python"><script>a = 1</script></scriptTask>'
    assert attributes((script, '<callActivity id="refuse" name="Refuse" calledElement="P"/>')) == {
        "refuse": {
            "kind": ("scriptTask", "callActivity"),
            "script": ("a = 1", None),
            "scriptFormat": ("python", None),
            "calledElement": (None, "P"),
        }
    }


def test_a_condition_comes_and_goes():
    found = attributes(
        (
            'targetRef="refuse"/>\n  <sequenceFlow id="f5"',
            'targetRef="refuse"><conditionExpression/></sequenceFlow>\n  <sequenceFlow id="f5"',
        )
    )
    assert found == {"no": {"conditionExpression": (None, "")}}


def test_another_trigger():
    found = attributes(
        ('<messageEventDefinition id="md" messageRef="m1"/>', '<signalEventDefinition id="md" signalRef="sig"/>')
    )
    assert found["s"] == {
        "eventDefinitions": (("messageEventDefinition",), ("signalEventDefinition",)),
        "messageEventDefinition.messageRef": ("m1", None),
        "signalEventDefinition.signalRef": (None, "sig"),
    }


def test_another_way_to_say_when():
    found = attributes(("<timeDuration", "<timeCycle"), ("</timeDuration", "</timeCycle"), ("PT1H", "R/PT1H"))
    assert found["late"] == {
        "timerEventDefinition.timeDuration": ("PT1H", None),
        "timerEventDefinition.timeCycle": (None, "R/PT1H"),
    }


def test_two_definitions_of_a_kind_are_compared_as_a_list_without_order():
    one = '<messageEventDefinition id="md" messageRef="m1"/>'
    two = one + '<messageEventDefinition id="me" messageRef="m2"/>'
    turned = '<messageEventDefinition id="me" messageRef="m2"/>' + one
    assert diff(read(edited((one, two))), read(edited((one, turned)))).is_empty
    (changed,) = changes((one, two)).changed
    assert changed.id == "s"
    assert "eventDefinitions" in changed.attributes


def test_a_loop_marker():
    task = '<userTask id="pay" name="Pay"/>'
    marked = '<userTask id="pay" name="Pay"><multiInstanceLoopCharacteristics isSequential="true">'
    marked += "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    assert attributes((task, marked)) == {
        "pay": {
            "loopCharacteristics": (None, "multiInstanceLoopCharacteristics"),
            "loopCharacteristics.isSequential": (None, True),
            "loopCharacteristics.loopCardinality": (None, "3"),
        }
    }
    three, four = read(edited((task, marked))), read(edited((task, marked.replace(">3<", ">4<"))))
    (changed,) = diff(three, four).changed
    assert changed.attributes == {"loopCharacteristics.loopCardinality": ("3", "4")}


def test_data_that_a_step_reads():
    task = '<userTask id="pay" name="Pay"/>'
    reads = '<userTask id="pay" name="Pay"><dataInputAssociation id="dia"><sourceRef>form</sourceRef>'
    reads += "</dataInputAssociation></userTask>"
    found = changes((task, reads))
    assert {each.id: dict(each.attributes) for each in found.changed} == {"pay": {"dataInputs": (None, ("form",))}}
    assert [each.id for each in found.added] == ["dia"]


def test_performers_are_a_role_too():
    task = '<userTask id="pay" name="Pay"/>'
    done = '<userTask id="pay" name="Pay"><potentialOwner name="Cashier"/></userTask>'
    found = changes((task, done))
    assert [dict(each.attributes) for each in found.changed] == [{"performers": (None, ("Cashier",))}]
    assert [(each.id, each.old_role, each.new_role) for each in found.reassigned] == [("pay", "Cash", "Cashier")]


def test_a_flow_that_leads_elsewhere_is_reconnected():
    found = changes(
        (
            '<sequenceFlow id="f7" sourceRef="late" targetRef="refuse"/>',
            '<sequenceFlow id="f7" sourceRef="late" targetRef="e"/>',
        )
    )
    (flow,) = found.reconnected
    assert (flow.id, dict(flow.attributes)) == ("f7", {"targetRef": ("refuse", "e")})
    assert found.changed == (flow,)


def test_what_came_and_what_went():
    flow = '<sequenceFlow id="f5" sourceRef="pay" targetRef="e"/>'
    between = '<sequenceFlow id="f5" sourceRef="pay" targetRef="tell"/><task id="tell" name="Tell"/>'
    between += '<sequenceFlow id="f8" sourceRef="tell" targetRef="e"/>'
    found = changes((flow, between))
    assert [(each.id, each.kind, each.name) for each in found.added] == [
        ("tell", "task", "Tell"),
        ("f8", "sequenceFlow", ""),
    ]
    assert [each.id for each in found.reconnected] == ["f5"]
    back = diff(read(edited((flow, between))), read())
    assert back.removed == found.added
    assert back.changed[0].attributes == {"targetRef": ("tell", "e")}


def test_a_step_that_moves_into_a_sub_process():
    task = '<userTask id="pay" name="Pay"/>'
    inside = f'<subProcess id="sub" name="Money">{task}</subProcess>'
    found = changes((task, inside))
    assert {each.id: dict(each.attributes) for each in found.changed} == {"pay": {"container": ("P", "sub")}}


# -- what is no change

_DONE = '<endEvent id="e" name="Done"/>'
SAME = {
    "order of elements": (
        '<message id="m1" name="Order"/><message id="m2" name="Bill"/>',
        '<message id="m2" name="Bill"/><message id="m1" name="Order"/>',
    ),
    "white space in a name": ('name="Check papers"', 'name="Check&#10;  papers"'),
    "line breaks in documentation": ("Look twice.", "\n  Look\n  twice.\n"),
    "another prefix and order in vendor's data": (
        '<v:form key="a"><v:field name="x"/></v:form>',
        '<w:form xmlns:w="urn:vendor" key="a">\n  <w:field  name="x"></w:field>\n</w:form>',
    ),
    "ids of shapes": ('id="D3"', 'id="D33"'),
    "ids of event definitions": ('id="td"', 'id="tdd"'),
    "incoming and outgoing": (_DONE, '<endEvent id="e" name="Done"><incoming>f6</incoming></endEvent>'),
    "a comment": ('<message id="m1"', '<!-- saved again --><message id="m1"'),
    "a default that is written out": (
        '<userTask id="pay"',
        '<userTask id="pay" implementation="##unspecified" isForCompensation="false"',
    ),
    "an expression's id": ("<timeDuration ", '<timeDuration id="x" '),
}


@pytest.mark.parametrize("edit", SAME.values(), ids=SAME)
def test_no_change(edit):
    assert changes(edit).is_empty


# -- the drawing


@pytest.mark.parametrize(
    ("edit", "moved"),
    [
        (('x="10" y="20"', 'x="11" y="20"'), "check"),
        (('<dc:Bounds x="1" y="1"', '<dc:Bounds x="2" y="1"'), "pay"),
        (('<di:waypoint x="10" y="0"/>', '<di:waypoint x="10" y="5"/>'), "f1"),
    ],
)
def test_moved_apart(edit, moved):
    found = changes(edit)
    assert [each.id for each in found.moved] == [moved]
    assert found.same_meaning


def test_a_number_written_otherwise_is_the_same_place():
    assert changes(('x="10" y="20"', 'x="10.0" y="20"')).is_empty


# -- ids


def test_a_reference_to_a_renumbered_element_is_no_change():
    ids = [(f'"{old}"', f'"{old}_2"') for old in ("check", "g", "m1", "late", "do1", "P", "C", "cash")]
    ids += [('id="no"', 'id="no_2"'), ('default="no"', 'default="no_2"')]
    texts = [(f">{old}<", f">{old}_2<") for old in ("check", "g", "late")]
    found = changes(*ids, *texts)
    assert sorted(found.renumbered) == sorted(
        (id, f"{id}_2") for id in ("check", "g", "no", "m1", "late", "do1", "P", "C", "cash")
    )
    assert replace(found, renumbered=()).is_empty


def test_a_reference_that_leads_nowhere_any_more_is_a_change_both_ways():
    old = read()
    flow = replace(old.message_flows["mf"], target_ref="bank")
    pools = {id: each for id, each in old.participants.items() if id != "bank"}
    pools["other"] = replace(old.participants["bank"], id="other")
    new = replace(old, participants=pools, message_flows={"mf": flow})
    assert [each.id for each in diff(old, new).reconnected] == ["mf"]
    assert [each.id for each in diff(new, old).reconnected] == ["mf"]


def test_vendors_data_may_name_a_renumbered_element():
    vendor = '<v:form key="a">'
    old = read(edited((vendor, '<v:form key="pay">')))
    new = read(edited((vendor, '<v:form key="pay_2">'), ('"pay"', '"pay_2"'), (">pay<", ">pay_2<")))
    found = diff(old, new)
    assert found.renumbered == (("pay", "pay_2"),)
    assert not found.changed


def test_vendors_text_that_is_an_id_by_chance_is_compared_as_written():
    vendor = '<v:form key="a">'
    old = read(edited((vendor, '<v:form key="pay">')))
    new = read(edited((vendor, '<v:form key="pay">'), ('"pay"', '"pay_2"'), (">pay<", ">pay_2<")))
    assert not diff(old, new).changed


def test_one_id_for_two_things_is_one_gone_and_one_new():
    body = '<process id="P"><task id="x" name="Do"/></process>'
    other = '<message id="x" name="Do"/><process id="P"/>'
    found = diff(read(body), read(other))
    assert [(each.id, each.kind) for each in found.removed] == [("x", "task")]
    assert [(each.id, each.kind) for each in found.added] == [("x", "message")]
    assert not found.renumbered

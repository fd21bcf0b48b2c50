"""Who does a step, and between whom work passes, before and after."""

from dataclasses import replace

from bpmn_tool.comparison.structure import diff
from bpmn_tool.register import Partner, Register, Role
from tests.comparison.drawn import changes, edited, read

REGISTER = Register(
    partners={"city": Partner(id="city", name={"en": "City"}), "bank": Partner(id="bank", name={"en": "Bank"})},
    roles={
        "clerk": Role(id="clerk", partner="city", name={"en": "Clerk"}, aliases=("Desk", "Counter")),
        "cashier": Role(id="cashier", partner="city", name={"en": "Cashier"}, aliases=("Cash",)),
    },
)
MOVE = (
    ("<flowNodeRef>refuse</flowNodeRef>", ""),
    ("<flowNodeRef>s</flowNodeRef>", "<flowNodeRef>s</flowNodeRef><flowNodeRef>refuse</flowNodeRef>"),
)


def test_a_step_in_another_lane_has_another_role():
    found = changes(*MOVE)
    assert [(each.id, each.old_role, each.new_role) for each in found.reassigned] == [("refuse", "Cash", "Desk")]
    assert not found.changed


def test_the_register_says_what_a_lane_is():
    found = changes(*MOVE, register=REGISTER)
    assert [(each.old_role, each.new_role) for each in found.reassigned] == [("cashier", "clerk")]


def test_a_lane_of_another_name_is_the_same_role_without_a_register():
    assert not changes(('name="Cash"', 'name="Till"')).reassigned


def test_a_lane_of_another_name_is_the_same_role_by_an_alias():
    assert not changes(('name="Desk"', 'name="Counter"'), register=REGISTER).reassigned


def test_a_lane_whose_name_leaves_the_register_is_another_role():
    found = changes(('name="Cash"', 'name="Till"'), register=REGISTER)
    assert [(each.id, each.old_role, each.new_role) for each in found.reassigned] == [
        ("pay", "cashier", "Till"),
        ("refuse", "cashier", "Till"),
    ]


def test_lanes_drawn_anew_under_other_ids_are_the_same_role():
    found = changes(('id="cash"', 'id="cash2"'), ('id="desk"', 'id="desk2"'))
    assert not found.reassigned
    assert not found.handoffs_added


def test_a_lane_without_a_name_is_its_pool():
    body = """<collaboration id="C"><participant id="p" name="Shop" processRef="P"/></collaboration><process id="P">
    {lanes}<task id="t" name="Do"/></process>"""
    lanes = '<laneSet id="LS"><lane id="l"><flowNodeRef>t</flowNodeRef></lane></laneSet>'
    assert not diff(read(body.format(lanes="")), read(body.format(lanes=lanes))).reassigned


def test_a_step_that_moves_brings_handoffs_and_takes_some():
    found = changes(*MOVE, register=REGISTER)
    assert [each.id for each in found.handoffs_removed] == ["no", "f6", "f7"]
    assert not found.handoffs_added
    (first, *_) = found.handoffs_removed
    assert (first.giver.role, first.taker.role, first.giver.partner) == ("clerk", "cashier", "city")


def test_a_new_message_flow_is_a_new_handoff():
    flow = '<messageFlow id="mf"'
    found = changes((flow, '<messageFlow id="m9" name="order" sourceRef="refuse" targetRef="bank"/>' + flow))
    (crossing,) = found.handoffs_added
    assert (crossing.id, crossing.giver.name, crossing.taker.name) == ("m9", "Cash", "Bank")
    assert (crossing.giver.partner, crossing.taker.partner) == ("Shop", "Bank")


def test_a_handoff_to_somebody_else_is_one_less_and_one_more():
    flow = '<sequenceFlow id="f2" sourceRef="check" targetRef="g"/>'
    third = edited(
        ("<flowNodeRef>check</flowNodeRef>", ""),
        ("</laneSet>", '<lane id="third" name="Third"><flowNodeRef>check</flowNodeRef></lane></laneSet>'),
    )
    fourth = third.replace("<flowNodeRef>check</flowNodeRef>", "").replace(
        "<flowNodeRef>pay</flowNodeRef>", "<flowNodeRef>pay</flowNodeRef><flowNodeRef>check</flowNodeRef>"
    )
    assert flow in third
    found = diff(read(third), read(fourth))
    assert [(each.id, each.giver.name) for each in found.handoffs_removed if each.id == "f2"] == [("f2", "Third")]
    assert [(each.id, each.giver.name) for each in found.handoffs_added if each.id == "f2"] == [("f2", "Cash")]


def test_a_loose_end_is_no_handoff():
    old = read()
    flow = replace(old.sequence_flows["f6"], target_ref="nobody")
    found = diff(old, replace(old, sequence_flows={**old.sequence_flows, "f6": flow}))
    assert [each.id for each in found.handoffs_removed] == ["f6"]
    assert not found.handoffs_added

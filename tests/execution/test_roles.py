"""Who holds a step."""

from dataclasses import replace

from bpmn_tool.execution.roles import roles_of
from bpmn_tool.register import Register
from bpmn_tool.register.partners import Role
from tests.execution.drawing import draw, end, start, user

POLICE = Role(id="police_io", partner="police", name={"en": "Information officer"}, aliases=("Infoambtenaar",))
REGISTER = Register(roles={"police_io": POLICE})


def test_the_role_of_a_step_is_that_of_its_lane() -> None:
    model = draw([start("s"), user("a"), end("e")], "s > a > e", lanes={"a": "infoambtenaar"})
    assert roles_of(model, REGISTER) == {"a": ("police_io",)}


def test_a_lane_that_the_register_lacks_goes_by_its_name() -> None:
    model = draw([user("a")], lanes={"a": "Préfet de police"})
    assert roles_of(model, REGISTER)["a"] == ("prefet_de_police",)
    assert roles_of(model, None)["a"] == ("prefet_de_police",)


def test_a_pool_without_lanes_is_one_lane() -> None:
    assert roles_of(draw([user("a")]), None)["a"] == ("pool_p",)


def test_performers_hold_a_step_before_its_lane() -> None:
    model = draw([user("a", performers=("Infoambtenaar", "Mayor"))], lanes={"a": "Officer"})
    assert roles_of(model, REGISTER)["a"] == ("police_io", "mayor", "officer")


def test_the_lane_comes_first_where_it_is_among_the_performers() -> None:
    model = draw([user("a", performers=("Mayor", "Officer"))], lanes={"a": "Officer"})
    assert roles_of(model, REGISTER)["a"] == ("officer", "mayor")


def test_a_node_outside_of_the_lanes_of_its_pool_has_nobody() -> None:
    model = draw([user("a"), user("b")], lanes={"a": "Officer"})
    assert "b" not in roles_of(replace(model), None)

"""How much of a model has a role that states what it must."""

import pytest

from bpmn_tool.register import Register, Role
from bpmn_tool.results.facts import Facts
from bpmn_tool.simulation.coverage import role_coverage

ROLES = {
    "officer": Role(id="officer", partner="city", name={"en": "Officer"}, mandate="by law", secrecy="professional"),
    "clerk": Role(id="clerk", partner="city", name={"en": "Clerk"}, mandate="by law"),
    "guest": Role(id="guest", partner="city", name={"en": "Guest"}, mandate="none", secrecy="none"),
    "host": Role(id="host", partner="city", name={"en": "Host"}, mandate="x", secrecy="x", undefined=True),
}
REGISTER = Register(roles=ROLES)


def facts(**seats):
    return Facts(seats=seats, kinds=dict.fromkeys(seats, "userTask"))


@pytest.mark.parametrize(
    ("role", "fields", "covered"),
    [
        ("officer", ["mandate", "secrecy"], 1.0),
        ("clerk", ["mandate"], 1.0),
        ("clerk", ["mandate", "secrecy"], 0.0),
        ("guest", ["mandate"], 0.0),
        ("host", ["mandate"], 0.0),
        ("nobody", ["role"], 0.0),
        ("clerk", ["role"], 1.0),
    ],
)
def test_a_step_counts_when_its_role_states_all(role, fields, covered):
    assert role_coverage(facts(step=(role,)), REGISTER, fields) == covered


def test_every_seat_counts_and_machines_do_not():
    share = role_coverage(facts(table=("officer", "clerk"), desk=("officer",), machine=()), REGISTER, ["secrecy"])
    assert share == 0.5


def test_no_steps_no_share():
    assert role_coverage(facts(machine=()), REGISTER, ["role"]) is None


def test_without_a_register_nothing_is_stated():
    assert role_coverage(facts(desk=("officer",)), None, ["role"]) == 0.0

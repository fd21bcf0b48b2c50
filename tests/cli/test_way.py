"""A path as a reader follows it."""

import pytest

from bpmn_tool.cli.way import LONGEST, way
from bpmn_tool.interchange.bpmn_xml import read_bytes

NODES = """<startEvent id="s" name="Asked" /><exclusiveGateway id="x" /><task id="a" name="Phone" /><task id="b" />
  <sequenceFlow id="f" sourceRef="s" targetRef="x" />
  <sequenceFlow id="yes" name="urgent" sourceRef="x" targetRef="a" />
  <sequenceFlow id="no" sourceRef="x" targetRef="b" />"""
MODEL = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">
<process id="p">{NODES}</process></definitions>"""


@pytest.fixture
def model():
    return read_bytes(MODEL.encode(), "m.bpmn")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (("s", "x"), "'Asked' → exclusive gateway x"),
        (("x", "yes", "a"), "exclusive gateway x (urgent) → 'Phone'"),
        (("x", "no", "b"), "exclusive gateway x → task b"),
        (("x", "no", "s"), "exclusive gateway x (to task b) → 'Asked'"),
        (("x", "no"), "exclusive gateway x (to task b)"),
        (("s", "gone", "a"), "'Asked' → 'Phone'"),
    ],
)
def test_steps_are_called_by_name_and_choices_by_where_they_lead(model, path, said):
    assert way(model, path) == said


def test_the_middle_of_a_long_path_is_counted(model):
    said = way(model, ["s", *["a"] * 40, "b"]).split(" → ")
    assert (said[0], said[4], said[-1], len(said)) == ("'Asked'", f"… {42 - LONGEST} more …", "task b", LONGEST + 1)

"""The same element under another id is found where nothing else could be meant, and never guessed."""

from collections import Counter

import pytest

from bpmn_tool.comparison import pairing
from bpmn_tool.comparison.pairing import pair
from bpmn_tool.model.elements import Model
from tests.comparison.drawn import read


def chain(*names: str, prefix: str = "", extra: str = "") -> str:
    """Tasks in a row; "" has no name."""
    named = [f' name="{name}"' if name else "" for name in names]
    tasks = "".join(f'<task id="{prefix}t{n}"{name}/>' for n, name in enumerate(named))
    flows = "".join(
        f'<sequenceFlow id="{prefix}f{n}" sourceRef="{prefix}t{n - 1}" targetRef="{prefix}t{n}"/>'
        for n in range(1, len(names))
    )
    return f'<process id="P">{tasks}{flows}{extra}</process>'


def pairs(old: str, new: str) -> dict[str, str]:
    found = pair(read(old), read(new))
    back = pair(read(new), read(old))
    assert {(b, a) for a, b in found.renumbered} == set(back.renumbered)  # the same from the other side
    return dict(found.renumbered)


def test_the_same_id_is_the_same_element_whatever_it_is_called():
    assert pairs(chain("a", "b"), chain("b", "a")) == {}


def test_by_name_and_kind():
    assert pairs(chain("a", "b"), chain("a", "b", prefix="x")) == {"t0": "xt0", "t1": "xt1", "f1": "xf1"}


def test_a_name_counts_without_case_white_space_and_punctuation():
    assert pairs(chain("Check: papers", "b"), chain("check&#10;papers?", "b", prefix="x"))["t0"] == "xt0"


def test_another_kind_is_another_element():
    other = '<process id="P"><userTask id="x" name="a"/></process>'
    assert pairs(chain("a"), other) == {}


def test_twins_by_their_neighbours():
    found = pairs(chain("a", "same", "b", "same", "c"), chain("a", "same", "b", "same", "c", prefix="x"))
    assert (found["t1"], found["t3"]) == ("xt1", "xt3")


def test_without_a_name_by_the_neighbours():
    found = pairs(chain("a", "", "b"), chain("a", "", "b", prefix="x"))
    assert found["t1"] == "xt1"


def test_without_any_name_by_all_that_is_around():
    assert len(pairs(chain(*[""] * 9), chain(*[""] * 9, prefix="x"))) == 17


def test_what_could_be_meant_twice_stays_unpaired():
    twins = '<task id="{0}u"/><task id="{0}v"/><sequenceFlow id="{0}g" sourceRef="{0}t0" targetRef="{0}u"/>'
    twins += '<sequenceFlow id="{0}h" sourceRef="{0}t0" targetRef="{0}v"/>'
    found = pairs(chain("a", "b", extra=twins.format("")), chain("a", "b", prefix="x", extra=twins.format("x")))
    assert found == {"t0": "xt0", "t1": "xt1", "f1": "xf1"}


def test_a_twin_that_came_is_not_the_one_that_went():
    """Both are called so, but nothing around them is the same."""
    old = chain("a", "same", "b") + '<process id="Q"><task id="q" name="c"/></process>'
    new = '<process id="P"><task id="t0" name="a"/><task id="t2" name="b"/></process>'
    new += '<process id="Q"><task id="q" name="c"/><task id="z" name="same"/></process>'
    assert pairs(old, new) == {}


def test_a_step_of_that_name_elsewhere_is_not_the_one_that_went():
    """Its neighbours are known, and are others."""
    old = chain("a", "same", "b", "c", "d")
    new = (
        '<process id="P"><task id="t0" name="a"/><task id="t2" name="b"/><task id="t3" name="c"/>'
        '<task id="z" name="same"/><task id="t4" name="d"/><sequenceFlow id="n1" sourceRef="t0" targetRef="t2"/>'
        '<sequenceFlow id="f3" sourceRef="t2" targetRef="t3"/><sequenceFlow id="n2" sourceRef="t3" targetRef="z"/>'
        '<sequenceFlow id="n3" sourceRef="z" targetRef="t4"/></process>'
    )
    assert pairs(old, new) == {}


def test_steps_in_another_order_are_the_same_steps_where_nothing_else_is_called_so():
    assert pairs(chain("a", "b", "c"), chain("a", "c", "b", prefix="x")) == {"t0": "xt0", "t1": "xt2", "t2": "xt1"}


def test_neighbours_that_nobody_knows_have_to_look_alike():
    """The new one has what one of the old has, and more; the other old one has what is more."""
    old = chain(
        "a", "", extra='<task id="b" name="b"/><task id="u"/><sequenceFlow id="g" sourceRef="b" targetRef="u"/>'
    )
    new = '<process id="P"><task id="t0" name="a"/><task id="z" name="z"/><task id="y"/>'
    new += '<sequenceFlow id="h" sourceRef="t0" targetRef="y"/>'
    new += '<sequenceFlow id="i" sourceRef="z" targetRef="y"/></process>'
    assert pairs(old, new) == {}


def test_a_flow_is_nothing_without_its_ends():
    tasks = '<process id="P"><task id="a"/><task id="b"/>'
    old = tasks + '<sequenceFlow id="f" name="x" sourceRef="a" targetRef="b"/></process>'
    new = tasks + '<sequenceFlow id="g" name="x" sourceRef="b" targetRef="a"/></process>'
    assert pairs(old, new) == {}
    assert pairs(old, old.replace('id="f"', 'id="g"')) == {"f": "g"}


def test_pools_lanes_processes_and_messages():
    text = (
        '<message id="m" name="Order"/><collaboration id="C">'
        '<participant id="p" name="Shop" processRef="P"/></collaboration>'
        '<process id="P"><laneSet id="LS"><lane id="l"><flowNodeRef>t</flowNodeRef></lane></laneSet>'
        '<task id="t"/></process>'
    )
    ids = ("P", "p", "l", "t", "m", "C", "LS")
    new = text
    for id in ids:
        new = new.replace(f'"{id}"', f'"{id}2"').replace(f">{id}<", f">{id}2<")
    assert pairs(text, new) == {id: f"{id}2" for id in ids}


def test_an_element_without_an_id_needs_no_number():
    old = '<process id="P"><task id="a" name="A"/><task id="b" name="B"/>'
    old += '<sequenceFlow sourceRef="a" targetRef="b"/></process>'
    new = old.replace('"a"', '"a2"').replace('"b"', '"b2"')
    assert pairs(old, new) == {"a": "a2", "b": "b2"}


def test_nothing_to_pair():
    assert pair(Model(), read(chain("a"))).new_of == {}


@pytest.mark.parametrize("name", ["step {}", "", "same"])
def test_work_is_linear(name, monkeypatch):
    """Ten times as many steps take ten times as many looks at two elements, whatever they are called."""
    looks = Counter[int]()
    vote = pairing._Search._vote

    def counted(self, *rest):
        looks[len(self.old.graph.elements)] += 1
        return vote(self, *rest)

    monkeypatch.setattr(pairing._Search, "_vote", counted)
    for n in (100, 1000):
        names = [name.format(i) for i in range(n)]
        assert len(pair(read(chain(*names)), read(chain(*names, prefix="x"))).renumbered) == 2 * n - 1
    few, many = sorted(looks.values())
    assert many < 11 * few


def test_what_cannot_be_told_apart_takes_no_time():
    """A thousand steps alike behind one gateway: nobody looks at a million pairs."""
    tasks = "".join(f'<task id="u{n}"/><sequenceFlow id="g{n}" sourceRef="t0" targetRef="u{n}"/>' for n in range(1000))
    old, new = chain("a", extra=tasks), chain("a", prefix="x", extra=tasks.replace('"u', '"v').replace('"g', '"h'))
    assert pairs(old, new.replace('"t0"', '"xt0"')) == {"t0": "xt0"}

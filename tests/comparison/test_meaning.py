"""The hash of a step: nothing that only the file or the drawing knows touches it, and each change of meaning touches
exactly the steps concerned. Who is concerned is worked out here anew, from the model alone.
"""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bpmn_tool.comparison.asked import asked_of
from bpmn_tool.comparison.meaning import Meaning, changes, meaning_of, paper_code
from bpmn_tool.interchange.bpmn_xml import read_bytes, read_model
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.model.elements import Event, FlowNode, Gateway, Model, SequenceFlow, Task
from bpmn_tool.register import Register, Role
from tests.conftest import ROOT

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
FILES = ("as_is/local_pcve.bpmn", "to_be/integrated_hub.bpmn")
Hashes = dict[tuple[str, str], str]


@cache
def shipped(file: str) -> Model:
    return read_model(ROOT / "processes" / file)


@cache
def register() -> Register:
    return read_register(str(ROOT / "processes" / "partners.toml"))


def hashes(model: Model, partners: Register) -> Hashes:
    return {
        (partner, asked.id): meaning_of(model, partners, asked).hash
        for partner in partners.partners
        for asked in asked_of(model, partners, partner)
    }


@cache
def before(file: str) -> Hashes:
    return hashes(shipped(file), register())


def touched(file: str, model: Model, partners: Register | None = None) -> set[str]:
    """The steps whose hash is another one; none may come or go."""
    now = hashes(model, partners or register())
    assert now.keys() == before(file).keys()
    return {step for (partner, step), hash_ in now.items() if hash_ != before(file)[partner, step]}


# -- what is no change


def other_text(data: bytes, seed: int) -> bytes:
    """The same meaning in other words: order, white space, prefixes, comments and the drawing."""
    dice = random.Random(seed)  # noqa: S311
    root = etree.fromstring(data)
    for parent in root.iter(f"{BPMN}definitions", f"{BPMN}process", f"{BPMN}collaboration"):
        children = list(parent)
        movable = [n for n, each in enumerate(children) if each.tag not in {f"{BPMN}documentation", f"{BPMN}laneSet"}]
        order = movable[:]
        dice.shuffle(order)
        moved = {place: children[now] for place, now in zip(movable, order, strict=True)}
        parent[:] = [moved.get(n, each) for n, each in enumerate(children)]
    for each in root.iter("{*}Bounds", "{*}waypoint"):
        each.set("x", str(dice.randint(0, 900)))
        each.set("y", str(dice.randint(0, 900)))
    for each in root.iter(f"{BPMN}userTask", f"{BPMN}sequenceFlow"):
        each.tail = dice.choice(("", "\n", "\n\t \n"))
        attributes = sorted(each.items(), key=lambda _row: dice.random())
        for name, _value in attributes:
            del each.attrib[name]
        for name, value in attributes:
            each.set(name, value)
    root.insert(0, etree.Comment("moved about"))
    return re.sub(rb"(</?|xmlns:)bpmn(?=[:=])", rb"\g<1>m", etree.tostring(root))


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=12)
@given(seed=st.integers(0, 10**9))
def test_no_order_space_prefix_or_layout_touches_any(file, seed):
    text = other_text(shipped(file).sources[0].data, seed)
    assert text != shipped(file).sources[0].data
    assert touched(file, read_bytes(text, "other.bpmn")) == set()


@pytest.mark.parametrize("file", FILES)
def test_without_a_drawing_they_are_the_same(file):
    assert touched(file, replace(shipped(file), diagrams=())) == set()


# -- who is concerned


def ways(model: Model, start: str, *, forth: bool) -> tuple[set[str], set[str]]:
    """Nodes and flows that can be come to from a node when nothing but gateways lies between."""
    nodes: set[str] = set()
    flows: set[str] = set()
    waiting = [start]
    while waiting:
        at = waiting.pop()
        for flow in model.sequence_flows.values():
            here, there = (flow.source_ref, flow.target_ref) if forth else (flow.target_ref, flow.source_ref)
            if here == at and flow.id not in flows:
                flows.add(flow.id)
                nodes.add(there)
                if isinstance(model.flow_nodes[there], Gateway):
                    waiting.append(there)
    return nodes, flows


@cache
def around(file: str) -> dict[str, tuple[set[str], set[str]]]:
    """Step -> what its meaning is about: all elements, and those of which only the name and holder count."""
    model = shipped(file)
    found = {}
    for _partner, step in before(file):
        whole, named = {step}, set()
        if (flow := model.message_flows.get(step)) is not None:
            named |= {flow.source_ref, flow.target_ref}
            found[step] = (whole, named)
            continue
        events = {e.id for e in model.flow_nodes.values() if isinstance(e, Event) and e.attached_to_ref == step}
        whole |= events
        for nodes, flows in (
            ways(model, step, forth=True),
            ways(model, step, forth=False),
            *(ways(model, event, forth=True) for event in events),
        ):
            whole |= flows | {each for each in nodes if isinstance(model.flow_nodes[each], Gateway)}
            named |= nodes
        beside = {each for each in named if isinstance(model.flow_nodes[each], Event)}
        for message in model.message_flows.values():
            ends = {message.source_ref, message.target_ref}
            if ends & {step, *beside}:
                whole.add(message.id)
                named |= ends - {step}
        node = model.flow_nodes[step]
        for ref in (*getattr(node, "data_inputs", ()), *getattr(node, "data_outputs", ())):
            whole |= {ref, model.data[ref].ref or ref}
        outer = node.container
        while outer in model.flow_nodes:
            named.add(outer)
            outer = model.flow_nodes[outer].container
        found[step] = (whole, named)
    return found


def concerned(file: str, element: str, *, only_named: bool) -> set[str]:
    """The steps that a change of this element touches; `only_named`: of its name, which neighbours see too."""
    return {
        step for step, (whole, named) in around(file).items() if element in whole or (only_named and element in named)
    }


def with_node(model: Model, node: FlowNode) -> Model:
    return replace(model, flow_nodes=MappingProxyType({**model.flow_nodes, node.id: node}))


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=12)
@given(data=st.data())
def test_another_name_of_a_node_touches_it_and_its_neighbours(file, data):
    node = data.draw(st.sampled_from(sorted(shipped(file).flow_nodes)))
    changed = with_node(shipped(file), replace(shipped(file).flow_nodes[node], name="Another"))
    assert touched(file, changed) == concerned(file, node, only_named=True)


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=12)
@given(data=st.data())
def test_another_documentation_of_a_node_touches_it_alone_or_who_passes_the_gateway(file, data):
    node = data.draw(st.sampled_from(sorted(shipped(file).flow_nodes)))
    changed = with_node(shipped(file), replace(shipped(file).flow_nodes[node], documentation="Another."))
    assert touched(file, changed) == concerned(file, node, only_named=False)


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=12)
@given(data=st.data())
def test_another_condition_touches_those_who_are_on_that_way(file, data):
    flow = data.draw(st.sampled_from(list(shipped(file).sequence_flows.values())))
    flows = {**shipped(file).sequence_flows, flow.id: replace(flow, condition="something == 7")}
    changed = replace(shipped(file), sequence_flows=MappingProxyType(flows))
    assert touched(file, changed) == concerned(file, flow.id, only_named=False)


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=12)
@given(data=st.data())
def test_another_name_of_a_message_flow_touches_both_ends(file, data):
    flow = data.draw(st.sampled_from(list(shipped(file).message_flows.values())))
    flows = {**shipped(file).message_flows, flow.id: replace(flow, name="Another")}
    changed = replace(shipped(file), message_flows=MappingProxyType(flows))
    assert touched(file, changed) == concerned(file, flow.id, only_named=False)


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=12)
@given(data=st.data())
def test_another_retention_of_data_touches_who_reads_or_writes_them(file, data):
    element = data.draw(st.sampled_from(list(shipped(file).data.values())))
    statement = replace(element.statement, purpose=("another",))
    changed = replace(
        shipped(file),
        data=MappingProxyType({**shipped(file).data, element.id: replace(element, statement=statement)}),
    )
    hit = touched(file, changed)
    assert hit <= concerned(file, element.id, only_named=False)
    hidden = any(d.ref == element.id and d.statement.purpose is not None for d in shipped(file).data.values())
    if not hidden:
        assert hit == concerned(file, element.id, only_named=False)


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=12)
@given(data=st.data())
def test_a_flow_that_goes_touches_those_who_were_on_that_way(file, data):
    flow = data.draw(st.sampled_from(sorted(shipped(file).sequence_flows)))
    model = without_flow(shipped(file), flow)
    assert touched(file, model) == concerned(file, flow, only_named=False)


def without_flow(model: Model, gone: str) -> Model:
    flows: dict[str, SequenceFlow] = {id_: each for id_, each in model.sequence_flows.items() if id_ != gone}
    nodes: dict[str, FlowNode] = {
        id_: replace(
            node,
            incoming=tuple(f for f in node.incoming if f != gone),
            outgoing=tuple(f for f in node.outgoing if f != gone),
        )
        for id_, node in model.flow_nodes.items()
    }
    return replace(model, sequence_flows=MappingProxyType(flows), flow_nodes=MappingProxyType(nodes))


# -- the register


def with_role(change: Callable[[Role], Role], role: str) -> Register:
    roles = {**register().roles, role: change(register().roles[role])}
    return replace(register(), roles=MappingProxyType(roles))


@cache
def doing(file: str, role: str) -> set[str]:
    """Steps that have an entry of this role in their meaning: done by it, or its partner takes part by it."""
    model, partners = shipped(file), register()
    own = partners.roles[role].partner
    found = set()
    for step in {step for _partner, step in before(file)}:
        element = model.flow_nodes.get(step)
        if element is None:
            flow = model.message_flows[step]
            pool = model.participants[flow.target_ref]
            if (named := partners.role_of(pool.label)) is not None and named.id == role:
                found.add(step)
            continue
        lane = model.lane_of(step)
        names = (
            element.performers if isinstance(element, Task) and element.performers else (lane.label if lane else "",)
        )
        if role in {r.id for name in names if (r := partners.role_of(name)) is not None}:
            found.add(step)
        asked = [a for a in asked_of(model, partners, own) if a.id == step]
        if any(role in each.roles for each in asked):
            found.add(step)
    return found


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=12)
@given(data=st.data())
def test_another_mandate_touches_the_steps_of_the_role(file, data):
    role = data.draw(st.sampled_from(sorted(register().roles)))
    assert touched(file, shipped(file), with_role(lambda r: replace(r, mandate="Another."), role)) == doing(file, role)


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=12)
@given(data=st.data())
def test_another_mailbox_source_or_code_of_a_role_touches_none(file, data):
    role = data.draw(st.sampled_from(sorted(register().roles)))
    changed = with_role(lambda r: replace(r, contact="x@y.example", source="elsewhere", codes=("ZZ9",)), role)
    assert touched(file, shipped(file), changed) == set()


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=12)
@given(data=st.data())
def test_another_article_of_a_law_touches_the_steps_that_rest_on_it(file, data):
    law = data.draw(st.sampled_from(sorted(register().legal_bases)))
    bases = {**register().legal_bases, law: replace(register().legal_bases[law], article="art. 999")}
    changed = replace(register(), legal_bases=MappingProxyType(bases))
    expected = set()
    for step in {step for _partner, step in before(file)}:
        element = shipped(file).flow_nodes.get(step) or shipped(file).message_flows[step]
        cited = {register().meant(code) for code in element.statement.legal_basis or ()}
        roles = [r for r in register().roles if step in doing(file, r)]
        cited |= {register().meant(code) for r in roles for code in register().roles[r].legal_bases or ()}
        if law in cited:
            expected.add(step)
    assert touched(file, shipped(file), changed) == expected


# -- the rest


def test_what_is_stated_as_absent_is_not_what_is_not_stated():
    file = FILES[0]
    node = shipped(file).flow_nodes["first_talk"]
    again = {
        basis: hashes(
            with_node(shipped(file), replace(node, statement=replace(node.statement, legal_basis=basis))), register()
        )["caw", "first_talk"]
        for basis in (None, (), ("L3",))
    }
    assert len(set(again.values())) == 3


def test_the_changes_name_what_was_and_what_is():
    assert changes({"a": 1, "b": [1], "c": "x"}, {"a": 1, "b": [2], "d": "y"}) == {
        "b": ([1], [2]),
        "c": ("x", None),
        "d": (None, "y"),
    }


def test_the_hash_is_that_of_the_canonical_text():
    meaning = Meaning(step="s", facts={"b": "é", "a": ["x"]})
    assert meaning.canonical == '{"facts":{"a":["x"],"b":"é"},"step":"s"}'.encode()
    assert meaning.hash == "9e995b9f8260010b2e408fb6f839754867a96b72b3a7f23388903271f9b18d9d"  # by sha256sum


def test_the_codes_of_paper_are_six_plain_characters_and_each_stands_for_one_step():
    codes = {
        paper_code(partner, meaning_of(shipped(file), register(), asked))
        for file in FILES
        for partner in register().partners
        for asked in asked_of(shipped(file), register(), partner)
    }
    distinct = {(partner, hash_) for file in FILES for (partner, _step), hash_ in before(file).items()}
    assert len(codes) == len(distinct)
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{6}", code) for code in codes)

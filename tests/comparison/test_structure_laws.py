"""Laws of the comparison, over random models and random edits."""

from dataclasses import replace
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.comparison.structure import diff
from bpmn_tool.model.elements import FlowNode, Gateway, GatewayKind, Lane, Model, Process, SequenceFlow, Task, TaskKind
from bpmn_tool.results.differences import StructureDiff

KINDS = (TaskKind.USER, TaskKind.SERVICE, TaskKind.TASK)


@st.composite
def models(draw: st.DrawFn, *, unique_names: bool = False) -> Model:
    """Some steps in one or two lanes, with flows between any of them."""
    count = draw(st.integers(2, 8))
    lanes = draw(st.integers(1, 2))
    nodes: list[FlowNode] = []
    for n in range(count):
        name = f"Step {n}" if unique_names else draw(st.sampled_from(["", "Check", "Pay", f"Step {n}"]))
        if draw(st.booleans()):
            nodes.append(Task(id=f"n{n}", name=name, kind=draw(st.sampled_from(KINDS)), container="P"))
        else:
            nodes.append(Gateway(id=f"n{n}", name=name, kind=GatewayKind.EXCLUSIVE, container="P"))
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    flows = [
        SequenceFlow(id=f"f{k}", source_ref=f"n{a}", target_ref=f"n{b}", container="P")
        for k, (a, b) in enumerate(draw(st.lists(ends, max_size=10, unique=True)))
    ]
    held = [draw(st.integers(0, lanes - 1)) for _ in nodes]
    return model(nodes, flows, [[n.id for n, lane in zip(nodes, held, strict=True) if lane == k] for k in range(lanes)])


def model(nodes: list[FlowNode], flows: list[SequenceFlow], lanes: list[list[str]], prefix: str = "") -> Model:
    found = [
        Lane(id=f"{prefix}lane{k}", name=f"Lane {k}", process=f"{prefix}P", flow_node_refs=tuple(refs))
        for k, refs in enumerate(lanes)
    ]
    return Model(
        processes=MappingProxyType({f"{prefix}P": Process(id=f"{prefix}P")}),
        lanes=MappingProxyType({each.id: each for each in found}),
        flow_nodes=MappingProxyType({each.id: each for each in nodes}),
        sequence_flows=MappingProxyType({each.id: each for each in flows}),
    )


def renamed(old: Model, prefix: str = "x") -> Model:
    """The same model with all ids new."""
    nodes = [replace(each, id=prefix + each.id, container=prefix + "P") for each in old.flow_nodes.values()]
    flows = [
        replace(
            each,
            id=prefix + each.id,
            source_ref=prefix + each.source_ref,
            target_ref=prefix + each.target_ref,
            container=prefix + "P",
        )
        for each in old.sequence_flows.values()
    ]
    lanes = [[prefix + ref for ref in lane.flow_node_refs] for lane in old.lanes.values()]
    return model(nodes, flows, lanes, prefix)


def with_nodes(old: Model, *nodes: FlowNode) -> Model:
    return replace(old, flow_nodes=MappingProxyType({**old.flow_nodes, **{each.id: each for each in nodes}}))


def with_flows(old: Model, flows: dict[str, SequenceFlow]) -> Model:
    return replace(old, sequence_flows=MappingProxyType(flows))


@given(models())
def test_a_model_is_no_different_from_itself(one: Model) -> None:
    assert diff(one, one).is_empty


@given(models(), models())
def test_swapping_the_models_swaps_what_differs(one: Model, other: Model) -> None:
    forth, back = diff(one, renamed(other)), diff(renamed(other), one)
    assert forth.added == back.removed
    assert forth.removed == back.added
    assert set(forth.renumbered) == {(old, new) for new, old in back.renumbered}
    assert {each.id for each in forth.handoffs_added} == {each.id for each in back.handoffs_removed}
    new_of = dict(forth.renumbered)
    turned = {new_of.get(each.id, each.id): each for each in back.changed}
    assert {each.id for each in forth.changed} == turned.keys()
    for each in forth.changed:
        assert dict(each.attributes) == {name: (b, a) for name, (a, b) in turned[each.id].attributes.items()}
    assert {(each.id, each.old_role, each.new_role) for each in forth.reassigned} == {
        (new_of.get(each.id, each.id), each.new_role, each.old_role) for each in back.reassigned
    }


@given(models(unique_names=True))
def test_other_ids_of_a_model_of_unique_names_are_renumbered_and_nothing_else(one: Model) -> None:
    found = diff(one, renamed(one))
    assert set(found.renumbered) == {(each.id, "x" + each.id) for each in one.elements()}
    assert replace(found, renumbered=()) == StructureDiff(labels=found.labels)


@given(models())
def test_other_ids_change_nothing_that_is_paired(one: Model) -> None:
    """Where names are not unique some stay unpaired, and no pair is a wrong one."""
    found = diff(one, renamed(one))
    twins = {(old, new) for old, new in found.renumbered if new != "x" + old}
    assert not twins
    assert not found.changed
    assert not found.reassigned


@given(models(), st.data())
def test_no_pair_is_wrong_after_something_went(one: Model, data: st.DataObject) -> None:
    """All ids are new, and a step or a flow is gone: whatever is paired was the same."""
    flows, nodes = dict(one.sequence_flows), dict(one.flow_nodes)
    gone = data.draw(st.sampled_from([*flows, *nodes]))
    nodes.pop(gone, None)
    flows = {id: each for id, each in flows.items() if gone not in {id, each.source_ref, each.target_ref}}
    lanes = [[ref for ref in lane.flow_node_refs if ref != gone] for lane in one.lanes.values()]
    less = renamed(model(list(nodes.values()), list(flows.values()), lanes))
    assert [pair for pair in diff(one, less).renumbered if pair[1] != "x" + pair[0]] == []


@given(models(), st.data())
def test_another_name_is_found_and_nothing_else(one: Model, data: st.DataObject) -> None:
    node = data.draw(st.sampled_from(list(one.flow_nodes.values())))
    (changed,) = diff(one, with_nodes(one, replace(node, name="Other"))).changed
    assert (changed.id, dict(changed.attributes)) == (node.id, {"name": (node.name or None, "Other")})


@given(models(), st.data())
def test_another_kind_is_found_and_nothing_else(one: Model, data: st.DataObject) -> None:
    node = data.draw(st.sampled_from(list(one.flow_nodes.values())))
    other = Task(id=node.id, name=node.name, kind=TaskKind.SCRIPT, container=node.container)
    found = diff(one, with_nodes(one, other))
    (changed,) = found.changed
    assert (changed.id, dict(changed.attributes)) == (node.id, {"kind": (node.kind.value, "scriptTask")})  # type: ignore[union-attr]
    assert replace(found, changed=()).is_empty


@given(models(), st.data())
def test_a_flow_that_goes_is_found_and_nothing_else(one: Model, data: st.DataObject) -> None:
    flows = dict(one.sequence_flows)
    if not flows:
        return
    gone = flows.pop(data.draw(st.sampled_from(sorted(flows))))
    found = diff(one, with_flows(one, flows))
    assert [each.id for each in found.removed] == [gone.id]
    assert {each.id for each in found.handoffs_removed} <= {gone.id}
    assert replace(found, removed=(), handoffs_removed=()).is_empty


@given(models(), st.data())
def test_a_flow_that_is_reconnected_is_found_and_nothing_else(one: Model, data: st.DataObject) -> None:
    if not one.sequence_flows:
        return
    flow = data.draw(st.sampled_from(list(one.sequence_flows.values())))
    target = data.draw(st.sampled_from(sorted(one.flow_nodes)))
    moved = replace(flow, target_ref=target)
    found = diff(one, with_flows(one, {**one.sequence_flows, flow.id: moved}))
    expected = [] if target == flow.target_ref else [(flow.id, {"targetRef": (flow.target_ref, target)})]
    assert [(each.id, dict(each.attributes)) for each in found.reconnected] == expected
    assert not found.added
    assert not found.removed
    assert not found.renumbered
    assert not found.reassigned


@given(models(), st.data())
def test_a_step_that_moves_to_another_lane_is_found_and_nothing_else(one: Model, data: st.DataObject) -> None:
    if len(one.lanes) < 2:
        return
    node = data.draw(st.sampled_from(sorted(one.flow_nodes)))
    lanes = {}
    for lane in one.lanes.values():
        refs = tuple(ref for ref in lane.flow_node_refs if ref != node)
        lanes[lane.id] = replace(lane, flow_node_refs=refs if node in lane.flow_node_refs else (*refs, node))
    found = diff(one, replace(one, lanes=MappingProxyType(lanes)))
    assert [each.id for each in found.reassigned] == [node]
    assert not found.changed
    touching = {f.id for f in one.sequence_flows.values() if node in {f.source_ref, f.target_ref}}
    assert {each.id for each in (*found.handoffs_added, *found.handoffs_removed)} <= touching

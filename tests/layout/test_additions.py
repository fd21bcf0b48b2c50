"""What a drawing lacks is placed, and what it has stays where it is."""

import random
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn_tool.interchange.bpmn_xml import read_bytes, read_model
from bpmn_tool.interchange.di_splice import splice, splice_in
from bpmn_tool.layout.additions import additions
from bpmn_tool.layout.place import layout
from bpmn_tool.model.diagram import Diagram
from bpmn_tool.model.elements import Model
from tests.layout.metrics import measure
from tests.layout.random_models import models

ROOT = Path(__file__).parents[2]


def without(model: Model, gone: set[str]) -> Model:
    """The model with these nodes, what stands in them and on them, and their lines taken out of its drawing."""
    drawn = model.diagrams[0]
    while (
        more := {
            n.id for n in model.flow_nodes.values() if n.container in gone or getattr(n, "attached_to_ref", "") in gone
        }
        - gone
    ):
        gone = gone | more
    edges = {
        name: edge
        for name, edge in drawn.edges.items()
        if not {getattr(model.get(name), end, None) for end in ("source_ref", "target_ref")} & gone
    }
    shapes = {name: shape for name, shape in drawn.shapes.items() if name not in gone}
    cut = replace(drawn, shapes=MappingProxyType(shapes), edges=MappingProxyType(edges))
    return replace(model, diagrams=(cut,))


def whole(old: Diagram, added: Diagram) -> Diagram:
    return replace(old, shapes={**old.shapes, **added.shapes}, edges={**old.edges, **added.edges})


@pytest.mark.parametrize("name", ["as_is/local_pcve", "to_be/integrated_hub"])
@pytest.mark.parametrize("seed", range(4))
def test_steps_that_lost_their_place_get_one(name: str, seed: int) -> None:
    model = read_model(ROOT / "processes" / f"{name}.bpmn")
    nodes = [n.id for n in model.flow_nodes.values() if not model.nodes_in(n.id)]
    cut = without(model, set(random.Random(seed).sample(nodes, 4)))  # noqa: S311  no secret
    added = additions(cut)
    assert not added.shapes.keys() & cut.diagrams[0].shapes.keys()
    assert not added.edges.keys() & cut.diagrams[0].edges.keys()
    done = whole(cut.diagrams[0], added)
    assert model.flow_nodes.keys() <= done.shapes.keys()
    assert model.sequence_flows.keys() | model.message_flows.keys() <= done.edges.keys()
    assert measure(model, done).overlaps == 0


@settings(max_examples=40)
@given(models(), st.integers(0, 10**6))
def test_of_any_model(model: Model, seed: int) -> None:
    drawn = replace(model, diagrams=(layout(model),))
    dice = random.Random(seed)  # noqa: S311  no secret
    nodes = sorted(model.flow_nodes)
    cut = without(drawn, set(dice.sample(nodes, min(3, len(nodes)))))
    added = additions(cut)
    done = whole(cut.diagrams[0], added)
    assert drawn.diagrams[0].shapes.keys() >= added.shapes.keys()
    seen = {
        n.id for n in model.flow_nodes.values() if n.container not in model.flow_nodes or n.container in done.shapes
    }
    assert seen <= done.shapes.keys()


def test_a_drawing_that_lacks_nothing_is_left_alone() -> None:
    path = ROOT / "processes" / "as_is" / "local_pcve.bpmn"
    data = path.read_bytes()
    assert splice_in(data, additions(read_bytes(data, str(path)))) == data


def test_a_file_without_a_drawing_gets_a_whole_one() -> None:
    model = replace(read_model(ROOT / "processes" / "as_is" / "local_pcve.bpmn"), diagrams=())
    assert additions(model).shapes.keys() == layout(model).shapes.keys()


def test_a_pool_that_is_not_drawn_comes_below() -> None:
    model = read_model(ROOT / "processes" / "as_is" / "local_pcve.bpmn")
    pool = next(p for p in model.participants.values() if p.process_ref is not None)
    inside = {e for e in model.diagrams[0].shapes if model.process_of(e) == pool.process_ref} | {pool.id}
    cut = without(model, inside)
    lowest = max(shape.bounds.bottom for shape in cut.diagrams[0].shapes.values())
    added = additions(cut)
    assert inside <= added.shapes.keys()
    assert added.shapes[pool.id].bounds.y > lowest
    assert measure(model, whole(cut.diagrams[0], added)).overlaps == 0


def test_no_byte_but_the_new_ones_changes(tmp_path: Path) -> None:
    path = ROOT / "tests" / "readme" / "permit.bpmn"
    data = splice(path.read_bytes(), without(read_model(path), {"decide"}).diagrams[0])
    model = read_bytes(data, "x")
    after = splice_in(data, additions(model))
    assert len(after) > len(data)
    same = next(at for at, (a, b) in enumerate(zip(data, after, strict=False)) if a != b)
    assert after.endswith(data[same:])
    assert "decide" in read_bytes(after, "x").diagrams[0].shapes

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.elements import Model
from bpmn_tool.reports.diagram import diagram_svg, gids, has_diagram, write_diagram
from tests.reports.bpmn_text import edge, every_kind, model_of, two_pools

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert(1)</script> & "[/a]" $x_1$'


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return model_of(two_pools(), tmp_path)


def _drawn(model: Model) -> set[str]:
    return {element for diagram in model.diagrams for element in (*diagram.shapes, *diagram.edges)}


def _words(svg: str) -> str:
    return " ".join("".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text"))  # noqa: S314  our own


@pytest.mark.parametrize("text", [two_pools(), every_kind()])
def test_each_element_of_the_layout_has_its_id_in_the_picture(text: str, tmp_path: Path) -> None:
    model = model_of(text, tmp_path)
    assert _drawn(model) <= set(gids(diagram_svg(model)))


def test_ids_are_unique(model: Model) -> None:
    ids = re.findall(r' id="([^"]*)"', diagram_svg(model, undefined={"assess"}, heat={"done": 1.0}))
    assert len(ids) == len(set(ids))


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    text = every_kind()
    assert diagram_svg(model_of(text, tmp_path)) == diagram_svg(model_of(text, tmp_path))


@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_files_are_the_same_bytes_each_time(model: Model, tmp_path: Path, ending: str) -> None:
    one, two = tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"
    write_diagram(model, one, heat={"assess": 2.0}, undefined={"school"})
    write_diagram(model, two, heat={"assess": 2.0}, undefined={"school"})
    assert one.read_bytes() == two.read_bytes()


def test_another_ending_is_refused(model: Model, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="gif"):
        write_diagram(model, tmp_path / "x.gif")


def test_text_is_text(model: Model) -> None:
    assert "Assess signal" in _words(diagram_svg(model))


def test_names_are_escaped(tmp_path: Path) -> None:
    svg = diagram_svg(model_of(two_pools(NASTY), tmp_path))
    assert "<script" not in svg
    assert "[/a]" in _words(svg)


def test_a_dollar_sign_is_no_formula(tmp_path: Path) -> None:
    assert "$x_1$" in _words(diagram_svg(model_of(two_pools(NASTY), tmp_path)))


def test_what_reorders_text_is_replaced(tmp_path: Path) -> None:
    svg = diagram_svg(model_of(two_pools("a\u202eb"), tmp_path), title="\u202e")
    assert "\u202e" not in svg
    assert "a\ufffdb" in svg


def test_each_element_tells_its_name(model: Model) -> None:
    group = next(g for g in ET.fromstring(diagram_svg(model)).iter(f"{SVG}g") if g.get("id") == "assess")  # noqa: S314  our own
    title = group.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Assess signal"


def test_what_nobody_holds_says_so(model: Model) -> None:
    assert "Assess signal – nobody is named" in diagram_svg(model, undefined={"assess"})


def test_heat_colours_only_what_it_names(model: Model) -> None:
    plain, hot = diagram_svg(model), diagram_svg(model, heat={"assess": 1.0})
    assert "#993404" in hot
    assert "#993404" not in plain


def test_no_heat_stays_white(model: Model) -> None:
    assert "#ffffe5" not in _group(diagram_svg(model, heat={"assess": 0.0, "done": 1.0}), "assess")


def _group(svg: str, gid: str) -> str:
    return next(ET.tostring(g, encoding="unicode") for g in ET.fromstring(svg).iter(f"{SVG}g") if g.get("id") == gid)  # noqa: S314  our own


def test_a_condition_stands_for_a_missing_name(model: Model) -> None:
    assert "urgent" in _words(_group(diagram_svg(model), "again-label"))


def test_a_prefix_goes_before_each_id_and_reference(model: Model) -> None:
    svg = diagram_svg(model, prefix="left-", standalone=False)
    assert set(re.findall(r' id="(left-)?', svg)) == {"left-"}
    assert set(re.findall(r'href="#(left-)?', svg)) <= {"left-"}
    assert _drawn(model) <= set(gids(svg))


def test_nothing_stands_outside_the_picture(model: Model) -> None:
    root = ET.fromstring(diagram_svg(model, heat={"assess": 1.0}, undefined={"school"}))  # noqa: S314  our own
    _x, _y, width, height = map(float, (root.get("viewBox") or "").split())
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x") or 0) <= width
        assert 0 <= float(text.get("y") or 0) <= height


def test_a_file_without_layout_has_nothing_to_draw(tmp_path: Path) -> None:
    text = two_pools()
    bare = text[: text.index("<bpmndi:BPMNDiagram")] + "</definitions>"
    assert not has_diagram(model_of(bare, tmp_path))


@pytest.mark.parametrize("path", ["processes/as_is/local_pcve.bpmn", "processes/to_be/integrated_hub.bpmn"])
def test_the_processes_that_ship_are_drawn_whole(root: Path, path: str) -> None:
    model = read_model(root / path)
    assert _drawn(model) <= set(gids(diagram_svg(model)))
    assert has_diagram(model)


def test_a_name_without_a_place_gives_way_to_a_line(tmp_path: Path) -> None:
    straight, down = edge("no", (390, 120), (520, 120)), edge("no", (365, 145), (365, 200), (538, 200), (538, 138))
    assert _middle_of_name(two_pools(), tmp_path) == pytest.approx(365 + 16, abs=1)  # the margin of the picture
    assert abs(_middle_of_name(two_pools().replace(straight, down), tmp_path) - (365 + 16)) > 30


def _middle_of_name(text: str, folder: Path) -> float:
    group = ET.fromstring(_group(diagram_svg(model_of(text, folder)), "which"))  # noqa: S314  our own
    return next(float(line.get("x") or 0) for line in group.iter(f"{SVG}text"))


@pytest.mark.parametrize("node", ["done", "which"])
def test_an_event_or_gateway_on_a_dark_colour_keeps_a_dark_outline(model: Model, node: str) -> None:
    svg = diagram_svg(model, heat={node: 1.0})
    drawn = svg[svg.index(f'id="{node}"') :].split("</g>")[0]
    assert "#993404" in drawn
    assert "stroke: #1b1b1b" in drawn

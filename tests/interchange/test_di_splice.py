"""Only the DI changes: every other byte of the file stays, in any encoding, with any line ends and prefixes."""

import os
import re
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.interchange.di_splice import splice
from bpmn_tool.layout.place import layout
from bpmn_tool.model.diagram import Bounds, Diagram, Edge, Shape
from tests.interchange.bpmn_text import definitions

BODY = """<process id="P"><task id="a" name="É"/><exclusiveGateway id="g"/>
<subProcess id="s"><task id="t"/></subProcess>
<sequenceFlow id="f" sourceRef="a" targetRef="g"/></process>"""
DIAGRAM = """  <bpmndi:BPMNDiagram id="mine" name="x > y"><bpmndi:BPMNPlane id="p" bpmnElement="P">
<bpmndi:BPMNShape id="q" bpmnElement="a">
<dc:Bounds x="1" y="2" width="3" height="4"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""
PLACED = Diagram(
    plane="P",
    shapes={
        "a": Shape(element="a", bounds=Bounds(x=10, y=20, width=100, height=80)),
        "g": Shape(
            element="g",
            bounds=Bounds(x=200, y=35.5, width=50, height=50),
            label=Bounds(x=1, y=2, width=3, height=4),
            is_marker_visible=True,
        ),
        "s": Shape(element="s", bounds=Bounds(x=300, y=0, width=300, height=200)),
    },
    edges={"f": Edge(element="f", waypoints=((110, 60), (200, 60)), label=Bounds(x=5, y=6, width=7, height=8))},
)


def around_the_diagram(data: bytes, encoding: str) -> str:
    """The text with its diagrams cut out, and the white space before them."""
    return re.sub(r"\s*<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", data.decode(encoding), flags=re.DOTALL)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "drawn",
    [
        "",
        "\n" + DIAGRAM,
        "\n" + DIAGRAM + "\n" + DIAGRAM.replace('"mine"', '"b"').replace('"p"', '"c"').replace('"q"', '"d"'),
    ],
)
def test_every_other_byte_stays(encoding: str, eol: str, drawn: str) -> None:
    text = definitions(BODY + drawn).replace("UTF-8", encoding.removesuffix("-sig")).replace("\n", eol)
    result = splice(text.encode(encoding), PLACED)
    assert around_the_diagram(result, encoding) == around_the_diagram(text.encode(encoding), encoding)
    assert (b"\r\0\n" if encoding == "utf-16" else b"\r\n") in result or eol == "\n"


def test_what_is_written_is_read_again() -> None:
    model = read_bytes(splice(definitions(BODY).encode(), PLACED), "x.bpmn")
    (diagram,) = model.diagrams
    assert diagram.plane == "P"
    assert {s.element: (s.bounds, s.label, s.is_marker_visible) for s in diagram.shapes.values()} == {
        s.element: (s.bounds, s.label, s.is_marker_visible) for s in PLACED.shapes.values()
    }
    assert diagram.shapes["s"].is_expanded
    assert diagram.edges["f"].waypoints == PLACED.edges["f"].waypoints
    assert diagram.edges["f"].label == PLACED.edges["f"].label


def test_the_ids_of_the_old_diagram_and_plane_stay() -> None:
    result = splice(definitions(BODY + DIAGRAM).encode(), PLACED).decode()
    assert 'BPMNDiagram id="mine"' in result
    assert 'BPMNPlane id="p"' in result


def test_a_file_without_the_prefixes_gets_them_on_the_diagram() -> None:
    text = f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="urn:other">{BODY}</definitions>'
    result = splice(text.encode(), PLACED)
    assert result.startswith(text.encode()[: -len("</definitions>")])
    assert b'xmlns:di_="http://www.omg.org/spec/DD/20100524/DI"' in result
    assert len(read_bytes(result, "x.bpmn").diagrams[0].shapes) == 3


def test_the_own_prefixes_of_the_file_are_used() -> None:
    text = definitions(BODY).replace("xmlns:bpmndi", "xmlns:draw")
    assert b"<draw:BPMNShape " in splice(text.encode(), PLACED)


def test_made_ids_differ_from_those_of_the_model() -> None:
    text = definitions(BODY.replace('id="t"', 'id="a_di"'))
    assert len(read_bytes(splice(text.encode(), PLACED), "x.bpmn").diagrams[0].shapes) == 3


def test_elements_without_an_id_in_the_file_are_left_out() -> None:
    text = definitions(BODY.replace('id="f" ', ""))
    assert not read_bytes(splice(text.encode(), PLACED), "x.bpmn").diagrams[0].edges


def test_broken_xml_is_refused() -> None:
    with pytest.raises(InputError):
        splice(b"<a>", PLACED)


def test_an_empty_root_stays() -> None:
    assert splice(b"<definitions/>", PLACED) == b"<definitions/>"


CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
FILES = sorted((CORPORA / "miwg").glob("*.bpmn"))


@pytest.mark.skipif(not FILES, reason=f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_second_layout_changes_no_byte(path: Path) -> None:
    data = path.read_bytes()
    once = splice(data, layout(read_bytes(data, path.name)))
    assert splice(once, layout(read_bytes(once, path.name))) == once

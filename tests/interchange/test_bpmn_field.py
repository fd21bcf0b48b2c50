"""Habits of modellers in the field, each seen in a public export and written anew here as small as it goes."""

import pytest

from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.model.elements import Model, RemarkKind
from tests.interchange.bpmn_text import definitions

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DRAWN = """<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane bpmnElement="P">{}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""
SHAPE = '<bpmndi:BPMNShape id="s" bpmnElement="{}"><dc:Bounds x="0" y="0" width="1" height="1"/></bpmndi:BPMNShape>'


def read(text: str, encoding: str = "utf-8") -> Model:
    return read_bytes(text.encode(encoding), "model.bpmn")


def test_places_among_the_elements_in_no_namespace() -> None:
    model = read(
        f"""<?xml version="1.0" encoding="iso-8859-1" standalone="yes"?>
        <bpmn:definitions xmlns:bpmn="{BPMN}"><bpmn:process id="P"><bpmn:task id="t" name="Prüfen">
        <geometry x="1" y="2"/></bpmn:task><geometry x="0"/></bpmn:process></bpmn:definitions>""".strip(),
        "iso-8859-1",
    )
    assert model.flow_nodes["t"].name == "Prüfen"
    assert model.flow_nodes["t"].parts == {"geometry": ('<geometry x="1" y="2"/>',)}
    assert [(remark.element, remark.kind) for remark in model.remarks] == [
        ("P", RemarkKind.FOREIGN),
        ("t", RemarkKind.FOREIGN),
    ]


def test_two_prefixes_for_one_namespace() -> None:
    model = read(
        f'<a:definitions xmlns:a="{BPMN}" xmlns="{BPMN}"><process id="P"><a:task id="t"/></process></a:definitions>'
    )
    assert set(model.flow_nodes) == {"t"}


def test_an_attribute_of_xmi_on_the_root() -> None:
    model = read(f'<definitions xmlns="{BPMN}" xmlns:xmi="urn:xmi" xmi:version="2.0"><process id="P"/></definitions>')
    root = model.sources[0].definitions
    assert root is not None
    assert root.attributes == {"{urn:xmi}version": "2.0"}


def test_a_category_value_outside_of_its_category() -> None:
    model = read(
        definitions(
            '<categoryValue id="c" value="Phase"/><process id="P"><group id="g" categoryValueRef="c"/></process>'
        )
    )
    assert model.root_elements["c"].attributes == {"value": "Phase"}
    assert [(remark.element, remark.kind) for remark in model.remarks] == [("c", RemarkKind.SCHEMA)]


def test_a_lane_that_lists_an_annotation() -> None:
    model = read(
        definitions("""<process id="P"><laneSet><lane id="l"><flowNodeRef>t</flowNodeRef>
      <flowNodeRef>note</flowNodeRef></lane></laneSet><task id="t"/><textAnnotation id="note"/></process>""")
    )
    assert model.lanes["l"].flow_node_refs == ("t",)
    assert len(model.lanes["l"].parts["flowNodeRef"]) == 1
    assert len(model.remarks) == 1


def test_one_id_for_two_shapes() -> None:
    shapes = SHAPE.format("a") + SHAPE.format("b")
    model = read(definitions('<process id="P"><task id="a"/><task id="b"/></process>' + DRAWN.format(shapes)))
    assert set(model.diagrams[0].shapes) == {"a", "b"}
    assert len(model.remarks) == 1


def test_a_shape_of_what_was_deleted() -> None:
    model = read(definitions('<process id="P"/>' + DRAWN.format(SHAPE.format("gone"))))
    assert model.diagrams[0].shapes == {}
    assert len(model.remarks) == 1


def test_a_pool_whose_process_is_in_another_file() -> None:
    model = read(
        definitions('<collaboration id="C"><participant id="p" processRef="o:Q" xmlns:o="urn:o"/></collaboration>')
    )
    assert model.participants["p"].process_ref == "o:Q"
    assert model.remarks == ()


def test_collaborations_and_choreographies_without_ids() -> None:
    model = read(
        definitions("""<collaboration><participant id="p"/></collaboration><collaboration name="second">
      <participant id="q"/></collaboration><choreography><choreographyTask id="t" initiatingParticipantRef="p">
      <participantRef>p</participantRef><participantRef>q</participantRef><messageFlowRef>m</messageFlowRef>
      </choreographyTask></choreography>""")
    )
    assert set(model.participants) == {"p", "q"}
    assert model.others["t"].kind == "choreographyTask"
    assert set(model.others["t"].parts) == {"participantRef", "messageFlowRef"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_with_a_mark_or_without(encoding: str) -> None:
    text = definitions('<process id="P" name="é"/>').replace("UTF-8", "UTF-16")
    assert read(text, encoding).processes["P"].name == "é"


def test_another_version_of_bpmn_is_named() -> None:
    with pytest.raises(Exception, match=r"is not BPMN 2\.0: its <definitions> is in the namespace 'http://schema"):
        read('<definitions xmlns="http://schema.omg.org/spec/BPMN/2.0"/>')

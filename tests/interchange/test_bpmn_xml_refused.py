"""Every reason for which a file is refused: one small file each, with the line; and all of them at once.

Each is one for which the schema of BPMN 2.0.2 (or XML itself, or what a file by mail may not hold) refuses it too.
"""

from pathlib import Path

import pytest

from bpmn_tool.errors import InputError, Problem
from bpmn_tool.interchange.bpmn_xml import read_bytes, read_model
from bpmn_tool.interchange.xml_source import MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS
from tests.interchange.bpmn_text import definitions


def refused(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read_bytes(data, "model.bpmn")
    assert all(problem.location.path == "model.bpmn" for problem in caught.value.problems)
    return caught.value.problems


# name: (body whose second line is line 6 of the file, what the message says)
BODIES = {
    "doubled id": ('<process id="P">\n<task id="P"/></process>', "the id 'P' stands already at line 5"),
    "sourceRef nowhere": (
        '<process id="P"><task id="t"/>\n<sequenceFlow id="f" sourceRef="x" targetRef="t"/></process>',
        "sourceRef of sequenceFlow f names 'x', which does not exist",
    ),
    "targetRef missing": (
        '<process id="P"><task id="t"/>\n<sequenceFlow id="f" sourceRef="t"/></process>',
        "sequenceFlow f has no targetRef, which the schema requires",
    ),
    "targetRef is no node": (
        '<process id="P"><task id="t"/>\n<sequenceFlow id="f" sourceRef="t" targetRef="P"/></process>',
        "targetRef of sequenceFlow f must name a flow node, and 'P' is a process (BPMN 2.0.2, 8.4.13)",
    ),
    "sourceRef in another namespace": (
        """<process id="P"><task id="t"/>
<sequenceFlow id="f" sourceRef="o:x" targetRef="t" xmlns:o="urn:other"/></process>""",
        "sourceRef of sequenceFlow f names 'o:x', which does not exist",
    ),
    "default nowhere": (
        '<process id="P">\n<exclusiveGateway id="g" default="f"/></process>',
        "default of exclusiveGateway g names 'f', which does not exist",
    ),
    "attachedToRef missing": (
        '<process id="P">\n<boundaryEvent id="b"/></process>',
        "boundaryEvent b has no attachedToRef, which the schema requires",
    ),
    "a flag that is none": (
        '<process id="P">\n<task id="t" isForCompensation="maybe"/></process>',
        "isForCompensation must be true or false, not 'maybe'",
    ),
    "a count that is none": (
        '<process id="P">\n<task id="t" startQuantity="many"/></process>',
        "startQuantity must be a whole number, not 'many'",
    ),
    "messageFlow without an end": (
        """<collaboration id="C"><participant id="p"/>
<messageFlow id="m" sourceRef="p"/></collaboration>""",
        "messageFlow m has no targetRef, which the schema requires",
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_refused_with_its_line(name: str) -> None:
    body, message = BODIES[name]
    (problem,) = refused(definitions(body).encode())
    assert problem.message == message
    assert problem.location.line == 6


def test_all_problems_come_at_once_in_order_of_line() -> None:
    body = """<process id="P"><task id="P"/>
      <sequenceFlow id="f" sourceRef="x" targetRef="y"/>
      <boundaryEvent id="b"/></process>"""
    assert [problem.location.line for problem in refused(definitions(body).encode())] == [5, 6, 6, 7]


TEXTS = {
    "nothing": (b"", None, "is empty"),
    "white space": (b" \n", None, "is empty"),
    "no XML": (b"a task", 1, "is not well-formed XML: syntax error, column 1; is it an XML file?"),
    "broken": (b"<a>\n<b>\n</a>", 3, "is not well-formed XML: mismatched tag, column 3"),
    "a namespace that is not declared": (b"<a>\n<b:c/></a>", 2, "Namespace prefix b on c is not defined"),
    "a DOCTYPE": (b"<!--c-->\n<!DOCTYPE definitions><definitions/>", 2, "has a DOCTYPE ('definitions')"),
    "an entity": (b"<?xml version='1.0'?>\n<a>&secret;</a>", 2, "uses an entity that is not one of XML's five"),
    "not BPMN": (b"<?xml version='1.0'?>\n<html/>", 2, "is not BPMN: its root is <html>"),
    "another namespace": (
        b"<definitions xmlns='urn:x'/>",
        1,
        "is not BPMN 2.0: its <definitions> is in the namespace 'urn:x'",
    ),
    "an unknown encoding": (b"<?xml version='1.0' encoding='klingon'?>\n<a/>", 1, "klingon"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_refused(name: str) -> None:
    data, line, message = TEXTS[name]
    (problem,) = refused(data)
    assert message in problem.message
    assert problem.location.line == line


def test_an_external_entity_is_never_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("password")
    text = f'<!DOCTYPE a [\n<!ENTITY s SYSTEM "{secret.as_uri()}">]>\n<a>&s;</a>'
    problems = refused(text.encode())
    assert [problem.location.line for problem in problems] == [1, 2]
    assert not any("password" in problem.message for problem in problems)


def test_entities_are_not_expanded() -> None:
    lines = ["<!ENTITY a0 'ha'>", *(f"<!ENTITY a{i} '&a{i - 1};&a{i - 1};'>" for i in range(1, 40))]
    problems = refused(f"<!DOCTYPE a [{''.join(lines)}]><a>&a39;</a>".encode())
    assert len(problems) == 41


def test_deep_nesting_is_refused() -> None:
    (problem,) = refused(b"<a>\n" * (MAX_DEPTH + 5) + b"</a>" * (MAX_DEPTH + 5))
    assert problem.message == f"nests elements more than {MAX_DEPTH} deep"
    assert problem.location.line == MAX_DEPTH + 1


def test_too_many_elements_are_refused() -> None:
    (problem,) = refused(b"<a>\n" + b"<b/>" * MAX_ELEMENTS + b"</a>")
    assert problem.message == "holds more than 500,000 elements"
    assert problem.location.line == 2


def test_too_many_attributes_are_refused() -> None:
    attributes = " ".join(f'a{number}=""' for number in range(MAX_ATTRIBUTES + 1))
    (problem,) = refused(f"<a>\n<b {attributes}/></a>".encode())
    assert problem.message == "has an element with more than 1,000 attributes"
    assert problem.location.line == 2


def test_a_large_file_is_refused_unread() -> None:
    (problem,) = refused(b" " * (MAX_BYTES + 1))
    assert problem.message == "is larger than 20 MB"


def test_ids_must_differ_over_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.bpmn").write_text(definitions('<process id="P"><task id="t"/></process>'))
    with pytest.raises(InputError) as caught:
        read_model(tmp_path / "a.bpmn", tmp_path / "b.bpmn")
    assert [str(p) for p in caught.value.problems] == [
        f"{tmp_path / 'b.bpmn'}:5: the id 'P' stands already at {tmp_path / 'a.bpmn'}:5",
        f"{tmp_path / 'b.bpmn'}:5: the id 't' stands already at {tmp_path / 'a.bpmn'}:5",
    ]


def test_a_broken_file_does_not_make_the_others_dangle(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_text("<a>")
    (tmp_path / "b.bpmn").write_text(
        definitions('<collaboration id="C"><participant id="p" processRef="P"/></collaboration>')
    )
    with pytest.raises(InputError) as caught:
        read_model(tmp_path / "a.bpmn", tmp_path / "b.bpmn")
    assert [problem.location.path for problem in caught.value.problems] == [str(tmp_path / "a.bpmn")]

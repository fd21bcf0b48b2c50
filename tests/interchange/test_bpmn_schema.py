"""Our table of the schema against the schema itself, as SpiffWorkflow carries it."""

from collections.abc import Iterator
from importlib.resources import files

import pytest
from lxml import etree

from bpmn_tool.interchange.bpmn_schema import places, shapes

XSD = "{http://www.w3.org/2001/XMLSchema}"
FOLDER = files("SpiffWorkflow.bpmn.parser") / "schema"
SCHEMA = [etree.fromstring((FOLDER / name).read_bytes()) for name in ("BPMN20.xsd", "Semantic.xsd")]
ELEMENTS = {each.get("name", ""): each for root in SCHEMA for each in root.findall(XSD + "element")}
TYPES = {each.get("name", ""): each for root in SCHEMA for each in root.findall(XSD + "complexType")}
VALUES = {
    each.get("name", ""): tuple(value.get("value", "") for value in each.iter(XSD + "enumeration"))
    for root in SCHEMA
    for each in root.findall(XSD + "simpleType")
    if each.find(XSD + "union") is None
}


def bases(name: str) -> Iterator[etree._Element]:
    while name:
        yield TYPES[name]
        extended = TYPES[name].find(f".//{XSD}extension")
        name = "" if extended is None else extended.get("base", "")


def members(head: str) -> Iterator[str]:
    """The elements that may stand where the schema refers to one: it and what substitutes it, unless abstract."""
    element = ELEMENTS[head]
    if element.get("abstract") != "true" and TYPES[element.get("type", "")].get("abstract") != "true":
        yield head
    for name, each in ELEMENTS.items():
        if each.get("substitutionGroup") == head:
            yield from members(name)


def children(type: str) -> dict[str, bool]:
    """What may stand in it, and whether at most once."""
    found: dict[str, bool] = {}
    for each in bases(type):
        for element in each.iter(XSD + "element"):
            single = element.get("maxOccurs", "1") == "1"
            head = element.get("ref", "")
            if ":" not in head:
                found |= dict.fromkeys(members(head) if head else [element.get("name", "")], single)
    return found


def attributes(type: str) -> dict[str, tuple[str, ...]]:
    rows = [row for each in bases(type) for row in each.iter(XSD + "attribute")]
    return {row.get("name", ""): VALUES.get(row.get("type", ""), ()) for row in rows}


def of_elements() -> Iterator[tuple[str, str]]:
    """All elements that can be, with their types; what holds text alone has none of these types."""
    for name, each in ELEMENTS.items():
        if name in members(name):
            yield name, each.get("type", "")
    for row in TYPES.values():
        for each in row.iter(XSD + "element"):
            if (type := each.get("type", "")) in TYPES and each.get("name") != "partitionElement":
                yield each.get("name", ""), "tFormalExpression" if type == "tExpression" else type


#: of an expression its type may be said beside it (xsi:type), and then it has these attributes too
FORMAL = dict.fromkeys(("language", "evaluatesToTypeRef"), ())
#: elements that the schema has and lets stand nowhere
NOWHERE = {"callableElement", "dataAssociation"}


@pytest.mark.parametrize(("name", "type"), [row for row in of_elements() if row[0] not in NOWHERE])
def test_what_may_stand_in_an_element(name: str, type: str) -> None:
    shape = shapes()[name]
    assert {child: slot in shape.single for child, slot in shape.children.items()} == children(type)
    assert shape.attributes == attributes(type) | (FORMAL if name == "expression" else {})


def test_no_element_is_made_up() -> None:
    local = {each.get("name") for row in TYPES.values() for each in row.iter(XSD + "element")}
    assert set(shapes()) <= ELEMENTS.keys() | local
    assert set(places()) <= ELEMENTS.keys() | local


def test_an_element_stands_where_one_that_may_hold_it_is() -> None:
    assert places()["flowNodeRef"] == ("lane",)
    assert places()["lane"] == ("laneSet", "childLaneSet")
    assert places()["definitions"] == ()

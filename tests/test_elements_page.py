"""docs/elements.md says what the code does."""

from dataclasses import replace
from types import MappingProxyType

from bpmn_tool.model.elements import Gateway
from tests.elements_page import PAGE, Row, is_drawn, page, rows
from tests.elements_xml import is_read
from tests.execution.drawing import draw, end, start


def test_the_page_of_elements_is_what_the_code_does() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.elements_page"


def row(name: str) -> Row:
    return next(each for each in rows() if each.name == name)


def test_what_is_not_drawn_is_seen_not_to_be() -> None:
    assert not is_drawn(draw([start("s"), end("e")], "s > e"))  # no element n


def test_what_is_read_otherwise_is_seen_to_be() -> None:
    model = row("exclusiveGateway").model
    (node,) = (each for each in model.flow_nodes.values() if each.id == "n")
    assert isinstance(node, Gateway)
    other = replace(node, activation_condition="x")  # which its file does not say
    assert not is_read(replace(model, flow_nodes=MappingProxyType({**model.flow_nodes, "n": other})))

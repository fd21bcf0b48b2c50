"""The page of the extension and its moddle descriptor say what the reader reads."""

import json
import re
from pathlib import Path

from bpmn_tool.interchange.bpmn_statement import ATTRIBUTES, LABEL, NAMESPACE, STATEMENT, Form
from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.model.statement import Act, Category, Topic

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "extension.md").read_text(encoding="utf-8")
MODDLE = json.loads((DOCS / "moddle" / "bpmn-tool.json").read_text(encoding="utf-8"))
TYPES = {each["name"]: each for each in MODDLE["types"]}


def section(heading: str) -> list[str]:
    text = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


def test_the_page_has_each_attribute_and_word() -> None:
    assert section("The attributes of `statement`") == [row.name for row in ATTRIBUTES]
    assert section("What an `act` is") == [each.value for each in Act]
    assert section("What a gateway `decides`") == [each.value for each in Topic]


def test_the_example_is_read() -> None:
    found = re.search(r"```xml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    model = read_bytes(found[1].encode(), "example.bpmn")
    assert model.flow_nodes["ask_police"].statement.legal_basis == ("L1", "L3")
    assert model.flow_nodes["ask_police"].statement.names["nl"] == "Politie bevragen"
    assert model.statement_of("case_file").category == (Category.SPECIAL,)


def test_the_descriptor_has_the_same_attributes() -> None:
    assert MODDLE["uri"] == NAMESPACE
    properties = {each["name"]: each for each in TYPES[STATEMENT.capitalize()]["properties"]}
    assert list(properties) == [row.name for row in ATTRIBUTES]
    assert all(each["isAttr"] for each in properties.values())
    for row in ATTRIBUTES:
        assert properties[row.name]["type"] == ("Boolean" if row.form is Form.FLAG else "String")
    assert [each["name"] for each in TYPES[LABEL.capitalize()]["properties"]] == ["lang", "text"]


def test_the_descriptor_lists_the_words_of_an_attribute_with_one() -> None:
    enumerations = {
        each["name"]: [literal["name"] for literal in each["literalValues"]] for each in MODDLE["enumerations"]
    }
    assert enumerations == {
        row.words.__name__: [word.value for word in row.words] for row in ATTRIBUTES if row.words is not None
    }

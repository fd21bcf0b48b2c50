"""JUnit XML in the shape that both common schemas ask for (Ant's JUnit.xsd is the stricter one)."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.cli.junit import CaseOfSuite, Suite, junit_text

AT = datetime(2026, 3, 2, 10, 11, 12, 13, tzinfo=UTC)
#: element -> attributes that have to be there, attributes that may be, children in order
SHAPE = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, set(), ["testsuite*"]),
    "testsuite": (
        {"name", "timestamp", "hostname", "tests", "failures", "errors", "time", "id", "package"},
        {"skipped"},
        ["properties", "testcase*", "system-out", "system-err"],
    ),
    "properties": (set(), set(), ["property*"]),
    "property": ({"name", "value"}, set(), []),
    "testcase": ({"name", "classname", "time"}, set(), ["failure?"]),
    "failure": ({"type"}, {"message"}, []),
    "system-out": (set(), set(), []),
    "system-err": (set(), set(), []),
}


def is_in_shape(element: ET.Element) -> bool:
    needed, allowed, children = SHAPE[element.tag]
    names = set(element.attrib)
    order = "".join(f"(?:<{child.rstrip('*?')}>){child[-1] if child[-1] in '*?' else ''}" for child in children)
    found = "".join(f"<{child.tag}>" for child in element)
    return (
        needed <= names <= needed | allowed
        and re.fullmatch(order, found) is not None
        and all(map(is_in_shape, element))
    )


def read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314  our own


def suite() -> Suite:
    return Suite(
        name="a.bpmn",
        cases=[
            CaseOfSuite(name="fine", place="s/a.toml", seconds=0.25),
            CaseOfSuite(name="wrong", place="s/b.toml", seconds=1.0, message="no <end>", text="line 1\nline 2"),
        ],
        properties={"coverage.p.nodes": "3"},
    )


def test_it_has_the_shape_of_the_schemas() -> None:
    assert is_in_shape(read(junit_text("t", [suite(), suite()], AT)))
    assert is_in_shape(read(junit_text("t", [], AT)))


def test_counts_and_times_add_up() -> None:
    root = read(junit_text("t", [suite(), suite()], AT))
    assert [root.get(key) for key in ("tests", "failures", "errors", "time")] == ["4", "2", "0", "2.500"]
    first = root[0]
    assert [first.get(key) for key in ("tests", "failures", "timestamp")] == ["2", "1", "2026-03-02T10:11:12"]


def test_a_failure_tells_line_by_line() -> None:
    failure = next(read(junit_text("t", [suite()], AT)).iter("failure"))
    assert (failure.get("message"), failure.text) == ("no <end>", "line 1\nline 2")


@given(st.text(), st.text(), st.text(min_size=1))
def test_no_text_breaks_the_document(name: str, place: str, message: str) -> None:
    case = CaseOfSuite(name=name, place=place, message=message, text=message)
    assert is_in_shape(read(junit_text(name, [Suite(name=place, cases=[case])], AT)))

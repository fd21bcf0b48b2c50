"""Results of stories as JUnit XML, as build servers read it: a suite a model, a case a story.

Attributes and their order are those that both common schemas know (Jenkins' and Ant's), so that neither refuses the
file.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bpmn_tool.cli.console import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfSuite:
    """A story: where it stands, how long it took, and what was wrong if it failed."""

    name: str
    place: str
    seconds: float = 0.0
    message: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The stories of a model; `properties` are its figures."""

    name: str
    cases: Sequence[CaseOfSuite]
    properties: Mapping[str, str] = field(default_factory=dict)


def junit_text(name: str, suites: Sequence[Suite], at: datetime) -> str:
    """The whole document; `at` is when the tests were run."""
    every = [case for suite in suites for case in suite.cases]
    root = ET.Element("testsuites", {"name": plain(name), **_counts(every)})
    for number, suite in enumerate(suites):
        element = ET.SubElement(
            root,
            "testsuite",
            {
                "name": plain(suite.name),
                "timestamp": at.replace(microsecond=0, tzinfo=None).isoformat(),
                "hostname": "localhost",  # which machine it was is nobody's business
                **_counts(suite.cases),
                "skipped": "0",
                "id": str(number),
                "package": plain(suite.name),
            },
        )
        properties = ET.SubElement(element, "properties")
        for key, value in suite.properties.items():
            ET.SubElement(properties, "property", name=plain(key), value=plain(value))
        for case in suite.cases:
            _case(element, case)
        ET.SubElement(element, "system-out")
        ET.SubElement(element, "system-err")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counts(cases: Sequence[CaseOfSuite]) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(sum(bool(case.message) for case in cases)),
        "errors": "0",
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }


def _case(suite: ET.Element, case: CaseOfSuite) -> None:
    element = ET.SubElement(
        suite, "testcase", name=plain(case.name), classname=plain(case.place), time=f"{case.seconds:.3f}"
    )
    if case.message:
        failure = ET.SubElement(element, "failure", message=plain(case.message), type="failed")
        failure.text = "\n".join(map(plain, case.text.splitlines()))

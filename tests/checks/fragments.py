"""The fragments of the pages of rules, made whole: what a fragment names and does not show is put beside it."""

import re
from pathlib import Path
from typing import Final

from lxml import etree

PAGES: Final = Path(__file__).parents[2] / "docs" / "rules"
_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_HEAD = (
    f'<definitions xmlns="{_MODEL}" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:tool="urn:bpmn-tool:1"'
    ' id="definitions" targetNamespace="urn:test">'
)
_ROOTS = {"process", "collaboration", "message", "signal", "error", "escalation", "BPMNDiagram"}
_OF_COLLABORATION = {"participant", "messageFlow"}
_REFERENCES = ("sourceRef", "targetRef", "attachedToRef", "default")


def fragments(rule: str, heading: str) -> list[str]:
    """The pieces of XML below *Wrong* or *Right*."""
    page = (PAGES / f"{rule}.md").read_text(encoding="utf-8")
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```xml\n(.*?)```", section, re.DOTALL)


def whole(fragment: str) -> bytes:
    """A model that holds the fragment: what stands nowhere gets a process, what is named and not there is a task, and
    flows lead there from a start and on to an end.
    """
    root = etree.fromstring(f"{_HEAD}{fragment}</definitions>")
    process = root.find(f"{{{_MODEL}}}process")
    loose = [each for each in root.iterchildren("{*}*") if etree.QName(each).localname not in _ROOTS]
    if process is None or loose:
        process = etree.SubElement(root, f"{{{_MODEL}}}process", id="around")
        for each in loose:
            _place(root, process, each)
    if process.get("id") == "around":
        _complete(root, process)
    for diagram in root.findall("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"):
        root.append(diagram)
    return etree.tostring(root)


def _place(root: "etree._Element", process: "etree._Element", element: "etree._Element") -> None:
    name = etree.QName(element).localname
    if name in _OF_COLLABORATION:
        around = root.find(f"{{{_MODEL}}}collaboration")
        if around is None:
            around = etree.Element(f"{{{_MODEL}}}collaboration", id="collaboration")
            root.insert(0, around)
        around.append(element)
    elif name == "lane":
        lanes = process.find(f"{{{_MODEL}}}laneSet")
        if lanes is None:
            lanes = etree.Element(f"{{{_MODEL}}}laneSet", id="lanes")
            process.insert(0, lanes)
        lanes.append(element)
    else:
        process.append(element)


def _complete(root: "etree._Element", process: "etree._Element") -> None:
    known = {each.get("id") for each in root.iter("{*}*")}
    named = [each.get(name) for each in root.iter("{*}*") for name in _REFERENCES]
    named += [each.text for each in root.iter(f"{{{_MODEL}}}flowNodeRef")]
    for id_ in dict.fromkeys(each for each in named if each and each not in known):
        etree.SubElement(process, f"{{{_MODEL}}}task", id=id_, name=id_)

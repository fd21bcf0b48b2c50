"""What stands in a file and not in the schema of BPMN 2.0.2: elements, attributes and values that it does not know, or
not there. Nothing of it is lost; a rule of ``check`` tells it.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from bpmn_tool.interchange import bpmn_names as names
from bpmn_tool.interchange.bpmn_ids import is_element, local_name, qualified
from bpmn_tool.interchange.bpmn_refs import References
from bpmn_tool.interchange.bpmn_schema import Shape, places, shapes
from bpmn_tool.messages import _
from bpmn_tool.model.elements import RemarkKind

if TYPE_CHECKING:
    from lxml.etree import _Element

_OPEN: Final = frozenset({"extensionElements", "documentation", "text", "script", "import"})
"""What may hold anything."""
_NAMED: Final = 3
_DRAWN_IN: Final = {"BPMNDiagram": "<definitions>"}


def remark_content(elements: "Collection[_Element]", references: References) -> None:
    """Remark all that the schema does not let stand there; `elements` are BPMN's own of one file."""
    known = shapes()
    for element in elements:
        name = local_name(element)
        if (shape := known.get(name)) is None:
            continue
        for message in _attributes(element, shape, references):
            references.remark(element, message, RemarkKind.SCHEMA)
        if len(element) and name not in _OPEN:
            for child, message in _children(element, shape, references):
                own = local_name(child)
                references.remark(child, message, RemarkKind.SCHEMA if own else RemarkKind.FOREIGN)


def _attributes(element: "_Element", shape: Shape, references: References) -> Iterator[str]:
    for attribute, value in element.attrib.items():
        name = str(attribute)
        allowed = shape.attributes.get(name)
        if allowed and value.strip() not in allowed:
            words = {"attribute": name, "element": references.describe(element), "value": value[:40]}
            words["values"] = ", ".join(allowed)
            yield _("%(attribute)s of %(element)s is '%(value)s', and may be: %(values)s") % words
        if allowed is not None or _is_others(name) or (name == "default" and local_name(element) in names.FLOW_NODES):
            continue  # of a default that stands where it must not the rule default-flow tells
        words = {"attribute": _written(name), "element": references.describe(element)}
        message = _("%(element)s has an attribute '%(attribute)s', which the schema does not know there") % words
        yield message + _meant(name.rpartition("}")[2], shape.attributes)


def _is_others(name: str) -> bool:
    """Whether an attribute is of a namespace that is not BPMN's."""
    return name.startswith("{") and not name.startswith(f"{{{names.BPMN}}}")


def _written(name: str) -> str:
    """As people write it: of BPMN's own namespace with a prefix."""
    return f"bpmn:{name.rpartition('}')[2]}" if name.startswith("{") else name


def _children(element: "_Element", shape: Shape, references: References) -> "Iterator[tuple[_Element, str]]":
    filled: Counter[str] = Counter()
    for child in element:
        if not is_element(child):
            continue
        name = local_name(child)
        if (slot := shape.children.get(name)) is None:
            yield from _stranger(element, child, shape, references)
            continue
        filled[slot] += 1
        if slot in shape.single and filled[slot] == 2:
            words = {"element": references.describe(element), "child": name}
            yield child, _("%(element)s has another <%(child)s>, where the schema lets one stand") % words


def _stranger(
    element: "_Element", child: "_Element", shape: Shape, references: References
) -> "Iterator[tuple[_Element, str]]":
    uri, name = qualified(child)
    words = {"element": references.describe(element), "child": name}
    if uri == names.BPMN and name not in places():
        yield child, _("<%(child)s> in %(element)s is no element of BPMN") % words + _meant(name, shape.children)
    elif uri == names.BPMN:
        words["places"] = ", ".join(f"<{each}>" for each in places()[name][:_NAMED])
        yield child, _("<%(child)s> cannot stand in %(element)s; it stands in: %(places)s") % words
    elif uri in (names.BPMNDI, names.DI, names.DC):
        if local_name(element) != "definitions" or name != "BPMNDiagram":
            words["places"] = _DRAWN_IN.get(name, "<BPMNDiagram>")
            yield child, _("<%(child)s> cannot stand in %(element)s; it stands in: %(places)s") % words
    else:
        message = _("<%(child)s> of another namespace stands in %(element)s: its place is in <extensionElements>")
        yield child, message % words


def _meant(name: str, known: Collection[str]) -> str:
    by_case = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), by_case, n=1, cutoff=0.8)
    return _("; is '%(name)s' meant?") % {"name": by_case[found[0]]} if found else ""

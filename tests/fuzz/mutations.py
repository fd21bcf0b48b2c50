"""Ways to break a BPMN file. All chance comes from the `Random` that is passed in, so that a seed names a file."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Final

from lxml import etree

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"

VALUES: Final = (
    "",
    " ",
    "0",
    "-1",
    "1",
    "2",
    "99999999999999999999",
    "9" * 5000,
    "1e400",
    "NaN",
    "INF",
    "true",
    "FALSE",
    "maybe",
    "a:b",
    "xsd:string",
    ":",
    "::",
    "{urn:x}y",
    "é ünïcödé ☃ \U0001f600",
    "\u202eevil",
    "[/a]",
    "<&>\"'",
    "${x}",
    "=1+1",
    "__import__('os').system('true')",
    "a" * 20_000,
    "R/PT0S",
    "R99999999999/2026-01-01T00:00:00Z/PT1S",
    "P1D",
    "PT-1S",
    "P999999999999Y",
    "2026-13-45",
    "x > 1",
    "((((((((((",
    "1 +",
)
TAGS: Final[tuple[str, ...]] = (
    *("process", "subProcess", "adHocSubProcess", "transaction", "callActivity", "task", "userTask", "sendTask"),
    *("receiveTask", "scriptTask", "exclusiveGateway", "inclusiveGateway", "parallelGateway"),
    *("eventBasedGateway", "complexGateway", "startEvent", "endEvent", "intermediateCatchEvent"),
    *("intermediateThrowEvent", "boundaryEvent", "timerEventDefinition", "messageEventDefinition"),
    *("signalEventDefinition", "errorEventDefinition", "escalationEventDefinition", "conditionalEventDefinition"),
    *("linkEventDefinition", "compensateEventDefinition", "cancelEventDefinition", "terminateEventDefinition"),
    *("sequenceFlow", "messageFlow", "association", "lane", "laneSet", "flowNodeRef", "participant"),
    *("collaboration", "message", "signal", "error", "dataObject", "dataObjectReference", "dataInputAssociation"),
    *("standardLoopCharacteristics", "multiInstanceLoopCharacteristics", "conditionExpression", "timeDuration"),
    *("timeCycle", "documentation", "extensionElements", "choreography", "choreographyTask", "conversation"),
    *("resourceRole", "ioSpecification", "definitions", "incoming", "outgoing", "nonsense"),
)
ATTRIBUTES: Final[tuple[str, ...]] = (
    *("id", "name", "sourceRef", "targetRef", "default", "attachedToRef", "processRef", "messageRef"),
    *("signalRef", "errorRef", "escalationRef", "activityRef", "calledElement", "cancelActivity"),
    *("isInterrupting", "triggeredByEvent", "isForCompensation", "startQuantity", "completionQuantity"),
    *("loopMaximum", "testBefore", "isSequential", "behavior", "parallelMultiple", "instantiate"),
    *("eventGatewayType", "gatewayDirection", "isExecutable", "isCollection", "dataObjectRef", "ordering"),
    *("cancelRemainingInstances", "method", "waitForCompletion", "associationDirection", "partitionElementRef"),
    *("bpmnElement", "x", "y", "width", "height"),
)
TRIGGERS: Final = tuple(tag for tag in TAGS if tag.endswith("EventDefinition"))
ENCODINGS: Final = {  # what it is declared as; half of all files are UTF-8 whatever stands here
    "utf-8": "UTF-8",
    "utf-8-sig": "utf-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16LE",
    "iso-8859-1": "iso-8859-1",
    "windows-1252": "Windows-1252",
    "gb18030": "GB18030",
    "shift_jis": "Shift_JIS",
}
TOKENS: Final = (
    b"<!DOCTYPE definitions>",
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    b'<!DOCTYPE d SYSTEM "file:///etc/passwd">',
    b'<!ENTITY x SYSTEM "http://127.0.0.1/">',
    b"&x;",
    b"&#0;",
    b"&#xD800;",
    b"&amp;",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"-->",
    b"--",
    b"<?pi?>",
    b'<?xml version="1.1"?>',
    b'<?xml version="1.0" encoding="utf-7"?>',
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1b[31m",
    b"<a>",
    b"</a>",
    b'"',
    b"'",
    b">",
    b"<",
    b' xmlns=""',
    b' xmlns="urn:x"',
    b' id="a"',
    b" xmlns:p=''",
)
MAX_ELEMENTS: Final = 6000
"""A tree does not grow beyond this, since a large file says no more than a small one."""


def mutant(data: bytes, random: Random) -> bytes:
    """A broken copy of a file: of four, three by its structure and one by its bytes."""
    if random.random() < 0.75:
        try:
            data = by_structure(data, random)
        except (etree.XMLSyntaxError, ValueError):  # lxml refuses some texts itself
            return by_bytes(data, random)
        if random.random() < 0.9:
            return data
    return by_bytes(data, random)


# --- by structure -------------------------------------------------------------------------------------------------


def by_structure(data: bytes, random: Random) -> bytes:
    root = etree.fromstring(data)
    for _ in range(random.choice((1, 1, 1, 2, 3, 5))):
        try:
            random.choice(TREE)(root, random)
        except (ValueError, TypeError):
            continue  # what XML cannot hold (a control character), or a move into itself
    encoding = random.choice(("utf-8", random.choice(list(ENCODINGS))))
    text = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="{ENCODINGS[encoding]}"?>\n{text}'.encode(encoding, "xmlcharrefreplace")


def some(root: etree._Element, random: Random, *, but_root: bool = True) -> etree._Element:
    """Any element, those of the process more often than those of the drawing."""
    elements = [e for e in root.iter("*") if not (but_root and e is root)] or [root]
    model = [e for e in elements if str(e.tag).startswith(f"{{{BPMN}}}")]
    return random.choice(model if model and random.random() < 0.85 else elements)


def any_id(root: etree._Element, random: Random) -> str:
    found = [e.get("id", "") for e in root.iter("*") if e.get("id")]
    return random.choice(found) if found else "a"


def delete(root: etree._Element, random: Random) -> None:
    element = some(root, random)
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def duplicate(root: etree._Element, random: Random) -> None:
    element = some(root, random)
    if (parent := element.getparent()) is not None and sum(1 for _ in element.iter()) < 500:
        copy = deepcopy(element)
        if random.random() < 0.7:
            for each in copy.iter("*"):
                if each.get("id"):
                    each.set("id", f"{each.get('id')}_{random.randrange(1000)}")
        parent.insert(random.randrange(len(parent) + 1), copy)


def move(root: etree._Element, random: Random) -> None:
    element, target = some(root, random), some(root, random, but_root=False)
    if target is not element and element not in target.iterancestors():
        target.insert(random.randrange(len(target) + 1), element)


def retag(root: etree._Element, random: Random) -> None:
    some(root, random).tag = f"{{{BPMN}}}{random.choice(TAGS)}"


def rename_space(root: etree._Element, random: Random) -> None:
    element = some(root, random, but_root=False)
    local = str(element.tag).rpartition("}")[2]
    space = random.choice((BPMN, "urn:vendor", "", "http://www.omg.org/spec/BPMN/20100524/DI", f"{BPMN}/"))
    element.tag = f"{{{space}}}{local}" if space else local


def set_value(root: etree._Element, random: Random) -> None:
    element = some(root, random, but_root=False)
    if element.attrib:
        element.set(random.choice(list(element.attrib)), random.choice(VALUES))


def set_attribute(root: etree._Element, random: Random) -> None:
    value = any_id(root, random) if random.random() < 0.6 else random.choice(VALUES)
    some(root, random, but_root=False).set(random.choice(ATTRIBUTES), value)


def drop_attribute(root: etree._Element, random: Random) -> None:
    element = some(root, random, but_root=False)
    if element.attrib:
        del element.attrib[random.choice(list(element.attrib))]


def redirect(root: etree._Element, random: Random) -> None:
    """A reference leads elsewhere."""
    elements = [e for e in root.iter("*") if any(str(name).endswith("Ref") for name in e.attrib)]
    if elements:
        element = random.choice(elements)
        name = random.choice([name for name in element.attrib if str(name).endswith("Ref")])
        element.set(name, any_id(root, random))


def swap_ids(root: etree._Element, random: Random) -> None:
    one, other = some(root, random), some(root, random)
    if one.get("id") and other.get("id"):
        first, second = one.get("id", ""), other.get("id", "")
        one.set("id", second)
        other.set("id", first)


def set_text(root: etree._Element, random: Random) -> None:
    leaves = [e for e in root.iter("*") if not len(e)]
    if leaves:
        random.choice(leaves).text = any_id(root, random) if random.random() < 0.5 else random.choice(VALUES)


def add_element(root: etree._Element, random: Random) -> None:
    child = etree.SubElement(some(root, random, but_root=False), f"{{{BPMN}}}{random.choice(TAGS)}")
    if random.random() < 0.6:
        child.set("id", f"new_{random.randrange(10_000)}")
    for _ in range(random.randrange(3)):
        child.set(random.choice(ATTRIBUTES[1:]), any_id(root, random))


def add_flow(root: etree._Element, random: Random) -> None:
    processes = list(root.iter(f"{{{BPMN}}}process", f"{{{BPMN}}}subProcess"))
    if processes:
        container = random.choice(processes)
        nodes = [e.get("id", "") for e in container if e.get("id")] or [any_id(root, random)]
        flow = etree.SubElement(container, f"{{{BPMN}}}sequenceFlow", id=f"flow_{random.randrange(10**6)}")
        flow.set("sourceRef", random.choice(nodes))
        flow.set("targetRef", random.choice(nodes))


def add_trigger(root: etree._Element, random: Random) -> None:
    events = [e for e in root.iter("*") if str(e.tag).endswith("Event")]
    if events:
        definition = etree.SubElement(random.choice(events), f"{{{BPMN}}}{random.choice(TRIGGERS)}")
        if random.random() < 0.5:
            kind = random.choice(("timeDuration", "timeCycle", "timeDate", "condition"))
            etree.SubElement(definition, f"{{{BPMN}}}{kind}").text = random.choice(VALUES)


def add_boundary(root: etree._Element, random: Random) -> None:
    nodes = [e for e in root.iter("*") if str(e.tag).startswith(f"{{{BPMN}}}") and e.get("id")]
    if nodes and (parent := random.choice(nodes).getparent()) is not None:
        event = etree.SubElement(parent, f"{{{BPMN}}}boundaryEvent", id=f"boundary_{random.randrange(10**6)}")
        event.set("attachedToRef", any_id(root, random))
        etree.SubElement(event, f"{{{BPMN}}}{random.choice(TRIGGERS)}")


def add_loop(root: etree._Element, random: Random) -> None:
    tasks = [e for e in root.iter("*") if str(e.tag).endswith(("ask", "Process", "callActivity"))]
    if tasks:
        kind = random.choice(("standardLoopCharacteristics", "multiInstanceLoopCharacteristics"))
        loop = etree.SubElement(random.choice(tasks), f"{{{BPMN}}}{kind}")
        loop.set(random.choice(("loopMaximum", "isSequential", "testBefore", "behavior")), random.choice(VALUES))
        etree.SubElement(loop, f"{{{BPMN}}}loopCardinality").text = random.choice(VALUES)


def nest(root: etree._Element, random: Random) -> None:
    """Sub-processes in sub-processes, or any element in itself."""
    element = some(root, random)
    tag = random.choice((f"{{{BPMN}}}subProcess", f"{{{BPMN}}}lane", str(element.tag), "{urn:v}x"))
    for number in range(random.choice((3, 30, 180, 400))):
        element = etree.SubElement(element, tag)
        if random.random() < 0.5:
            element.set("id", f"deep_{random.randrange(10**6)}_{number}")


def many(root: etree._Element, random: Random) -> None:
    """A thousand of the same, with ids or without."""
    element = some(root, random)
    parent = element.getparent()
    if parent is not None and sum(1 for _ in root.iter()) < MAX_ELEMENTS // 2:
        with_id = random.random() < 0.5
        attributes = {str(name): str(value) for name, value in element.attrib.items() if name != "id"}
        for number in range(random.choice((20, 1000))):
            if with_id:
                attributes["id"] = f"many_{number}_{random.randrange(10**6)}"
            parent.append(element.makeelement(str(element.tag), attributes))


def wrap(root: etree._Element, random: Random) -> None:
    element = some(root, random)
    if (parent := element.getparent()) is not None:
        tag = random.choice((f"{{{BPMN}}}extensionElements", "{urn:v}x", f"{{{BPMN}}}documentation"))
        wrapper = etree.Element(tag)
        parent.replace(element, wrapper)
        wrapper.append(element)


def clear(root: etree._Element, random: Random) -> None:
    element = some(root, random)
    for child in list(element):
        element.remove(child)


TREE: Final[tuple[Callable[[etree._Element, Random], None], ...]] = (
    delete,
    duplicate,
    move,
    retag,
    rename_space,
    set_value,
    set_attribute,
    set_attribute,
    drop_attribute,
    redirect,
    redirect,
    swap_ids,
    set_text,
    add_element,
    add_flow,
    add_flow,
    add_trigger,
    add_boundary,
    add_loop,
    nest,
    many,
    wrap,
    clear,
)

# --- by bytes -----------------------------------------------------------------------------------------------------


def by_bytes(data: bytes, random: Random) -> bytes:
    broken = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        random.choice(BYTES)(broken, random)
    return bytes(broken)


def place(data: bytearray, random: Random) -> int:
    return random.randrange(len(data) + 1)


def flip(data: bytearray, random: Random) -> None:
    if data:
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def cut(data: bytearray, random: Random) -> None:
    start = place(data, random)
    del data[start : start + random.choice((1, 2, 10, 100, 1000))]


def truncate(data: bytearray, random: Random) -> None:
    del data[place(data, random) :]


def repeat(data: bytearray, random: Random) -> None:
    start = place(data, random)
    data[start:start] = data[start : start + random.choice((1, 10, 300))] * random.choice((1, 2, 50))


def put(data: bytearray, random: Random) -> None:
    start = 0 if random.random() < 0.2 else place(data, random)
    data[start:start] = random.choice(TOKENS)


def put_in_text(data: bytearray, random: Random) -> None:
    """Behind a tag, where more of it gets through."""
    if (start := data.find(b">", place(data, random))) >= 0:
        data[start + 1 : start + 1] = random.choice(TOKENS)


def swap_tags(data: bytearray, random: Random) -> None:
    one, other = random.choice(TAGS).encode(), random.choice(TAGS).encode()
    data[:] = data.replace(one, other, random.choice((1, 2, -1)))


def swap_space(data: bytearray, random: Random) -> None:
    spaces = (BPMN.encode(), b"urn:x", b"", b"http://www.omg.org/spec/DD/20100524/DC")
    data[:] = data.replace(random.choice(spaces[:1]), random.choice(spaces), random.choice((1, -1)))


def lie_about_encoding(data: bytearray, random: Random) -> None:
    named = random.choice((b"utf-16", b"utf-32", b"ascii", b"big5", b"utf-7", b"koi8-r", b"idna", b"zip", b"x"))
    for known in (b'"UTF-8"', b'"utf-8"', b"'UTF-8'"):
        data[:] = data.replace(known, b'"' + named + b'"', 1)


BYTES: Final[tuple[Callable[[bytearray, Random], None], ...]] = (
    flip,
    flip,
    cut,
    truncate,
    repeat,
    put,
    put_in_text,
    put_in_text,
    swap_tags,
    swap_space,
    lie_about_encoding,
)

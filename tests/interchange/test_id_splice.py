"""Ids change with all that refers to them, in any encoding, and no other byte does."""

import os
import random
from pathlib import Path

import pytest

from bpmn_tool.comparison.pairing import pair
from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.interchange.id_splice import rename
from bpmn_tool.model.elements import Event, Model
from tests.interchange.bpmn_text import definitions

BODY = """<collaboration id="C"><participant id="pool" name="task" processRef="tns:P"/></collaboration>
<process id="P"><laneSet id="LS"><lane id="l"><flowNodeRef> task </flowNodeRef>
<flowNodeRef>late</flowNodeRef></lane></laneSet>
<userTask  id = 'task'
   name="task" default="flow"><documentation>task</documentation>
   <extensionElements>
   <b:p xmlns:b="urn:b" elementRef="task" other="task" id="task">task<task id="task"/></b:p></extensionElements>
   <incoming><!-- first -->tns:back</incoming><outgoing><![CDATA[flow]]></outgoing></userTask>
<boundaryEvent id="late" name="É" attachedToRef="task"><compensateEventDefinition id="ced" activityRef="tns:task"/>
</boundaryEvent><exclusiveGateway id="g&#x2D;1"/>
<callActivity id="call" calledElement="tns:P"/><callActivity id="far" calledElement="other:P" xmlns:other="urn:other"/>
<sequenceFlow id="flow" sourceRef="task" targetRef="g-1"/><sequenceFlow id="back" sourceRef="g-1" targetRef="task"/>
</process>
<bpmndi:BPMNDiagram id="D1"><bpmndi:BPMNPlane id="D2" bpmnElement="tns:C">
<bpmndi:BPMNShape id="task_di" bpmnElement="task"><dc:Bounds x="1" y="2" width="3" height="4"/></bpmndi:BPMNShape>
<bpmndi:BPMNEdge id="flow_di" bpmnElement="flow" sourceElement="task_di" targetElement="task"><di:waypoint x="1" y="2"/>
<di:waypoint x="1" y="2"/></bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""


def renamed(new_of: dict[str, str], body: str = BODY) -> str:
    return rename(definitions(body).encode(), new_of, "x.bpmn").data.decode()


def body_of(text: str) -> str:
    return text.removeprefix(definitions("").removesuffix("\n</definitions>")).removesuffix("\n</definitions>")


def test_every_reference_follows_and_nothing_else_changes() -> None:
    expected = BODY
    for old, new in (
        ("<flowNodeRef> task </flowNodeRef>", "<flowNodeRef> Do_it </flowNodeRef>"),
        ("id = 'task'", "id = 'Do_it'"),
        ('elementRef="task"', 'elementRef="Do_it"'),
        ('attachedToRef="task"', 'attachedToRef="Do_it"'),
        ('activityRef="tns:task"', 'activityRef="tns:Do_it"'),
        ('sourceRef="task"', 'sourceRef="Do_it"'),
        ('targetRef="task"', 'targetRef="Do_it"'),
        ('bpmnElement="task"', 'bpmnElement="Do_it"'),
        ('targetElement="task"', 'targetElement="Do_it"'),
    ):
        assert BODY.count(old) == 1
        expected = expected.replace(old, new)
    assert body_of(renamed({"task": "Do_it"})) == expected


def test_what_a_vendor_holds_is_told() -> None:
    result = rename(definitions(BODY).encode(), {"task": "Do_it"}, "x.bpmn")
    assert [(place.path, place.line) for place in result.left] == [("x.bpmn", 11)]


def test_texts_in_cdata_and_after_a_comment() -> None:
    text = renamed({"flow": "f1", "back": "f2"})
    assert "<outgoing><![CDATA[f1]]></outgoing>" in text
    assert "<incoming><!-- first -->tns:f2</incoming>" in text
    assert 'default="f1"' in text


def test_a_prefix_of_another_namespace_means_another_file() -> None:
    text = renamed({"P": "Q"})
    assert 'processRef="tns:Q"' in text
    assert 'calledElement="tns:Q"' in text
    assert 'calledElement="other:P"' in text


def test_ids_with_entities() -> None:
    text = renamed({"g-1": "g"})
    assert '<exclusiveGateway id="g"/>' in text
    assert 'targetRef="g"/>' in text


def test_ids_swap() -> None:
    text = renamed({"flow": "back", "back": "flow"})
    assert '<sequenceFlow id="back" sourceRef="task" targetRef="g-1"/><sequenceFlow id="flow"' in text
    assert renamed({"flow": "back", "back": "flow"}, body_of(text)) == definitions(BODY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "windows-1252"])
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_any_encoding_and_line_end(encoding: str, eol: str) -> None:
    declared = "utf-16" if encoding == "utf-16-be" else encoding.removesuffix("-sig")
    text = definitions(BODY).replace("UTF-8", declared).replace("\n", eol)
    data = ("\ufeff" + text if encoding == "utf-16-be" else text).encode(encoding)
    result = rename(data, {"task": "tâche", "late": "zu_spät"}, "x.bpmn").data
    assert read_bytes(result, "x.bpmn").flow_nodes.keys() >= {"tâche", "zu_spät"}
    assert rename(result, {"tâche": "task", "zu_spät": "late"}, "x.bpmn").data == data


def test_what_the_encoding_lacks_is_written_as_a_number() -> None:
    data = definitions(BODY).replace("UTF-8", "windows-1252").encode("windows-1252")
    result = rename(data, {"late": "pozdě"}, "x.bpmn").data
    assert b"pozd&#283;" in result
    assert "pozdě" in read_bytes(result, "x.bpmn").flow_nodes


@pytest.mark.parametrize(
    ("new_of", "message", "line"),
    [
        ({"task": "late"}, "'task' cannot become 'late': that is the id of this boundaryEvent", 13),
        ({"task": "task_di"}, "'task' cannot become 'task_di': that is the id of this BPMNShape", 19),
        ({"task": "x", "late": "x"}, "'late' and 'task' cannot both become 'x'", 13),
        ({"nobody": "x"}, "there is no element with the id 'nobody'", None),
        ({"task_di": "x"}, "there is no element with the id 'task_di'", None),
    ],
)
def test_refused(new_of: dict[str, str], message: str, line: int | None) -> None:
    with pytest.raises(InputError) as caught:
        renamed(new_of)
    (problem,) = caught.value.problems
    assert (problem.message, problem.location.line) == (message, line)


def test_an_id_that_a_shape_has_too() -> None:
    """Two ids may not be one; where they are, the shape's stays, and with it what refers to shapes."""
    body = BODY.replace('"task_di"', '"task"')
    text = renamed({"task": "Do_it"}, body)
    assert '<bpmndi:BPMNShape id="task" bpmnElement="Do_it">' in text
    assert 'sourceElement="task" targetElement="task"' in text


def test_an_id_of_a_vendor_is_no_id_of_the_model() -> None:
    assert "<userTask  id = 'inner'" in renamed({"task": "inner"}, BODY.replace('other="task" id="task"', 'id="inner"'))


def test_a_reference_broken_by_a_comment_is_refused() -> None:
    with pytest.raises(InputError, match="write it in one piece"):
        renamed({"late": "x"}, BODY.replace("<flowNodeRef>late<", "<flowNodeRef>la<!-- -->te<"))


def test_no_ids_no_change() -> None:
    assert renamed({}) == definitions(BODY)


# -- other people's files

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
FILES = sorted(CORPORA.rglob("*.bpmn"))


def ids_in(model: Model) -> list[str]:
    made = {each.id for each in model.generated}
    events = [each for each in model.flow_nodes.values() if isinstance(each, Event)]
    found = [each.id for each in model.elements() if each.id not in made]
    return list(dict.fromkeys([*found, *(d.id for event in events for d in event.definitions if d.id)]))


def readable(path: Path) -> tuple[bytes, Model]:
    data = path.read_bytes()
    try:
        return data, read_bytes(data, path.name)
    except InputError:
        pytest.skip("refused by the reader")


@pytest.mark.skipif(not FILES, reason=f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)")
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_ids_permuted_and_back_are_the_same_bytes(path: Path) -> None:
    data, model = readable(path)
    ids = ids_in(model)
    shuffled = random.Random(1).sample(ids, len(ids))  # noqa: S311  any order does
    there = rename(data, dict(zip(ids, shuffled, strict=True)), path.name).data
    read_bytes(there, path.name)
    assert rename(there, dict(zip(shuffled, ids, strict=True)), path.name).data == data


@pytest.mark.skipif(not FILES, reason=f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)")
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPORA)))
def test_after_the_pairs_are_renamed_nothing_is_renumbered(path: Path) -> None:
    data, model = readable(path)
    fresh = {id: f"new_{number}" for number, id in enumerate(ids_in(model))}
    there = rename(data, fresh, path.name).data
    pairs = {new: old for old, new in pair(model, read_bytes(there, path.name)).renumbered if new in fresh.values()}
    assert {fresh[old]: old for old in pairs.values()} == pairs  # none is a wrong one
    again = read_bytes(rename(there, pairs, path.name).data, path.name)
    assert pair(model, again).renumbered == ()

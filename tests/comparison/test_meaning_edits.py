"""One edit in a file, by hand, and the steps that it must touch: no more, and no fewer."""

import pytest

from bpmn_tool.comparison.asked import asked_of
from bpmn_tool.comparison.meaning import meaning_of
from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.interchange.register_toml import read_register
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "readme" / "partners"
DRAWN = (FOLDER / "referral.bpmn").read_text(encoding="utf-8")
REGISTER = (FOLDER / "partners.toml").read_text(encoding="utf-8")
ALL = {"listen", "refer", "first_talk"}

IN_THE_DRAWING = [
    ('name="First talk"', 'name="First long talk"', {"first_talk", "refer"}),  # its answer is waited for
    ('name="Refer"', 'name="Send on"', {"refer", "listen", "first_talk"}),  # it comes from there
    ('id="refer" name="Refer"', 'id="refer" name=" Refer&#10; "', set()),
    ("Within three weeks", "Within four weeks", {"first_talk"}),
    ("P3W", "P4W", {"first_talk"}),
    ('name="Not reached"', 'name="Lost"', {"first_talk", "refer"}),
    ('id="msg_referral" name="referral"', 'id="msg_referral" name="file"', {"refer", "first_talk"}),
    ('name="referral" sourceRef', 'name="letter" sourceRef', {"refer", "first_talk"}),
    ('retention="P1Y"', 'retention="P2Y"', {"listen"}),
    ('controller="town"', 'controller="town help"', {"listen"}),
    ('name="Note of the talk"', 'name="Note"', {"listen"}),
    ('legalBasis="decree"', 'legalBasis="none"', {"first_talk"}),
    (' legalBasis="decree"', "", {"first_talk"}),
    ('purpose="help"', 'purpose="none"', {"first_talk"}),
    ('personLevel="true"', 'personLevel="false"', {"first_talk"}),
    ('name="Desk"', 'name="Onthaal"', set()),  # the same role by its Dutch name
    ('name="Town"', 'name="City"', set()),  # the lane says who it is
    ('<bpmn:userTask id="listen"', '<bpmn:manualTask id="listen"', {"listen", "refer"}),
    ('id="to_refer" sourceRef', 'id="to_refer" name="at once" sourceRef', {"listen", "refer"}),
    ('<bpmn:endEvent id="closed" name="Closed" />', '<bpmn:endEvent id="closed" name="Done" />', set()),
    ('x="', 'x="1', set()),
    ("<bpmn:laneSet", "<!-- a note --><bpmn:laneSet", set()),
]
IN_THE_REGISTER = [
    ("listens and refers", "listens", {"listen", "refer"}),
    ("helps whoever wants it", "helps", {"first_talk"}),
    ('deputy = "help_deputy"', "deputy = false", {"first_talk"}),
    ("09:00-17:00", "09:00-16:00", {"first_talk"}),
    ('article = "art. 3"', 'article = "art. 4"', {"first_talk"}),
    ('en = "Giving help"', 'en = "Helping"', {"first_talk"}),
    ('en = "Help centre"', 'en = "Centre"', {"first_talk"}),
    ('mandate = "stands in"', 'mandate = "stands in for all"', set()),
    ('legal_bases = ["decree"]', "legal_bases = false", {"first_talk"}),
    ('mandate = "listens and refers"', 'contact = "x@y.example"\nmandate = "listens and refers"', set()),
    ('mandate = "listens and refers"', 'capacity = 3\nmandate = "listens and refers"', {"listen", "refer"}),
    ('en = "Desk"', 'en = "Front desk"', {"listen", "refer"}),
]
NOTE = (
    '<bpmn:textAnnotation id="remark"><bpmn:text>{words}</bpmn:text></bpmn:textAnnotation>'
    '<bpmn:association id="remark_of" sourceRef="remark" targetRef="listen" />'
)


def hashes(drawn: str, register: str, folder) -> dict[str, str]:
    path = folder / "partners.toml"
    path.write_text(register, encoding="utf-8")
    partners, model = read_register(str(path)), read_bytes(drawn.encode(), "x.bpmn")
    return {
        asked.id: meaning_of(model, partners, asked).hash
        for partner in partners.partners
        for asked in asked_of(model, partners, partner)
    }


def touched(folder, drawn: str = DRAWN, register: str = REGISTER, before: str = DRAWN) -> set[str]:
    old, new = hashes(before, REGISTER, folder), hashes(drawn, register, folder)
    assert old.keys() == new.keys() == ALL
    return {step for step in ALL if old[step] != new[step]}


@pytest.mark.parametrize(("old", "new", "expected"), IN_THE_DRAWING, ids=lambda value: str(value)[:40])
def test_an_edit_in_the_drawing(tmp_path, old, new, expected):
    assert old in DRAWN
    drawn = DRAWN.replace(old, new)
    if "manualTask" in new:
        drawn = drawn.replace("</bpmn:userTask>", "</bpmn:manualTask>", 1)
    register = REGISTER.replace('nl = "Stad"', 'nl = "Stad", de = "City"') if new == 'name="City"' else REGISTER
    assert touched(tmp_path, drawn, register) - ({"listen", "refer"} if register != REGISTER else set()) == expected


@pytest.mark.parametrize(("old", "new", "expected"), IN_THE_REGISTER, ids=lambda value: str(value)[:40])
def test_an_edit_in_the_register(tmp_path, old, new, expected):
    assert old in REGISTER
    assert touched(tmp_path, register=REGISTER.replace(old, new)) == expected


BACK = '\n[roles.back]\npartner = "town"\nname = "Back office"\nmandate = "writes"\n'


def test_another_role_for_a_step_touches_it_and_whoever_passes_work_to_it_or_gets_it(tmp_path):
    """The mandate of the step's own role is another one too: the hands on both sides are what is looked at."""
    lane = '<bpmn:lane id="back_lane" name="Back office"><bpmn:flowNodeRef>refer</bpmn:flowNodeRef></bpmn:lane>'
    moved = DRAWN.replace("<bpmn:flowNodeRef>refer</bpmn:flowNodeRef>", "").replace('name="Desk">', 'name="Desk">', 1)
    moved = moved.replace("</bpmn:lane></bpmn:laneSet>", f"</bpmn:lane>{lane}</bpmn:laneSet>", 1)
    old, new = hashes(DRAWN, REGISTER + BACK, tmp_path), hashes(moved, REGISTER + BACK, tmp_path)
    assert {step for step in ALL if old[step] != new[step]} == ALL


def test_a_second_way_to_the_same_neighbour_is_another_way(tmp_path):
    way = '<bpmn:sequenceFlow id="again" sourceRef="listen" targetRef="refer" />'
    more = DRAWN.replace('<bpmn:sequenceFlow id="to_refer"', f'{way}<bpmn:sequenceFlow id="to_refer"', 1)
    assert touched(tmp_path, more) == {"listen", "refer"}


def test_a_note_that_hangs_on_a_step_is_part_of_it(tmp_path):
    def noted(words: str) -> str:
        return DRAWN.replace("<bpmn:dataObject ", NOTE.format(words=words) + "<bpmn:dataObject ", 1)

    assert touched(tmp_path, noted("ask twice")) == {"listen"}
    assert touched(tmp_path, noted("ask thrice"), before=noted("ask twice")) == {"listen"}


def test_what_repeats_the_sub_process_around_a_step_is_part_of_it(tmp_path):
    def inside(of: str) -> str:
        loop = f"<bpmn:multiInstanceLoopCharacteristics{of}/>"
        start = '<bpmn:subProcess id="round" name="Round">'
        sub = f'{start}{loop}<bpmn:userTask id="listen" name="Listen"/></bpmn:subProcess>'
        lane = DRAWN.replace("<bpmn:flowNodeRef>listen</", "<bpmn:flowNodeRef>round</")
        begin, end = lane.index('<bpmn:userTask id="listen"'), lane.index("</bpmn:userTask>") + len("</bpmn:userTask>")
        text = lane[:begin] + sub + lane[end:]
        return text.replace('targetRef="listen"', 'targetRef="round"').replace(
            'sourceRef="listen"', 'sourceRef="round"'
        )

    before, after = inside(""), inside(' isSequential="true"')
    assert touched(tmp_path, after, before=before) == {"listen"}

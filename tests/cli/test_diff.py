"""``bpmn-tool diff``: for people, for programs, for folders."""

import json
from pathlib import Path

import pytest

from tests.comparison.drawn import BODY, HEAD, edited
from tests.interchange.bpmn_text import definitions

CHANGED = (
    ('name="Check papers"', 'name="Check"'),
    ("good &gt; 1", "good &gt; 2"),
    ('id="f6" sourceRef="refuse" targetRef="e"', 'id="f6" sourceRef="refuse" targetRef="g"'),
    ("<flowNodeRef>refuse</flowNodeRef>", ""),
    ("<flowNodeRef>s</flowNodeRef>", "<flowNodeRef>s</flowNodeRef><flowNodeRef>refuse</flowNodeRef>"),
    ('x="10" y="20"', 'x="11" y="20"'),
    (
        '<messageFlow id="mf"',
        '<messageFlow id="m9" name="order" sourceRef="refuse" targetRef="bank"/><messageFlow id="mf"',
    ),
    ('"pay"', '"pay2"'),
    (">pay</flowNodeRef>", ">pay2</flowNodeRef><flowNodeRef>tell</flowNodeRef>"),
    (
        "<endEvent",
        '<task id="tell" name="Tell [/a]"/><sequenceFlow id="f8" sourceRef="pay2" targetRef="tell"/><endEvent',
    ),
)


def write(path: Path, body: str = BODY) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(definitions(body, HEAD), encoding="utf-8")
    return path


@pytest.fixture
def old(tmp_path):
    return write(tmp_path / "old" / "shop.bpmn")


@pytest.fixture
def new(tmp_path):
    return write(tmp_path / "new" / "shop.bpmn", edited(*CHANGED))


def test_as_people_read_it(cli, old, new):
    ended = cli("diff", old, new)
    assert ended.code == 0
    assert (
        ended.out
        == """\
Added (3)
  + task Tell [/a] (tell)
  + message flow order: Refuse → Bank (m9)
  + 1 flow from or to them

Changed
  Check (check)
    name: Check papers → Check
  yes: Good? → Pay (yes)
    condition: good > 1 → good > 2

Reconnected
  sequence flow f6
    - Refuse → Done
    + Refuse → Good?

Another role
  Refuse (refuse): Cash → Desk

Handoffs
  within Shop
    - no: Good? → Refuse (no), Desk → Cash
    - Refuse → Done (f6), Cash → Desk
    - Too late → Refuse (f7), Desk → Cash
  Shop → Bank
    + order: Refuse → Bank (m9), Desk → Bank

The same by name, kind and neighbours, under another id
  Pay: pay → pay2

1 shape or line is drawn elsewhere; --layout lists it.
"""
    )


def test_as_programs_read_it(cli, old, new):
    ended = cli("diff", old, new, "--json")
    assert ended.code == 0
    found = json.loads(ended.out)
    assert found["schema"] == "bpmn-tool/diff/1"
    assert found["added"] == [
        {"id": "tell", "kind": "task", "name": "Tell [/a]"},
        {"id": "f8", "kind": "sequenceFlow", "name": "", "source": "pay2", "target": "tell"},
        {"id": "m9", "kind": "messageFlow", "name": "order", "source": "refuse", "target": "bank"},
    ]
    assert found["removed"] == []
    assert {
        "id": "check",
        "kind": "userTask",
        "name": "Check",
        "attributes": {"name": ["Check papers", "Check"]},
    } in found["changed"]
    assert found["reconnected"] == ["f6"]
    assert found["moved"] == ["check"]
    assert found["renumbered"] == [["pay", "pay2"]]
    assert found["reassigned"] == [{"id": "refuse", "kind": "scriptTask", "name": "Refuse", "role": ["Cash", "Desk"]}]
    assert [each["id"] for each in found["handoffs"]["removed"]] == ["no", "f6", "f7"]
    (crossing,) = found["handoffs"]["added"]
    assert (crossing["id"], crossing["from"]["name"], crossing["to"]["partner"]) == ("m9", "Desk", "Bank")


def test_no_difference(cli, old):
    ended = cli("diff", old, old)
    assert (ended.code, ended.out) == (0, "No difference.\n")


@pytest.mark.parametrize(
    ("edits", "words", "code"),
    [
        (CHANGED, (), 0),
        (CHANGED, ("--exit-code",), 1),
        ((('x="10" y="20"', 'x="11" y="20"'),), ("--exit-code",), 0),
        ((('x="10" y="20"', 'x="11" y="20"'),), ("--exit-code", "--layout"), 1),
        ((), ("--exit-code", "--layout"), 0),
    ],
)
def test_exit_code(cli, old, tmp_path, edits, words, code):
    assert cli("diff", old, write(tmp_path / "new.bpmn", edited(*edits)), *words).code == code


def test_layout_lists_what_moved(cli, old, tmp_path):
    moved = write(tmp_path / "moved.bpmn", edited(('x="10" y="20"', 'x="11" y="20"')))
    assert cli("diff", old, moved).out == "1 shape or line is drawn elsewhere; --layout lists it.\n"
    assert cli("diff", old, moved, "--layout").out == "Moved on the drawing\n  user task Check papers (check)\n\n"


def test_long_texts_stand_one_above_the_other(cli, old, tmp_path):
    text = "Look twice, and ask somebody who knows the papers of this town."
    changed = write(tmp_path / "new.bpmn", edited(("Look twice.", text)))
    assert f"    documentation:\n      - Look twice.\n      + {text}\n" in cli("diff", old, changed).out


def test_folders(cli, old, new):
    write(old.parent / "gone.bpmn")
    write(new.parent / "come.bpmn", '<process id="Q"><task id="t"/></process>')
    out = cli("diff", old.parent, new.parent).out
    assert "come.bpmn\nThe file is new, with 3 elements.\n" in out
    assert "gone.bpmn\nThe file is gone, with " in out
    assert "shop.bpmn\nAdded (3)\n" in out
    found = json.loads(cli("diff", old.parent, new.parent, "--json").out)
    assert [(each["path"], each["old"] is None, each["new"] is None) for each in found["files"]] == [
        ("come.bpmn", True, False),
        ("gone.bpmn", False, True),
        ("shop.bpmn", False, False),
    ]
    assert {each["id"] for each in found["added"]} >= {"tell", "Q", "t"}


def test_a_file_and_a_folder(cli, old, new):
    ended = cli("diff", old, new.parent)
    assert ended.code == 2
    assert "compare two files, or two folders" in ended.err


def test_all_that_cannot_be_read_is_told(cli, tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.bpmn").write_text("<a>")
    ended = cli("diff", tmp_path / "a.bpmn", tmp_path / "b.bpmn")
    assert ended.code == 2
    assert "a.bpmn:1" in ended.err
    assert "b.bpmn:1" in ended.err


def test_the_register_near_the_models_names_the_roles(cli, tmp_path):
    (tmp_path / "partners.toml").write_text(
        '[partners.city]\nname = { en = "The city" }\n'
        '[roles.clerk]\npartner = "city"\nname = { en = "Clerk" }\naliases = ["Desk"]\n'
        '[roles.cashier]\npartner = "city"\nname = { en = "Cashier" }\naliases = ["Cash"]\n'
    )
    old, new = write(tmp_path / "old.bpmn"), write(tmp_path / "new.bpmn", edited(*CHANGED[3:5]))
    ended = cli("diff", old, new)
    assert "Refuse (refuse): Cashier → Clerk" in ended.out
    assert "within The city" in ended.out


def test_the_two_models_that_ship(cli, root):
    ended = cli(
        "diff", root / "processes/as_is/local_pcve.bpmn", root / "processes/to_be/integrated_hub.bpmn", "--json"
    )
    found = json.loads(ended.out)
    assert found["renumbered"] == []  # one id for one step
    assert "juridical_gate" in {each["id"] for each in found["added"]}


def test_a_path_that_there_is_not_is_not_called_a_file(cli, tmp_path):
    ended = cli("diff", tmp_path, tmp_path / "gone")
    assert (ended.code, ended.err) == (2, f"{tmp_path / 'gone'}: error: there is no such file or folder\n")

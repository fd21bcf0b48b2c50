"""Nothing that was signed is lost, and what was changed is found where docs/partners.md says it is found."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bpmn_tool.comparison.meaning import Meaning
from bpmn_tool.errors import InputError
from bpmn_tool.interchange import sign_off_store
from bpmn_tool.interchange.replace_file import replace_file
from bpmn_tool.interchange.sign_off_lines import hash_of
from bpmn_tool.interchange.sign_off_store import Store
from bpmn_tool.register.sign_offs import How, SignedStep, SignOff, Verdict

MEANING = Meaning(step="assess", facts={"name": "Assess"})


def entry(number: int, partner: str = "caw", *, date: str = "") -> SignOff:
    return SignOff(
        partner=partner,
        id=f"{number:032x}",
        date=date or f"2026-03-02T10:{number % 60:02d}:00+00:00",
        how=How.HAND,
        steps=(
            SignedStep(
                step="assess", model="a.bpmn", hash=MEANING.hash, verdict=Verdict.CONTEST, reason=f"no {number}"
            ),
        ),
        models={"a.bpmn": "0" * 64},
    )


def store(folder: Path, count: int = 0) -> Store:
    made = Store(folder=folder / "sign_offs")
    for number in range(count):
        made.append(entry(number), [MEANING], name=f"Person {number}")
    return made


def lines(made: Store, partner: str = "caw") -> list[bytes]:
    return made.path(partner).read_bytes().splitlines(keepends=True)


def refused(made: Store, partner: str = "caw") -> str:
    with pytest.raises(InputError) as caught:
        made.chain(partner)
    return str(caught.value)


def test_what_is_written_is_read(tmp_path):
    made = store(tmp_path, 3)
    chain = made.chain("caw")
    assert [line.steps for line in chain.lines] == [entry(n).steps for n in range(3)]
    assert chain.head == hash_of(lines(made)[-1].rstrip(b"\n"))
    assert [line.previous for line in chain.lines[1:]] == [(line.hash,) for line in chain.lines[:-1]]
    assert made.facts(MEANING.hash) == MEANING.facts


def test_names_stand_apart_and_can_be_erased_with_the_chain_intact(tmp_path):
    made = store(tmp_path, 2)
    assert b"Person" not in made.path("caw").read_bytes()
    assert made.names() == {f"{n:032x}": f"Person {n}" for n in range(2)}
    head = made.chain("caw").head
    made.people.unlink()
    assert made.names() == {}
    assert made.chain("caw").head == head


def test_a_name_is_a_text_whatever_stands_in_it(tmp_path):
    made = store(tmp_path)
    name = 'A "quoted"\n[other]\nname = "B"\\'
    made.append(entry(1), [MEANING], name=name)
    assert tomllib.loads(made.people.read_text(encoding="utf-8")) == {f"{1:032x}": {"name": name}}


@pytest.mark.parametrize("partner", ["../out", "a/b", "..", "con:1", "é"])
def test_no_partner_leads_out_of_the_folder(tmp_path, partner):
    made = store(tmp_path)
    made.append(entry(1, partner), [MEANING])
    assert made.path(partner).parent == made.folder
    assert made.chain(partner).lines
    assert {each.name for each in tmp_path.iterdir()} == {"sign_offs"}


# -- two at once, and a crash between any two writes


SIGN_MANY = """
import sys
from pathlib import Path
from bpmn_tool.interchange.sign_off_store import Store
from bpmn_tool.register.sign_offs import How, SignedStep, SignOff, Verdict
print("ready", flush=True)
sys.stdin.readline()
step = SignedStep(step="assess", model="a.bpmn", hash="0" * 64, verdict=Verdict.ACCEPT)
for number in range(int(sys.argv[2]), int(sys.argv[2]) + 15):
    entry = SignOff(partner="caw", id=f"{number:032x}", date="2026-03-02T10:00:00+00:00", how=How.HAND, steps=(step,))
    Store(folder=Path(sys.argv[1])).append(entry, [], name=f"Person {number}")
"""


def test_two_processes_that_sign_at_once_lose_nothing(tmp_path):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SIGN_MANY, str(tmp_path / "sign_offs"), str(first)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for first in (0, 100)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    made = store(tmp_path)
    assert {line.id for line in made.chain("caw").lines} == {f"{n:032x}" for n in (*range(15), *range(100, 115))}
    assert len(made.names()) == 30


class Crash(BaseException):
    """The power goes: nothing after this runs, no clearing up either."""


@pytest.mark.parametrize("failing", [OSError("disk full"), Crash()])
@pytest.mark.parametrize("at", range(4))
def test_each_write_that_fails_in_turn_leaves_the_old_whole_or_the_new(tmp_path, monkeypatch, at, failing):
    made = store(tmp_path, 2)
    head, names = made.chain("caw").head, made.names()
    other = Meaning(step="assess", facts={"name": "Another"})
    calls: list[Path] = []

    def fails(path, data, **options):
        calls.append(path)
        if len(calls) - 1 >= at and (len(calls) - 1 == at or isinstance(failing, Crash)):
            raise failing
        replace_file(path, data, **options)

    monkeypatch.setattr(sign_off_store, "replace_file", fails)
    written = False
    try:
        made.append(entry(7), [other], name="Person 7")
        written = True
    except (OSError, Crash):
        pass
    monkeypatch.undo()
    assert written == (at == 3)  # there are three writes: the meaning, the name, the line
    chain = made.chain("caw")
    assert chain.lines[1].hash == head
    assert len(chain.lines) == 2 + written
    assert made.names().items() >= names.items()
    if not written:
        made.append(entry(7), [other], name="Person 7")
    assert [line.id for line in made.chain("caw").lines] == [f"{n:032x}" for n in (0, 1, 7)]
    assert made.names()[f"{7:032x}"] == "Person 7"
    assert not list(made.folder.rglob(".*.jsonl*"))


def test_a_crash_in_the_middle_of_a_write_leaves_the_old_file(tmp_path, monkeypatch):
    made = store(tmp_path, 2)
    before = made.path("caw").read_bytes()
    monkeypatch.setattr("os.fsync", lambda _descriptor: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        made.append(entry(7), [], name="")
    assert made.path("caw").read_bytes() == before


# -- what is found without a head that somebody noted


def test_a_line_that_was_changed_is_found_at_the_next(tmp_path):
    made = store(tmp_path, 3)
    kept = lines(made)
    kept[0] = kept[0].replace(b'"contest"', b'"accept"')
    made.path("caw").write_bytes(b"".join(kept))
    assert "caw.jsonl:2: follows a line that is not there" in refused(made)


def test_a_line_that_was_taken_out_or_moved_is_found(tmp_path):
    made = store(tmp_path, 4)
    kept = lines(made)
    for wrong in ([kept[0], kept[2], kept[3]], [kept[1], kept[0], kept[2], kept[3]], kept[1:]):
        made.path("caw").write_bytes(b"".join(wrong))
        assert "follows a line that is not there" in refused(made)
    made.path("caw").write_bytes(b"".join([*kept, kept[3]]))
    assert "stands here twice" in refused(made)


def test_a_line_of_another_partner_is_found(tmp_path):
    made = store(tmp_path, 1)
    made.path("clb").write_bytes(made.path("caw").read_bytes())
    assert "is a line of 'caw', not of 'clb'" in refused(made, "clb")


@pytest.mark.parametrize(
    "wrong", [b"{", b"[]", b'{"format": 2}', b"\xff", b'{"format": 1, "partner": "caw", "merge": ["x", "y"]}']
)
def test_what_is_no_line_is_told_with_its_number(tmp_path, wrong):
    made = store(tmp_path, 1)
    made.path("caw").write_bytes(made.path("caw").read_bytes() + wrong + b"\n")
    assert "caw.jsonl:2: is no line of a sign-off file" in refused(made)


def test_nothing_is_added_to_a_chain_that_is_broken(tmp_path):
    made = store(tmp_path, 3)
    made.path("caw").write_bytes(b"".join(lines(made)[1:]))
    before = made.path("caw").read_bytes()
    with pytest.raises(InputError):
        made.append(entry(9), [MEANING], name="Person 9")
    assert made.path("caw").read_bytes() == before
    assert "Person 9" not in made.people.read_text(encoding="utf-8")


# -- what only a head that somebody noted finds


def test_a_head_that_was_noted_finds_a_tail_that_was_cut(tmp_path):
    made = store(tmp_path, 3)
    head = made.chain("caw").head
    made.path("caw").write_bytes(b"".join(lines(made)[:-1]))
    assert made.chain("caw").lines_since(head) is None


def test_a_head_that_was_noted_finds_a_last_line_that_was_changed(tmp_path):
    made = store(tmp_path, 3)
    head = made.chain("caw").head
    made.path("caw").write_bytes(made.path("caw").read_bytes().replace(b"no 2", b"yes"))
    assert made.chain("caw").lines_since(head) is None


def test_a_head_that_was_noted_finds_a_chain_that_was_written_anew(tmp_path):
    made = store(tmp_path, 3)
    head = made.chain("caw").head
    made.path("caw").unlink()
    for number in range(3):
        made.append(entry(number, date="2026-03-02T10:00:01+00:00"), [MEANING])
    assert made.chain("caw").lines_since(head) is None


def test_a_head_that_was_noted_stays_in_a_chain_that_goes_on(tmp_path):
    made = store(tmp_path, 2)
    head = made.chain("caw").head
    made.append(entry(5), [MEANING])
    assert made.chain("caw").lines_since(head) == 1


def test_a_meaning_that_was_changed_is_not_taken_for_what_was_signed(tmp_path):
    made = store(tmp_path, 1)
    path = made.folder / "meanings" / f"{MEANING.hash}.json"
    path.write_text(json.dumps({"step": "assess", "facts": {"name": "Something else"}}), encoding="utf-8")
    assert made.facts(MEANING.hash) is None
    assert made.facts("../../x") is None

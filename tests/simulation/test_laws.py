"""Laws that hold of every run: the same seed, the same bytes; nothing depends on the order of a file; the same luck in
every variant.
"""

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulation.drawn import HEAD, ONE_TASK, arrivals, bpmn, run, run_file, write

SHORT = ("horizon=P40W", "follow_up=P20W", "warm_up=P4W")
STUDY = Path("simulations") / "mechelen"


@pytest.mark.parametrize("scenario", ["as_is", "integrated_hub"])
def test_the_same_seed_gives_the_same_bytes(root: Path, scenario: str):
    path = root / STUDY / f"{scenario}.toml"
    first = run_file(path, overrides=SHORT, seed=3, replication=2, check=False)
    again = run_file(path, overrides=SHORT, seed=3, replication=2, check=False)
    assert first.text == again.text
    assert first.text != run_file(path, overrides=SHORT, seed=3, replication=3, check=False).text


_PRINT = """
import hashlib, sys
from bpmn_tool.simulation.engine_simpy import run
from bpmn_tool.results.trace import lines
from bpmn_tool.study import prepare
plan = prepare(sys.argv[1], overrides=sys.argv[2:]).simulation.plan
print(hashlib.sha256("".join(lines(run(plan, seed=1, replication=0).rows, {})).encode()).hexdigest(), plan.hash)
"""


def test_nothing_depends_on_how_texts_are_hashed(root: Path):
    """Python orders sets of texts differently from one process to the next."""
    found = {
        subprocess.run(
            [sys.executable, "-c", _PRINT, str(root / STUDY / "integrated_hub.toml"), *SHORT],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True, cwd=root,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(found) == 1


# -- shuffled files

_KEPT = {"outgoing"}  # their order is that in which conditions are tested


def shuffled(xml: str, seed: int, *, decisions: bool = True) -> str:
    """The same model, the children of every element in another order (of exclusive gateways all but `<outgoing>`)."""
    dice = random.Random(seed)  # noqa: S311
    root = ET.fromstring(xml)  # noqa: S314
    for element in list(root.iter()):
        tag = element.tag.rpartition("}")[2]
        children = list(element)
        kept = [c for c in children if decisions and tag == "exclusiveGateway" and c.tag.rpartition("}")[2] in _KEPT]
        moved = [c for c in children if c not in kept]
        dice.shuffle(moved)
        element[:] = _interleaved(kept, moved, dice)
    return ET.tostring(root, encoding="unicode")


def _interleaved(kept: list[ET.Element], moved: list[ET.Element], dice: random.Random) -> Iterator[ET.Element]:
    marks = sorted(dice.sample(range(len(kept) + len(moved)), len(kept)))
    first, second = iter(kept), iter(moved)
    return (next(first) if n in marks else next(second) for n in range(len(kept) + len(moved)))


@pytest.mark.parametrize("scenario", ["as_is", "integrated_hub"])
def test_shuffling_the_xml_changes_nothing(root: Path, tmp_path: Path, scenario: str):
    for name in ("as_is", "integrated_hub"):
        (tmp_path / f"{name}.toml").write_text(
            (root / STUDY / f"{name}.toml").read_text().replace("../../processes", ".")
        )
    (tmp_path / "partners.toml").write_text((root / "processes" / "partners.toml").read_text())
    for folder, name in (("as_is", "local_pcve"), ("to_be", "integrated_hub")):
        (tmp_path / folder).mkdir()
        xml = (root / "processes" / folder / f"{name}.bpmn").read_text()
        (tmp_path / folder / f"{name}.bpmn").write_text(shuffled(xml, 5))
    before = run_file(root / STUDY / f"{scenario}.toml", overrides=SHORT, check=False)
    after = run_file(tmp_path / f"{scenario}.toml", overrides=SHORT, check=False)
    assert list(before.rows) == list(after.rows)


def test_neither_does_the_order_of_tables(tmp_path: Path):
    tables = [
        '[arrivals.s]\nrate = "40 per day"\n',
        '[arrivals.other]\nrate = "20 per day"\n',
        *(f'[tasks.{t}]\nduration = {{ exponential = "PT{n}0M" }}\n' for n, t in enumerate(("a", "b", "c"), 2)),
        "[flows]\ny_b = 0.5\n",
        '[background.z]\nrole = "agent"\nhours_per_week = 3\nper = "role"\n',
        '[background.k]\nrole = "agent"\nhours_per_week = 1\nper = "open_case"\n',
        "[roles.agent]\ncount = 3\n",
    ]
    model = "lane Agent\nstart s\nstart other\nuser a\nuser b\nuser c\nxor y\nend e\n"
    model += "s > a > y\nother > a\ny > b > e\ny > c > e\n"
    one = run(tmp_path / "one", model, "".join(tables))
    two = run(tmp_path / "two", model, "".join(reversed(tables)))
    assert list(one.rows) == list(two.rows)


# -- common random numbers


def test_one_more_person_leaves_each_piece_of_work_its_length(root: Path):
    path = root / STUDY / "as_is.toml"
    few = run_file(path, overrides=SHORT, check=False)
    more = run_file(path, overrides=(*SHORT, "roles.prevention_officer.count=5"), check=False)
    steps = {item.id: item for item in few.items if item.element in few.plan.net.nodes}
    both = [(steps[item.id], item) for item in more.items if item.id in steps and item.outcome.value == "completed"]
    both = [(a, b) for a, b in both if a.outcome.value == "completed"]
    assert len(both) > 500
    assert all(a.processing == b.processing and a.lag == b.lag for a, b in both)


# -- any small model

_SOMETIMES = st.booleans()
_TASKS = ("a", "b", "c", "d", "f", "h")  # two for each of three blocks


class _World:
    """A small block-structured model with people, calendars, gates, handoffs and boundary timers, as it is drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.lines = ["lane Agent", "start s", "end e"]
        self.toml = [f'[arrivals.s]\nrate = "{draw(st.integers(1, 12))} per day"\n']
        self.at = "s"
        self.free = iter(_TASKS)
        self.used: list[str] = []
        self.chances: list[str] = []
        for n in range(draw(st.integers(1, 3))):
            self.block(n)
        self.lines.append(f"{self.at} > e")
        self.work()
        self.people()

    def task(self, mark: str = "") -> str:
        name = next(self.free)
        self.used.append(name)
        self.lines.append(f"user {name}{mark}")
        return name

    def block(self, n: int) -> None:
        match self.draw(st.sampled_from(["task", "xor", "and", "or", "late", "many"])):
            case "xor" | "and" | "or" as word:
                self.split(n, word)
            case word:
                task = self.task(" mi=2" if word == "many" else "")
                self.lines.append(f"{self.at} > {task}")
                self.at = task
                if word == "late":
                    alongside = self.draw(st.sampled_from(["", " alongside"]))
                    self.lines.append(f"boundary late{n} on={task} timer=PT{self.draw(st.integers(1, 30))}H{alongside}")
                    self.lines += [f"end out{n}", f"late{n} > out{n}"]

    def split(self, n: int, word: str) -> None:
        one, two = self.task(), self.task()
        split, join = f"split{n}", f"join{n}"
        self.lines += [f"{word} {split}", f"{word} {join}", f"{self.at} > {split}"]
        first = second = ""
        if word == "xor" and self.draw(_SOMETIMES):
            self.chances.append(f"{split}_{one} = {self.draw(st.floats(0, 1))}\n")
        elif word == "xor":
            first, second = " if x > 0.5", " default"
        elif word == "or":
            first, second = " if x > 0.3", " if x <= 0.7"
        for task, condition in ((one, first), (two, second)):
            self.lines += [f"{split} > {task}{condition}", f"{task} > {join}"]
        self.at = join

    def work(self) -> None:
        gated = self.draw(_SOMETIMES)
        for task in self.used:
            kind = self.draw(st.sampled_from(["exponential", "constant"]))
            hours = self.draw(st.integers(kind == "exponential", 9))
            self.toml.append(f'[tasks.{task}]\nduration = {{ {kind} = "PT{hours}H" }}\n')
            if self.draw(_SOMETIMES):
                self.toml.append(f'lag = {{ uniform = ["PT0S", "PT{self.draw(st.integers(1, 40))}H"] }}\n')
            if self.draw(st.integers(0, 3)) == 0:
                self.toml.append("roles = { agent = 1, head = 1 }\n")
            if gated and task == self.used[0]:
                self.toml.append('gate = "board"\n')
            if self.draw(st.integers(0, 2)) == 0:
                self.toml.append('priority = "x"\n')
        if gated:
            self.toml.append(f'[gates.board]\nevery = "P{self.draw(st.integers(1, 4))}D"\nat = "10:00-15:00"\n')
            self.toml.append(f"capacity = {self.draw(st.integers(1, 5))}\n")
        joins = [line for line in self.lines if re.fullmatch(r"\w+ > join\d", line)]
        if self.draw(_SOMETIMES) and joins:
            fate = self.draw(st.sampled_from(['delay = { exponential = "P1D" }\n', "lost = 0.3\n"]))
            self.toml.append(f"[handoffs.{joins[0].replace(' > ', '_')}]\n{fate}")
        if self.chances:
            self.toml.append("[flows]\n" + "".join(self.chances))

    def people(self) -> None:
        calendar = self.draw(st.sampled_from(["office", "always"]))
        self.toml += [
            '[calendars.office]\nhours = { mon-fri = "09:00-12:00 13:00-17:00" }\n',
            f'[roles.agent]\npeople = [{{ calendar = "{calendar}" }}, ',
            '{ also = ["head"], calendar = "office", speed = 2 }]\n',
            f'off_duty = "{self.draw(st.sampled_from(["pause", "finish"]))}"\n',
            f"strict_order = {self.draw(st.sampled_from(['true', 'false']))}\n",
            '[roles.head]\ncount = 1\ncalendar = "office"\n[attributes]\nx = { uniform = [0, 1] }\n',
        ]
        if self.draw(_SOMETIMES):
            self.toml.append('[background.paper]\nrole = "head"\nhours_per_week = 3\nper = "open_case"\n')


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[str, str]:
    world = _World(draw)
    return "\n".join(world.lines), "".join(world.toml)


@settings(max_examples=80)
@given(world=_worlds(), seed=st.integers(0, 3))
def test_any_small_model_is_simulated_as_the_semantics_say(
    tmp_path_factory: pytest.TempPathFactory, world: tuple[str, str], seed: int
):
    """The oracle and the identities (in `run`), the same rows again, and the same rows from a shuffled file."""
    model, toml = world
    folder = tmp_path_factory.mktemp("world")
    head = HEAD.replace("P28D", "P6D") + 'follow_up = "P10D"\n'
    first = run(folder, model, toml, head=head, seed=seed)
    assert first.text == run(folder, model, toml, head=head, seed=seed, check=False).text
    other = run(
        folder / "shuffled", shuffled(bpmn(model), seed, decisions=True), toml, head=head, seed=seed, check=False
    )
    assert list(other.rows) == list(first.rows)


def test_a_model_without_work_is_simulated_too(tmp_path: Path):
    path = write(tmp_path, "start s\nend e\ns > e\n", arrivals(tmp_path, "mon 09:00"))
    assert len(run_file(path).rows) == 4


def test_the_hash_of_a_plan_does_not_depend_on_the_order_of_tables(tmp_path):
    one = '[arrivals.s]\nevery = "P1D"\n[tasks.work]\nduration = "PT1H"\n[roles.agent]\ncount = 1\n'
    other = '[roles.agent]\ncount = 1\n[tasks.work]\nduration = "PT1H"\n[arrivals.s]\nevery = "P1D"\n'
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    plans = [run(tmp_path / name, ONE_TASK, toml).plan for name, toml in (("one", one), ("other", other))]
    assert plans[0].hash == plans[1].hash
    changed = run(tmp_path, ONE_TASK, one.replace("PT1H", "PT2H")).plan
    assert changed.hash != plans[0].hash

"""What holds of every run with gates that call people away, no-shows, batches and separated duties: the oracle, the
identities, and nothing depends on the order of a file.
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulation.drawn import HEAD, bpmn, run
from tests.simulation.test_laws import shuffled

MODEL = """
lane Agent
start s
user a
user b
boundary late on=b timer=PT30H
and fork
user c
user d
and join
user f mi=2
xor g
user h
end e
end out
s > a > b > fork
late > out
fork > c > join
fork > d > join
join > f > g
g > h as again if x > 0.6
h > e
g > e as done default
"""
TASKS = "abcdfh"
HEAD_6 = HEAD.replace("P28D", "P6D") + 'follow_up = "P12D"\n'


class _People:
    """The people of a scenario and what they do, as they are drawn."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.toml = [
            f'[arrivals.s]\nrate = "{dice.randint(2, 14)} per day"\n',
            "[attributes]\nx = { uniform = [0, 1] }\n",
            '[calendars.office]\nhours = { mon-fri = "09:00-12:00 13:00-17:00" }\n',
            '[calendars.late]\nhours = { mon-sat = "11:00-20:00" }\n',
        ]
        self.gates = dice.choice([0, 1, 2])
        self._people()
        for task in TASKS:
            self._task(task)
        for n in range(self.gates):
            self._gate(n)
        if self._maybe(0.4):
            per = dice.choice(["role", "open_case"])
            self.toml.append(f'[background.paper]\nrole = "head"\nhours_per_week = 7\nper = "{per}"\n')

    def _maybe(self, chance: float) -> bool:
        return self.dice.random() < chance

    def _calendar(self) -> str:
        return self.dice.choice(["office", "late", "always"])

    def _people(self) -> None:
        off_duty = self.dice.choice(["pause", "finish"])
        strict = self.dice.choice(["true", "false"])
        self.toml += [
            f'[roles.agent]\noff_duty = "{off_duty}"\nstrict_order = {strict}\npeople = [\n',
            f'{{ calendar = "{self._calendar()}" }},\n',
            f'{{ calendar = "{self._calendar()}", also = ["head"], speed = 2 }},\n',
            f'{{ calendar = "{self._calendar()}", share = 0.5 }},\n]\n',
            f'[roles.head]\ncount = {self.dice.randint(1, 2)}\ncalendar = "{self._calendar()}"\n',
            f"[roles.guest]\ncount = {self.dice.choice(['1', 'unlimited']).join(chr(34) * 2)}\n".replace('"1"', "1"),
        ]

    def _task(self, task: str) -> None:
        dice = self.dice
        kind, hours = dice.choice(["exponential", "constant"]), dice.randint(1, 6)
        self.toml.append(f'[tasks.{task}]\nduration = {{ {kind} = "PT{hours}H" }}\n')
        roles = dice.choice(["", "", "{ agent = 1, head = 1 }", "{ agent = 2, guest = 1 }", "{ head = 1, agent = 1 }"])
        self.toml.append(f"roles = {roles}\n" if roles else "")
        if self._maybe(0.3):
            self.toml.append(f'lag = {{ uniform = ["PT0S", "PT{dice.randint(1, 40)}H"] }}\n')
        if self._maybe(0.3):
            self.toml.append('priority = "x"\n')
        if self.gates and self._maybe(0.5):
            self.toml.append(f'gate = "g{dice.randrange(self.gates)}"\n')
        if self._maybe(0.35):
            self._batch()
        elif self._maybe(0.4):
            same = "same_person_as" if self._maybe(0.3) else "not_same_person_as"
            others = "abcd" if same == "not_same_person_as" else "".join(set(TASKS) - {task})
            self.toml.append(f'{same} = "{dice.choice(sorted(others))}"\n')

    def _batch(self) -> None:
        least = self.dice.randint(1, 4)
        said = [f"min = {least}", f'mode = "{self.dice.choice(["together", "together", "each"])}"']
        said += [f"max = {least + self.dice.randint(0, 2)}"] if self._maybe(0.5) else []
        said += [f'wait = "{self.dice.choice(["PT5H", "P1D"])}"'] if self._maybe(0.7) else []
        self.toml.append(f"batch = {{ {', '.join(said)} }}\n")

    def _gate(self, n: int) -> None:
        dice = self.dice
        self.toml.append(f'[gates.g{n}]\nevery = "P{dice.randint(1, 3)}D"\nat = "{dice.randint(9, 14)}:00-16:00"\n')
        self.toml[-1] = self.toml[-1].replace('"9:', '"09:')
        self.toml.append(f"reserve = {dice.choice(['true', 'true', 'false'])}\n")
        if self._maybe(0.6):
            self.toml.append(f"capacity = {dice.randint(1, 4)}\n")
        if self._maybe(0.5):
            self.toml.append("no_show = { agent = 0.4 }\n")
            self.toml.append("quorum = 1\n" if self._maybe(0.7) else "")


def people(seed: int) -> str:
    return "".join(_People(random.Random(seed)).toml)  # noqa: S311


def _fits(toml: str) -> bool:
    """Whether each gate that has no-shows of agents has a task with an agent."""
    return "no_show" not in toml or all(f'gate = "g{n}"' in toml for n in range(toml.count("[gates.")))


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6).filter(lambda seed: _fits(people(seed))))
def test_any_people_are_simulated_as_the_semantics_say(tmp_path_factory: pytest.TempPathFactory, seed: int):
    """The oracle and the identities (in `run`), and the same rows from a shuffled file."""
    folder = tmp_path_factory.mktemp("people")
    ran = run(folder, MODEL, people(seed), head=HEAD_6)
    other = run(folder / "other", shuffled(bpmn(MODEL), seed), people(seed), head=HEAD_6, check=False)
    assert list(other.rows) == list(ran.rows)

"""Simulated cases of the shipped study run on SpiffWorkflow with the choices, data and times of their trace."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bpmn_tool.execution.replay import replay
from bpmn_tool.execution.replay_times import Misfit, Times, times
from bpmn_tool.execution.replayable import Replayable, replayable
from bpmn_tool.results.trace import Row, RowKind
from bpmn_tool.study import prepare
from tests.simulation.drawn import arrivals, run

SCENARIOS = ("as_is", "integrated_hub")

Rows = Sequence[Row]


class Traced:
    """One replication of a scenario of the study, ready to be replayed."""

    def __init__(self, scenario: Path) -> None:
        prepared = prepare(scenario)
        plan = prepared.simulation.plan
        self.cases: dict[str, list[Row]] = {}

        def observe(replication: object) -> None:
            for row in replication.rows:  # type: ignore[attr-defined]
                if row.case:
                    self.cases.setdefault(row.case, []).append(row)

        prepared.simulation.replicate(1, 0, observe)
        self.made: Replayable = replayable(prepared.model, self.cases)
        timed = frozenset(event for event, said in prepared.scenario.events.items() if said.after is not None)
        self.times: Times = times(prepared.model, plan.time_line, timed)

    def replay(self, case: str, rows: Rows | None = None) -> Misfit | None:
        return replay(self.made, case, rows if rows is not None else self.cases[case], self.times)

    def longest(self) -> str:
        """The case of most rows that ended."""
        ended = [case for case, rows in self.cases.items() if any(row.kind is RowKind.ENDED for row in rows)]
        return max(ended, key=lambda case: len(self.cases[case]))


@pytest.fixture(scope="module", params=SCENARIOS)
def traced(request: pytest.FixtureRequest) -> Traced:
    return Traced(Path(__file__).parents[2] / "simulations" / "mechelen" / f"{request.param}.toml")


def test_every_case_fits(traced: Traced) -> None:
    arrived = [case for case, rows in traced.cases.items() if rows[0].kind is RowKind.ARRIVED]
    assert len(arrived) > 50
    assert [misfit for case in arrived if (misfit := traced.replay(case)) is not None] == []


def test_timers_are_held_against_the_model(traced: Traced) -> None:
    fired = {row.element for rows in traced.cases.values() for row in rows if row.kind is RowKind.FIRED}
    assert fired & traced.times.whens.keys()


def without(kind: RowKind) -> Callable[[Traced, Rows], Rows]:
    """The trace without its last row of a kind about an element of the model."""

    def change(traced: Traced, rows: Rows) -> Rows:
        known = traced.made.model.flow_nodes
        place = max(n for n, row in enumerate(rows) if row.kind is kind and row.element in known)
        return [*rows[:place], *rows[place + 1 :]]

    return change


def with_another_way(traced: Traced, rows: Rows) -> Rows:
    """A decision goes another way than in the rest of the trace."""
    nodes = traced.made.model.flow_nodes
    place = next(n for n, row in enumerate(rows) if row.element in traced.made.decisions and row.flows)
    other = next(flow for flow in nodes[rows[place].element].outgoing if flow not in rows[place].flows)
    return [*rows[:place], rows[place]._replace(flows=(other,)), *rows[place + 1 :]]


def with_a_timer_late(traced: Traced, rows: Rows) -> Rows:
    """All from the first timer that occurs is a minute late."""
    place = next(n for n, row in enumerate(rows) if row.kind is RowKind.FIRED and row.element in traced.times.whens)
    return [*rows[:place], *(row._replace(tick=row.tick + 60_000_000) for row in rows[place:])]


def done_twice(traced: Traced, rows: Rows) -> Rows:
    place = next(n for n, row in enumerate(rows) if row.kind is RowKind.COMPLETED and row.item and row.flows)
    return [*rows[: place + 1], *rows[place:]]


def cut_before_its_end(_traced: Traced, rows: Rows) -> Rows:
    """It ends at once after its first step."""
    place = next(n for n, row in enumerate(rows) if row.kind is RowKind.COMPLETED and row.flows)
    return [*rows[: place + 1], rows[place]._replace(kind=RowKind.ENDED, element="", flows=(), item="")]


@pytest.mark.parametrize(
    "change",
    [
        without(RowKind.ARRIVED),
        without(RowKind.COMPLETED),
        without(RowKind.FIRED),
        with_another_way,
        with_a_timer_late,
        done_twice,
        cut_before_its_end,
    ],
)
def test_a_changed_trace_does_not_fit(traced: Traced, change: Callable[[Traced, Rows], Rows]) -> None:
    case = traced.longest()
    misfit = traced.replay(case, change(traced, traced.cases[case]))
    assert misfit is not None
    assert misfit.message


def test_the_first_difference_is_told_not_what_comes_of_it(traced: Traced) -> None:
    case = traced.longest()
    rows = traced.cases[case]
    place = next(
        n for n, row in enumerate(rows) if row.kind is RowKind.FIRED and row.element not in traced.made.decisions
    )
    extra = rows[place]._replace(visit=99)
    misfit = traced.replay(case, [*rows[: place + 1], extra, *rows[place + 1 :]])
    assert misfit is not None
    assert (misfit.tick, misfit.element) == (extra.tick, extra.element)


DRAWN = {
    "an error beside work that ends in the same tick": """
        start s
        sub S {
        start i
        and f
        user quick
        user slow loop max=3
        end wrong error=bad
        }
        boundary b on=S error=bad
        user repair
        end e
        s > S > e
        i > f > quick > wrong
        f > slow
        b > repair
    """,
    "loops and instances, none of them too": """
        start s
        user a mi=0
        user b mi=3
        user c mi=2 sequential
        user d loop max=3
        sub S mi=2 {
        start i
        user inner
        end j
        i > inner > j
        }
        end e
        s > a > b > c > d > S > e
    """,
    "a script, conditions and an inclusive join": """
        start s
        script count do="n = 2"
        or split
        user a
        user b
        user c
        or join
        end e
        s > count > split
        split > a as to_a if n > 1
        split > b as to_b if n > 0
        split > c as to_c default
        a > join
        b > join
        c > join
        join > e
    """,
    "a race, a timer beside, and one that interrupts": """
        start s
        event g
        catch soon timer=PT1H
        catch late timer=P2D
        user a
        boundary beside on=a timer=PT5M alongside
        user more
        end told
        user b
        boundary over on=b timer=PT2M
        end e
        end f
        s > g
        g > soon > a > b > e
        g > late > e
        beside > more > told
        over > f
    """,
    "links and an event sub-process": """
        start s
        throw away link=L
        catch here link=L
        user a
        end e
        esub S {
        start i timer=PT5M alongside
        user extra
        end j
        i > extra > j
        }
        s > away
        here > a > e
    """,
}


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN)
def test_what_is_simulated_of_small_models_fits_too(tmp_path: Path, drawn: str) -> None:
    tasks = re.findall(r"^ *user (\w+)", drawn, re.MULTILINE)
    toml = arrivals(tmp_path, "mon 09:00", "tue 09:00") + "[roles.agent]\ncount = 3\n"
    toml += "".join(f'[tasks.{task}]\nduration = {{ constant = "PT10M" }}\n' for task in tasks)
    ran = run(tmp_path, "lane Agent\n" + drawn, toml)
    cases: dict[str, list[Row]] = {}
    for row in ran.rows:
        if row.case:
            cases.setdefault(row.case, []).append(row)
    made = replayable(ran.prepared.model, cases)
    held = times(ran.prepared.model, ran.plan.time_line, frozenset())
    assert len(cases) == 2
    assert [replay(made, case, rows, held) for case, rows in cases.items()] == [None, None]

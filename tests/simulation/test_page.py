"""Every key of the example of a scenario (docs/scenario.md) is read and has an effect: with that key left out, or with
another value, the trace, what is measured on it, or what the result says of its numbers is another.

``page/scenario.toml`` is the whole example, ``page/baseline.toml`` what it takes for granted, ``page/model.txt`` a
model with all its ids. It is run a little shorter and with fewer cases (`SHORTER`).
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bpmn_tool.errors import RunError
from bpmn_tool.results.trace import lines
from bpmn_tool.simulation.engine_simpy import run as run_engine
from bpmn_tool.simulation.summarise import PlanInfo, combine, reduce
from bpmn_tool.study import most_replications, parameters, prepare
from tests.simulation.drawn import bpmn, run_file

PAGE = Path(__file__).with_name("page")
SHORTER = {
    "model": "model.bpmn", "register": "partners.toml", "horizon": "P40W", "follow_up": "P13W", "warm_up": "P4W",
    "arrivals.tournament.size": 16, "background.case_contact.hours_per_week": 0.1, "gates.livcr.every": "P1W",
}  # fmt: skip
#: other values, where leaving the key out is refused or says the same; all other keys are left out
OTHER: dict[str, Any] = {
    "name": "another", "start": datetime(2026, 1, 6),  # noqa: DTZ001 (local)
    "horizon": "P39W", "seed": 2,
    "limits.events": 10, "limits.open_cases": 3,
    "parameters.posts_per_day.value": 200, "parameters.sensitivity.value": 0.3,
    "demand.person_in_need.rate.value": "100 per year",
    "demand.person_in_need.surges[0].from": date(2026, 8, 3), "demand.person_in_need.surges[0].to": date(2026, 9, 14),
    "demand.person_in_need.surges[0].factor": 1.2, "demand.person_in_need.attributes.in_need": False,
    "demand.person_in_need.attributes.is_minor.probability": 0.9,
    "demand.person_in_need.attributes.online.probability": 0.9,
    "arrivals.concern_voiced.of": "somebody_else", "arrivals.concern_voiced.delay.exponential": "P20D",
    "attributes.severity.pert.low": 1, "attributes.severity.pert.mode": 3, "attributes.severity.pert.high": 9,
    "attributes.flagged.probability": 0.5,
    "arrivals.concern_voiced.hours": "always", "arrivals.card_from_security.rate": "9 per year",
    "arrivals.tournament.every": "P6W",
    "calendars.office.hours.mon": "10:00-11:00", "calendars.office.hours.tue-thu": "13:00-17:00",
    "calendars.office.hours.fri": "09:00-10:00", "calendars.office.holidays.country": "NL",
    "calendars.office.absences[0].from": date(2026, 7, 13), "calendars.office.absences[0].to": date(2026, 8, 10),
    "calendars.always.hours": {"mon-fri": "10:00-15:00"},
    "roles.prevention_officer.count": 1, "roles.prevention_officer.off_duty": "finish",
    "roles.prevention_officer.strict_order": True,
    "roles.outreach_worker.people[0].name": "S1", "roles.outreach_worker.people[1].name": "S2",
    "roles.outreach_worker.people[1].durations.first_talk.constant": "PT2H",
    "tasks.clarify_signal.role": "outreach_worker",
    "tasks.clarify_signal.duration.triangular": ["PT1H", "PT2H", "PT5H"],
    "tasks.clarify_signal.lag.triangular": ["P1D", "P3D", "P11D"],
    "tasks.case_consultation.roles.prevention_officer": 2,
    "tasks.legal_gate.duration.mixture": [[0.5, "PT20M"], [0.5, "PT3H"]],
    "tasks.second_reading.duration.by": "severity > 1", "tasks.second_reading.duration.yes": "PT35M",
    "tasks.second_reading.duration.no": "PT5M",
    "tasks.newsletter.batch.min": 9, "tasks.newsletter.batch.mode": "each", "tasks.newsletter.batch.max": 5,
    "gates.livcr.every": "P2W", "gates.livcr.on": "thu",
    "gates.livcr.from": date(2026, 2, 17), "gates.livcr.reserve": False,
    "gates.livcr.capacity": 1, "gates.livcr.quorum": 2, "gates.livcr.on_holiday": "drop",
    "background.case_contact.role": "mayor", "background.case_contact.hours_per_week": 0.3,
    "background.case_contact.per": "role",
    "flows.urgent": 0.3, "flows.trolling": "0.6 if online else 0.2",
    "handoffs.referral_sent.delay.lognormal.mean": "P4D", "handoffs.referral_sent.delay.lognormal.sd": "P1D",
    "handoffs.referral_sent.declines_to": "acceptance_in",
    "events.no_acceptance_after_10_days.after": "P2D", "events.moved_away.after.exponential": "PT1H",
    "black_boxes.platform.response.lognormal.mean": "P5D", "black_boxes.platform.response.lognormal.sd": "P1D",
    "black_boxes.platform.replies.notice_sent.content_removed": 0.1,
    "black_boxes.platform.replies.notice_sent.refused": 0.9,
    "costs.currency": "USD",
    "undefined_roles.policy": "unlimited", "undefined_roles.borrow.online_analyst": "mayor",
}  # fmt: skip
#: what has to be said beside a key before it can count
BESIDE: Mapping[str, Mapping[str, Any]] = {
    "undefined_roles.borrow.online_analyst": {"undefined_roles.policy": "borrowed"},
    "calendars.always.hours": {"roles.mayor.calendar": "always"},
    "calendars.office.holidays.country": {"calendars.office.holidays.region": None},
    "calendars.office.holidays.region": {  # whose days differ from the country's
        "calendars.office.holidays.country": "DE",
        "calendars.office.holidays.region": "BY",
    },
    "arrivals.concern_voiced.of": {
        "demand.somebody_else": {
            "rate": "90 per year",
            "attributes": {"in_need": False, "is_minor": False, "online": False, "origin": "city"},
        },
    },
    "tasks.case_consultation.roles.mayor": {"gates.livcr.quorum": 2},
    "tasks.case_consultation.roles.police_io": {"gates.livcr.quorum": 2, "gates.livcr.no_show": None},
    "tasks.case_consultation.gate": {"gates.livcr.quorum": None, "gates.livcr.no_show": None},
}
#: the example is about them, and nothing else: without them it cannot be read
NEEDED = frozenset({"format", "model", "extends", "numbers", "time_zone"})


def example() -> dict[str, Any]:
    return tomllib.loads((PAGE / "scenario.toml").read_text(encoding="utf-8"))


def keys(table: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """The path of every key that holds a value; a list of tables goes by number."""
    for key, value in table.items():
        path = f"{above}{key}"
        if isinstance(value, dict):
            yield from keys(value, f"{path}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for n, each in enumerate(value):
                yield from keys(each, f"{path}[{n}].")
        else:
            yield path


def changed(table: dict[str, Any], path: str, value: Any) -> None:
    """Puts `value` at `path`; None takes the key away."""
    *way, last = path.replace("[", ".[").split(".")
    at: Any = table
    for step in way:
        at = at[int(step[1:-1])] if step.startswith("[") else at.setdefault(step, {})
    if value is None:
        del at[last]
    else:
        at[last] = value


def written(value: Any) -> str:
    """A value as TOML, tables in one line."""
    match value:
        case dict():
            return "{ " + ", ".join(f"{json.dumps(key)} = {written(each)}" for key, each in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(written, value)) + "]"
        case date():
            return value.isoformat()
        case _:
            return json.dumps(value)


def put(folder: Path, changes: Mapping[str, Any]) -> Path:
    """The example with some keys changed, and all that it needs, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.bpmn").write_text(bpmn((PAGE / "model.txt").read_text(encoding="utf-8")), encoding="utf-8")
    for name in ("baseline.toml", "numbers.csv", "partners.toml"):
        (folder / name).write_bytes((PAGE / name).read_bytes())
    table = example()
    for path, value in {**SHORTER, **changes}.items():
        changed(table, path, value)
    file = folder / "scenario.toml"
    file.write_text("".join(f"{key} = {written(value)}\n" for key, value in table.items()), encoding="utf-8")
    return file


def effect(path: Path) -> tuple[object, ...]:
    """All that a scenario comes to: its trace, what is measured on it, and what the results say of it."""
    prepared = prepare(path)
    scenario, plan, kpis = prepared.scenario, prepared.simulation.plan, prepared.simulation.kpis
    said = (scenario.name, scenario.observed, parameters(scenario), most_replications([prepared]))
    done = run_engine(plan, seed=scenario.seed, replication=0)
    trace = "".join(lines(done.rows, {}))
    facts = plan.facts
    told = (
        facts.once,
        facts.currency,
        facts.partner,
        [*map(facts.person, facts.staff)],
        plan.warm_up,
        plan.close,
        plan.follow_up,
    )
    reduced = reduce(done, facts, kpis, plan.time_line)
    info = PlanInfo(name="", path="", engine="", seed=1, facts=facts, time_line=plan.time_line, warm_up=0, follow_up=0)
    return trace, reduced, combine([reduced], info, ()).costs, said, told


@cache
def as_written(folder: Path, beside: str) -> tuple[object, ...]:
    return effect(put(folder / "as_written", BESIDE.get(beside, {})))


KEYS = [path for path in keys(example()) if path not in NEEDED]


def test_the_example_runs_as_the_semantics_say(tmp_path: Path):
    run_file(put(tmp_path, {}))


@pytest.mark.slow
@pytest.mark.parametrize("path", KEYS)
def test_every_key_has_an_effect(tmp_path_factory: pytest.TempPathFactory, path: str):
    folder = tmp_path_factory.getbasetemp() / "page"
    beside = BESIDE.get(path, {})
    before = as_written(folder, path if beside else "")
    other = put(folder / "other", {**beside, path: OTHER.get(path)})
    if path.startswith("limits."):
        with pytest.raises(RunError, match=path):
            effect(other)
        return
    assert effect(other) != before


def test_no_key_of_the_example_is_forgotten():
    assert {*OTHER, *BESIDE} - {*KEYS, *NEEDED} == set()
    assert len(KEYS) > 100

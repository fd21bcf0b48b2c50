from datetime import datetime
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.instants.iso8601 import Duration, parse_duration
from bpmn_tool.instants.units import DAY, HOUR, MINUTE
from bpmn_tool.interchange.scenario_toml import read_scenario
from bpmn_tool.scenario import distributions as d
from bpmn_tool.scenario.scenario import Provenance, Scenario

FIXTURES = Path(__file__).parent / "fixtures"
HEAD = 'name = "S"\nmodel = "a.bpmn"\nstart = 2026-01-05T00:00:00\nhorizon = "P1W"\n'


@pytest.fixture(scope="module")
def whole() -> Scenario:
    return read_scenario(FIXTURES / "scenarios" / "whole.toml", root=FIXTURES)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "bpmn-tool.toml").touch()
    (tmp_path / "study").mkdir()
    return tmp_path


def write(path: Path, text: str, head: str = HEAD) -> Path:
    path.write_text(head + text)
    return path


def failing(path: Path, *overrides: str) -> str:
    with pytest.raises(InputError) as caught:
        read_scenario(path, overrides=overrides)
    return str(caught.value).replace(f"{path.parent}/", "")


# ---- the example of the contract, resolved


def test_head(whole: Scenario) -> None:
    assert (whole.name, whole.start, whole.time_zone) == ("AS-IS 2026", datetime(2026, 1, 5), "Europe/Brussels")  # noqa: DTZ001
    assert whole.model == ((FIXTURES / "scenarios" / "local_pcve.bpmn").resolve(),)
    assert whole.register_ == (FIXTURES / "partners.toml").resolve()
    assert (whole.horizon, whole.follow_up, whole.warm_up) == (Duration(years=2), Duration(years=5), Duration(months=6))
    assert (whole.replications, whole.seed, whole.limits.open_cases, whole.limits.events) == (
        50,
        1,
        100_000,
        1_000_000_000,
    )
    assert whole.parameters == {"posts_per_day": 2000.0, "sensitivity": 0.8}


def test_demand_and_doors(whole: Scenario) -> None:
    demand = whole.demand["person_in_need"]
    assert demand.rate is not None
    assert (demand.rate.count, demand.rate.unit) == (120.0, "year")
    assert demand.months == {"7": 0.3, "8": 0.3}
    assert [surge.factor for surge in demand.surges] == [1.8]
    assert demand.attributes["in_need"] == d.Constant(value=True)
    assert demand.attributes["origin"] == d.Choice(
        options=(("city", 0.10), ("other", 0.24), ("police", 0.30), ("school", 0.36))
    )
    door = whole.arrivals["concern_voiced"]
    assert door.when is not None
    assert (door.of, door.when.text, door.probability, door.hours) == ("person_in_need", "not online", 0.625, "office")
    assert door.delay == d.Exponential(mean=30 * DAY)
    tournament = whole.arrivals["tournament"]
    assert (tournament.every, tournament.size) == (Duration(weeks=13), d.Constant(value=48.0))


def test_people_and_gates(whole: Scenario) -> None:
    officer, outreach = whole.roles["prevention_officer"], whole.roles["outreach_worker"]
    assert (officer.count, officer.share, officer.calendar, officer.cost_per_hour) == (2, 0.4, "office", 45.0)
    first, second = outreach.people
    assert (first.name, first.calendar, first.also) == ("R1", "evenings", ("prevention_officer",))
    assert (second.speed, second.durations) == (0.8, {"first_talk": d.Constant(value=50 * MINUTE)})
    gate = whole.gates["livcr"]
    assert (gate.every, gate.on, gate.at, gate.capacity) == (Duration(weeks=6), "tue", "14:00-16:00", 6)
    assert (gate.reserve, gate.no_show, gate.quorum, gate.on_holiday) == (True, {"police_io": 0.15}, 3, "next")


def test_work_and_what_happens(whole: Scenario) -> None:
    task = whole.tasks["clarify_signal"]
    assert task.duration == d.Triangular(low=HOUR, mode=2 * HOUR, high=4 * HOUR)
    assert task.lag == d.Triangular(low=DAY, mode=3 * DAY, high=10 * DAY)
    assert not isinstance(task.priority, float)
    assert task.priority.evaluate({"severity": 8}) == 10
    assert whole.tasks["case_consultation"].seats == ("mayor", "police_io", "prevention_officer")
    newsletter = whole.tasks["newsletter"]
    assert newsletter.batch is not None
    assert (newsletter.batch.min, newsletter.batch.max, newsletter.batch.wait) == (5, 20, Duration(days=14))
    assert (newsletter.instances, newsletter.cost) == (d.Constant(value=3.0), 12.0)
    handoff = whole.handoffs["referral_sent"]
    assert handoff.delay == d.Lognormal(mean=2 * DAY, sd=3 * DAY)
    assert (handoff.lost, handoff.declined, handoff.declines_to) == (0.15, 0.2, "back_to_hub")
    assert (handoff.accepted_by, handoff.accept_within) == ("acceptance", Duration(days=10))
    assert whole.events["no_acceptance_after_10_days"].after == Duration(days=10)
    assert whole.events["moved_away"].after == d.Exponential(mean=400 * DAY)
    box = whole.black_boxes["platform"]
    assert (box.answers, box.replies) == (0.77, {"notice_sent": {"content_removed": 0.8, "refused": 0.2}})


def test_the_rest(whole: Scenario) -> None:
    assert (whole.costs.currency, whole.costs.overtime_factor, whole.costs.once) == ("EUR", 1.5, {"dpia": 12_000.0})
    assert (whole.undefined_roles.policy, whole.undefined_roles.borrow) == (
        "absent",
        {"online_analyst": "prevention_officer"},
    )
    assert whole.observed["cycle_time"].median == parse_duration("P40D")
    assert whole.background["case_contact"].per == "open_case"
    assert whole.questions == ()
    assert whole.provenance["demand.person_in_need.rate"] == Provenance(
        value="120 per year", low="60 per year", high="240 per year", status="assumed", source="5.2"
    )


# ---- extends


def test_a_variant_states_what_differs(project: Path) -> None:
    write(project / "base.toml", '[flows]\na = 0.1\nb = 0.2\n[tasks.t]\nlag = "P1D"\n')
    variant = write(project / "v.toml", 'name = "V"\nextends = "base.toml"\n[flows]\nb = 0.3\n', head="")
    found = read_scenario(variant)
    assert (found.name, found.flows, found.horizon) == ("V", {"a": 0.1, "b": 0.3}, Duration(weeks=1))
    assert found.written == {("flows", "b")}


def test_paths_are_those_of_the_file_that_names_them(project: Path) -> None:
    write(project / "base.toml", "")
    found = read_scenario(write(project / "study" / "v.toml", 'extends = "../base.toml"\n', head=""))
    assert found.model == ((project / "a.bpmn").resolve(),)


def test_several_levels(project: Path) -> None:
    write(project / "a.toml", "[flows]\nx = 0.1\n")
    write(project / "b.toml", 'extends = "a.toml"\n[flows]\ny = 0.2\n', head="")
    assert read_scenario(write(project / "c.toml", 'extends = "b.toml"\n', head="")).flows == {"x": 0.1, "y": 0.2}


def test_a_circle(project: Path) -> None:
    write(project / "a.toml", 'extends = "b.toml"\n', head="")
    path = write(project / "b.toml", 'extends = "a.toml"\n', head="")
    assert failing(path) == "a.toml: extends: scenarios extend each other in a circle: b.toml -> a.toml -> b.toml"


def test_nothing_there_to_extend(project: Path) -> None:
    assert (
        failing(write(project / "a.toml", 'extends = "b.toml"\n', head=""))
        == "a.toml: extends: there is no file 'b.toml'"
    )


# ---- paths


@pytest.mark.parametrize("key", ["model", "register", "extends", "numbers"])
def test_a_path_that_leaves_the_project(project: Path, key: str) -> None:
    head = HEAD.replace('model = "a.bpmn"\n', "") if key == "model" else HEAD
    path = write(project / "a.toml", f'{key} = "../x"\n', head=head)
    place = "model[0]" if key == "model" else key
    assert failing(path) == f"a.toml: {place}: '../x' leaves the project's folder; --allow-outside permits it"


def test_allow_outside(project: Path) -> None:
    path = write(project / "a.toml", 'register = "../x.toml"\n')
    assert read_scenario(path, allow_outside=True).register_ == (project.parent / "x.toml").resolve()


def test_a_link_out_of_the_project(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (project / "link").symlink_to(tmp_path_factory.mktemp("outside"))
    assert "leaves the project's folder" in failing(write(project / "a.toml", 'register = "link/p.toml"\n'))


def test_without_a_root_paths_stay_in_the_own_folder(tmp_path: Path) -> None:
    assert "leaves the project's folder" in failing(write(tmp_path / "a.toml", 'register = "../p.toml"\n'))


# ---- tables beside the scenario


def test_recorded_arrivals(project: Path) -> None:
    (project / "log.csv").write_text("time,urgent,kind\n2026-02-01T10:00:00,true,b\n2026-01-06,false,a\n")
    found = read_scenario(write(project / "a.toml", '[arrivals.e]\nfile = "log.csv"\n')).arrivals["e"].recorded
    assert found == (
        (datetime(2026, 1, 6), {"urgent": False, "kind": "a"}),  # noqa: DTZ001
        (datetime(2026, 2, 1, 10), {"urgent": True, "kind": "b"}),  # noqa: DTZ001
    )


def test_a_column_of_a_log_and_nothing_of_it_in_the_provenance(project: Path) -> None:
    (project / "log.csv").write_text("who,minutes\nx,2\ny,1.5\n")
    path = write(
        project / "a.toml",
        '[tasks.t]\nduration = { empirical = { file = "log.csv", column = "minutes", unit = "PT1M" } }\n',
    )
    found = read_scenario(path)
    assert found.tasks["t"].duration == d.Empirical(values=(90_000_000, 120_000_000), weights=(1.0, 1.0))
    assert "1.5" not in str(found.provenance)


def test_no_such_column(project: Path) -> None:
    (project / "log.csv").write_text("who,minutes\nx,2\n")
    path = write(project / "a.toml", '[tasks.t]\nduration = { empirical = { file = "log.csv", column = "minute" } }\n')
    assert failing(path).endswith("log.csv:1: there is no column 'minute' (there are: who, minutes)")


# ---- the file itself


def test_problems_name_file_and_key(project: Path) -> None:
    assert failing(write(project / "a.toml", '[tasks.triage]\nduration = "5m"\n')).startswith(
        "a.toml: tasks.triage.duration: '5m' is not an ISO 8601 duration"
    )


def test_no_toml(project: Path) -> None:
    assert failing(write(project / "a.toml", "[tasks\n")).startswith("a.toml:5: is not TOML: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = 'x'\na" + ".a" * 5000 + " = 1", ":2: has a key of more than 1000 parts"),
        ("seed = " + "9" * 5000, "a whole number of thousands of digits"),
        ("a = " + "[" * 5000, "is nested too deeply"),
        ("a = 1\na = = 2\n", ":2: is not TOML"),
    ],
)
def test_toml_that_python_reads_badly(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_scenario(tmp_path / "s.toml")


def test_no_file(tmp_path: Path) -> None:
    assert "cannot read 'a.toml': No such file or directory" in failing(tmp_path / "a.toml")


def test_set(project: Path) -> None:
    path = write(project / "a.toml", "[roles.r]\ncount = 1\n")
    found = read_scenario(path, overrides=["roles.r.count=3", "seed=7"])
    assert (found.roles["r"].count, found.seed) == (3, 7)
    assert found.provenance["roles.r.count"].status == "set"


def test_set_of_an_unknown_key(project: Path) -> None:
    assert failing(write(project / "a.toml", ""), "roles.r.cuont=3").startswith(
        "a.toml: roles.r.cuont: unknown key; did you mean 'count'?"
    )

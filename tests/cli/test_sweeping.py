import json

import pytest

from bpmn_tool.cli.sweeping import parse_sweep, points
from bpmn_tool.errors import InputError

SHORT = ("--set", "horizon=P2M", "--set", "warm_up=P1M", "--replications", 2)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=1..3", ("1", "2", "3")),
        ("a.b=0.1..0.3/0.1", ("0.1", "0.2", "0.3")),  # in tenths, not in what a float makes of them
        ("a.b=-1..1", ("-1", "0", "1")),
        ("a.b=5..5", ("5",)),
        ("a.b=PT1H, PT2H", ("PT1H", "PT2H")),
        ("a.b=x", ("x",)),
    ],
)
def test_values_are_read(text, values):
    assert parse_sweep(text) == ("a.b", values)


@pytest.mark.parametrize("text", ["a.b", "=1..3", "a.b=", "a.b=3..1", "a.b=1..3/0", "a.b=1,,2", "a.b=1..100_000"])
def test_what_is_no_sweep_says_how_to_write_one(text):
    with pytest.raises(InputError, match=r"write it as PATH=1\.\.6"):
        parse_sweep(text)


def test_every_value_meets_every_other():
    assert points(["a=1..2", "b=x,y"]) == [("a=1", "b=x"), ("a=1", "b=y"), ("a=2", "b=x"), ("a=2", "b=y")]
    with pytest.raises(InputError, match="at most 200"):
        points(["a=1..20", "b=1..20"])


def test_each_point_is_the_scenario_with_its_value_and_the_same_luck(cli, root):
    scenario = root / "simulations" / "mechelen" / "as_is.toml"
    ended = cli("simulate", scenario, *SHORT, "--sweep", "roles.prevention_officer.count=1..2", "--json")
    assert ended.code == 0, ended.err
    document = json.loads(ended.out)
    assert [row["set"] for row in document["sweep"]] == [{"roles.prevention_officer.count": str(n)} for n in (1, 2)]
    alone = cli("simulate", scenario, *SHORT, "--set", "roles.prevention_officer.count=2", "--json")
    kpis = json.loads(alone.out)["kpis"]
    assert document["sweep"][1]["kpis"] == kpis
    difference = document["variants"][0]["kpis"]["cycle_time"]["difference"]["mean"]
    means = [row["kpis"]["cycle_time"]["mean"] for row in document["sweep"]]
    assert difference == pytest.approx(means[1] - means[0], abs=1e-6)


def test_a_sweep_prints_a_table_a_measure(cli, root):
    scenario = root / "simulations" / "mechelen" / "as_is.toml"
    ended = cli("simulate", scenario, *SHORT, "--sweep", "roles.prevention_officer.count=1,3")
    assert "Cycle time" in ended.out
    assert "Difference from the first" in ended.out


def test_a_trace_is_of_one_point(cli, root, tmp_path):
    scenario = root / "simulations" / "mechelen" / "as_is.toml"
    ended = cli("simulate", scenario, "--sweep", "seed=1..2", "--trace", tmp_path / "t.jsonl")
    assert ended.code == 2
    assert "of one point" in ended.err


def test_an_unknown_number_is_told_before_anything_runs(cli, root):
    scenario = root / "simulations" / "mechelen" / "as_is.toml"
    ended = cli("simulate", scenario, "--sweep", "roles.prevention_officers.count=1..2")
    assert ended.code == 2
    assert "prevention_officer" in ended.err

from datetime import datetime
from typing import Any

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.instants.units import DAY, HOUR, MINUTE
from bpmn_tool.scenario import distributions as d
from bpmn_tool.scenario.case_expression import CaseExpression
from bpmn_tool.scenario.resolve import resolve
from bpmn_tool.scenario.scenario import Provenance, Question, Scenario

HEAD: dict[str, Any] = {"name": "S", "model": "a.bpmn", "start": datetime(2026, 1, 5), "horizon": "P1W"}  # noqa: DTZ001


def scenario(**keys: Any) -> Scenario:
    return resolve({**HEAD, **keys})


def problems(**keys: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        scenario(**keys)
    return [str(problem) for problem in caught.value.problems]


def duration(raw: Any) -> Any:
    return scenario(tasks={"t": {"duration": raw}}).tasks["t"].duration


def attribute(raw: Any) -> Any:
    return scenario(attributes={"a": raw}).attributes["a"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("PT5M", d.Constant(value=5 * MINUTE)),
        ("P1D", d.Constant(value=DAY)),
        ({"constant": "PT5M"}, d.Constant(value=5 * MINUTE)),
        ({"exponential": "PT5M"}, d.Exponential(mean=5 * MINUTE)),
        ({"uniform": ["PT1M", "PT2M"]}, d.Uniform(low=MINUTE, high=2 * MINUTE)),
        (
            {"triangular": {"high": "PT4H", "low": "PT1H", "mode": "PT2H"}},
            d.Triangular(low=HOUR, mode=2 * HOUR, high=4 * HOUR),
        ),
        ({"pert": ["PT1H", "PT2H", "PT4H"]}, d.Pert(low=HOUR, mode=2 * HOUR, high=4 * HOUR)),
        ({"beta": ["PT1H", "PT2H", 2, 3]}, d.Beta(low=HOUR, high=2 * HOUR, a=2.0, b=3.0)),
        ({"normal": ["PT2H", "PT1H"], "max": "PT4H"}, d.Normal(mean=2 * HOUR, sd=HOUR, maximum=4 * HOUR)),
        ({"lognormal": {"mean": "P2D", "sd": "P3D"}}, d.Lognormal(mean=2 * DAY, sd=3 * DAY)),
        ({"gamma": ["P2D", "P3D"], "min": "PT1H"}, d.Gamma(mean=2 * DAY, sd=3 * DAY, minimum=HOUR)),
        ({"erlang": ["PT1H", 3]}, d.Erlang(mean=HOUR, k=3)),
        ({"weibull": ["PT1H", 1.5]}, d.Weibull(mean=HOUR, shape=1.5)),
        ({"empirical": ["PT2H", "PT1H"]}, d.Empirical(values=(HOUR, 2 * HOUR), weights=(1.0, 1.0))),
        ({"empirical": [["PT2H", "PT1H"], [3, 1]]}, d.Empirical(values=(HOUR, 2 * HOUR), weights=(1.0, 3.0))),
        ({"histogram": [["PT0S", "PT1H", "PT2H"], [3, 1]]}, d.Histogram(edges=(0, HOUR, 2 * HOUR), weights=(3.0, 1.0))),
        (
            {"mixture": [[0.8, "PT1M"], [0.2, {"exponential": "PT1H"}]]},
            d.Mixture(parts=((0.8, d.Constant(value=MINUTE)), (0.2, d.Exponential(mean=HOUR)))),
        ),
        ({"choice": {"PT2H": 1, "PT1H": 3}}, d.Choice(options=((HOUR, 3.0), (2 * HOUR, 1.0)))),
    ],
)
def test_duration(raw: Any, expected: d.Distribution) -> None:
    assert duration(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (True, d.Constant(value=True)),
        (3, d.Constant(value=3.0)),
        ("safe_space", d.Constant(value="safe_space")),
        ({"probability": 0.4}, d.Probability(probability=0.4)),
        ({"pert": [0, 2, 10]}, d.Pert(low=0.0, mode=2.0, high=10.0)),
        ({"choice": {"b": 0.4, "a": 0.6}}, d.Choice(options=(("a", 0.6), ("b", 0.4)))),
        ({"choice": {"10": 1, "2": 1}}, d.Choice(options=((10.0, 1.0), (2.0, 1.0)))),
    ],
)
def test_attribute(raw: Any, expected: d.Distribution) -> None:
    assert attribute(raw) == expected


def test_by_reads_its_branches_and_its_condition() -> None:
    found = duration({"by": "severity > 7", "yes": "PT30M", "no": {"exponential": "PT10M"}})
    assert isinstance(found, d.By)
    assert (found.yes, found.no) == (d.Constant(value=30 * MINUTE), d.Exponential(mean=10 * MINUTE))
    assert found.condition.evaluate({"severity": 8}) is True


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            "5m",
            "tasks.t.duration: '5m' is not an ISO 8601 duration; write PT5M for five minutes or P5M for five months",
        ),
        (5, "tasks.t.duration: 5 is not an ISO 8601 duration such as 'PT5M' or 'P10D'"),
        (
            "P1M",
            "tasks.t.duration: 'P1M' has years or months, which have no exact length; write it in days (P30D, P365D)",
        ),
        ({"exponentil": "PT5M"}, "tasks.t.duration: no distribution is named here; did you mean 'exponential'?"),
        ({"uniform": ["PT2M", "PT1M"]}, "tasks.t.duration.uniform: low is above high"),
        ({"uniform": ["PT2M"]}, "tasks.t.duration.uniform: uniform needs low, high; 'high' is missing"),
        (
            {"uniform": ["PT2M", "PT3M", "PT4M"]},
            "tasks.t.duration.uniform: uniform takes low, high; 3 values stand here",
        ),
        (
            {"uniform": {"low": "PT1M", "high": "PT2M", "hi": "PT2M"}},
            "tasks.t.duration.uniform.hi: uniform takes low, high, not 'hi'",
        ),
        ({"triangular": ["PT1M", "x", "PT2M"]}, "tasks.t.duration.triangular.mode: 'x' is not an ISO 8601 duration"),
        ({"exponential": "PT0S"}, "tasks.t.duration.exponential.mean: mean has to be above zero"),
        ({"erlang": ["PT1H", 1.5]}, "tasks.t.duration.erlang.k: k is a whole number"),
        ({"weibull": ["PT1H", 0]}, "tasks.t.duration.weibull.shape: shape has to be above zero"),
        ({"exponential": "PT1H", "pert": ["PT1H", "PT2H", "PT4H"]}, "tasks.t.duration: two distributions in one place"),
        ({"exponential": "PT1H", "maxx": "PT2H"}, "tasks.t.duration.maxx: unknown key; did you mean 'max'?"),
        ({"exponential": "PT1H", "min": "PT2H", "max": "PT1H"}, "tasks.t.duration.min: min is above max"),
        ({"probability": 0.5}, "tasks.t.duration.probability: a probability is no duration"),
        ({"mixture": [[1, "PT1H", 2]]}, "tasks.t.duration.mixture[0]: a part is [weight, distribution]"),
        ({"mixture": [[-1, "PT1H"]]}, "tasks.t.duration.mixture: weights are not negative"),
        ({"by": "a", "yes": "PT1H"}, "tasks.t.duration: 'no' is missing: what holds where the condition is false"),
        ({"histogram": [["PT0S", "PT1H"], [1, 2]]}, "tasks.t.duration.histogram: 2 edges and 2 weights"),
        ({"empirical": [["PT1H"], [1, 2]]}, "tasks.t.duration.empirical: 1 values and 2 weights"),
    ],
)
def test_wrong_duration(raw: Any, message: str) -> None:
    [found] = problems(tasks={"t": {"duration": raw}})
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"modl": 1}, "modl: unknown key; did you mean 'model'?"),
        ({"path": "x"}, "path: unknown key"),
        ({"start": "2026-01-05"}, "start: a local date and time such as 2026-01-05T00:00:00 (without quotes) is wanted here"),  # noqa: E501
        ({"time_zone": "Europe/Brussel"}, "time_zone: 'Europe/Brussel' is not a time zone; did you mean 'Europe/Brussels'?"),  # noqa: E501
        ({"horizon": None, "cases": None}, "one of horizon, cases is missing"),
        ({"replications": 0}, "replications: at least 1"),
        ({"seed": 2**32}, "seed: a seed is below 2^32"),
        ({"seed": 1.5}, "seed: a whole number of at least 0 is wanted here, not 1.5"),
        ({"format": 2}, "format: 2 is not one of 1"),
        ({"replications": 5, "precision": {"kpi": "cost", "relative": 0.1}}, "replications and precision exclude each other"),  # noqa: E501
        ({"roles": {"r": {"count": 1, "people": [{}]}}}, "roles.r: count and people exclude each other"),
        ({"roles": {"r": {}}}, "roles.r: one of count, people is missing"),
        ({"roles": {"r": {"count": 1, "calendar": "ofice"}}, "calendars": {"office": {"hours": "always"}}},
         "roles.r.calendar: no calendar 'ofice' in [calendars]; did you mean 'office'?"),
        ({"roles": {"r": {"people": [{"speed": 0}]}}}, "roles.r.people[0].speed: a speed is above zero"),
        ({"roles": {"r": {"count": 1, "off_duty": "pauze"}}}, "roles.r.off_duty: 'pauze' is not one of pause, finish; did you mean 'pause'?"),  # noqa: E501
        ({"tasks": {"t": {"gate": "g"}}}, "tasks.t.gate: no gate 'g' in [gates]"),
        ({"tasks": {"t": {"role": "a", "roles": {"b": 1}}}}, "tasks.t: role and roles exclude each other"),
        ({"tasks": {"t": {"batch": {"min": 5, "max": 2}}}}, "tasks.t.batch.max: max is below min"),
        ({"tasks": {"t": {"cost": -1}}}, "tasks.t.cost: -1 is out of range: 0 at least"),
        ({"arrivals": {"e": {"of": "d"}}}, "arrivals.e.of: no demand 'd' in [demand]"),
        ({"arrivals": {"e": {"rate": "1 per day", "when": "a"}}}, "arrivals.e.when: only a door with 'of' takes this"),
        ({"arrivals": {"e": {"rate": "1 a day"}}}, "arrivals.e.rate: '1 a day' is not a rate"),
        ({"arrivals": {"e": {"rate": "1 per day", "every": "P1D"}}}, "arrivals.e: rate and every exclude each other"),
        ({"demand": {"d": {"rate": "1 per day", "months": {"13": 1}}}}, "demand.d.months.13: '13' is not the number of a month"),  # noqa: E501
        ({"calendars": {"c": {"hours": {"mo": "09:00-17:00"}}}}, "calendars.c.hours: 'mo' is not a day"),
        ({"calendars": {"c": {"hours": "always", "holidays": {"country": "XX"}}}}, "calendars.c.holidays: "),
        ({"gates": {"g": {"on": "tue"}}}, "gates.g: 'every' is missing"),
        ({"gates": {"g": {"every": "P1W", "on": "tuesday"}}}, "gates.g.on: 'tuesday' is not a day of the week"),
        ({"gates": {"g": {"every": "P1W", "at": "2-4"}}}, "gates.g.at: '2-4' is not a range of hours"),
        ({"flows": {"f": 1.2}}, "flows.f: 1.2 is out of range: 0 at least and 1 at most"),
        ({"flows": {"f": "0.2 if"}}, "flows.f: '0.2 if' is not an expression"),
        ({"flows": {"f": True}}, "flows.f: a number is wanted here, not true"),
        ({"flows": {"f": float("nan")}}, "flows.f: nan is not a finite number"),
        ({"handoffs": {"h": {"declined": 0.2}}}, "handoffs.h.declined: 'declines_to' is missing"),
        ({"parameters": {"a": "b"}}, "parameters.a: 'b': no parameter is called 'b'"),
        ({"parameters": {"a": "c", "c": "a"}}, "parameters.a: 'c' needs itself, by way of other parameters"),
        ({"parameters": {"p": 1}, "costs": {"once": {"x": "q"}}}, "costs.once.x: 'q': no parameter is called 'q'"),
        ({"attributes": {"p": 1}, "costs": {"once": {"x": "p"}}}, "costs.once.x: 'p' depends on 'p' of the case"),
        ({"parameters": {"p": 1}, "attributes": {"p": 1}}, "parameters.p: an attribute of cases has the same name"),
        ({"costs": {"once": {"x": {"value": 1, "status": "guessed"}}}}, "costs.once.x.status: 'guessed' is not one of"),
        ({"costs": {"once": {"x": {"value": 1, "lo": 2}}}}, "costs.once.x.lo: unknown key; did you mean 'low'?"),
        ({"costs": {"once": {"x": {"status": "assumed"}}}}, "costs.once.x: 'value' is missing"),
        ({"costs": {"once": {"x": {"value": 1, "status": "measured", "n": 3}}}}, "costs.once.x: a measured value states its 'date'"),  # noqa: E501
        ({"tasks": {"t": 5}}, "tasks.t: a table is wanted here, not 5"),
        ({"roles": {"r": {"count": 1e14}}}, "roles.r.count: 100000000000000.0 are too many"),
        ({"roles": {"r": {"count": 1, "cost_per_hour": 1e300}}}, "roles.r.cost_per_hour: 1e+300 is too large a number"),
        ({"parameters": 5}, "parameters: a table is wanted here, not 5"),
        ({"attributes": 5}, "attributes: a table is wanted here, not 5"),
    ],
)  # fmt: skip
def test_wrong_key(keys: dict[str, Any], message: str) -> None:
    raw = {key: value for key, value in {**HEAD, **keys}.items() if value is not None}
    with pytest.raises(InputError) as caught:
        resolve(raw)
    assert any(str(problem).startswith(message) for problem in caught.value.problems), caught.value


def test_all_problems_at_once() -> None:
    found = problems(horizon="x", flows={"f": 2}, modl=1, tasks={"t": {"duration": {"uniform": ["a", "b"]}}})
    assert [problem.split(":")[0] for problem in sorted(found)] == [
        "flows.f",
        "horizon",
        "modl",
        "tasks.t.duration.uniform.high",
        "tasks.t.duration.uniform.low",
    ]


def test_expressions_over_parameters_are_numbers() -> None:
    found = scenario(
        parameters={"a": "2 * b", "b": 3},
        flows={"f": "a / 10"},
        demand={"d": {"rate": "a per week"}},
        attributes={"x": {"uniform": ["b", "a"]}},
    )
    assert found.parameters == {"a": 6.0, "b": 3.0}
    assert found.flows["f"] == 0.6
    assert found.attributes["x"] == d.Uniform(low=3.0, high=6.0)
    rate = found.demand["d"].rate
    assert rate is not None
    assert rate.per_tick * 7 * DAY == pytest.approx(6.0)


def test_what_depends_on_a_case_is_an_expression_over_its_attributes_alone() -> None:
    found = scenario(parameters={"p": 0.3}, attributes={"online": True}, flows={"f": "p if online else 0.05"}).flows[
        "f"
    ]
    assert isinstance(found, CaseExpression)
    assert found.names == {"online"}
    assert (found.evaluate({"online": True}), found.evaluate({"online": False})) == (0.3, 0.05)


def test_provenance_by_path() -> None:
    found = scenario(
        flows={"f": {"value": 0.2, "low": 0.1, "high": 0.4, "status": "assumed", "source": "5.2"}, "g": 0.3},
        tasks={"t": {"duration": {"exponential": "PT1H", "status": "measured", "n": 12, "date": "2025"}}},
    ).provenance
    assert found["flows.f"] == Provenance(value=0.2, low=0.1, high=0.4, status="assumed", source="5.2")
    assert found["flows.g"] == Provenance(value=0.3)
    assert found["tasks.t.duration"].status == "measured"
    assert found["tasks.t.duration"].value == {"exponential": "PT1H"}


def test_settings_of_a_run_have_no_provenance() -> None:
    assert scenario(seed=3, replications=4, limits={"events": 5}).provenance == {}


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ({"flows": {"f": "?"}}, "flows.f"),
        ({"flows": {"f": {"value": "?", "source": "police"}}}, "flows.f"),
        ({"tasks": {"t": {"duration": "?"}}}, "tasks.t.duration"),
        ({"tasks": {"t": {"duration": {"triangular": ["PT1H", "?", "PT4H"]}}}}, "tasks.t.duration.triangular.mode"),
        ({"tasks": {"t": {"role": "?"}}}, "tasks.t.role"),
        ({"roles": {"r": {"count": "?"}}}, "roles.r.count"),
        ({"arrivals": {"e": {"rate": "?"}}}, "arrivals.e.rate"),
        ({"demand": {"d": {"rate": "?"}}}, "demand.d.rate"),
        ({"gates": {"g": {"every": "?"}}}, "gates.g.every"),
        ({"parameters": {"p": "?", "q": "2 * p"}}, "parameters.p"),
        ({"calendars": {"c": {"hours": "?"}}}, "calendars.c.hours"),
        ({"horizon": "?"}, "horizon"),
    ],
)
def test_an_open_question_is_kept_and_no_error(keys: dict[str, Any], path: str) -> None:
    assert [question.path for question in scenario(**keys).questions] == [path]


def test_a_question_knows_whom_to_ask() -> None:
    assert scenario(flows={"f": {"value": "?", "source": "police"}}).questions == (
        Question(path="flows.f", source="police"),
    )


def test_seats_in_the_order_written() -> None:
    tasks = scenario(tasks={"a": {"roles": {"x": 2, "w": 1}}, "b": {"role": "x"}, "c": {"role": "none"}, "d": {}}).tasks
    assert [tasks[id_].seats for id_ in "abcd"] == [("x", "x", "w"), ("x",), (), ()]

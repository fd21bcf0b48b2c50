"""The content of a scenario file (merged, paths made absolute) resolved into a :class:`Scenario`. No file is opened
here.

>>> scenario = resolve({
...     "name": "Two desks", "model": ["a.bpmn"], "start": datetime(2026, 1, 5), "horizon": "P1W",
...     "parameters": {"p": 0.25}, "flows": {"urgent": "p / 2"},
...     "tasks": {"talk": {"duration": {"exponential": "PT5M"}}},
... })
>>> scenario.flows["urgent"], scenario.tasks["talk"].duration
(0.125, Exponential(minimum=None, maximum=None, mean=300000000))
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions import Expression, parse
from bpmn_tool.scenario.places import ValueProblems, key_path
from bpmn_tool.scenario.references import check_references
from bpmn_tool.scenario.scenario import Provenance, Scenario
from bpmn_tool.scenario.unwrap import Unwrapped, unwrap
from bpmn_tool.scenario.validate import build, fail
from bpmn_tool.scenario.values import Context, expression, nearest, number


def resolve(
    raw: Mapping[str, Any],
    *,
    path: str = "",
    written: Iterable[tuple[str, str]] | None = None,
    columns: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType({}),
) -> Scenario:
    """The scenario that the content of a file means; `written`: the (section, id) that stand in the file itself
    (default: all);
    `columns`: the cells of the CSV columns that empirical distributions name.

    Raises InputError with everything that is wrong. An open question is not an error: see `Scenario.questions`.
    """
    out = Unwrapped()
    if isinstance(raw.get("model"), str) and raw["model"] != "?":
        raw = {**raw, "model": [raw["model"]]}
    plain = unwrap(Scenario, raw, out)
    parameters = _parameters(plain.get("parameters", {}), out)
    attributes = _attribute_names(plain)
    _no_double_names(parameters, attributes, out)
    if isinstance(plain.get("parameters", {}), Mapping):  # what is no table is refused with the rest
        plain["parameters"] = parameters
    scenario = build(Scenario, plain, Context(parameters, attributes, columns), out)
    if scenario is not None:
        out.problems += check_references(scenario)
    fail(out.problems, path)
    assert scenario is not None
    own = sections(raw) if written is None else frozenset(written)
    return scenario.model_copy(
        update={
            "path": path,
            "provenance": _of_the_world(out.provenance),
            "questions": tuple(sorted(out.questions)),
            "written": own,
        }
    )


def sections(raw: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Every (section, id) of the content of a file."""
    return frozenset((section, key) for section, table in raw.items() if isinstance(table, Mapping) for key in table)


#: settings of a run, which say nothing about the world: they need no source
_SETTINGS = ("horizon", "cases", "follow_up", "warm_up", "replications", "seed", "limits", "precision", "observed")


def _of_the_world(provenance: Mapping[str, Provenance]) -> dict[str, Provenance]:
    return {path: found for path, found in provenance.items() if path.split(".")[0] not in _SETTINGS}


def _parameters(raw: Any, out: Unwrapped) -> dict[str, float]:
    """Parameters may use each other, in any order; what goes in a circle or has no name is a problem."""
    known: dict[str, float] = {}
    if not isinstance(raw, Mapping):
        return known
    waiting: dict[str, Expression] = {}
    failed = set()
    for name, value in raw.items():
        try:
            if isinstance(value, str):
                waiting[name] = parse(value)
            else:
                known[name] = _float(number(value, Context()))
        except (ExpressionError, ValueProblems) as error:
            failed.add(name)
            out.problems.append((key_path(("parameters", name)), str(error)))
    while ready := [name for name, parsed in waiting.items() if parsed.names <= known.keys()]:
        for name in ready:
            parsed = waiting.pop(name)
            try:
                known[name] = _float(number(parsed.text, Context(known)))
            except ValueProblems as error:
                failed.add(name)
                out.problems.append((key_path(("parameters", name)), str(error)))
    open_names = {question.path.removeprefix("parameters.") for question in out.questions}
    for name, parsed in waiting.items():
        missing = sorted(parsed.names - raw.keys() - open_names)
        if missing:
            message = f"{parsed.text!r}: no parameter is called {missing[0]!r}{nearest(missing[0], tuple(raw))}"
            out.problems.append((key_path(("parameters", name)), message))
        elif not parsed.names & (failed | open_names):
            out.problems.append(
                (key_path(("parameters", name)), f"{parsed.text!r} needs itself, by way of other parameters")
            )
    return known


def _float(value: Any) -> float:
    assert isinstance(value, float)
    return value


def _attribute_names(plain: Mapping[str, Any]) -> frozenset[str]:
    """The names that the scenario gives to attributes of cases."""
    everywhere = plain.get("attributes")
    names = set(everywhere) if isinstance(everywhere, Mapping) else set()
    for section in ("demand", "arrivals"):
        tables = plain.get(section)
        for table in tables.values() if isinstance(tables, Mapping) else ():
            if isinstance(table, Mapping) and isinstance(table.get("attributes"), Mapping):
                names |= table["attributes"].keys()
    return frozenset(names)


def _no_double_names(parameters: Mapping[str, float], attributes: frozenset[str], out: Unwrapped) -> None:
    for name in sorted(parameters.keys() & attributes):
        message = "an attribute of cases has the same name, so that an expression could mean either"
        out.problems.append((key_path(("parameters", name)), message))


__all__ = ["datetime", "expression", "resolve", "sections"]

"""``simulate --sweep``: one scenario at several values of a number, or of several, with the same luck at each."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bpmn_tool.cli import simulating
from bpmn_tool.cli.console import emit_json, safe, say, table, wants_json
from bpmn_tool.errors import InputError
from bpmn_tool.messages import _

if TYPE_CHECKING:
    from bpmn_tool.results.summary import ScenarioResult, VariantComparison
    from bpmn_tool.study import Prepared

MOST: Final = 200
"""Points of a sweep."""
_RANGE: Final = re.compile(r"(-?[\d_.]+)\.\.(-?[\d_.]+?)(?:/([\d_.]+))?")
_SHOWN: Final = ("cycle_time", "waiting_time", "cost")


def parse_sweep(text: str) -> tuple[str, tuple[str, ...]]:
    """``path=1..6``, ``path=0.1..0.5/0.1`` (with a step) or ``path=1,2,4``: the path and its values.

    Raises InputError.

    >>> parse_sweep("roles.desk.count=1..3"), parse_sweep("flows.urgent=0.1..0.3/0.1")
    (('roles.desk.count', ('1', '2', '3')), ('flows.urgent', ('0.1', '0.2', '0.3')))
    """
    path, equals, said = text.partition("=")
    values = _range(said) if _RANGE.fullmatch(said.strip()) else [part.strip() for part in said.split(",")]
    if not equals or not path.strip() or not values or not all(values):
        raise InputError(
            f"--sweep {text!r}: write it as PATH=1..6, PATH=0.1..0.5/0.1 (with a step) or PATH=1,2,4, rising"
        )
    return path.strip(), tuple(values)


def _range(text: str) -> list[str]:
    found = _RANGE.fullmatch(text.strip())
    assert found is not None
    try:
        first, last, step = (Decimal(part.replace("_", "")) for part in (*found.groups()[:2], found.group(3) or "1"))
    except InvalidOperation:
        return []
    if step <= 0 or last < first or (last - first) / step > MOST:
        return []
    return [str(first + step * number) for number in range(int((last - first) / step) + 1)]


def points(sweeps: Sequence[str]) -> list[tuple[str, ...]]:
    """The overrides of each point: every value with every other."""
    axes = [[f"{path}={value}" for value in values] for path, values in map(parse_sweep, sweeps)]
    found = list(product(*axes))
    if len(found) > MOST:
        raise InputError(f"--sweep: {len(found)} points; at most {MOST}")
    return found


def sweep(
    scenario: Path,
    sweeps: Sequence[str],
    overrides: Sequence[str],
    study: Path | None,
    *,
    allow_outside: bool,
    replications: int | None,
    seed: int | None,
    jobs: int | None,
    keep: bool,
    out: Path | None,
) -> int:
    """All points, the first of which the others are held against."""
    from bpmn_tool.cli.results_json import comparison, scenario_json
    from bpmn_tool.comparison.variants import compare
    from bpmn_tool.study import prepare

    chosen = points(sweeps)
    prepared = [
        simulating.renamed(
            prepare(scenario, overrides=(*overrides, *point), study=study, allow_outside=allow_outside),
            ", ".join(point),
        )
        for point in chosen
    ]
    first = prepared[0].scenario
    fixed = replications or (None if first.precision else first.replications)
    used = seed if seed is not None else first.seed
    results = simulating.run_all(prepared, replications=fixed, seed=used, jobs=jobs, keep=keep)
    compared = compare(results, None) if len(results) > 1 else ()
    payload: dict[str, Any] = {
        **(comparison(results, compared) if compared else {}),
        "sweep": [
            {"set": dict(each.split("=", 1) for each in point), **scenario_json(result)}
            for point, result in zip(chosen, results, strict=False)
        ],
    }
    if wants_json():
        emit_json("simulate", payload)
    else:
        _show(prepared, results, compared, chosen)
    if out is not None:
        say(_("Results: %(path)s") % {"path": safe(simulating.write_json(out, "simulate", payload))})
    simulating.show_warnings(results, prepared)
    simulating.stopped(results, fixed or simulating.wanted(first), keep=keep)
    return 0


def _show(
    prepared: "Sequence[Prepared]",
    results: "Sequence[ScenarioResult]",
    compared: "Sequence[VariantComparison]",
    chosen: Sequence[tuple[str, ...]],
) -> None:
    """A table a measure: the value at each point, and the difference from the first with its interval."""
    from bpmn_tool.reports import words

    currency = prepared[0].scenario.costs.currency
    told = simulating.as_study(results, currency)
    named = [kpi for kpi in results[0].kpis if kpi in prepared[0].definitions]
    paths = [each.split("=", 1)[0] for each in chosen[0]]
    for kpi in (*named, *_SHOWN):
        if kpi not in results[0].kpis or results[0].kpis[kpi].estimate.mean is None:
            continue
        on = words.comparison_scale(told, kpi)
        rows = []
        for number, (point, result) in enumerate(zip(chosen, results, strict=False)):
            row = compared[number - 1].kpis.get(kpi) if number else None
            rows.append(
                (
                    *(each.split("=", 1)[1] for each in point),
                    words.estimate(result.kpis[kpi].estimate, on),
                    words.difference(row, on) if row is not None else words.NOTHING,
                    words.verdict(row.verdict) if row is not None else words.NOTHING,
                )
            )
        headers = [*paths, _("Mean"), _("Difference from the first"), _("Verdict")]
        table(headers, rows, title=words.name_of_kpi(told, kpi), right=(len(paths), len(paths) + 1))

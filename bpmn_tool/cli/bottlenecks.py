"""``bpmn-tool bottlenecks``: where work waits, for whom, why, and what one more of them would change."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bpmn_tool.cli import simulating
from bpmn_tool.cli.console import emit_json, safe, say, table, wants_json
from bpmn_tool.cli.simulate import show_undefined
from bpmn_tool.cli.simulating import AllowOutside, Jobs, NoCache, Out, Replications, Seed, Set
from bpmn_tool.messages import _

if TYPE_CHECKING:
    from bpmn_tool.comparison.bottlenecks import Bottlenecks
    from bpmn_tool.results.summary import KpiComparison, ScenarioResult, VariantComparison
    from bpmn_tool.study import Prepared

#: what one more of a role is held against
_KPI = "cycle_time"


def command(
    scenario: Annotated[Path, typer.Argument(help=_("A scenario file."), show_default=False)],
    one_more: Annotated[
        int, typer.Option(min=0, help=_("Try one more of the so many roles that work waits for most."))
    ] = 3,
    overrides: Set = None,
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
    no_cache: NoCache = False,
    out: Out = None,
    allow_outside: AllowOutside = False,
) -> int:
    """Show where work waits, and where nobody is named."""
    from bpmn_tool.comparison.bottlenecks import bottlenecks
    from bpmn_tool.comparison.variants import compare
    from bpmn_tool.study import prepare

    said = tuple(overrides or ())
    prepared = prepare(scenario, overrides=said, allow_outside=allow_outside)
    used = prepared.scenario.seed if seed is None else seed
    (result,) = simulating.run_all([prepared], replications=replications, seed=used, jobs=jobs, keep=not no_cache)
    count = replications or (result.replications if prepared.scenario.precision else prepared.scenario.replications)
    found = bottlenecks(result)
    tried = {} if result.interrupted else _one_more(prepared, found, one_more)
    results = [
        result,
        *simulating.run_all(list(tried.values()), replications=count, seed=used, jobs=jobs, keep=not no_cache),
    ]
    compared = dict(zip(tried, compare(results, [_KPI]), strict=False))
    payload = _as_json(found, compared)
    if wants_json():
        emit_json("bottlenecks", payload)
    else:
        _show(result, found, compared, prepared.scenario.costs.currency)
    if out is not None:
        say(_("Results: %(path)s") % {"path": safe(simulating.write_json(out, "bottlenecks", payload))})
    simulating.show_warnings([result], [prepared])
    simulating.stopped(results, count, keep=not no_cache)
    return 0


def _one_more(prepared: "Prepared", found: "Bottlenecks", most: int) -> dict[str, "Prepared"]:
    """Role -> the scenario with one more of it; roles that are given as people have nobody to copy."""
    from bpmn_tool.scenario.places import key_path
    from bpmn_tool.study import prepare

    tried: dict[str, Prepared] = {}
    for row in found.roles:
        role = prepared.scenario.roles.get(row.role.id)
        if len(tried) == most or row.waiting_s <= 0:
            break
        if role is None or not isinstance(role.count, int):
            continue
        recipe = prepared.recipe
        change = f"{key_path(('roles', row.role.id, 'count'))}={role.count + 1}"
        each = prepare(recipe.path, overrides=(*recipe.overrides, change), allow_outside=recipe.allow_outside)
        tried[row.role.id] = simulating.renamed(each, row.role.name)
    return tried


def _show(
    result: "ScenarioResult", found: "Bottlenecks", compared: dict[str, "VariantComparison"], currency: str
) -> None:
    from bpmn_tool.reports import words

    say(safe(result.name))
    say()
    simulating.show_ends(result)
    rows = [
        (
            row.role.name,
            row.role.count,
            words.share(row.role.utilisation.mean),
            words.duration(row.waiting_s),
            words.share(row.share),
            words.cause(row.main_cause) if row.main_cause is not None else "",
            words.listed([activity.name for activity in row.activities[:2]]),
        )
        for row in found.roles
        if row.waiting_s > 0
    ]
    headers = [
        _("Waiting for"),
        _("People"),
        _("Busy"),
        _("All waiting"),
        _("Share"),
        _("Mostly because"),
        _("Mostly at"),
    ]
    table(headers, rows, title=_("Who is waited for"), right=(1, 2, 3, 4))
    _show_one_more(result, compared, currency)
    causes = [
        (words.cause(cause), words.duration(seconds), words.listed([place.name for place in found.places[cause][:3]]))
        for cause, seconds in found.causes_s.items()
    ]
    table([_("Why work waits"), _("All waiting"), _("Mostly at")], causes, right=(1,))
    _show_handoffs(result, found)
    show_undefined(result)


def _show_one_more(result: "ScenarioResult", compared: dict[str, "VariantComparison"], currency: str) -> None:
    from bpmn_tool.reports import words

    if not compared:
        return
    on = words.scale(result.kpis[_KPI].unit, words.largest_of([result.kpis[_KPI]]), currency)
    rows = [
        (variant.name, words.difference(variant.kpis[_KPI], on), words.verdict(variant.kpis[_KPI].verdict))
        for variant in compared.values()
    ]
    table([_("One more"), _("Changes the cycle time by"), _("Verdict")], rows, right=(1,))


def _show_handoffs(result: "ScenarioResult", found: "Bottlenecks") -> None:
    from bpmn_tool.reports import words

    rows = []
    for row in found.handoffs:
        handoff = row.handoff
        if not handoff.sent:
            continue
        rows.append(
            (
                handoff.name or handoff.id,
                _role_name(result, handoff.source),
                _role_name(result, handoff.target),
                words.count(handoff.sent),
                words.share(row.failed_share),
                words.share(row.late_share),
                words.share(row.bounce_share),
                words.duration(handoff.waiting_mean_s),
            )
        )
    headers = [
        _("Handoff"),
        _("From"),
        _("To"),
        _("Sent"),
        _("Not taken up"),
        _("Late"),
        _("Goes back"),
        _("Waits"),
    ]
    table(headers, rows, right=(3, 4, 5, 6, 7))


def _role_name(result: "ScenarioResult", role: str) -> str:
    known = result.roles.get(role)
    return known.name if known is not None else role.replace("_", " ")


def _as_json(found: "Bottlenecks", compared: dict[str, "VariantComparison"]) -> dict[str, Any]:
    def change(row: "KpiComparison") -> dict[str, Any]:
        difference = row.difference
        return {
            "kpi": row.kpi,
            "mean": difference.mean,
            "half_width": difference.half_width,
            "level": difference.level,
            "n": difference.n,
            "verdict": row.verdict.value,
        }

    return {
        "roles": [
            {
                "id": row.role.id,
                "name": row.role.name,
                "count": row.role.count,
                "utilisation": row.role.utilisation.mean,
                "waiting_s": row.waiting_s,
                "share": row.share,
                "main_cause": row.main_cause.value if row.main_cause is not None else None,
                "activities": [activity.id for activity in row.activities],
                "one_more": change(compared[row.role.id].kpis[_KPI]) if row.role.id in compared else None,
            }
            for row in found.roles
        ],
        "causes": {cause.value: seconds for cause, seconds in found.causes_s.items()},
        "handoffs": [
            {
                "id": row.handoff.id,
                "from": row.handoff.source,
                "to": row.handoff.target,
                "sent": row.handoff.sent,
                "failed": row.failed_share,
                "late": row.late_share,
                "bounced": row.bounce_share,
                "waiting_s": row.handoff.waiting_total_s,
            }
            for row in found.handoffs
        ],
        "undefined": [
            {
                "element": u.element,
                "name": u.name,
                "role": u.role,
                "stuck": u.stuck,
                "reached": u.reached,
                "in_vain": u.in_vain,
            }
            for u in found.undefined
        ],
        "stuck": found.stuck,
    }

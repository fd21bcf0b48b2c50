"""``bpmn-tool partner tasks``: what a partner is assigned, and with a scenario the load to expect."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.cli.partner_desk import Desk, Paths, RegisterFile, Whose, desk_of
from bpmn_tool.cli.partner_words import part_word
from bpmn_tool.cli.simulating import AllowOutside, Replications, Seed, Set
from bpmn_tool.comparison.agreement import Task
from bpmn_tool.messages import N_, _, named

if TYPE_CHECKING:
    from bpmn_tool.reports.partner_steps import End, StepInWords
    from bpmn_tool.simulation.load import Expected

_SCENARIO = N_("Simulate this scenario too: signals a week, hours a week, busiest month.")


def command(
    partner: Whose,
    paths: Paths,
    scenario: Annotated[
        Path | None, typer.Option(metavar="SCENARIO.toml", help=_(_SCENARIO), show_default=False)
    ] = None,
    overrides: Set = None,
    replications: Replications = None,
    seed: Seed = None,
    allow_outside: AllowOutside = False,
    register: RegisterFile = None,
) -> int:
    """Say what a partner is assigned, and what to expect."""
    from bpmn_tool.reports.partner_steps import as_json, in_words

    desk = desk_of(paths, register)
    who = desk.partner(partner)
    tasks = desk.tasks(who.id)
    steps = [in_words(task, desk.models[task.model], desk.register, who.id) for task in tasks]
    load = None
    if scenario is not None:
        load = _expected(desk, who.id, tasks, scenario, overrides, replications, seed, allow_outside=allow_outside)
    if wants_json():
        emit_json(
            "partner-tasks",
            {
                "partner": who.id,
                "name": named(who.name, who.id),
                "steps": [as_json(step) for step in steps],
                "expected": None if load is None else _document(load, str(scenario)),
            },
        )
        return 0
    say(safe(named(who.name, who.id)))
    if not steps:
        say(_("Nothing is asked of %(partner)s in these models.") % {"partner": safe(who.id)})
    for step in steps:
        _show(step)
    if load is not None:
        _show_expected(load)
    return 0


def _expected(
    desk: Desk,
    partner: str,
    tasks: Sequence[Task],
    scenario: Path,
    overrides: list[str] | None,
    replications: int | None,
    seed: int | None,
    *,
    allow_outside: bool,
) -> "Expected":
    from bpmn_tool.cli import simulating
    from bpmn_tool.results.trace import Replication
    from bpmn_tool.simulation.load import Load, expected, load_of
    from bpmn_tool.study import prepare

    prepared = prepare(scenario, overrides=overrides or (), allow_outside=allow_outside)
    plan = prepared.simulation.plan
    steps = {task.asked.id for task in tasks}
    roles = {role.id for role in desk.register.roles.values() if role.partner == partner}
    loads: list[Load] = []

    def observe(replication: Replication) -> None:
        loads.append(load_of(replication, plan.facts, steps, roles, plan.time_line))

    simulating.run_all([prepared], replications=replications, seed=seed, jobs=1, observe=observe)
    return expected(loads)


def _document(load: "Expected", scenario: str) -> Mapping[str, object]:
    return {
        "scenario": scenario,
        "replications": load.replications,
        "weeks": load.weeks,
        "signals_per_week": load.signals_per_week,
        "items_per_week": load.items_per_week,
        "hours_per_week": {"p50": load.hours_median, "p90": load.hours_p90},
        "busiest_month": {"month": load.busiest_month, "hours": load.busiest_month_hours},
    }


# -- how it is said


def _show(step: "StepInWords") -> None:
    say()
    roles = f" ({', '.join(step.roles)})" if step.roles else ""
    say(safe(f"{step.name} – {part_word(step.part)}{roles} · {step.id}, {step.model}"))
    rows = (
        (_("Comes from"), [_end(each) for each in step.comes_from]),
        (_("Goes to"), [_end(each) for each in step.goes_to]),
        (_("Reads"), step.reads),
        (_("Writes"), step.writes),
        (_("Deadline"), step.deadlines),
        (_("Ground"), step.grounds),
        (_("For"), step.purposes),
        (_("Deputy"), step.deputies),
    )
    for label, values in rows:
        said = _("not stated") if values is None else "; ".join(values)
        if said:
            say(safe(f"  {label}: {said}"), hang=4)


def _end(end: "End") -> str:
    return "".join((end.what, f" – {end.who}" if end.who else "", f" ({end.when})" if end.when else ""))


def _show_expected(load: "Expected") -> None:
    from bpmn_tool.reports import words

    say()
    if load.hours_median is None or load.hours_p90 is None:
        say(_("The scenario has no whole week after its warm-up: nothing can be said of a week."))
        return
    said = _(
        "To expect (simulated, %(replications)s repetitions of %(weeks)s weeks): %(signals)s new cases and %(items)s "
        "pieces of work a week; %(median)s hours a week, in one week of ten %(p90)s or more."
    )
    numbers = {
        "replications": words.count(load.replications),
        "weeks": words.count(load.weeks),
        "signals": words.number(load.signals_per_week or 0.0),
        "items": words.number(load.items_per_week or 0.0),
        "median": words.number(load.hours_median),
        "p90": words.number(load.hours_p90),
    }
    say(safe(said % numbers))
    if load.busiest_month is not None and load.busiest_month_hours is not None:
        sentence = _("Busiest month: %(month)s, with %(hours)s hours.")
        say(safe(sentence % {"month": load.busiest_month, "hours": words.number(load.busiest_month_hours)}))

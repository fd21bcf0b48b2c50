"""The models of a study as diagrams on the page, coloured by how long work waits at each step, with the steps that
nobody holds marked.
"""

from collections.abc import Mapping

from bpmn_tool.messages import _, format_percent
from bpmn_tool.model.elements import Model
from bpmn_tool.reports import words
from bpmn_tool.reports.blocks import Block, Drawing, Paragraph
from bpmn_tool.reports.diagram import diagram_svg, has_diagram
from bpmn_tool.reports.legends import Legend
from bpmn_tool.reports.sheet import Table
from bpmn_tool.reports.text import plain
from bpmn_tool.results.summary import ActivityResult, ScenarioResult, StudyResult
from bpmn_tool.results.trace import Cause

#: the rule whose findings name elements that nobody holds
_UNDEFINED_RULE = "undefined-role"
_NUMBERED = 5


def drawings(study: StudyResult, models: Mapping[str, Model]) -> tuple[Block, ...]:
    """A drawing for each scenario whose model has a layout; one scale for all."""
    shown = [(s, model) for s in study.scenarios if (model := models.get(s.name)) is not None]
    drawable = [(s, model) for s, model in shown if has_diagram(model)]
    top = max((value for s, _model in drawable for value in waiting_of(s).values()), default=0.0)
    blocks: list[Block] = [_drawing(study, s, model, top, number) for number, (s, model) in enumerate(drawable)]
    without = [s.name for s, model in shown if not has_diagram(model)]
    if without:
        text = _("No drawing of %(names)s: the file holds no layout. “bpmn-tool layout” makes one.") % {
            "names": words.listed(without)
        }
        blocks.append(Paragraph(text=text, tone="note"))
    return tuple(blocks)


def waited(activity: ActivityResult) -> float:
    """Seconds of waiting at a step, without what waits because nobody is named."""
    return max(0.0, activity.waiting_total_s - activity.causes_s.get(Cause.UNDEFINED, 0.0))


def waiting_of(scenario: ScenarioResult) -> dict[str, float]:
    """Seconds of waiting by element id."""
    return {activity.id: waited(activity) for activity in scenario.activities.values()}


def undefined_of(study: StudyResult, scenario: ScenarioResult, model: Model) -> set[str]:
    """Elements that nobody holds: where cases rest, and what the check names."""
    found = {place.element for place in scenario.undefined}
    found |= {f.element for f in study.findings.get(scenario.name, ()) if f.rule == _UNDEFINED_RULE}
    return {element for element in found if model.get(element) is not None}


def _drawing(study: StudyResult, scenario: ScenarioResult, model: Model, top: float, number: int) -> Drawing:
    heat = waiting_of(scenario)
    undefined = undefined_of(study, scenario, model)
    title = _title(scenario, heat)
    legend = Legend(
        words=_("Days that work waited at each step, in one repetition"), top=words.duration(top, words.TIME_UNITS[3])
    )
    prefix = f"drawing-{number}-"
    most = [key for key in sorted(heat, key=lambda key: (-heat[key], key)) if heat[key] > 0][:_NUMBERED]
    return Drawing(
        id=f"drawing-{number}",
        title=title,
        description=_("The process of %(scenario)s as a diagram; the darker a step, the longer work waited there.")
        % {"scenario": scenario.name},
        note=_note(scenario, most, bool(undefined)),
        svg=diagram_svg(
            model,
            title=title,
            heat=heat,
            heat_top=top,
            legend=legend,
            undefined=undefined,
            numbered=most,
            prefix=prefix,
            standalone=False,
        ),
        table=_table(scenario),
    )


def _title(scenario: ScenarioResult, heat: Mapping[str, float]) -> str:
    total = sum(heat.values())
    if not total:
        return scenario.name
    longest = max(heat, key=lambda key: (heat[key], key))
    return _("%(scenario)s: work waits longest at “%(step)s” (%(share)s of all waiting)") % {
        "scenario": scenario.name,
        "step": scenario.activities[longest].name or longest,
        "share": format_percent(heat[longest] / total),
    }


def _note(scenario: ScenarioResult, most: list[str], has_undefined: bool) -> str:
    said = [
        _(
            "The darker a step, the longer work waited there before somebody began with it; white steps had no "
            "waiting. All diagrams share one scale."
        )
    ]
    if most:
        steps = [
            f"{number} {activity.name or activity.id} ({words.duration(waited(activity), words.TIME_UNITS[3])})"
            for number, activity in enumerate((scenario.activities[key] for key in most), 1)
        ]
        said.append(_("Most of the waiting: %(steps)s.") % {"steps": "; ".join(steps)})
    if has_undefined:
        said.append(_("A thick dashed frame marks what nobody is named for."))
    return " ".join(said)


def _table(scenario: ScenarioResult) -> Table:
    ranked = sorted(scenario.activities.values(), key=lambda a: (-waited(a), a.id))
    rows = tuple(
        (
            plain(a.name or a.id),
            words.role_name(scenario, a.role) or words.NOTHING,
            words.count(a.count),
            words.duration(a.waiting_mean_s),
            words.number(waited(a) / words.DAY),
            words.duration(a.processing_mean_s),
        )
        for a in ranked
        if a.count
    )
    return Table(
        headers=(
            _("Step"),
            _("Role"),
            _("How often"),
            _("Average wait"),
            _("Days of waiting in all"),
            _("Average work"),
        ),
        rows=rows,
        numeric=frozenset({2, 3, 4, 5}),
        caption=_("Steps of %(scenario)s by waiting") % {"scenario": scenario.name},
    )

"""Where work waits: by role and cause, and by handoff; and what becomes of handoffs."""

from collections.abc import Mapping
from typing import Final

from bpmn_tool.messages import N_, _, format_percent
from bpmn_tool.reports import words
from bpmn_tool.reports.palette import BLUE, GREEN, LIGHT, ORANGE, PURPLE, SKY, VERMILLION
from bpmn_tool.reports.plots.bars import Bars, Block, Row, draw
from bpmn_tool.reports.plots.plot import Plot
from bpmn_tool.reports.sheet import Table
from bpmn_tool.reports.words import DAY
from bpmn_tool.results.summary import HandoffResult, RoleResult, ScenarioResult, StudyResult
from bpmn_tool.results.trace import Cause

#: Work at nobody waits for ever, so it would dwarf all other waiting: it has a figure of its own.
CAUSES: Final[Mapping[Cause, str]] = {
    Cause.BATCHING: BLUE,
    Cause.UNAVAILABILITY: SKY,
    Cause.PRIORITY: PURPLE,
    Cause.CONTENTION: ORANGE,
}
MOST = 8


def waited(role: RoleResult) -> float:
    """Seconds of waiting at a role, without what waits because nobody is named."""
    return sum(role.causes_s.get(c, 0.0) for c in CAUSES)


def _name(role: RoleResult) -> str:
    return role.name or role.id


def waiting_by_role(study: StudyResult) -> Plot | None:
    """Days of waiting by role and cause, a block a scenario."""
    ranked = [
        (s, sorted((r for r in s.roles.values() if waited(r) > 0), key=lambda r: (-waited(r), r.id)))
        for s in study.scenarios
    ]
    if not any(roles for _s, roles in ranked):
        return None
    shown = [(s, roles[:MOST]) for s, roles in ranked if roles]
    blocks = [
        Block(
            s.name,
            tuple(
                Row(
                    _name(r),
                    tuple(r.causes_s.get(c, 0.0) / DAY for c in CAUSES),
                    words.duration(waited(r), words.TIME_UNITS[3]),
                )
                for r in roles
            ),
        )
        for s, roles in shown
    ]
    bars = Bars(
        blocks=blocks,
        kinds=[(CAUSES[c], words.cause(c)) for c in CAUSES],
        axis=_("days of waiting, all work together, in one repetition"),
    )
    return Plot(
        id="waiting-by-role",
        title=_title(shown),
        description=_("Bars of the days that work waited for each role, divided by the reason why, for each scenario."),
        note=_reasons(shown)
        + " "
        + _(
            "Waiting is the time between the moment a piece of work could start and the moment it does. Work that "
            "has reached a step "
            "for which nobody is named waits without end; it is left out here and counted under “Where nobody is "
            "named”."
        ),
        table=_role_table(study),
        draw=lambda width: draw(bars, width),
    )


def _title(shown: list[tuple[ScenarioResult, list[RoleResult]]]) -> str:
    parts = []
    for scenario, roles in shown[:3]:
        total = sum(waited(r) for r in scenario.roles.values())
        parts.append((_name(roles[0]), format_percent(waited(roles[0]) / total), scenario.name))
    if len({role for role, _share, _scenario in parts}) == 1:
        shares = [_("%(share)s of all waiting in %(scenario)s") % {"share": s, "scenario": n} for _role, s, n in parts]
        return _("Most work waits for %(role)s: %(shares)s") % {"role": parts[0][0], "shares": words.listed(shares)}
    whom = [
        _("%(role)s in %(scenario)s (%(share)s of all waiting)") % {"role": r, "share": s, "scenario": n}
        for r, s, n in parts
    ]
    return _("Most work waits for %(whom)s") % {"whom": words.listed(whom)}


def _reasons(shown: list[tuple[ScenarioResult, list[RoleResult]]]) -> str:
    """The main reason in each scenario, over all roles."""
    said = []
    for scenario, _roles in shown:
        total = {cause: sum(r.causes_s.get(cause, 0.0) for r in scenario.roles.values()) for cause in CAUSES}
        why = max(CAUSES, key=lambda cause: total[cause])
        share = format_percent(total[why] / sum(total.values()))
        said.append(
            _("%(scenario)s: %(cause)s (%(share)s)")
            % {"scenario": scenario.name, "cause": words.cause(why), "share": share}
        )
    return _("The main reason over all roles – %(reasons)s.") % {"reasons": "; ".join(said)}


def _role_table(study: StudyResult) -> Table:
    rows = []
    for scenario in study.scenarios:
        for role in sorted(scenario.roles.values(), key=lambda r: (-waited(r), r.id)):
            if not waited(role) and not role.causes_s.get(Cause.UNDEFINED):
                continue
            causes = (*CAUSES, Cause.UNDEFINED)
            rows.append(
                (
                    scenario.name,
                    _name(role),
                    *(words.number(role.causes_s.get(c, 0.0) / DAY) for c in causes),
                    words.number(sum(role.causes_s.get(c, 0.0) for c in causes) / DAY),
                )
            )
    headers = (_("Scenario"), _("Role"), *(words.cause(c) for c in (*CAUSES, Cause.UNDEFINED)), _("together"))
    return Table(
        headers=headers,
        rows=tuple(rows),
        numeric=frozenset(range(2, 8)),
        caption=_("Days of waiting by role and reason, in one repetition"),
    )


def _route(scenario: ScenarioResult, handoff: HandoffResult) -> str:
    source, target = (words.role_name(scenario, role) for role in (handoff.source, handoff.target))
    name = handoff.name if handoff.name and handoff.name != handoff.id else handoff.id.replace("_", " ")
    return f"{source} → {target}: {name}"


def waiting_by_handoff(study: StudyResult) -> Plot | None:
    """The handoffs after which work waits longest, a block a scenario."""
    shown = []
    for scenario in study.scenarios:
        ranked = sorted(
            (h for h in scenario.handoffs.values() if h.waiting_total_s > 0), key=lambda h: (-h.waiting_total_s, h.id)
        )
        if ranked:
            shown.append((scenario, ranked[:MOST]))
    if not shown:
        return None
    blocks = [
        Block(
            s.name,
            tuple(
                Row(_route(s, h), (h.waiting_total_s / DAY,), words.duration(h.waiting_total_s, words.TIME_UNITS[3]))
                for h in hs
            ),
        )
        for s, hs in shown
    ]
    bars = Bars(blocks=blocks, kinds=[(BLUE, "")], axis=_("days of waiting after a handoff, in one repetition"))
    first, most = shown[0][0], shown[0][1][0]
    rows = tuple(
        (
            s.name,
            _route(s, h),
            words.number(h.sent),
            words.duration(h.waiting_mean_s),
            words.number(h.waiting_total_s / DAY),
        )
        for s in study.scenarios
        for h in sorted(s.handoffs.values(), key=lambda h: (-h.waiting_total_s, h.id))
        if h.sent
    )
    return Plot(
        id="waiting-by-handoff",
        title=_("In %(scenario)s the longest wait stands behind this handoff: %(route)s")
        % {"scenario": first.name, "route": _route(first, most)},
        description=_(
            "Bars of the days that work waited after it was handed from one role to another, for each scenario."
        ),
        note=_("A handoff is work that passes from one role to another, in the same organisation or not."),
        table=Table(
            headers=(_("Scenario"), _("Handoff"), _("How often"), _("Average wait"), _("Days in all")),
            rows=rows,
            numeric=frozenset({2, 3, 4}),
            caption=_("Waiting after each handoff"),
        ),
        draw=lambda width: draw(bars, width),
    )


_OUTCOMES: Final = (
    ("accepted", GREEN, N_("taken up")),
    ("declined", ORANGE, N_("declined")),
    ("lost", VERMILLION, N_("lost")),
    ("withdrawn", PURPLE, N_("taken back")),
    ("open", LIGHT, N_("still open")),
)


def handoff_outcomes(study: StudyResult) -> Plot | None:
    """What becomes of handoffs, as shares of those sent; the ones where most goes wrong first."""
    shown = []
    for scenario in study.scenarios:
        ranked = sorted(
            (h for h in scenario.handoffs.values() if h.sent > 0), key=lambda h: (-(h.sent - h.accepted), -h.sent, h.id)
        )
        if ranked:
            shown.append((scenario, ranked[:MOST]))
    if not shown:
        return None
    blocks = [Block(s.name, tuple(Row(_route(s, h), _shares(h), words.count(h.sent)) for h in hs)) for s, hs in shown]
    bars = Bars(
        blocks=blocks,
        kinds=[(colour, _(said)) for _key, colour, said in _OUTCOMES],
        axis=_("share of handoffs; the number at the end is how many there were"),
        suffix="%",
        top=100.0,
    )
    return Plot(
        id="handoffs",
        title=_outcome_title(shown[0][0]),
        description=_("Bars of what became of each handoff: taken up, declined, lost, taken back or still open."),
        note=_("“Lost” means that nobody took it up and nobody was told; only the sender can notice."),
        table=_outcome_table(study),
        draw=lambda width: draw(bars, width),
    )


def _shares(handoff: HandoffResult) -> tuple[float, ...]:
    return tuple(100 * float(getattr(handoff, key)) / handoff.sent for key, _colour, _said in _OUTCOMES)


def _outcome_title(scenario: ScenarioResult) -> str:
    sent = sum(h.sent for h in scenario.handoffs.values())
    taken = sum(h.accepted for h in scenario.handoffs.values())
    worst = max(scenario.handoffs.values(), key=lambda h: (h.lost + h.declined, h.id))
    values = {"scenario": scenario.name, "share": words.share(taken / sent), "route": _route(scenario, worst)}
    if worst.lost + worst.declined > 0:
        return (
            _("In %(scenario)s %(share)s of all handoffs are taken up; most often lost or declined: %(route)s") % values
        )
    return _("In %(scenario)s %(share)s of all handoffs are taken up, and none is lost or declined") % values


def _outcome_table(study: StudyResult) -> Table:
    rows = tuple(
        (
            s.name,
            _route(s, h),
            *(words.count(v) for v in (h.sent, h.accepted, h.declined, h.lost, h.withdrawn, h.open, h.late, h.bounces)),
        )
        for s in study.scenarios
        for h in s.handoffs.values()
        if h.sent
    )
    headers = (
        _("Scenario"),
        _("Handoff"),
        _("How often"),
        *(_(said) for _key, _colour, said in _OUTCOMES),
        _("taken up late"),
        _("sent back"),
    )
    return Table(
        headers=headers,
        rows=rows,
        numeric=frozenset(range(2, 10)),
        caption=_("What became of each handoff, in one repetition"),
    )

"""How long cases take to get somewhere, as a curve of the share that has got there; those who never do keep it below
100%.
"""

from matplotlib.figure import Figure

from bpmn_tool.messages import _, format_percent
from bpmn_tool.reports import text, words
from bpmn_tool.reports.palette import BLACK, GREY
from bpmn_tool.reports.plots.plot import Plot, colours, number_axis
from bpmn_tool.reports.sheet import NARROW, SMALL, Sheet, Table, bare, legend_height
from bpmn_tool.results.summary import Estimate, KpiResult, ScenarioResult, StudyResult, Survival, Unit

_POINTS = 400  # of a curve: more than a screen shows
_HEIGHT = 270.0


def time_curves(study: StudyResult) -> tuple[Plot, ...]:
    """A figure for each time KPI that has curves: those of the verdict first, then the cycle time, then the rest."""
    every = dict.fromkeys((*study.verdict_kpis, "cycle_time", *(k for s in study.scenarios for k in s.kpis)))
    found = []
    for kpi in every:
        rows = [(s, s.kpis[kpi]) for s in study.scenarios if kpi in s.kpis]
        rows = [(s, k) for s, k in rows if k.unit is Unit.SECONDS and k.survival is not None and k.survival.n]
        if rows:
            found.append(_plot(study, kpi, rows))
    return tuple(found)


def _plot(study: StudyResult, kpi: str, rows: list[tuple[ScenarioResult, KpiResult]]) -> Plot:
    name = words.kpi_name(rows[0][1])
    return Plot(
        id=f"time-{kpi}",
        title=_title(name, rows),
        description=_(
            "Step curves of the share of cases that has got there after a given time, one for each scenario: %(name)s."
        )
        % {"name": name},
        note=_(
            "The curve rises by one step whenever a case gets there. Where it stays below 100%, the rest had not got "
            "there "
            "by the end: they were still open, or ended or got stuck without it."
        ),
        table=_table(name, rows),
        draw=lambda width: _draw(study, rows, width),
    )


def _title(name: str, rows: list[tuple[ScenarioResult, KpiResult]]) -> str:
    """When half of the cases have got there; or, where fewer ever do, how many have by the target or in the end."""
    curves = [(s.name, k, k.survival) for s, k in rows[:4] if k.survival is not None]
    said = _("%(what)s in %(scenario)s")
    if all(curve.p50 is not None for _name, _kpi, curve in curves):
        parts = [said % {"what": words.duration(curve.p50), "scenario": scenario} for scenario, _kpi, curve in curves]
        return _("%(name)s: half of all cases have got there after %(times)s") % {
            "name": name,
            "times": words.listed(parts),
        }
    within = [(scenario, kpi.within_s, kpi.within.mean) for scenario, kpi, _curve in curves if kpi.within is not None]
    if len(within) == len(curves) and all(limit and share is not None for _scenario, limit, share in within):
        parts = [said % {"what": words.share(share), "scenario": scenario} for scenario, _limit, share in within]
        sentence = _("%(name)s: within %(time)s %(shares)s have got there")
        return sentence % {"name": name, "time": words.duration(within[0][1]), "shares": words.listed(parts)}
    parts = [said % {"what": words.share(c.reached / c.n), "scenario": scenario} for scenario, _kpi, c in curves]
    return _("%(name)s: in the end %(shares)s have got there") % {"name": name, "shares": words.listed(parts)}


def _table(name: str, rows: list[tuple[ScenarioResult, KpiResult]]) -> Table:
    lines = []
    for scenario, kpi in rows:
        curve = kpi.survival
        if curve is None:
            continue
        on = words.scale(Unit.SECONDS, kpi.estimate.mean or curve.p50 or 0.0)
        within = words.NOTHING
        if kpi.within is not None and kpi.within_s is not None:
            within = _("%(share)s within %(time)s") % {
                "share": words.share(kpi.within.mean),
                "time": words.duration(kpi.within_s),
            }
        lines.append(
            (
                scenario.name,
                _quantile(curve.p50, curve.p50_half_width),
                _quantile(curve.p90, curve.p90_half_width),
                within,
                format_percent(curve.reached / curve.n, 1),
                format_percent(curve.never / curve.n, 1),
                format_percent(curve.censored / curve.n, 1),
                words.estimate(kpi.estimate, on),
            )
        )
    headers = (
        _("Scenario"),
        _("Half of the cases, within"),
        _("Nine in ten, within"),
        _("Target"),
        _("Got there"),
        _("Never did"),
        _("Still open at the end"),
        _("Average up to the limit"),
    )
    return Table(headers=headers, rows=tuple(lines), numeric=frozenset(range(1, 8)), caption=name)


def _quantile(value: float | None, half_width: float | None) -> str:
    if value is None:
        return _("not reached")
    if half_width is None:
        return words.duration(value)
    return words.estimate(Estimate(mean=value, half_width=half_width), words.scale(Unit.SECONDS, value))


def _thinned(curve: Survival, until: float) -> tuple[list[float], list[float]]:
    """Seconds and share that got there, as corners of a step function, at most :data:`_POINTS` steps, ended at
    `until`.
    """
    times, shares = [0.0], [0.0]
    step = until / _POINTS
    for second, waiting in zip(curve.seconds, curve.waiting, strict=True):
        if second > until:
            break
        if second - times[-1] < step and len(times) > 1:
            shares[-1] = 1 - waiting  # within a pixel: the later value stands
            continue
        times.append(second)
        shares.append(1 - waiting)
    return [*times, until], [*shares, shares[-1]]


def _until(rows: list[tuple[ScenarioResult, KpiResult]]) -> float:
    """Where the axis ends: a little after nine in ten got there in the slowest scenario; the KPI's limit where they
    never do.
    """
    ends = []
    for _scenario, kpi in rows:
        curve = kpi.survival
        if curve is None:
            continue
        last = curve.seconds[-1] if curve.seconds else 0.0
        ends.append(min(last, curve.p90 * 1.5) if curve.p90 is not None else min(kpi.limit_s or last, last) or last)
    return max(ends, default=0.0) or 1.0


def _draw(study: StudyResult, rows: list[tuple[ScenarioResult, KpiResult]], width: float) -> Figure:
    paint = colours(study.scenarios)
    narrow = width < NARROW
    labels = {s.name: text.wrap(text.plain(s.name), width * 0.26, SMALL) for s, _k in rows}
    right = 8.0 if narrow else 14 + max(text.width(line, SMALL) for lines in labels.values() for line in lines)
    entries = [(paint[s.name], text.plain(s.name)) for s, _k in rows] if narrow else []
    top = legend_height(entries, width) + 22
    sheet = Sheet(width, top + _HEIGHT + 46)
    sheet.legend(entries)
    until = _until(rows)
    unit = words.time_unit(until)
    left = 42.0
    axes = sheet.axes(left, top, width - left - right, _HEIGHT)
    ends = {}
    for scenario, kpi in rows:
        if kpi.survival is None:
            continue
        times, shares = _thinned(kpi.survival, until)
        axes.step(
            [t / unit.seconds for t in times],
            [s * 100 for s in shares],
            where="post",
            color=paint[scenario.name],
            linewidth=2.2,
        )
        ends[scenario.name] = shares[-1] * 100
    axes.set_xlim(0, until / unit.seconds)
    axes.set_ylim(0, 100)
    _target(axes_width=width - left - right, sheet=sheet, rows=rows, until=until, left=left, top=top)
    if not narrow:
        _direct_labels(sheet, ends, labels, paint, x=width - right + 6, top=top)
    axes.set_xlabel(text.plain(unit.label), fontsize=SMALL)
    number_axis(axes, width)
    number_axis(axes, width, which="y", suffix="%")
    bare(axes, grid="y")
    sheet.write(0, top - 14, _("share of cases that has got there"), size=SMALL, colour=BLACK)
    return sheet.figure


def _target(
    *,
    axes_width: float,
    sheet: Sheet,
    rows: list[tuple[ScenarioResult, KpiResult]],
    until: float,
    left: float,
    top: float,
) -> None:
    """A dotted line at the target time."""
    target = next((k.within_s for _s, k in rows if k.within_s), None)
    if target is None or target > until:
        return
    x = left + axes_width * target / until
    sheet.rule(x, top, x, top + _HEIGHT, colour=GREY, thickness=1.2, dashes=(1.5, 2.5))
    words_there = _("target: %(time)s") % {"time": words.duration(target)}
    before = x + 4 + text.width(words_there, SMALL) > left + axes_width
    sheet.write(
        x + (-4 if before else 4),
        top + _HEIGHT - 10,
        words_there,
        size=SMALL,
        colour=GREY,
        align="right" if before else "left",
    )


def _direct_labels(
    sheet: Sheet, ends: dict[str, float], labels: dict[str, list[str]], paint: dict[str, str], *, x: float, top: float
) -> None:
    """Names at the ends of the curves, moved apart where they would meet."""
    line = SMALL * text.LINE_HEIGHT
    at = top - 8
    for name in sorted(ends, key=lambda key: -ends[key]):
        tall = len(labels[name]) * line
        at = max(at, top + _HEIGHT * (1 - ends[name] / 100) - tall / 2)
        sheet.paragraph(x, at, labels[name], size=SMALL, colour=paint[name], bold=False)
        at += tall + 3

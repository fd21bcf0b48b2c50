"""What one partner has to expect: how many cases reach it, how many pieces of work, how many hours, week by week."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bpmn_tool.instants import TimeLine
from bpmn_tool.instants.units import HOUR, WEEK
from bpmn_tool.results.effort import effort, seats
from bpmn_tool.results.facts import Facts
from bpmn_tool.results.projections import project
from bpmn_tool.results.trace import Replication
from bpmn_tool.results.work_items import WorkItem

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Of one replication, for each whole week between warm-up and close: cases of which the partner gets its first
    work, pieces of work that come to it, hours that its people work on them; `months` has the hours of each whole
    calendar month.
    """

    signals: tuple[int, ...]
    items: tuple[int, ...]
    hours: tuple[float, ...]
    months: tuple[tuple[str, float], ...]  # 2026-03 -> hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Over all replications. Hours: the median and the 90th percentile of all weeks; None where no week is whole."""

    replications: int
    weeks: int
    signals_per_week: float | None
    items_per_week: float | None
    hours_median: float | None
    hours_p90: float | None
    busiest_month: str | None
    busiest_month_hours: float | None


def load_of(
    replication: Replication, facts: Facts, steps: Collection[str], roles: Collection[str], line: TimeLine
) -> Load:
    """`steps` are the partner's, `roles` those that it holds."""
    low, high = replication.warm_up, replication.close
    weeks = [(at, at + WEEK) for at in range(low, high - WEEK + 1, WEEK)]
    months = _months(low, high, line)
    own = [item for item in project(replication, facts).items if item.element in steps]
    first: dict[str, int] = {}
    for item in own:
        first[item.case] = min(item.enabled, first.get(item.case, item.enabled))
    return Load(
        signals=_counted(first.values(), weeks),
        items=_counted((item.enabled for item in own), weeks),
        hours=_hours(own, weeks, facts, roles),
        months=tuple(
            zip((name for name, _span in months), _hours(own, [s for _name, s in months], facts, roles), strict=True)
        ),
    )


def _counted(ticks: Iterable[int], weeks: Sequence[Span]) -> tuple[int, ...]:
    found = [0] * len(weeks)
    begin = weeks[0][0] if weeks else 0
    for tick in ticks:
        place = (tick - begin) // WEEK
        if 0 <= place < len(weeks):
            found[place] += 1
    return tuple(found)


def _hours(items: Sequence[WorkItem], spans: Sequence[Span], facts: Facts, roles: Collection[str]) -> tuple[float, ...]:
    ticks = [0] * len(spans)
    for item in items:
        if item.start is None:
            continue
        staff = [facts.staff.get(label) for role, label in seats(item, facts) if role in roles and label]
        if not staff:
            continue
        for place, (begin, end) in enumerate(spans):
            if item.start < end and item.left > begin:
                ticks[place] += sum(effort(item, each, begin, end).worked for each in staff)
    return tuple(each / HOUR for each in ticks)


def _months(low: int, high: int, line: TimeLine) -> list[tuple[str, Span]]:
    """The calendar months that lie wholly within."""
    begin = line.to_local(low).date().replace(day=1)
    found = []
    while line.midnight(begin) < high:
        after = date(begin.year + begin.month // 12, begin.month % 12 + 1, 1)
        span = line.midnight(begin), line.midnight(after)
        if low <= span[0] and span[1] <= high:
            found.append((f"{begin:%Y-%m}", span))
        begin = after
    return found


def expected(loads: Sequence[Load]) -> Expected:
    """What to expect, from all replications."""
    from numpy import quantile

    hours = [each for load in loads for each in load.hours]
    months: dict[str, list[float]] = defaultdict(list)
    for load in loads:
        for name, spent in load.months:
            months[name].append(spent)
    means = {name: sum(spent) / len(spent) for name, spent in months.items()}
    busiest = max(means, key=lambda name: means[name], default=None)
    weeks = len(loads[0].hours) if loads else 0
    median, p90 = (float(each) for each in quantile(hours, (0.5, 0.9))) if hours else (None, None)
    return Expected(
        replications=len(loads),
        weeks=weeks,
        signals_per_week=_mean([each for load in loads for each in load.signals]),
        items_per_week=_mean([each for load in loads for each in load.items]),
        hours_median=median,
        hours_p90=p90,
        busiest_month=busiest if busiest is not None and means[busiest] > 0 else None,
        busiest_month_hours=means[busiest] if busiest is not None and means[busiest] > 0 else None,
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None

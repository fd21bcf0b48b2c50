"""How long a run takes to fill: MSER-5 on the mean daily open cases (White, "An effective truncation heuristic for bias
reduction in simulation output", Simulation 69(6), 1997; docs/semantics.md).
"""

from collections.abc import Sequence
from math import fsum

from bpmn_tool.instants.units import DAY
from bpmn_tool.results.cases import cases
from bpmn_tool.results.facts import Facts
from bpmn_tool.results.trace import Replication

BATCH = 5


def daily_open_cases(replication: Replication, facts: Facts) -> list[float]:
    """The mean number of open cases of each whole day (of 24 hours) from the start to the close of the cohort."""
    days = replication.close // DAY
    part = [0] * (days + 1)  # ticks within a day
    whole = [0] * (days + 2)  # changes in the number of cases that are open a whole day
    for case in cases(replication, facts):
        if case.arrival is None:
            continue
        begin = min(case.arrival, days * DAY)
        end = min(days * DAY if case.end is None else case.end, days * DAY)
        first, last = begin // DAY, end // DAY
        if first == last:
            part[first] += end - begin
            continue
        part[first] += (first + 1) * DAY - begin
        part[last] += end - last * DAY
        whole[first + 1] += 1
        whole[last] -= 1
    found, level = [], 0
    for day in range(days):
        level += whole[day]
        found.append(level + part[day] / DAY)
    return found


def mser5(series: Sequence[float]) -> int | None:
    """How many of the first values to leave out: where the squared standard error of the mean of the rest, in batches
    of five, is least. None where that is in the second half, or there is too little to tell: nothing has settled.
    """
    means = [fsum(series[n : n + BATCH]) / BATCH for n in range(0, len(series) - BATCH + 1, BATCH)]
    if len(means) < 2 * BATCH:
        return None
    best, least = 0, float("inf")
    for cut in range(len(means) - BATCH):  # the last few are alike by chance
        rest = means[cut:]
        mean = fsum(rest) / len(rest)
        error = fsum((each - mean) ** 2 for each in rest) / len(rest) ** 2
        if error < least:
            best, least = cut, error
    return None if best > len(means) // 2 else best * BATCH

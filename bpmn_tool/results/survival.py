"""Times that not everybody gets to: the product-limit estimate (Kaplan and Meier, JASA 53 (1958) 457-481)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """P(T > t) as a step function: `share[i]` holds from `times[i]` on; before the first it is 1."""

    times: tuple[float, ...]
    share: tuple[float, ...]

    def at(self, time: float) -> float:
        """P(T > time)."""
        value = 1.0
        for step, share in zip(self.times, self.share, strict=True):
            if step > time:
                break
            value = share
        return value

    def quantile(self, p: float) -> float | None:
        """The first time by which a share of `p` has got there; None: not reached."""
        for step, share in zip(self.times, self.share, strict=True):
            if share <= 1.0 - p + 1e-12:
                return step
        return None

    def restricted_mean(self, limit: float) -> float:
        """The area below the curve up to `limit`: the mean of min(T, limit)."""
        area = []
        at, value = 0.0, 1.0
        for step, share in zip(self.times, self.share, strict=True):
            if step >= limit:
                break
            area.append((step - at) * value)
            at, value = step, share
        area.append((limit - at) * value)
        return fsum(area)


def kaplan_meier(reached: Iterable[float], censored: Iterable[float], never: int = 0) -> Curve:
    """The curve of those who got there (`reached`: when), were lost sight of (`censored`: when) and never will.

    `never` is how many; they stay at risk throughout. Of equal times getting there counts first.
    """
    events = Counter(reached)
    lost = Counter(censored)
    at_risk = events.total() + lost.total() + never
    times, shares = [], []
    share = 1.0
    for time in sorted(events.keys() | lost.keys()):
        if count := events[time]:
            share *= 1.0 - count / at_risk
            times.append(time)
            shares.append(share)
        at_risk -= count + lost[time]
    return Curve(times=tuple(times), share=tuple(shares))


def restricted_mean(reached: Iterable[float], censored: Iterable[float], never: int, limit: float) -> float | None:
    """The mean of min(T, limit): exact where all were watched up to `limit`, else by Kaplan and Meier; None: nobody."""
    got, lost = list(reached), list(censored)
    n = len(got) + len(lost) + never
    if not n:
        return None
    if all(time >= limit for time in lost):
        return fsum([min(time, limit) for time in got] + [limit * (len(lost) + never)]) / n
    return kaplan_meier(got, lost, never).restricted_mean(limit)

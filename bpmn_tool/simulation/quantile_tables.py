"""Quantile functions without a closed form, as tables made once with SciPy and read with float arithmetic alone.

The grid is even in z = log(u / (1 - u)), so that both tails down to 2^-53 are as well covered as the middle; between
nodes stands a monotone cubic (Fritsch & Carlson, SIAM J. Numer. Anal. 17, 1980) of log(x - low), or of x itself where
there is no lower end. Relative error below 1e-6, tails included (tested against SciPy).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeAlias

from bpmn_tool.simulation.uniforms import U_MAX, U_MIN

Z_MAX: Final = 37.0  # just beyond log(2^53)
STEPS: Final = 2048
_PER_Z: Final = STEPS / (2.0 * Z_MAX)
_SMALL: Final = -50.0  # log x below which the first term of a series is exact to the last bit

Nodes: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]  # values, and slopes per step; STEPS + 1 of each


@dataclass(frozen=True, slots=True)
class Table:
    """x = low + scale * exp(y), or low + scale * y, where y is read from the table at z; never above `high`."""

    values: tuple[float, ...] = field(repr=False)
    slopes: tuple[float, ...] = field(repr=False)
    low: float
    scale: float
    high: float
    mean: float
    is_log: bool = True

    def __call__(self, u: float) -> float:
        if u < U_MIN:
            u = U_MIN
        elif u > U_MAX:
            u = U_MAX
        place = (math.log(u / (1.0 - u)) + Z_MAX) * _PER_Z
        i = int(place)
        t = place - i
        y0 = self.values[i]
        s0 = self.slopes[i]
        rise = self.values[i + 1] - y0
        s1 = self.slopes[i + 1]
        y = y0 + t * (s0 + t * (3.0 * rise - 2.0 * s0 - s1 + t * (s0 + s1 - 2.0 * rise)))
        x = self.low + self.scale * (math.exp(y) if self.is_log else y)
        return min(self.high, x)


def beta_table(low: float, high: float, a: float, b: float) -> Table:
    """Beta on [low, high] with shapes a and b."""
    values, slopes = _beta_nodes(a, b)
    return Table(values, slopes, low, high - low, high, low + (high - low) * a / (a + b))


def gamma_table(shape: float, scale: float) -> Table:
    """Gamma with this shape and scale."""
    values, slopes = _gamma_nodes(shape)
    return Table(values, slopes, 0.0, scale, math.inf, shape * scale)


def lognormal_table(mean: float, sigma: float) -> Table:
    """Lognormal with this mean and standard deviation sigma of the logarithm."""
    values, slopes = _lognormal_nodes(sigma)
    return Table(values, slopes, 0.0, mean * math.exp(-0.5 * sigma * sigma), math.inf, mean)


def positive_normal_table(mean: float, sd: float) -> Table:
    """Normal with parent's mean (not negative) and sd, truncated at zero."""
    values, slopes = _positive_normal_nodes(mean / sd)
    return Table(values, slopes, 0.0, sd, math.inf, mean + sd * _mills(mean / sd))


def _mills(ratio: float) -> float:
    """phi(r) / Phi(r): by how many sd truncation at zero moves the mean."""
    density = math.exp(-0.5 * ratio * ratio) / math.sqrt(2.0 * math.pi)
    return density / (0.5 * math.erfc(-ratio / math.sqrt(2.0)))


SCIPY_NAMES: Final = (
    *("alpha", "beta", "betaprime", "burr", "burr12", "chi", "chi2", "erlang", "expon", "exponnorm", "exponweib"),
    *("f", "fatiguelife", "fisk", "gamma", "genextreme", "gengamma", "genpareto", "gumbel_l", "gumbel_r", "halfnorm"),
    *(
        "invgamma",
        "invgauss",
        "invweibull",
        "johnsonsb",
        "johnsonsu",
        "laplace",
        "levy",
        "loggamma",
        "logistic",
        "loglaplace",
    ),
    *("lognorm", "lomax", "maxwell", "norm", "pareto", "pearson3", "powerlaw", "rayleigh", "t", "triang", "truncnorm"),
    *("uniform", "wald", "weibull_max", "weibull_min"),
)


def scipy_table(name: str, *parameters: float) -> Table:
    """SciPy's distribution of this name (one of SCIPY_NAMES) with its shapes, then loc and scale, by position."""
    if name not in SCIPY_NAMES:
        raise ValueError(
            f"{name[:40]!r} is not a distribution that can be tabulated; there are {', '.join(SCIPY_NAMES)}"
        )
    import numpy as np
    from scipy import stats

    try:
        frozen = getattr(stats, name)(*parameters)
        low, high = (float(end) for end in frozen.support())
        mean = float(frozen.mean())
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}{parameters}: {error}") from None
    if not low < high:
        raise ValueError(f"{name}{parameters} is not a distribution")
    is_log = math.isfinite(low)
    offset = low if is_log else 0.0

    def transform(x: Any) -> Any:
        with np.errstate(divide="ignore"):
            return np.maximum(np.log(x - offset), -745.0) if is_log else x

    nodes = _nodes(lambda p, _: transform(frozen.ppf(p)), lambda q: transform(frozen.isf(q)))
    return Table(*nodes, offset, 1.0, high, mean, is_log)


@lru_cache(maxsize=64)
def _beta_nodes(a: float, b: float) -> Nodes:
    import numpy as np
    from scipy import special

    def lower(p: Any, log_p: Any) -> Any:
        series = (log_p + math.log(a) + special.betaln(a, b)) / a  # I_x(a, b) ~ x^a / (a B(a, b))
        with np.errstate(all="ignore"):
            return np.where(series < _SMALL, series, np.log(special.betaincinv(a, b, p)))

    # both arguments are the same up to a swap, but 1 - x is exact only for the small one
    return _nodes(lower, lambda q: np.log1p(-special.betaincinv(b, a, q)))


@lru_cache(maxsize=64)
def _gamma_nodes(shape: float) -> Nodes:
    import numpy as np
    from scipy import special

    def lower(p: Any, log_p: Any) -> Any:
        series = (log_p + special.gammaln(shape + 1.0)) / shape  # P(k, x) ~ x^k / Gamma(k + 1)
        with np.errstate(all="ignore"):
            return np.where(series < _SMALL, series, np.log(special.gammaincinv(shape, p)))

    def upper(q: Any) -> Any:
        # for tiny shapes even the upper half begins at next to zero
        series = (np.log1p(-q) + special.gammaln(shape + 1.0)) / shape
        with np.errstate(all="ignore"):
            return np.where(series < _SMALL, series, np.log(special.gammainccinv(shape, q)))

    return _nodes(lower, upper)


@lru_cache(maxsize=64)
def _lognormal_nodes(sigma: float) -> Nodes:
    from scipy import special

    return _nodes(lambda p, _: sigma * special.ndtri(p), lambda q: -sigma * special.ndtri(q))


@lru_cache(maxsize=64)
def _positive_normal_nodes(ratio: float) -> Nodes:
    """Logarithms of x / sd where the parent's mean / sd is `ratio`."""
    import numpy as np
    from scipy import special

    kept, cut = special.ndtr(ratio), special.ndtr(-ratio)

    def lower(p: Any, _: Any) -> Any:
        x = ratio + special.ndtri(cut + kept * p)
        near = x < 1.0  # where the difference of two normal quantiles loses digits
        x[near] = _near_zero(ratio, kept * p[near])
        return np.log(x)

    return _nodes(lower, lambda q: np.log(ratio - special.ndtri(kept * q)))


def _near_zero(ratio: float, mass: Any) -> Any:
    """The x, up to about 1, with `mass` of the normal density around `ratio` between 0 and x: Newton, quadrature."""
    import numpy as np

    points, weights = np.polynomial.legendre.leggauss(24)
    points, weights = (points + 1.0) / 2.0, weights / 2.0

    def density(x: Any) -> Any:
        return np.exp(-0.5 * (x - ratio) ** 2) / math.sqrt(2.0 * math.pi)

    x = np.minimum(mass / density(0.0), 1.2)
    for _ in range(60):
        between = x * (density(x[:, None] * points) @ weights)
        x = np.clip(x - (between - mass) / density(x), 1e-300, 1.5)
    return x


def _nodes(lower: Callable[[Any, Any], Any], upper: Callable[[Any], Any]) -> Nodes:
    """Values of y at the nodes: `lower(u, log u)` for z < 0, `upper(1 - u)` for the rest; and their limited slopes."""
    import numpy as np

    z = np.linspace(-Z_MAX, Z_MAX, STEPS + 1)
    left, right = z[z < 0.0], z[z >= 0.0]
    log_p = left - np.log1p(np.exp(left))
    y = np.concatenate([lower(np.exp(log_p), log_p), upper(np.exp(-right - np.log1p(np.exp(-right))))])
    if not np.all(np.isfinite(y)):
        raise ValueError("the parameters of the distribution are too extreme to tabulate")
    y = np.maximum.accumulate(y)
    return tuple(y.tolist()), tuple(_slopes(y).tolist())


def _slopes(y: Any) -> Any:
    """Differences of fourth order, limited so that the cubic never turns."""
    import numpy as np

    slopes = np.gradient(y, edge_order=2)
    slopes[2:-2] = (8.0 * (y[3:-1] - y[1:-3]) - (y[4:] - y[:-4])) / 12.0
    rises = np.diff(y)
    limit = 3.0 * np.minimum(np.append(rises[0], rises), np.append(rises, rises[-1]))
    return np.clip(slopes, 0.0, limit)

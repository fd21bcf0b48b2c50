import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from bpmn_tool.simulation.quantile_tables import SCIPY_NAMES, Table
from bpmn_tool.simulation.quantiles import (
    BUILDERS,
    Quantile,
    beta,
    constant,
    empirical,
    erlang,
    exponential,
    gamma,
    histogram,
    laid,
    lognormal,
    mean_of,
    mixture,
    normal,
    pert,
    scipy_table,
    triangular,
    truncated,
    uniform,
    weibull,
)
from bpmn_tool.simulation.uniforms import U_MAX, U_MIN

HOUR = 3.6e9  # ticks


def _pert(low, mode, high):
    width = high - low
    return stats.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, loc=low, scale=width)


def _lognormal(mean, sd):
    s = math.sqrt(math.log(1 + (sd / mean) ** 2))
    return stats.lognorm(s, scale=mean / math.exp(s * s / 2))


# ours, SciPy's
CASES: dict[str, tuple[Quantile, Any]] = {
    "exponential": (exponential(HOUR), stats.expon(scale=HOUR)),
    "uniform": (uniform(2.0, 5.0), stats.uniform(2.0, 3.0)),
    "triangular": (triangular(1.0, 2.0, 4.0), stats.triang(1 / 3, 1.0, 3.0)),
    "triangular from its mode": (triangular(1.0, 1.0, 4.0), stats.triang(0.0, 1.0, 3.0)),
    "triangular to its mode": (triangular(1.0, 4.0, 4.0), stats.triang(1.0, 1.0, 3.0)),
    "weibull": (weibull(HOUR, 1.5), stats.weibull_min(1.5, scale=HOUR / math.gamma(1 + 1 / 1.5))),
    "weibull, heavy": (weibull(HOUR, 0.3), stats.weibull_min(0.3, scale=HOUR / math.gamma(1 + 1 / 0.3))),
    "pert": (pert(0.0, 2.0, 10.0), _pert(0.0, 2.0, 10.0)),
    "pert above zero": (pert(HOUR, 2 * HOUR, 9 * HOUR), _pert(HOUR, 2 * HOUR, 9 * HOUR)),
    "pert from its mode": (pert(0.0, 0.0, 1.0), _pert(0.0, 0.0, 1.0)),
    "beta": (beta(1.0, 3.0, 2.0, 5.0), stats.beta(2.0, 5.0, 1.0, 2.0)),
    "beta, a bathtub": (beta(0.0, 1.0, 0.1, 0.2), stats.beta(0.1, 0.2)),
    "beta, steep": (beta(0.0, 1.0, 200.0, 100.0), stats.beta(200.0, 100.0)),
    "normal, far from zero": (normal(50 * HOUR, HOUR), stats.norm(50 * HOUR, HOUR)),
    "normal, half": (normal(0.0, 2.0), stats.chi(1, scale=2.0)),
    "lognormal": (lognormal(2 * HOUR, 3 * HOUR), _lognormal(2 * HOUR, 3 * HOUR)),
    "lognormal, heavy": (lognormal(1.0, 100.0), _lognormal(1.0, 100.0)),
    "lognormal, narrow": (lognormal(1.0, 0.01), _lognormal(1.0, 0.01)),
    "gamma": (gamma(2.0, 1.0), stats.gamma(4.0, scale=0.5)),
    "gamma, heavy": (gamma(1.0, 3.0), stats.gamma(1 / 9, scale=9.0)),
    "gamma, extreme": (gamma(1.0, 10.0), stats.gamma(0.01, scale=100.0)),
    "gamma, narrow": (gamma(1.0, 0.001), stats.gamma(1e6, scale=1e-6)),
    "erlang": (erlang(HOUR, 3), stats.gamma(3, scale=HOUR / 3)),
    "erlang of one stage": (erlang(HOUR, 1), stats.expon(scale=HOUR)),
    "by SciPy's name": (scipy_table("invgauss", 0.5, 1.0, 2.0), stats.invgauss(0.5, 1.0, 2.0)),
    "by SciPy's name, two-sided": (scipy_table("logistic", 0.0, 2.0), stats.logistic(0.0, 2.0)),
}

_rng = np.random.default_rng(1)
_tail = np.concatenate([10 ** _rng.uniform(-15.9, 0, 500), [U_MIN]])
UPPER = np.maximum(np.round(_tail * 2**53), 1) / 2**53  # multiples of 2^-53, as draws are, so that 1 - q is exact
LOWER = np.concatenate([_rng.random(500), UPPER])


@pytest.mark.parametrize("name", CASES)
def test_quantiles_are_scipy_s_in_the_middle_and_the_lower_tail(name):
    quantile, reference = CASES[name]
    expected = reference.ppf(LOWER)
    seen = np.array([quantile(u) for u in LOWER.tolist()])
    # below 1e-250 (of extreme shapes, close to zero) no reference is left
    np.testing.assert_allclose(seen, expected, rtol=1e-6, atol=1e-250)


@pytest.mark.parametrize("name", CASES)
def test_quantiles_are_scipy_s_in_the_upper_tail(name):
    quantile, reference = CASES[name]
    seen = np.array([quantile(1.0 - q) for q in UPPER.tolist()])
    np.testing.assert_allclose(seen, reference.isf(UPPER), rtol=1e-6, atol=1e-250)


@pytest.mark.parametrize("ratio", [0.0, 0.2, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0])
def test_the_truncated_normal_has_the_right_mass_below_each_quantile(ratio):
    # SciPy's truncnorm.ppf is itself off by up to 1e-2 in the tails, so the distribution function is the reference
    quantile = normal(ratio, 1.0)
    kept = special.ndtr(ratio)
    for u in 10.0 ** np.arange(-15, 0):
        mass = integrate.quad(lambda t: math.exp(-0.5 * (t - ratio) ** 2), 0.0, quantile(u), epsabs=0.0, epsrel=1e-13)[
            0
        ]
        assert mass / math.sqrt(2 * math.pi) / kept == pytest.approx(u, rel=1e-6)
    for q in 2.0 ** -np.arange(1.0, 54.0):
        x = quantile(1.0 - q)
        # an error of 1e-6 in x is one of about x (x - ratio) 1e-6 in the tail's mass
        assert special.ndtr(ratio - x) / kept == pytest.approx(q, rel=2e-6 * max(1.0, x * abs(x - ratio)))


@pytest.mark.parametrize("name", CASES)
def test_means_are_scipy_s(name):
    quantile, reference = CASES[name]
    assert mean_of(quantile) == pytest.approx(reference.mean(), rel=1e-9)


@pytest.mark.parametrize("name", ["gamma", "pert", "lognormal", "weibull", "triangular", "normal, half", "erlang"])
def test_a_sample_has_the_moments_of_the_distribution(name):
    quantile, reference = CASES[name]
    n = 4000
    sample = np.array([quantile((i + 0.5) / n) for i in range(n)])  # stratified
    assert sample.mean() == pytest.approx(reference.mean(), rel=0.005)
    assert sample.std() == pytest.approx(reference.std(), rel=0.05)


ALL = [quantile for quantile, _ in CASES.values()] + [
    constant(3.0),
    empirical([3, 1, 2], [1, 0, 5]),
    histogram([0, 1, 5], [3, 1]),
    truncated(exponential(1.0), 0.5, 2.0),
    truncated(normal(1.0, 1.0), maximum=1.5),
]


@given(st.sampled_from(ALL), st.floats(U_MIN, U_MAX), st.floats(U_MIN, U_MAX))
def test_quantiles_rise_with_u(quantile, one, other):
    low, high = quantile(min(one, other)), quantile(max(one, other))
    assert math.isfinite(low)
    assert math.isfinite(high)
    # two neighbours within an ulp may swap where exp rounds
    assert low <= high * (1 + 1e-15) or low < 0


@pytest.mark.parametrize("quantile", ALL)
def test_the_ends_of_u_are_fine(quantile):
    assert quantile(U_MIN) <= quantile(U_MAX)
    assert all(type(quantile(u)) in {float, int} for u in (U_MIN, 0.5, U_MAX))


@pytest.mark.parametrize("quantile", ALL)
def test_pickles(quantile):
    assert pickle.loads(pickle.dumps(quantile))(0.3) == quantile(0.3)  # noqa: S301 our own bytes


@pytest.mark.parametrize("quantile", [pert(1.0, 2.0, 3.0), beta(1.0, 3.0, 0.2, 0.1), triangular(1.0, 2.0, 3.0)])
def test_never_leaves_its_ends(quantile):
    assert all(1.0 <= quantile(u) <= 3.0 for u in [U_MIN, *np.linspace(0.001, 0.999, 999).tolist(), U_MAX])


def test_empirical_values_come_by_their_weights_in_rising_order():
    quantile = empirical([30.0, 10.0, 20.0], [1, 2, 1])
    assert [quantile(u) for u in (0.1, 0.49, 0.51, 0.74, 0.76)] == [10.0, 10.0, 20.0, 20.0, 30.0]
    assert mean_of(quantile) == 17.5


def test_values_without_weights_are_alike():
    assert [empirical([1, 2])(u) for u in (0.49, 0.51)] == [1, 2]


def test_a_histogram_is_even_within_its_bins():
    quantile = histogram([0.0, 10.0, 20.0, 40.0], [1, 0, 1])
    assert [quantile(u) for u in (0.25, 0.75)] == [5.0, 30.0]
    assert mean_of(quantile) == 17.5


@pytest.mark.parametrize("weights", [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0.1] * 10, [1e-300, 1.0]])
def test_what_weighs_nothing_is_never_chosen(weights):
    chosen = laid(weights)
    assert all(weights[chosen(u)] > 0 for u in (U_MIN, 0.25, 0.5, 0.75, U_MAX))


def test_a_mixture_gives_each_component_a_u_of_its_own():
    quantile = mixture([(3, uniform(0.0, 1.0)), (1, uniform(10.0, 20.0))])
    assert quantile(0.375) == pytest.approx(0.5)
    assert quantile(0.875) == pytest.approx(15.0)
    assert mean_of(quantile) == pytest.approx(0.75 * 0.5 + 0.25 * 15.0)
    assert quantile(U_MIN) < 1e-15
    assert quantile(U_MAX) > 19.999


def test_truncation_rescales_u():
    quantile = truncated(exponential(2.0), 1.0, 3.0)
    reference = stats.truncexpon(1.0, loc=1.0, scale=2.0)
    us = np.linspace(0.001, 0.999, 99)
    np.testing.assert_allclose([quantile(u) for u in us.tolist()], reference.ppf(us), rtol=1e-9)
    assert mean_of(quantile) == pytest.approx(reference.mean(), rel=1e-4)


def test_truncation_of_single_values_keeps_the_ends():
    quantile = truncated(empirical([1, 2, 3, 4]), 2, 3)
    assert [quantile(u) for u in (U_MIN, 0.49, 0.51, U_MAX)] == [2, 2, 3, 3]


def test_truncation_on_one_side():
    assert truncated(exponential(1.0), minimum=2.0)(0.5) == pytest.approx(2.0 + math.log(2.0))
    assert truncated(exponential(1.0), maximum=1e9)(0.5) == pytest.approx(math.log(2.0))
    unchanged = exponential(1.0)
    assert truncated(unchanged) is unchanged


@pytest.mark.parametrize(
    ("parent", "bounds"),
    [(uniform(0, 1), (2, 3)), (uniform(0, 1), (0.7, 0.6)), (exponential(1.0), (40.0, None)), (constant(5), (6, None))],
)
def test_truncation_has_to_leave_something(parent, bounds):
    with pytest.raises(ValueError, match="hardly anything"):
        truncated(parent, *bounds)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        *(("exponential", (0.0,)), ("uniform", (0.0, 0.0)), ("triangular", (0.0, 0.0, 0.0)), ("pert", (0.0, 0.0, 0.0))),
        *(("beta", (0.0, 0.0, 1.0, 1.0)), ("normal", (0.0, 0.0)), ("lognormal", (0.0, 0.0)), ("gamma", (0.0, 0.0))),
        *(("erlang", (0.0, 2)), ("weibull", (0.0, 2.0))),
    ],
)
def test_no_spread_and_no_length_is_zero(name, parameters):
    assert [BUILDERS[name](*parameters)(u) for u in (U_MIN, 0.5, U_MAX)] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("name", ["normal", "lognormal", "gamma"])
def test_no_spread_is_the_mean(name):
    assert BUILDERS[name](3.0, 0.0)(0.9) == 3.0


@pytest.mark.parametrize(
    ("name", "parameters", "sentence"),
    [
        ("constant", (math.inf,), "finite"),
        ("exponential", (-1.0,), "negative"),
        ("exponential", (math.nan,), "finite"),
        ("uniform", (2.0, 1.0), r"low \(2\) is above high \(1\)"),
        ("triangular", (1.0, 0.0, 2.0), r"low \(1\) is above mode \(0\)"),
        ("pert", (1.0, 3.0, 2.0), r"mode \(3\) is above high \(2\)"),
        ("beta", (0.0, 1.0, 0.0, 1.0), "a is 0"),
        ("beta", (0.0, 1.0, 1.0, -1.0), "b is -1"),
        ("normal", (1.0, -1.0), "sd is -1"),
        ("normal", (-1.0, 1.0), "mean is -1"),
        ("lognormal", (0.0, 1.0), "mean 0 cannot have sd 1"),
        ("gamma", (0.0, 1.0), "mean 0 cannot have sd 1"),
        ("erlang", (1.0, 1.5), "whole number"),
        ("erlang", (1.0, 0), "k is 0"),
        ("weibull", (1.0, 0.0), "shape is 0"),
        ("weibull", (1.0, 0.001), "too small"),
        ("empirical", ([],), "needs values"),
        ("empirical", ([1, 2], [1]), "2 values and 1 weights"),
        ("empirical", ([1, 2], [0, 0]), "add up to nothing"),
        ("empirical", ([1, 2], [2, -1]), "negative"),
        ("histogram", ([0, 1], [1, 1]), "need 3 edges, not 2"),
        ("histogram", ([1, 0], [1]), "above"),
    ],
)
def test_says_what_makes_no_distribution(name, parameters, sentence):
    with pytest.raises(ValueError, match=sentence):
        BUILDERS[name](*parameters)


def test_tables_are_made_once():
    one, other = pert(0.0, 1.0, 4.0), pert(HOUR, 2 * HOUR, 5 * HOUR)
    assert isinstance(one, Table)
    assert isinstance(other, Table)
    assert one.values is other.values


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("rv_discrete", ()), ("__class__", ()), ("gamma", ()), ("gamma", (-1.0,)), ("norm", (0.0, -1.0))],
)
def test_refuses_what_scipy_has_no_table_for(name, parameters):
    with pytest.raises(ValueError, match=r"\S"):
        scipy_table(name, *parameters)


def test_scipy_has_all_the_names():
    assert all(isinstance(getattr(stats, name), stats.rv_continuous) for name in SCIPY_NAMES)

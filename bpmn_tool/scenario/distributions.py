"""Distributions as data: one frozen class a kind. How they are drawn (by quantile) is the simulator's affair.

Numbers are whole ticks (microseconds) for durations and plain for attributes; which of the two, the place where a
distribution stands decides.
`minimum` and `maximum` truncate (the parameters stay those of the parent). Weights are relative:
they are divided by their sum.
"""

from dataclasses import dataclass, fields
from typing import ClassVar

from bpmn_tool.scenario.case_expression import CaseExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """`form` names the parameters in the order of the short form; `units` are those of them that carry the unit (a
    duration, where it is one).
    """

    kind: ClassVar[str]
    form: ClassVar[tuple[str, ...]]
    units: ClassVar[frozenset[str]]

    minimum: float | None = None
    maximum: float | None = None

    @property
    def parameters(self) -> dict[str, object]:
        """The parameters by name, in the order of the short form."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("minimum", "maximum")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Base):
    """Always `value`; of an attribute it may be a text or a truth value."""

    kind: ClassVar[str] = "constant"
    form: ClassVar[tuple[str, ...]] = ("value",)
    units: ClassVar[frozenset[str]] = frozenset({"value"})
    value: float | str | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exponential(Base):
    kind: ClassVar[str] = "exponential"
    form: ClassVar[tuple[str, ...]] = ("mean",)
    units: ClassVar[frozenset[str]] = frozenset({"mean"})
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform(Base):
    kind: ClassVar[str] = "uniform"
    form: ClassVar[tuple[str, ...]] = ("low", "high")
    units: ClassVar[frozenset[str]] = frozenset({"low", "high"})
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangular(Base):
    kind: ClassVar[str] = "triangular"
    form: ClassVar[tuple[str, ...]] = ("low", "mode", "high")
    units: ClassVar[frozenset[str]] = frozenset({"low", "mode", "high"})
    low: float
    mode: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pert(Base):
    """Beta on [low, high] with shape weight 4 on the mode (Malcolm et al. 1959)."""

    kind: ClassVar[str] = "pert"
    form: ClassVar[tuple[str, ...]] = ("low", "mode", "high")
    units: ClassVar[frozenset[str]] = frozenset({"low", "mode", "high"})
    low: float
    mode: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Beta(Base):
    kind: ClassVar[str] = "beta"
    form: ClassVar[tuple[str, ...]] = ("low", "high", "a", "b")
    units: ClassVar[frozenset[str]] = frozenset({"low", "high"})
    low: float
    high: float
    a: float
    b: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal(Base):
    """Truncated at zero; mean and sd are those of the parent."""

    kind: ClassVar[str] = "normal"
    form: ClassVar[tuple[str, ...]] = ("mean", "sd")
    units: ClassVar[frozenset[str]] = frozenset({"mean", "sd"})
    mean: float
    sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lognormal(Base):
    """`mean` and `sd` of the variable itself, not of its logarithm."""

    kind: ClassVar[str] = "lognormal"
    form: ClassVar[tuple[str, ...]] = ("mean", "sd")
    units: ClassVar[frozenset[str]] = frozenset({"mean", "sd"})
    mean: float
    sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gamma(Base):
    kind: ClassVar[str] = "gamma"
    form: ClassVar[tuple[str, ...]] = ("mean", "sd")
    units: ClassVar[frozenset[str]] = frozenset({"mean", "sd"})
    mean: float
    sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Erlang(Base):
    """`k` is a whole number of phases; `mean` that of the sum."""

    kind: ClassVar[str] = "erlang"
    form: ClassVar[tuple[str, ...]] = ("mean", "k")
    units: ClassVar[frozenset[str]] = frozenset({"mean"})
    mean: float
    k: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weibull(Base):
    kind: ClassVar[str] = "weibull"
    form: ClassVar[tuple[str, ...]] = ("mean", "shape")
    units: ClassVar[frozenset[str]] = frozenset({"mean"})
    mean: float
    shape: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Empirical(Base):
    """One of the values as they were observed, sorted; without weights, each alike."""

    kind: ClassVar[str] = "empirical"
    form: ClassVar[tuple[str, ...]] = ("values", "weights")
    units: ClassVar[frozenset[str]] = frozenset({"values"})
    values: tuple[float, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram(Base):
    """Uniform inside each bin; one more edge than weights."""

    kind: ClassVar[str] = "histogram"
    form: ClassVar[tuple[str, ...]] = ("edges", "weights")
    units: ClassVar[frozenset[str]] = frozenset({"edges"})
    edges: tuple[float, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture(Base):
    """Weighted parts, laid on (0, 1) in the order written."""

    kind: ClassVar[str] = "mixture"
    form: ClassVar[tuple[str, ...]] = ("parts",)
    units: ClassVar[frozenset[str]] = frozenset()
    parts: tuple[tuple[float, "Distribution"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class By(Base):
    """`yes` for a case of which `condition` is true, else `no`."""

    kind: ClassVar[str] = "by"
    form: ClassVar[tuple[str, ...]] = ("condition", "yes", "no")
    units: ClassVar[frozenset[str]] = frozenset()
    condition: CaseExpression
    yes: "Distribution"
    no: "Distribution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Base):
    """Weighted values (texts, numbers, or ticks), laid on (0, 1) in the order of their keys as UTF-8 bytes, which is
    how `options` is sorted.
    """

    kind: ClassVar[str] = "choice"
    form: ClassVar[tuple[str, ...]] = ("options",)
    units: ClassVar[frozenset[str]] = frozenset()
    options: tuple[tuple[float | str, float], ...]  # (value, weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probability(Base):
    """True with `probability`, which may depend on the case."""

    kind: ClassVar[str] = "probability"
    form: ClassVar[tuple[str, ...]] = ("probability",)
    units: ClassVar[frozenset[str]] = frozenset()
    probability: "float | CaseExpression"


Distribution = (
    Constant
    | Exponential
    | Uniform
    | Triangular
    | Pert
    | Beta
    | Normal
    | Lognormal
    | Gamma
    | Erlang
    | Weibull
    | Empirical
    | Histogram
    | Mixture
    | By
    | Choice
    | Probability
)

#: kinds whose parameters are numbers alone, by the name that files use
SIMPLE: dict[str, type[Distribution]] = {
    cls.kind: cls
    for cls in (
        Constant, Exponential, Uniform, Triangular, Pert, Beta, Normal, Lognormal, Gamma, Erlang, Weibull, Empirical,
        Histogram,
    )
}  # fmt: skip
#: all kinds
KINDS: tuple[str, ...] = (*SIMPLE, "mixture", "by", "choice", "probability")

"""Distributions as people write them (short form by position, long form by name) made into data, with all that is
wrong in them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from bpmn_tool.instants.iso8601 import Duration
from bpmn_tool.scenario.distributions import (
    KINDS,
    SIMPLE,
    By,
    Choice,
    Constant,
    Distribution,
    Empirical,
    Mixture,
    Probability,
)
from bpmn_tool.scenario.places import Collector, one_problem
from bpmn_tool.scenario.values import (
    Context,
    case_share,
    described,
    expression,
    nearest,
    real,
    ticks,
)

#: further keys beside a kind
BESIDE = frozenset({"min", "max"})
_BY = frozenset({"yes", "no"})
_LISTS = frozenset({"values", "weights", "edges"})


def kind_of(raw: Any) -> str | None:
    """The kind that a table names, None where it is no distribution."""
    return next((kind for kind in KINDS if kind in raw), None) if isinstance(raw, Mapping) else None


def long_form(raw: Any) -> Any:
    """A distribution with its parameters by name; anything else as it is."""
    kind = kind_of(raw)
    if kind not in SIMPLE or isinstance(raw[kind], Mapping):
        return raw
    form, written = SIMPLE[kind].form, raw[kind]
    if not isinstance(written, list | tuple):
        return {**raw, kind: {form[0]: written}}
    if kind == "empirical" and not (written and isinstance(written[0], list | tuple)):
        return {**raw, kind: {"values": written}}
    if len(written) > len(form):
        return raw
    return {**raw, kind: dict(zip(form, written, strict=False))}


def distribution(raw: Any, context: Context, *, durations: bool) -> Distribution:
    """A distribution; numbers become ticks where `durations`. Raises ValueProblems."""
    match raw:
        case Mapping():
            return _table(raw, context, durations)
        case str() if not durations:
            return Constant(value=raw)
        case bool() if not durations:
            return Constant(value=raw)
        case str():
            return Constant(value=_duration(raw, context))
        case int() | float() if not durations:
            return Constant(value=real(raw, context))
        case int() | float():
            raise one_problem(f"{raw!r} is not an ISO 8601 duration such as 'PT5M' or 'P10D'")
        case _ if isinstance(raw, Distribution):
            return raw
    raise one_problem(f"a distribution is wanted here, not {described(raw)}")


def _duration(raw: Any, _context: Context) -> int:
    return ticks(raw)


def _table(raw: Mapping[str, Any], context: Context, durations: bool) -> Distribution:
    kinds = [key for key in raw if key in KINDS]
    if len(kinds) != 1:
        known = ", ".join(KINDS)
        if kinds:
            raise one_problem(f"two distributions in one place: {' and '.join(kinds)}")
        first = next(iter(raw), "")
        raise one_problem(f"no distribution is named here{nearest(first, tuple(KINDS))} (they are: {known})")
    kind = kinds[0]
    problems = Collector()
    for key in sorted(raw.keys() - {kind} - BESIDE - (_BY if kind == "by" else frozenset())):
        problems.add(f"unknown key{nearest(key, tuple(BESIDE | _BY))}", key)
    unit = _duration if durations else real
    minimum = maximum = None
    if "min" in raw:
        with problems.at("min"):
            minimum = unit(raw["min"], context)
    if "max" in raw:
        with problems.at("max"):
            maximum = unit(raw["max"], context)
    if minimum is not None and maximum is not None and minimum > maximum:
        problems.add("min is above max", "min")
    made: Distribution | None = None
    limits = {"minimum": minimum, "maximum": maximum}
    with problems.at():
        match kind:
            case "mixture":
                made = Mixture(parts=_parts(raw[kind], context, durations), **limits)
            case "by":
                made = _by(raw, context, durations, limits)
            case "choice":
                made = Choice(options=_options(raw[kind], context, durations), **limits)
            case "probability":
                if durations:
                    raise one_problem("a probability is no duration", kind)
                with problems.at(kind):
                    made = Probability(probability=case_share(raw[kind], context), **limits)
            case _:
                made = _simple(kind, raw, context, unit, limits)
    problems.done()
    assert made is not None
    return made


def _simple(
    kind: str,
    raw: Mapping[str, Any],
    context: Context,
    unit: Callable[[Any, Context], float],
    limits: Mapping[str, float | None],
) -> Distribution:
    cls = SIMPLE[kind]
    written = long_form(raw)[kind]
    if not isinstance(written, Mapping):
        raise one_problem(f"{kind} takes {', '.join(cls.form)}; {len(written)} values stand here", kind)
    if kind == "empirical" and "file" in written:
        written = _column(written, context, unit is _duration)
    problems = Collector()
    values: dict[str, Any] = {}
    for key in sorted(written.keys() - set(cls.form)):
        problems.add(f"{kind} takes {', '.join(cls.form)}, not '{key}'{nearest(key, cls.form)}", kind, key)
    for name in cls.form:
        read = unit if name in cls.units else real
        if name not in written:
            if name == "weights" and kind == "empirical":
                continue
            problems.add(f"{kind} needs {', '.join(cls.form)}; '{name}' is missing", kind)
            continue
        with problems.at(kind, name):
            values[name] = _list(written[name], context, read) if name in _LISTS else read(written[name], context)
    problems.done()
    if kind == "empirical":
        return _empirical(values, limits)
    _check(kind, values)
    if kind == "erlang":
        values["k"] = int(values["k"])
    made: Any = cls
    found: Distribution = made(**values, **limits)
    return found


def _column(written: Mapping[str, Any], context: Context, durations: bool) -> dict[str, Any]:
    """The values that a column of a CSV file holds: numbers, times `unit` for durations, or durations as such."""
    problems = Collector()
    for key in sorted(written.keys() - {"file", "column", "unit"}):
        problems.add(f"unknown key{nearest(key, ('file', 'column', 'unit'))}", "empirical", key)
    if not isinstance(written.get("column"), str):
        problems.add("'column' is missing: the name of the column that holds the values", "empirical")
    problems.done()
    cells = context.columns.get((str(written["file"]), written["column"]), ())
    if not cells:
        raise one_problem("no value stands in this column", "empirical", "column")
    if not durations:
        return {"values": tuple(map(_cell_number, cells))}
    if "unit" not in written:
        return {"values": cells}
    length = ticks(written["unit"])
    return {"values": tuple(Duration(ticks=math.floor(_cell_number(cell) * length + 0.5)) for cell in cells)}


def _cell_number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise one_problem("a cell of this column is no number", "empirical", "column")
    return value


def _list(raw: Any, context: Context, read: Callable[[Any, Context], float]) -> tuple[float, ...]:
    if not isinstance(raw, list | tuple) or not raw:
        raise one_problem(f"a list of values is wanted here, not {described(raw)}")
    problems, values = Collector(), []
    for index, item in enumerate(raw):
        with problems.at(index):
            values.append(read(item, context))
    problems.done()
    return tuple(values)


def _empirical(values: Mapping[str, Any], limits: Mapping[str, float | None]) -> Empirical:
    found = values["values"]
    weights = values.get("weights", (1.0,) * len(found))
    if len(weights) != len(found):
        raise one_problem(f"{len(found)} values and {len(weights)} weights", "empirical")
    _check_weights(weights, "empirical", "weights")
    pairs = sorted(zip(found, weights, strict=True))
    return Empirical(values=tuple(v for v, _ in pairs), weights=tuple(w for _, w in pairs), **limits)


def _check_weights(weights: Sequence[float], *keys: str | int) -> None:
    if min(weights) < 0 or sum(weights) <= 0:
        raise one_problem("weights are not negative, and one at least is above zero", *keys)


def _check(kind: str, v: Mapping[str, Any]) -> None:
    """What has to hold between the parameters of a kind. Raises ValueProblems."""
    problems = Collector()
    order = [name for name in ("low", "mode", "high") if name in v]
    for lower, upper in pairwise(order):
        if v[lower] > v[upper]:
            problems.add(f"{lower} is above {upper}", kind)
    if kind in ("pert", "beta") and v["low"] >= v["high"]:
        problems.add("low has to be below high", kind)
    for name in ("sd",):
        if v.get(name, 0) < 0:
            problems.add(f"{name} is negative", kind, name)
    for name in ("a", "b", "shape", "k"):
        if v.get(name, 1) <= 0:
            problems.add(f"{name} has to be above zero", kind, name)
    if kind in ("exponential", "lognormal", "gamma", "erlang", "weibull") and v["mean"] <= 0:
        problems.add("mean has to be above zero", kind, "mean")
    if kind in ("lognormal", "gamma", "normal") and v["sd"] == 0:
        problems.add("sd is zero: write it as a constant", kind, "sd")
    if kind == "erlang" and v["k"] != int(v["k"]):
        problems.add("k is a whole number", kind, "k")
    if kind == "histogram":
        if len(v["edges"]) != len(v["weights"]) + 1:
            problems.add(
                f"{len(v['edges'])} edges and {len(v['weights'])} weights: there is one edge more than weights", kind
            )
        if any(a >= b for a, b in pairwise(v["edges"])):
            problems.add("edges have to rise", kind, "edges")
        with problems.at(kind, "weights"):
            _check_weights(v["weights"])
    problems.done()


def _parts(raw: Any, context: Context, durations: bool) -> tuple[tuple[float, Distribution], ...]:
    if not isinstance(raw, list | tuple) or not raw:
        raise one_problem(
            'a mixture is a list of [weight, distribution], as in [[0.8, "PT20M"], [0.2, "PT3H"]]', "mixture"
        )
    problems, parts = Collector(), []
    for index, pair in enumerate(raw):
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            problems.add("a part is [weight, distribution]", "mixture", index)
            continue
        weight: float | None = None
        with problems.at("mixture", index, 0):
            weight = real(pair[0], context)
        with problems.at("mixture", index, 1):
            part = distribution(pair[1], context, durations=durations)
            if weight is not None:
                parts.append((weight, part))
    problems.done()
    _check_weights([weight for weight, _ in parts], "mixture")
    return tuple(parts)


def _by(raw: Mapping[str, Any], context: Context, durations: bool, limits: Mapping[str, float | None]) -> By:
    problems = Collector()
    condition = yes = no = None
    for key in sorted(_BY - raw.keys()):
        problems.add(f"'{key}' is missing: what holds where the condition is {'true' if key == 'yes' else 'false'}")
    if isinstance(raw["by"], str):
        with problems.at("by"):
            condition = expression(raw["by"], context)
    else:
        problems.add(f"an expression over attributes is wanted here, not {described(raw['by'])}", "by")
    if "yes" in raw:
        with problems.at("yes"):
            yes = distribution(raw["yes"], context, durations=durations)
    if "no" in raw:
        with problems.at("no"):
            no = distribution(raw["no"], context, durations=durations)
    problems.done()
    assert condition is not None
    assert yes is not None
    assert no is not None
    return By(condition=condition, yes=yes, no=no, **limits)


def _options(raw: Any, context: Context, durations: bool) -> tuple[tuple[float | str, float], ...]:
    if not isinstance(raw, Mapping) or not raw:
        raise one_problem("a choice is a table of values with weights, as in { school = 0.4, police = 0.6 }", "choice")
    problems, options = Collector(), []
    numeric = not durations and all(_is_number(key) for key in raw)
    for key in sorted(raw, key=lambda text: text.encode()):
        with problems.at("choice", key):
            weight = real(raw[key], context)
            value: float | str = _duration(key, context) if durations else float(key) if numeric else key
            options.append((value, weight))
    problems.done()
    _check_weights([weight for _, weight in options], "choice")
    return tuple(options)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

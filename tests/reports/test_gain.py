from dataclasses import replace

from bpmn_tool.reports.gain import gain
from tests.reports.made_up import study


def test_the_measured_gain_stands_beside_each_alternative() -> None:
    made = study()
    first, second = made.verdict_kpis[:2]
    variant = made.comparisons[0]
    kpis = {
        **{name: replace(row, variance_ratio=None) for name, row in variant.kpis.items()},
        first: replace(variant.kpis[first], variance_ratio=3.24),
        second: replace(variant.kpis[second], variance_ratio=120.4),
    }
    (sentence,) = gain(replace(made, comparisons=(replace(variant, kpis=kpis),)))
    assert sentence.startswith(f"{variant.name}: ")
    assert "3.2 times" in sentence
    assert "120 times" in sentence


def test_nothing_is_said_where_nothing_was_measured() -> None:
    made = study()
    variants = tuple(
        replace(v, kpis={name: replace(row, variance_ratio=None) for name, row in v.kpis.items()})
        for v in made.comparisons
    )
    assert gain(replace(made, comparisons=variants)) == ()

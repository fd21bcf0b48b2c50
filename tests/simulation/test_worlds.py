"""Random models with all that is simulated: identities and oracle hold, the same seed gives the same bytes, and nothing
depends on the order of a file.
"""

from pathlib import Path

import pytest

from tests.simulation.drawn import HEAD, bpmn, run
from tests.simulation.test_laws import shuffled
from tests.simulation.worlds import world

_HEAD = HEAD.replace("P28D", "P6D") + 'follow_up = "P10D"\n'
#: what every few dozens of models should hold
_WORDS = (
    "esub", "call", "transaction", "adhoc", "complex", "handler", "error=", "escalation=", "signal=", "condition=",
    "cycle=", "link=", "needs=", "compensate", "cancel", "mi=", "loop", "event ", "terminate", "[events",
)  # fmt: skip


def _holds(folder: Path, number: int, depth: int) -> None:
    model, toml = world(number, depth)
    first = run(folder, model, toml, head=_HEAD, seed=number % 4)
    assert first.text == run(folder, model, toml, head=_HEAD, seed=number % 4, check=False).text
    mixed = shuffled(bpmn(model), number)
    other = run(folder / "shuffled", mixed, toml, head=_HEAD, seed=number % 4, check=False)
    assert list(other.rows) == list(first.rows)


@pytest.mark.parametrize("number", range(36))
def test_any_model_is_simulated_as_the_semantics_say(tmp_path: Path, number: int):
    _holds(tmp_path, number, 3)


def test_random_models_hold_every_element():
    whole = "\n".join("\n".join(world(number)) for number in range(60))
    assert [word for word in _WORDS if word not in whole] == []


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(20))
def test_thousands_of_models_are_simulated_as_the_semantics_say(tmp_path: Path, hundred: int):
    for number in range(1000 + 100 * hundred, 1100 + 100 * hundred):
        _holds(tmp_path / str(number), number, 3 if number % 10 else 4)

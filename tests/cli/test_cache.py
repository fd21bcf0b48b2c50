"""The verb cache, and what other verbs keep and take."""

import json
from pathlib import Path

import pytest

from tests.conftest import Ended

AS_IS = Path("simulations") / "mechelen" / "as_is.toml"


def test_what_is_kept_is_said_and_cleared(cli, root: Path):
    words = ("simulate", root / AS_IS, "--set", "horizon=P2M", "--set", "warm_up=P1M", "--replications", 3, "--json")
    first = cli(*words)
    assert json.loads(cli("cache", "--json").out)["replications"] == 3
    again: Ended = cli(*words)
    assert again.out == first.out
    assert "3 repetitions" in cli("cache", "size").out
    assert "3 repetitions cleared" in cli("cache", "clear").out
    assert cli(*words, "--no-cache").out == first.out
    assert "0 repetitions" in cli("cache").out


def test_nothing_is_kept_where_nothing_is_wanted(cli, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BPMN_TOOL_CACHE", "")
    assert "Nothing is kept" in cli("cache").out
    assert json.loads(cli("cache", "--json").out)["folder"] is None

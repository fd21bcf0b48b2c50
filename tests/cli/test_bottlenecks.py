import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.small_study import write

Cli = Callable[..., Any]


@pytest.fixture
def today(tmp_path: Path) -> Path:
    return write(tmp_path)


def found(cli: Cli, *words: object) -> dict[str, Any]:
    ended = cli("bottlenecks", *words, "--jobs", 1, "--replications", 4, "--json")
    assert ended.code == 0, ended.err
    document: dict[str, Any] = json.loads(ended.out)
    return document


def test_the_role_that_is_short_comes_first_and_one_more_helps(cli: Cli, today: Path) -> None:
    first = found(cli, today, "--one-more", 1)["roles"][0]
    assert (first["id"], first["main_cause"]) == ("specialist", "contention")
    assert first["one_more"]["mean"] < 0


def test_one_more_of_others_is_not_tried_unless_asked(cli: Cli, today: Path) -> None:
    assert [role["one_more"] for role in found(cli, today, "--one-more", 0)["roles"]] == [None, None]


def test_where_nobody_is_named_stands_apart(cli: Cli, today: Path) -> None:
    document = found(cli, today.parent / "losing.toml", "--one-more", 0)
    assert [place["element"] for place in document["undefined"]] == ["slow"]
    assert document["causes"]["undefined"] > 0
    assert document["stuck"] > 10


def test_people_read_why_work_waits(cli: Cli, today: Path) -> None:
    ended = cli("bottlenecks", today, "--jobs", 1, "--replications", 2, "--one-more", 1)
    assert ended.code == 0
    assert "the people are busy" in ended.out
    assert "One more" in ended.out

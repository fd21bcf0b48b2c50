"""What all tests share: English, no colour, and examples that come out the same each time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from bpmn_tool import messages
from bpmn_tool.cli.console import set_json

ROOT = Path(__file__).parents[1]

settings.register_profile("same_each_time", derandomize=True, deadline=None)
settings.load_profile("same_each_time")


@pytest.fixture(autouse=True)
def _plain_english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "BPMN_TOOL_DEBUG", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    messages.set_language("en")
    set_json(False)
    yield
    messages.set_language("en")


@pytest.fixture(autouse=True)
def _cache_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test finds what another one, or the person at this machine, has kept."""
    monkeypatch.setenv("BPMN_TOOL_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def root() -> Path:
    """The folder of the project, with its processes and simulations."""
    return ROOT


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Run a command in this process: ``cli("check", path).code``."""
    from bpmn_tool.cli import main

    def run(*words: object) -> Ended:
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return run

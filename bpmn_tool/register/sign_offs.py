"""Sign-offs as data: which partner said what of which step, bound to the hash of what the step meant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType


class Verdict(Enum):
    ACCEPT = "accept"
    CONTEST = "contest"
    NOT_MINE = "not-my-task"


class How(Enum):
    """By which way an answer came."""

    SHEET = "sheet"
    PAPER = "paper"
    HAND = "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStep:
    """What was said of one step. `model`: its file, from the root of the project; `hash`: that of its meaning."""

    step: str
    model: str
    hash: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """One answer of a partner, or (without an id) the place where two branches of its file were joined.

    `date` is a moment with its offset. `previous` are the hashes of the lines that it follows: none for the first, two
    where branches join. `models`: file -> SHA-256 of its bytes. `hash` is that of the line itself.
    """

    partner: str
    id: str = ""
    date: str = ""
    how: How | None = None
    steps: tuple[SignedStep, ...] = ()
    models: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    previous: tuple[str, ...] = ()
    hash: str = ""

    @property
    def joins(self) -> bool:
        return not self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """All answers of a partner in the order of its file; `head` is the hash of the last line, "" without any."""

    partner: str
    lines: tuple[SignOff, ...] = ()

    @property
    def head(self) -> str:
        return self.lines[-1].hash if self.lines else ""

    def steps(self) -> Iterator[tuple[SignOff, SignedStep]]:
        """All that was said, oldest first."""
        yield from ((line, step) for line in self.lines for step in line.steps)

    def lines_since(self, head: str) -> int | None:
        """How many lines came after the one with this hash; None where no line has it."""
        place = next((n for n, line in enumerate(self.lines) if line.hash == head), None)
        return None if place is None else len(self.lines) - 1 - place

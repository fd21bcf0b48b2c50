"""Reads broken files with no handler above: nothing but our own :class:`InputError` may come out, soon and in little
memory. Run as::

    python -m tests.fuzz.bpmn --files 20000 --seed 1
    python -m tests.fuzz.bpmn --seed 1 --only 4711 --save broken.bpmn

The second makes one of its files again. Whatever else takes a model joins the list `STEPS`.
"""

import argparse
import re
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Final

from lxml import etree

from bpmn_tool.checks.asking import RULE_CRASHED
from bpmn_tool.checks.check import check
from bpmn_tool.checks.rules import RULES
from bpmn_tool.checks.soundness import soundness
from bpmn_tool.checks.state_space import Limits
from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_bytes
from bpmn_tool.model.elements import Model
from bpmn_tool.model.net_build import build
from tests.fuzz.mutations import mutant
from tests.interchange.audit import lost, lost_of_drawings

ROOT: Final = Path(__file__).parents[2]
CORPORA: Final = ROOT.parent / "shared" / "corpora"

Step = Callable[[Model], object]


DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*\?>")


def nothing_lost(model: Model) -> None:
    """All that the file says is in the model, counted with lxml alone."""
    source = model.sources[0]
    text = source.data.decode(source.encoding).removeprefix("\ufeff")
    root = etree.fromstring(DECLARATION.sub("", text))  # lxml knows other encodings, and reads some otherwise
    found = [*lost(root, model), *lost_of_drawings(root, model)]
    if found:
        raise AssertionError(found[0])


def checked(model: Model) -> None:
    """All rules but those of soundness; one that fails is a finding too, and a failure here."""
    rules = [rule.name for rule in RULES if not rule.once and rule.name not in OF_SOUNDNESS]
    crashed = [finding.message for finding in check(model, select=rules) if finding.rule == RULE_CRASHED]
    if crashed:
        raise AssertionError(crashed[0])


def sound(model: Model) -> None:
    """A few hundred states of each model: what is more is the business of that search's own limits."""
    soundness(model, Limits(states=200, memory=100_000_000, seconds=1.0))


OF_SOUNDNESS: Final = {"not-safe", "cannot-complete", "dead-activity", "soundness-not-decided"}
STEPS: Final[dict[str, Step]] = {"audit": nothing_lost, "check": checked, "net": build, "soundness": sound}
"""What is done with each model after reading, by name. A step may raise InputError, and nothing else."""

SECONDS: Final = 5.0
MEGABYTES: Final = 3000


class TookTooLong(BaseException):
    """Comes out of whatever runs longer than it may; no handler of `Exception` can hold it up."""


@dataclass
class Report:
    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)  # the first words of the first problem
    failures: dict[str, list[int]] = field(default_factory=dict)  # "step: error at file:line" to numbers of files
    seconds: list[float] = field(default_factory=list)  # of reading, a file
    slowest: dict[str, tuple[float, int]] = field(default_factory=dict)  # by step: seconds, number of the file

    def slow(self, step: str, seconds: float, number: int) -> None:
        self.slowest[step] = max(self.slowest.get(step, (0.0, -1)), (seconds, number))


def seeds() -> list[bytes]:
    """Good files to break: the public models where they are, and our own."""
    folders = (CORPORA, ROOT / "processes", ROOT / "tests")
    files = [path for folder in folders for path in sorted(folder.rglob("*.bpmn"))]
    return [path.read_bytes() for path in files if path.stat().st_size < 150_000]


def broken(files: Sequence[bytes], seed: int, number: int) -> bytes:
    """File `number` of a seed, made from nothing but these two and the good files."""
    random = Random(f"{seed}/{number}")  # noqa: S311  no secret
    return mutant(random.choice(files), random)


def fuzz(numbers: range, seed: int, steps: dict[str, Step], *, seconds: float = SECONDS) -> Report:
    report, files = Report(), seeds()
    for number in numbers:
        _one(broken(files, seed, number), number, steps, report, seconds)
    return report


def _one(data: bytes, number: int, steps: dict[str, Step], report: Report, seconds: float) -> None:
    model: Model | None = None

    def read() -> None:
        nonlocal model
        model = read_bytes(data, "broken.bpmn")

    report.seconds.append(_run("read", read, number, report, seconds))
    if model is None:
        return
    found = model
    for name, step in steps.items():
        _run(name, lambda step=step: step(found), number, report, seconds)  # type: ignore[misc]


def _run(name: str, what: Callable[[], object], number: int, report: Report, seconds: float) -> float:
    start = time.perf_counter()
    try:
        with at_most(seconds):
            what()
        report.outcomes[f"{name}: done"] += 1
    except InputError as error:
        report.outcomes[f"{name}: refused"] += 1
        if not error.problems:
            report.failures.setdefault(f"{name}: refused without a reason", []).append(number)
        else:
            report.refusals[f"{name}: {' '.join(error.problems[0].message.split()[:4])}"] += 1
    except (Exception, TookTooLong) as error:  # noqa: BLE001  whatever it is, it is a bug
        report.outcomes[f"{name}: FAILED"] += 1
        report.failures.setdefault(f"{name}: {_where(error)}", []).append(number)
    took = time.perf_counter() - start
    report.slow(name, took, number)
    return took


def _where(error: BaseException) -> str:
    if isinstance(error, AssertionError):
        return f"{str(error)[:110]}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/bpmn_tool/" in f.filename]
    place = f"{frames[-1].filename.partition('/bpmn_tool/')[2]}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def main() -> int:
    parser = argparse.ArgumentParser(description="Break BPMN files and read them.")
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="make and read this one file")
    parser.add_argument("--save", type=Path, help="with --only: write the file here")
    parser.add_argument("--steps", default=",".join(STEPS), help="what is done after reading (none: --steps '')")
    given = parser.parse_args()
    steps = {name: STEPS[name] for name in given.steps.split(",") if name}
    limit = MEGABYTES * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    if given.only is not None:
        return _again(given.only, given.seed, steps, given.save)
    start = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = fuzz(range(given.files), given.seed, steps)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    show(report, time.perf_counter() - start, grown / 1000)
    return 1 if report.failures else 0


def _again(number: int, seed: int, steps: dict[str, Step], save: Path | None) -> int:
    data = broken(seeds(), seed, number)
    if save is not None:
        save.write_bytes(data)
    try:
        model = read_bytes(data, str(save or "broken.bpmn"))
        for step in steps.values():
            step(model)
    except InputError as error:
        print(error)  # noqa: T201
    return 0


def show(report: Report, took: float, grown: float) -> None:
    files = len(report.seconds)
    ordered = sorted(report.seconds)
    lines = [f"{files} files in {took:.0f} s; memory grew by {grown:.0f} MB at most"]
    lines += [f"  {count:7} {outcome}" for outcome, count in sorted(report.outcomes.items())]
    if files:
        share = [f"{ordered[int(files * q) - 1] * 1000:.1f} ms" for q in (0.5, 0.95, 1.0)]
        lines.append(f"reading: half within {share[0]}, 95 % within {share[1]}, the slowest {share[2]}")
    lines += [f"slowest {step}: {s:.2f} s (--only {number})" for step, (s, number) in report.slowest.items()]
    lines.append("most frequent refusals:")
    lines += [f"  {count:7} {reason}" for reason, count in report.refusals.most_common(25)]
    for failure, numbers in sorted(report.failures.items()):
        lines.append(f"FAILED {len(numbers):5} {failure} (--only {numbers[0]})")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())

"""Faults put into the code one at a time, and what finds them; each part has its own in a ``faults.py``."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Fault:
    """`text` of a module of ours, and what stands there `instead`."""

    what: str
    package: str
    module: str
    text: str
    instead: str

    @property
    def path(self) -> str:
        return f"bpmn_tool/{self.package}/{self.module}.py"


def put(fault: Fault, where: Path) -> None:
    """Raises ValueError where the text is not there just once."""
    path = where / fault.path
    source = path.read_text(encoding="utf-8")
    if source.count(fault.text) != 1:
        raise ValueError(f"{fault.path}: {fault.what}: its text is there {source.count(fault.text)} times")
    path.write_text(source.replace(fault.text, fault.instead), encoding="utf-8")


def has_its_place(fault: Fault, where: Path) -> bool:
    """Whether it changes its module, in an empty folder. Raises ValueError as :func:`put` does."""
    (where / fault.path).parent.mkdir(parents=True)
    shutil.copy(ROOT / fault.path, where / fault.path)
    put(fault, where)
    return (where / fault.path).read_bytes() != (ROOT / fault.path).read_bytes()


def run_with(fault: Fault, folders: Iterable[str], command: Iterable[str]) -> "subprocess.CompletedProcess[str]":
    """What a command of Python says in a copy of the package and these folders that has the fault."""
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        for folder in ("bpmn_tool", *folders):
            shutil.copytree(ROOT / folder, where / folder, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("pyproject.toml", "tests/conftest.py", "tests/faults.py"):
            shutil.copy(ROOT / file, where / file)
        put(fault, where)
        return subprocess.run(
            [sys.executable, *command],
            cwd=where, env={**os.environ, "PYTHONPATH": str(where), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip


def found_by(fault: Fault, tests: Sequence[str], folders: Sequence[str]) -> str:
    """The test that finds it, or nothing. `tests`: patterns of files; `folders`: what they import."""
    files = [str(path.relative_to(ROOT)) for test in tests for path in sorted(ROOT.glob(test))]
    done = run_with(fault, folders, ["-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", *files])
    found = re.search(r"^(?:FAILED|ERROR) tests/(\S+)", done.stdout, re.MULTILINE)
    if done.returncode == 0 or found is None:
        return "" if done.returncode == 0 else f"? {done.stdout[-300:]}"
    return found.group(1)


def report(faults: Sequence[Fault], find: Callable[[Fault], str]) -> int:
    """Says of each fault what finds it; 1 where one is not found, else 0."""
    missed = 0
    for each in faults:
        found = find(each)
        missed += not found or found.startswith("?")
        sys.stdout.write(f"{each.what:<80} {found or 'NOT FOUND'}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(faults)} faults, {missed} not found\n")
    return min(missed, 1)

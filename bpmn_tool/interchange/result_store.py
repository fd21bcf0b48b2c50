"""Replications that were run before, kept in the user's cache folder: a study that was interrupted goes on where it
was, one that is repeated is there at once, and a changed scenario runs only what it changes.

A replication is known by all that its summary depends on: the plan, what is measured, seed, number, the code, and the
versions of what the code computes with. A file a replication, written beside and renamed, so that none is ever half
there; one that cannot be read counts as absent.
"""

import json
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from platform import machine, python_version
from tempfile import NamedTemporaryFile
from typing import Any, Final

from platformdirs import user_cache_path
from pydantic import TypeAdapter, ValidationError

import bpmn_tool
from bpmn_tool.simulation.measures import Observation, Parts, Times
from bpmn_tool.simulation.replications import Simulation
from bpmn_tool.simulation.summarise import ReplicationSummary

#: names the folder; empty: nothing is kept
VARIABLE: Final = "BPMN_TOOL_CACHE"
#: bytes over which the oldest go
MOST: Final = 1_000_000_000
_COMPUTES: Final = ("numpy", "scipy", "holidays", "tzdata", "immutables")


def folder() -> Path | None:
    """Where results are kept; None where the user wants none to be."""
    said = os.environ.get(VARIABLE)
    if said is None:
        return user_cache_path("bpmn-tool", appauthor=False) / "results"
    return Path(said) / "results" if said else None


class ResultStore:
    """Replications of one simulation with one seed."""

    def __init__(self, root: Path, simulation: Simulation, seed: int) -> None:
        key = json.dumps([_code(), simulation.plan.hash, simulation.identity, seed])
        self._folder = root / blake2b(key.encode(), digest_size=20).hexdigest()

    def find(self, number: int) -> ReplicationSummary | None:
        """The replication of this number, if it was run before."""
        path = self._path(number)
        try:
            found = _read(path.read_bytes())
        except (OSError, ValueError, zlib.error):
            return None
        with suppress(OSError):
            os.utime(path)  # what is used stays
        return found if found.number == number else None

    def keep(self, summary: ReplicationSummary) -> None:
        """Keep one; where the disk is full or not ours to write, it is run again next time, that is all."""
        with suppress(OSError):
            if not self._folder.is_dir():
                clear(MOST)
                for each in (self._folder.parent.parent, self._folder.parent, self._folder):
                    each.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, prefix="~", delete=False) as out:
                try:
                    out.write(_written(summary))
                    out.close()
                    Path(out.name).replace(self._path(summary.number))
                except BaseException:
                    Path(out.name).unlink(missing_ok=True)
                    raise

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.json.z"


def opened(simulation: Simulation, seed: int) -> ResultStore | None:
    """The store of a simulation; None where none is wanted, or its cases come from a recorded file: what people
    recorded of others is not copied (docs/public-body.md).
    """
    root = folder()
    if root is None or any(stream.moments is not None for stream in simulation.plan.streams):
        return None
    return ResultStore(root, simulation, seed)


# -- the folder as a whole


def size() -> tuple[int, int]:
    """How many replications are kept, and their bytes."""
    sizes = [entry.stat().st_size for entry in _files()]
    return len(sizes), sum(sizes)


def clear(most: int = 0) -> int:
    """Let the oldest go until at most so many bytes are left; how many files went."""
    files = sorted(((entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in _files()), reverse=True)
    left = gone = 0
    for _, length, path in files:
        left += length
        if left > most:
            Path(path).unlink(missing_ok=True)
            gone += 1
    root = folder()
    for each in root.iterdir() if root is not None and root.is_dir() else ():
        with suppress(OSError):
            each.rmdir()  # those that are empty
    return gone


def _files() -> Iterator["os.DirEntry[str]"]:
    root = folder()
    if root is None or not root.is_dir():
        return
    with os.scandir(root) as folders:
        for each in folders:
            if each.is_dir(follow_symlinks=False):
                with os.scandir(each) as files:
                    yield from (file for file in files if file.is_file(follow_symlinks=False))


# -- what stands in a file


@cache
def _shape() -> TypeAdapter[Any]:
    return TypeAdapter(ReplicationSummary)


def _written(summary: ReplicationSummary) -> bytes:
    """Keys of KPIs are pairs, which JSON has none of: they go beside their values."""
    plain = _shape().dump_python(replace(summary, kpis={}), mode="json")
    plain["kpis"] = [[*key, observed] for key, observed in summary.kpis.items()]
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 1)


def _read(data: bytes) -> ReplicationSummary:
    plain = json.loads(zlib.decompress(data))
    try:
        observed = {(kpi, group): _observed(value) for kpi, group, value in plain.pop("kpis")}
        found: ReplicationSummary = replace(_shape().validate_python({**plain, "kpis": {}}), kpis=observed)
    except (KeyError, TypeError, ValidationError) as error:
        raise ValueError(str(error)) from None
    return found


def _observed(value: list[Any] | None) -> Observation | None:
    """By hand, since whole numbers stay whole."""
    if value is None:
        return None
    if isinstance(value[0], list):
        return Times(tuple(value[0]), tuple(value[1]), *value[2:])
    return Parts(*value)


@cache
def _code() -> list[str]:
    """What results depend on beside the scenario: this package's files, and the versions of what it computes with."""
    found = blake2b(digest_size=20)
    root = Path(bpmn_tool.__file__).parent
    for path in sorted(root.rglob("*.py")):
        found.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return [found.hexdigest(), python_version(), machine(), *(f"{name} {version(name)}" for name in _COMPUTES)]

"""Replications that are kept: what comes back is what was run, and nothing else comes back."""

import os
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn_tool.interchange import result_store
from bpmn_tool.results.trace import Cause
from bpmn_tool.simulation.measures import Parts, Times
from bpmn_tool.simulation.replications import pool
from bpmn_tool.simulation.summarise import ReplicationSummary
from bpmn_tool.simulation.tallies import HandoffTally, RoleTally, UndefinedTally, WorkTally
from bpmn_tool.study import prepare, simulate

IDS = st.text(max_size=5)
TICKS = st.integers(0, 2**62)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
WORK = st.builds(
    WorkTally, count=TICKS, waiting=TICKS, processing=TICKS, causes=st.dictionaries(st.sampled_from(Cause), TICKS)
)
TIMES = st.lists(TICKS, max_size=3).map(tuple)
OBSERVED = (
    st.none()
    | st.builds(Parts, FLOATS | TICKS, FLOATS | TICKS, TICKS, TICKS)
    | st.builds(Times, TIMES, TIMES, TICKS, st.none() | FLOATS, st.none() | FLOATS)
)
COUNTED = st.dictionaries(IDS, TICKS, max_size=2)
SUMMARIES = st.builds(
    ReplicationSummary,
    number=st.integers(0, 10**6),
    window=TICKS,
    close=TICKS,
    counts=COUNTED,
    kpis=st.dictionaries(st.tuples(IDS, IDS), OBSERVED, max_size=3),
    activities=st.dictionaries(IDS, WORK, max_size=2),
    roles=st.dictionaries(IDS, st.builds(RoleTally, st.none() | FLOATS, st.none() | FLOATS, TICKS, WORK), max_size=2),
    handoffs=st.dictionaries(IDS, st.builds(HandoffTally, source=IDS, target=IDS, late=TICKS), max_size=2),
    undefined=st.dictionaries(IDS, st.builds(UndefinedTally), max_size=2),
    flows=COUNTED,
    ends=COUNTED,
    stuck_at=COUNTED,
    series=st.dictionaries(IDS, TIMES, max_size=2),
    persons=st.dictionaries(IDS, st.lists(st.tuples(TICKS, TICKS), max_size=2).map(tuple), max_size=2),
)


def simulation(plan: str = "p", identity: str = "i") -> Any:
    return SimpleNamespace(plan=SimpleNamespace(hash=plan, streams=()), identity=identity)


@given(SUMMARIES)
def test_what_comes_back_is_what_was_kept(tmp_path_factory: pytest.TempPathFactory, summary: ReplicationSummary):
    store = result_store.ResultStore(tmp_path_factory.mktemp("kept"), simulation(), 1)
    store.keep(summary)
    found = store.find(summary.number)
    assert found == summary
    assert repr(found) == repr(summary)  # of the same types, which decide how a number is written


@pytest.mark.parametrize("other", [(simulation("other"), 1), (simulation(identity="other"), 1), (simulation(), 2)])
def test_what_differs_is_not_found(tmp_path: Path, other: tuple[Any, int]):
    result_store.ResultStore(tmp_path, simulation(), 1).keep(_summary(3))
    assert result_store.ResultStore(tmp_path, simulation(), 1).find(3) == _summary(3)
    assert result_store.ResultStore(tmp_path, *other).find(3) is None


@pytest.mark.parametrize("data", [b"", b"no zlib", zlib.compress(b"[]"), zlib.compress(b"{}")])
def test_a_file_that_is_broken_counts_as_absent(tmp_path: Path, data: bytes):
    store = result_store.ResultStore(tmp_path, simulation(), 1)
    store.keep(_summary(0))
    (path,) = tmp_path.rglob("*.z")
    path.write_bytes(data)
    assert store.find(0) is None


def test_a_disk_that_cannot_be_written_loses_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    store = result_store.ResultStore(tmp_path, simulation(), 1)
    monkeypatch.setattr(result_store, "NamedTemporaryFile", full)
    store.keep(_summary(0))
    assert store.find(0) is None
    assert not list(tmp_path.rglob("*.z"))


def test_folders_are_the_users_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BPMN_TOOL_CACHE", str(tmp_path / "mine"))
    found = result_store.opened(simulation(), 1)
    assert found is not None
    found.keep(_summary(0))
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "mine").rglob("*")] == [0, 0, 0]


def test_nothing_is_kept_where_nothing_is_wanted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BPMN_TOOL_CACHE", "")
    assert result_store.opened(simulation(), 1) is None


def test_what_people_recorded_is_not_copied():
    recorded = SimpleNamespace(hash="p", streams=(SimpleNamespace(moments=((0, {}),)),))
    assert result_store.opened(SimpleNamespace(plan=recorded, identity="i"), 1) is None  # type: ignore[arg-type]


def test_the_oldest_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BPMN_TOOL_CACHE", str(tmp_path))
    store = result_store.opened(simulation(), 1)
    assert store is not None
    for number in range(3):
        store.keep(_summary(number))
        path = next(tmp_path.rglob(f"{number}.json.z"))
        os.utime(path, (number, number))
    each = result_store.size()[1] // 3
    assert result_store.clear(2 * each + 1) == 1
    assert [store.find(number) is not None for number in range(3)] == [False, True, True]
    assert result_store.clear() == 2
    assert not list((tmp_path / "results").iterdir())


def test_a_run_goes_on_where_it_was(root: Path):
    """The same result whether half of it comes from the store, all of it, or nothing."""
    found, ran = [], []
    for stores, count in ((result_store.opened, 2), (result_store.opened, 4), (result_store.opened, 4), (None, 4)):
        prepared = prepare(root / "simulations" / "mechelen" / "as_is.toml", overrides=["horizon=P2M", "warm_up=P1M"])
        replicate = prepared.simulation.replicate

        def counted(seed: int, number: int, observe: Any = None, replicate: Any = replicate) -> ReplicationSummary:
            ran.append(number)
            done: ReplicationSummary = replicate(seed, number, observe)
            return done

        object.__setattr__(prepared, "simulation", _Counted(prepared.simulation, counted))
        with pool(1, *([stores] if stores else [])) as workers:
            found.append(simulate(prepared, workers, replications=count))
    assert ran == [0, 1, 2, 3, 0, 1, 2, 3]
    assert repr(found[1]) == repr(found[2]) == repr(found[3])


class _Counted:
    """A simulation that says when it is run."""

    def __init__(self, simulation: Any, replicate: Any) -> None:
        self.simulation, self.replicate = simulation, replicate

    def __getattr__(self, name: str) -> Any:
        return getattr(self.simulation, name)


def _summary(number: int) -> ReplicationSummary:
    return ReplicationSummary(
        number=number, window=1, close=1, counts={}, kpis={("k", ""): Parts(1, 2)}, activities={}, roles={},
        handoffs={}, undefined={}, flows={}, ends={}, stuck_at={}, series={}, persons={},
    )  # fmt: skip

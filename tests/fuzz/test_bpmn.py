"""A slice of the fuzzer; `python -m tests.fuzz.bpmn` runs the whole."""

from random import Random

from bpmn_tool.errors import InputError
from tests.fuzz import bpmn
from tests.fuzz.mutations import mutant


def test_nothing_but_our_own_refusal_comes_out_of_broken_files() -> None:
    report = bpmn.fuzz(range(300), 0, bpmn.STEPS, seconds=30)  # a busy machine is no fault
    assert report.failures == {}
    assert len(report.seconds) == 300


def test_many_broken_files_get_deep() -> None:
    report = bpmn.fuzz(range(300), 0, {})
    assert report.outcomes["read: done"] > 90
    assert report.outcomes["read: refused"] > 90


def test_a_seed_and_a_number_name_a_file() -> None:
    files = bpmn.seeds()
    assert bpmn.broken(files, 1, 7) == bpmn.broken(files, 1, 7)
    assert bpmn.broken(files, 1, 7) != bpmn.broken(files, 2, 7)


def test_a_failure_is_found() -> None:
    def bad(_model: object) -> None:
        raise KeyError

    report = bpmn.fuzz(range(20), 0, {"bad": bad})
    assert list(report.failures) == ["bad: KeyError at ?"]


def test_what_takes_too_long_is_found() -> None:
    def endless(_model: object) -> None:
        while True:
            pass

    report = bpmn.fuzz(range(3, 8), 0, {"endless": endless}, seconds=0.05)
    assert list(report.failures) == ["endless: TookTooLong at ?"]


def test_a_refusal_is_no_failure() -> None:
    def refuse(_model: object) -> None:
        raise InputError("no")

    assert bpmn.fuzz(range(20), 0, {"refuse": refuse}).failures == {}


def test_a_mutant_is_not_the_file() -> None:
    (data, *_) = bpmn.seeds()
    assert mutant(data, Random(1)) != data  # noqa: S311

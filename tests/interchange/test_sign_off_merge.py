"""Two branches of a sign-off file: nothing is lost, heads that were noted stay, and who joins does not matter."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.sign_off_lines import answer_line, hash_of, read_chain
from bpmn_tool.interchange.sign_off_merge import branches_in, merged
from bpmn_tool.register.sign_offs import SignOff
from tests.interchange.test_sign_off_store import entry, store


def chain_of(numbers, before: bytes = b"") -> bytes:
    """The file with an answer a number added; the date follows the number."""
    whole, last = before, hash_of(before.splitlines()[-1]) if before else ""
    for number in numbers:
        line = answer_line(entry(number), last)
        whole, last = whole + line + b"\n", hash_of(line)
    return whole


COMMON = chain_of([1, 2])
OURS, THEIRS = chain_of([3, 8], COMMON), chain_of([5], COMMON)


def numbers(data: bytes) -> list[int]:
    return [int(line.id, 16) for line in read_chain(data, "caw", "x").lines if not line.joins]


def join(*branches: bytes) -> bytes:
    return merged([(each, "x") for each in branches], "caw")


def test_both_branches_are_kept_by_date_and_joined_by_a_line():
    whole = join(OURS, THEIRS)
    assert numbers(whole) == [1, 2, 3, 5, 8]
    last = read_chain(whole, "caw", "x").lines[-1]
    assert last.joins
    assert set(last.previous) == {read_chain(each, "caw", "x").head for each in (OURS, THEIRS)}


def test_heads_that_were_noted_on_either_branch_are_still_there():
    chain = read_chain(join(OURS, THEIRS), "caw", "x")
    for each in (COMMON, OURS, THEIRS):
        assert chain.lines_since(read_chain(each, "caw", "x").head) is not None


def test_git_conflict_markers_are_understood():
    ours, theirs = OURS.removeprefix(COMMON), THEIRS.removeprefix(COMMON)
    plain = COMMON + b"<<<<<<< HEAD\n" + ours + b"=======\n" + theirs + b">>>>>>> other\n"
    three = COMMON + b"<<<<<<< HEAD\n" + ours + b"||||||| base\n=======\n" + theirs + b">>>>>>> other\n"
    for data in (plain, three):
        assert tuple(map(numbers, branches_in(data))) == ([1, 2, 3, 8], [1, 2, 5])
        assert join(*branches_in(data)) == join(OURS, THEIRS)
    with pytest.raises(InputError, match="git left two branches here"):
        read_chain(plain, "caw", "x")


def test_branches_side_by_side_are_told_until_they_are_joined():
    with pytest.raises(InputError, match="partner merge"):
        read_chain(OURS + THEIRS.removeprefix(COMMON), "caw", "x")
    assert join(OURS + THEIRS.removeprefix(COMMON)) == join(OURS, THEIRS)


def test_a_branch_that_was_changed_is_not_joined():
    with pytest.raises(InputError, match="follows a line that is not there"):
        join(OURS.replace(b'"no 3"', b'"yes"'), THEIRS)


def test_a_branch_of_another_partner_is_not_joined():
    line: SignOff = entry(4, "clb")
    with pytest.raises(InputError, match="is a line of 'clb'"):
        join(OURS, answer_line(line, "") + b"\n")


def test_the_file_of_a_partner_is_joined_in_its_place(tmp_path: Path):
    made = store(tmp_path, 1)
    made.path("caw").write_bytes(OURS)
    theirs = tmp_path / "theirs.jsonl"
    theirs.write_bytes(THEIRS)
    chain, joined = made.merge("caw", [theirs])
    assert joined
    assert made.path("caw").read_bytes() == join(OURS, THEIRS)
    assert made.merge("caw", [theirs]) == (chain, False)


trees = st.lists(st.lists(st.integers(10, 59), max_size=4, unique=True), min_size=2, max_size=3)


@settings(max_examples=50)
@given(trees, st.randoms())
def test_whoever_joins_in_whatever_order_gets_a_chain_with_every_line_once(branches, dice):
    files = [chain_of(each, COMMON) for each in branches]
    whole = join(*files)
    assert set(numbers(whole)) == {1, 2, *(n for each in branches for n in each)}
    assert join(whole) == whole
    assert join(whole, *files) == whole
    dice.shuffle(files)
    assert join(*files) == whole

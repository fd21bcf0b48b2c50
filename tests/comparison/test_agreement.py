"""How a step stands, by what was said of it and of which meaning."""

from bpmn_tool.comparison.agreement import State, Task, gone, standings
from bpmn_tool.comparison.asked import Asked, Part
from bpmn_tool.comparison.meaning import Meaning
from bpmn_tool.model.elements import Task as Drawn
from bpmn_tool.model.elements import TaskKind
from bpmn_tool.register.sign_offs import Chain, SignedStep, SignOff, Verdict

ASKED = Asked(element=Drawn(id="talk", kind=TaskKind.USER, container="P"), part=Part.DOES)
OLD, NOW, ELSEWHERE = (Meaning(step="talk", facts={"name": name}) for name in ("Old", "Now", "Elsewhere"))
TASK = Task(asked=ASKED, meaning=NOW, model="a.bpmn")
KEPT = {each.hash: each.facts for each in (OLD, NOW)}


def said(*rows: tuple[Meaning, str, Verdict]) -> Chain:
    return Chain(
        partner="help",
        lines=tuple(
            SignOff(
                partner="help",
                id=f"{n}",
                steps=(SignedStep(step="talk", model=model, hash=meaning.hash, verdict=verdict),),
                hash=f"{n}",
            )
            for n, (meaning, model, verdict) in enumerate(rows)
        ),
    )


def state(*rows: tuple[Meaning, str, Verdict], files=("a.bpmn", "b.bpmn")):
    (found,) = standings([TASK], said(*rows), KEPT.get, files)
    return found


def test_nothing_said():
    assert state().state is State.UNSIGNED


def test_the_newest_of_this_meaning_counts():
    assert state((NOW, "a.bpmn", Verdict.CONTEST), (NOW, "a.bpmn", Verdict.ACCEPT)).state is State.ACCEPTED
    assert state((NOW, "a.bpmn", Verdict.ACCEPT), (NOW, "a.bpmn", Verdict.NOT_MINE)).state is State.NOT_MINE


def test_an_older_meaning_is_stale_with_what_changed():
    found = state((OLD, "a.bpmn", Verdict.ACCEPT))
    assert (found.state, found.changes) == (State.STALE, {"name": ("Old", "Now")})


def test_what_means_again_what_it_meant_is_signed_again():
    rows = ((NOW, "a.bpmn", Verdict.ACCEPT), (OLD, "a.bpmn", Verdict.CONTEST))
    assert state(*rows).state is State.ACCEPTED


def test_the_same_meaning_in_another_file_is_signed_once():
    assert state((NOW, "b.bpmn", Verdict.ACCEPT)).state is State.ACCEPTED


def test_another_meaning_in_another_file_is_another_step():
    assert state((ELSEWHERE, "b.bpmn", Verdict.ACCEPT)).state is State.UNSIGNED


def test_a_file_that_is_no_longer_there_may_have_been_renamed():
    found = state((OLD, "old.bpmn", Verdict.ACCEPT))
    assert found.state is State.STALE


def test_a_meaning_that_is_not_kept_is_stale_without_what_changed():
    found = state((ELSEWHERE, "a.bpmn", Verdict.ACCEPT))
    assert (found.state, found.changes) == (State.STALE, None)


def test_what_is_no_longer_asked_is_gone():
    chain = said((NOW, "a.bpmn", Verdict.ACCEPT))
    assert gone([TASK], chain, ["a.bpmn"]) == ()
    assert [each.step for each in gone([], chain, ["a.bpmn"])] == ["talk"]
    assert gone([], chain, ["b.bpmn"]) == ()

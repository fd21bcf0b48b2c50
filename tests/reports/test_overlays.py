from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpmn_tool.model.elements import Model
from bpmn_tool.reports.diagram import diagram_svg
from bpmn_tool.reports.overlays import Overlay, of_coverage, of_diff, of_findings, of_story, of_witness, rows
from bpmn_tool.reports.palette import contrast
from bpmn_tool.results.differences import Changed, Named, Reassigned, StructureDiff
from bpmn_tool.results.execution import Coverage, ExecutionTrace, Step
from bpmn_tool.results.finding import Finding, Severity
from tests.reports.bpmn_text import model_of, two_pools


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return model_of(two_pools(), tmp_path)


def finding(severity: Severity, element: str, *witness: str) -> Finding:
    return Finding(rule="r", severity=severity, message="it waits for ever", element=element, witness=witness)


def trace(*steps: tuple[str, str], waiting: tuple[str, ...] = ()) -> ExecutionTrace:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    made = tuple(Step(element=e, kind=kind, name="", role=None, process="p", at=at) for e, kind in steps)
    return ExecutionTrace(completed=True, ends=(), steps=made, flows=("f1",), data={}, waiting=waiting)


def test_the_gravest_finding_of_an_element_counts() -> None:
    found = of_findings([finding(Severity.INFO, "a"), finding(Severity.ERROR, "a"), finding(Severity.INFO, "b")], "ab")
    assert [found.tints["a"].sign, found.tints["b"].sign] == ["!", "i"]


def test_a_way_is_numbered_once_for_each_element() -> None:
    found = of_witness(finding(Severity.ERROR, "end", "start", "x", "start", "end"), Model())
    assert found.numbered == ("start", "x", "end")
    assert found.tints["end"].words != found.tints["start"].words
    assert found.notes == ("it waits for ever",)


def test_the_flows_between_the_steps_of_a_way_are_drawn_too(model: Model) -> None:
    flow = next(iter(model.sequence_flows.values()))
    found = of_witness(finding(Severity.ERROR, "", flow.source_ref, flow.target_ref), model)
    assert flow.id in found.tints
    assert flow.id not in found.numbered


def test_a_story_numbers_its_steps_and_not_its_messages() -> None:
    found = of_story(trace(("s", "startEvent"), ("m", "messageFlow"), ("t", "task"), ("s", "task"), waiting=("w",)))
    assert found.numbered == ("s", "t")
    assert {"s", "m", "t", "f1", "w"} == found.tints.keys()
    assert found.tints["w"] != found.tints["t"]


def test_what_is_new_goes_before_what_changed() -> None:
    def row(name: str) -> Named:
        return Named(id=name, kind="task", name=name.upper())

    found = of_diff(
        StructureDiff(
            added=(row("a"),),
            removed=(row("gone"), Named(id="f", kind="sequenceFlow", source="a", target="b")),
            changed=(Changed(id="c", kind="task", attributes={}),),
            reassigned=(Reassigned(id="c", kind="task", old_role="x", new_role="y"),),
            moved=(row("m"),),
        )
    )
    assert [found.tints[each].sign for each in "ac"] == ["+", "R"]
    assert found.notes == ("Gone: GONE.", "1 flow is gone.", "1 element only moved.")


def test_nothing_is_said_by_colour_alone() -> None:
    """In each overlay every tint differs from the others in its frame's dashes, its sign, or whether it has a frame."""
    overlays = [
        of_findings([finding(each, each.value) for each in Severity], [each.value for each in Severity]),
        of_witness(finding(Severity.ERROR, "end", "start", "end"), Model()),
        of_story(trace(("s", "startEvent"), waiting=("w",))),
        of_coverage(Coverage(path="", nodes=2, nodes_covered=1, flows=0, flows_covered=0, missed=("b",)), "ab"),
        of_diff(
            StructureDiff(
                added=(Named(id="a", kind="task"),),
                changed=(Changed(id="b", kind="task", attributes={}),),
                reassigned=(Reassigned(id="c", kind="task", old_role="x", new_role="y"),),
            )
        ),
    ]
    for overlay in overlays:
        looks = [(tint.sign, tint.dashes, tint.framed) for tint, _count in rows(overlay)]
        assert len(looks) > 1
        assert len(set(looks)) == len(looks)


def test_frames_and_lines_stand_out_from_paper() -> None:
    """WCAG 2.2, 1.4.11: 3 to 1 against what is beside it; orange has a darker sign and dashes instead."""
    tints = [tint for tint, _count in rows(of_witness(finding(Severity.ERROR, "e", "s", "e"), Model()))]
    assert all(contrast(tint.stroke, "#ffffff") >= 3 for tint in tints)


def test_the_drawing_says_it_in_words_too(model: Model) -> None:
    overlay = of_findings([finding(Severity.ERROR, "assess"), finding(Severity.INFO, "")], ["assess"])
    svg = diagram_svg(model, overlay=overlay)
    assert "error (1)" in svg
    assert "1 finding is about the file or a process as a whole." in svg
    assert "<title>Assess signal – error</title>" in svg


def test_an_overlay_of_nothing_changes_nothing(model: Model) -> None:
    assert diagram_svg(model, overlay=Overlay()) == diagram_svg(model)

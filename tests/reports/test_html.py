import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bpmn_tool.comparison.variants import OTHER_DEMAND
from bpmn_tool.messages import set_language
from bpmn_tool.model.elements import Model
from bpmn_tool.reports.html import report, write_report
from bpmn_tool.results.summary import StudyResult, Verdict
from tests.reports.bpmn_text import model_of, two_pools
from tests.reports.made_up import study

VOID = {"meta", "input", "br", "link", "img"}


class Outline(HTMLParser):
    """Tags with their attributes, whether they nest, and all ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def values(self, attribute: str) -> list[str]:
        return [value for _tag, found in self.tags if (value := found.get(attribute)) is not None]

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _found in self.tags)


@pytest.fixture(scope="module")
def made() -> StudyResult:
    return study()


@pytest.fixture(scope="module")
def bare(made: StudyResult) -> StudyResult:
    """Without what figures are drawn of, for tests of the rest."""
    nothing: dict[str, Any] = {"kpis": {}, "roles": {}, "handoffs": {}, "series": {}, "undefined": (), "bounds": {}}
    return replace(made, scenarios=tuple(replace(scenario, **nothing) for scenario in made.scenarios), verdict_kpis=())


@pytest.fixture(scope="module")
def models(made: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Model]:
    model = model_of(two_pools(), tmp_path_factory.mktemp("models"))
    return {scenario.name: model for scenario in made.scenarios}


@pytest.fixture(scope="module")
def text(made: StudyResult, models: dict[str, Model]) -> str:
    return report(made, models)


def test_the_page_nests(text: str) -> None:
    outline = Outline(text)
    assert (outline.wrong, outline.open) == ([], [])


def test_the_same_study_gives_the_same_bytes(made: StudyResult, models: dict[str, Model], tmp_path: Path) -> None:
    write_report(made, models, tmp_path / "a.html")
    write_report(made, models, tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_nothing_is_fetched(text: str) -> None:
    outline = Outline(text)
    assert outline.count("script") == outline.count("link") == outline.count("img") == outline.count("iframe") == 0
    assert all(value.startswith("#") for name in ("href", "src", "xlink:href") for value in outline.values(name))
    assert not re.search(r"@import|url\((?!#)", text)


def test_the_policy_forbids_everything_but_styles(text: str) -> None:
    policy = next(found["content"] for tag, found in Outline(text).tags if tag == "meta" and "http-equiv" in found)
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")


def test_ids_are_unique_over_all_figures(text: str) -> None:
    ids = Outline(text).values("id")
    assert len(ids) == len(set(ids))


def test_links_and_labels_lead_somewhere(text: str) -> None:
    outline = Outline(text)
    wanted = {
        value.removeprefix("#")
        for name in ("href", "xlink:href", "aria-labelledby", "for")
        for value in outline.values(name)
    }
    assert wanted <= set(outline.values("id"))


def test_each_figure_has_words_and_a_table_behind_it(text: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", text, re.DOTALL)
    assert len(figures) == 12
    for figure in figures:
        assert re.search(r'<svg [^>]*role="img"[^>]*><title>[^<]+</title>', figure)
        assert re.search(r"<details>.*<table.*<tbody.*<td", figure, re.DOTALL)


def test_headings_go_down_one_level_at_a_time(text: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_it_says_what_it_is_not(text: str) -> None:
    assert "It detects nobody, judges nobody and holds no case files" in text
    assert "no city or partner has validated them" in text


def test_the_answer_stands_before_the_first_figure(text: str) -> None:
    assert text.index("goes from 111 days to 42 days") < text.index("<figure")


NASTY = '<script>alert("1")</script>[/a]\u202e'


def test_names_from_files_cannot_become_markup(tmp_path: Path) -> None:
    made = study(names=(NASTY, f"{NASTY} 2"), question=NASTY)
    model = model_of(two_pools(NASTY), tmp_path)
    text = report(made, {scenario.name: model for scenario in made.scenarios})
    assert "<script" not in text
    assert "\u202e" not in text
    assert Outline(text).wrong == []
    assert "[/a]" in text


def test_a_study_with_nothing_in_it_is_still_a_page() -> None:
    empty = StudyResult(name="Empty", question="", scenarios=(), comparisons=(), verdict_kpis=())
    assert "Nothing was simulated" in report(empty, {})


def test_a_model_without_a_layout_is_named(bare: StudyResult, tmp_path: Path) -> None:
    text = two_pools()
    model = model_of(text[: text.index("<bpmndi:BPMNDiagram")] + "</definitions>", tmp_path)
    assert "the file holds no layout" in report(bare, {bare.scenarios[0].name: model})


def test_an_interrupted_simulation_is_told(bare: StudyResult) -> None:
    stopped = replace(bare, scenarios=(replace(bare.scenarios[0], interrupted=True), *bare.scenarios[1:]))
    assert "stopped before it was done" in report(stopped, {})


def test_the_page_names_its_language(bare: StudyResult) -> None:
    set_language("nl")
    assert '<html lang="nl">' in report(bare, {})


def test_why_there_is_no_verdict_is_told_in_the_language_of_the_page(bare: StudyResult) -> None:
    variant = bare.comparisons[0]
    rows = {id: replace(row, verdict=Verdict.NOT_COMPARABLE, reason=OTHER_DEMAND) for id, row in variant.kpis.items()}
    set_language("nl")
    shown = replace(bare, comparisons=(replace(variant, kpis=rows),), verdict_kpis=tuple(rows))
    assert "de instroom is niet dezelfde in beide" in report(shown, {})


def test_a_number_is_told_with_the_name_of_its_step(bare: StudyResult, models: dict[str, Model]) -> None:
    name = bare.scenarios[0].name
    parameter = replace(bare.parameters[name][0], path="tasks.assess.duration")
    text = report(replace(bare, parameters={name: (parameter,)}), models)
    assert "Assess signal (tasks.assess.duration)" in text


def test_few_steps_of_the_same_id_are_warned_of() -> None:
    made = study()
    (variant,) = made.comparisons
    assert "bpmn-tool ids NEW --like OLD" not in report(made, {})
    few = replace(made, comparisons=(replace(variant, steps=9, paired=4),))
    assert "bpmn-tool ids NEW --like OLD" in report(few, {})

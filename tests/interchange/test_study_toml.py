from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.study_toml import read_kpis, read_story, read_study, story_files

STUDY = 'name = "S"\nbaseline = "a.toml"\nvariants = ["b.toml"]\n'
KPIS = '[kpis.k]\nqueue = "t"\nbetter = "lower"\n[kpis.open]\nqueue = "u"\n'
STORY = 'name = "S"\nmodel = "a.bpmn"\nstart = "begin"\nclock = 2026-03-02T22:15:00Z\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).touch()
    (tmp_path / "kpis.toml").write_text(KPIS)
    return tmp_path


def failing_study(folder: Path, text: str) -> str:
    (folder / "study.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        read_study(folder / "study.toml")
    return str(caught.value).replace(f"{folder}/", "")


def failing_story(folder: Path, text: str) -> str:
    (folder / "story.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        read_story(folder / "story.toml")
    return str(caught.value).replace(f"{folder}/", "")


def test_study_with_its_kpis(folder: Path) -> None:
    (folder / "study.toml").write_text(STUDY + 'kpis = { file = "kpis.toml", verdict = ["k", "cost"] }\n')
    study = read_study(folder / "study.toml")
    assert [path.name for path in study.scenarios] == ["a.toml", "b.toml"]
    assert (study.kpis.verdict, set(study.definitions)) == (("k", "cost"), {"k", "open"})
    assert (study.replications, study.seed, study.language) == (None, None, "en")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (STUDY + 'kpis = { verdict = ["cots"] }\n', "study.toml: kpis.verdict[0]: no KPI is called 'cots'; did you mean 'cost'?"),  # noqa: E501
        (STUDY + 'kpis = { file = "kpis.toml", verdict = ["open"] }\n', "study.toml: kpis.verdict[0]: 'open' does not say what is 'better'"),  # noqa: E501
        (STUDY + 'stories = ["stories"]\n', "study.toml: stories[0]: there is no file or folder 'stories'"),
        (STUDY.replace("b.toml", "c.toml"), "study.toml: variants[0]: there is no file 'c.toml'"),
        (STUDY.replace("b.toml", "a.toml"), "study.toml: variants[0]: 'a.toml' stands in this study twice"),
        (STUDY.replace("b.toml", "../b.toml"), "study.toml: variants[0]: '../b.toml' leaves the project's folder"),
        (STUDY + 'basline = "x"\n', "study.toml: basline: unknown key; did you mean 'baseline'?"),
        (STUDY + 'language = "de"\n', "study.toml: language: 'de' is not one of en, nl, fr"),
    ],
)  # fmt: skip
def test_wrong_study(folder: Path, text: str, message: str) -> None:
    assert failing_study(folder, text).startswith(message)


def test_a_ratio_of_an_unknown_kpi(folder: Path) -> None:
    (folder / "kpis.toml").write_text('[kpis.r]\nratio = ["cost", "casses"]\n')
    with pytest.raises(InputError, match=r"kpis\.r\.ratio\[1\]: no KPI is called 'casses'"):
        read_kpis(folder / "kpis.toml")


def test_story(folder: Path) -> None:
    (folder / "story.toml").write_text(STORY + '[[steps]]\ndo = "talk"\nas = "clerk"\nset = { tags = ["a", 1] }\n')
    story = read_story(folder / "story.toml")
    assert story.clock == datetime(2026, 3, 2, 22, 15, tzinfo=UTC)
    assert story.model == ((folder / "a.bpmn").resolve(),)
    assert (story.steps[0].do, story.steps[0].as_, story.steps[0].set) == ("talk", "clerk", {"tags": ("a", 1)})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (STORY.replace("Z", ""), "story.toml: clock: a moment with its offset is wanted here"),
        (STORY + "[[steps]]\n", "story.toml: steps[0]: one of do, wait, message, choose is missing"),
        (STORY + '[[steps]]\ndo = "a"\nwait = "P1D"\n', "story.toml: steps[0]: do and wait exclude each other"),
        (STORY + '[[steps]]\nwait = "1d"\n', "story.toml: steps[0].wait: '1d' is not an ISO 8601 duration"),
        (STORY + '[[steps]]\nmessage = "a"\nas = "b"\n', "story.toml: steps[0].as: only a step with 'do' takes this"),
        (STORY + '[[steps]]\nwait = "P1D"\nset = { a = 1 }\n', "story.toml: steps[0].set: waiting sets nothing"),
        (STORY + "[expect]\ndata = { a = 2026-01-01 }\n", "story.toml: expect.data.a: a truth value, a number, a text"),
        (STORY + '[expect]\npath = ["a"]\nnever = ["a"]\n', "story.toml: expect.never: 'a' stands in 'path' too"),
        (STORY + '[expect]\nend = ["a"]\n', "story.toml: expect.end: unknown key; did you mean 'ends'?"),
    ],
)
def test_wrong_story(folder: Path, text: str, message: str) -> None:
    assert failing_story(folder, text).startswith(message)


def test_story_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.toml", "b/a.toml", "b/notes.md"):
        (tmp_path / name).touch()
    assert list(story_files((tmp_path,))) == [tmp_path / "b" / "a.toml", tmp_path / "z.toml"]

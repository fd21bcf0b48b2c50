"""What goes out comes back: import of export gives the scenario, as far as the other side can say it."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.foreign import Draft, import_files, scenario_text
from bpmn_tool.interchange.foreign.draft import NoteKind
from bpmn_tool.interchange.foreign.exports import export
from bpmn_tool.interchange.foreign.writing import toml_value
from tests.interchange.foreign.drawn import model, moments

CORPORA = Path(os.environ.get("BPMN_TOOL_CORPORA") or Path(__file__).parents[4] / "shared" / "corpora")
SECTIONS = ("arrivals", "attributes", "calendars", "roles", "tasks", "flows", "events")

minutes = st.integers(1, 600)
COMMON = st.one_of(
    minutes.map(lambda n: f"PT{n}M"),
    minutes.map(lambda n: {"exponential": f"PT{n}M"}),
    st.tuples(minutes, minutes).map(lambda p: {"uniform": [f"PT{p[0]}M", f"PT{p[0] + p[1]}M"]}),
    st.tuples(minutes, minutes).map(lambda p: {"normal": [f"PT{p[0]}M", f"PT{p[1]}M"]}),
    st.tuples(minutes, minutes).map(lambda p: {"gamma": [f"PT{p[0]}M", f"PT{p[1]}M"]}),
    st.tuples(minutes, minutes).map(lambda p: {"lognormal": [f"PT{p[0]}M", f"PT{p[1]}M"]}),
)
OF_BPSIM = st.one_of(
    COMMON,
    st.tuples(minutes, minutes, minutes).map(
        lambda p: {"triangular": [f"PT{p[0]}M", f"PT{p[0] + p[1]}M", f"PT{sum(p)}M"]}
    ),
    st.tuples(minutes, st.integers(1, 9)).map(lambda p: {"erlang": {"mean": f"PT{p[0]}M", "k": p[1]}}),
    st.tuples(minutes, minutes).map(
        lambda p: {"empirical": {"values": [f"PT{p[0]}M", f"PT{p[0] + p[1]}M"], "weights": [0.25, 0.75]}}
    ),
)


@st.composite
def tables(draw: Any, lasting: Any) -> dict[str, Any]:
    """A scenario of the model of these tests, of what both formats can say."""
    calendar = draw(st.sampled_from([None, "office", "night"]))
    role = {"count": draw(st.integers(1, 9)), "cost_per_hour": draw(st.integers(1, 90))}
    if calendar is not None:
        role["calendar"] = calendar
    hours = {"office": {"mon-fri": "09:00-12:30 13:00-17:00"}, "night": {"mon-sat": "00:00-06:00"}}
    said: dict[str, Any] = {
        "start": "2026-01-05T00:00:00",
        "cases": 100,
        "follow_up": "P10Y",
        "arrivals": {"s": {"interval": draw(lasting)}},
        "roles": {"clerk": role, "mender": {"count": draw(st.integers(1, 9))}},
        "tasks": {
            "a": {"role": "clerk", "duration": draw(lasting)},
            "b": {"role": draw(st.sampled_from(["mender", "none"])), "duration": draw(lasting)},
        },
        "flows": {"x_b": draw(st.integers(1, 99)) / 100},
        "attributes": {"size": {"uniform": [0, draw(st.integers(1, 9))]}},
    }
    if calendar is not None:
        said["calendars"] = {calendar: {"hours": hours[calendar]}}
    if said["tasks"]["b"]["role"] == "none":
        del said["roles"]["mender"]
    return said


def written(folder: Path, said: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    model(folder)
    lines = ["format = 1", 'name = "round trip"', 'model = "model.bpmn"', "start = 2026-01-05T00:00:00"]
    lines += [f"{key} = {toml_value(said[key])}" for key in ("cases", "follow_up")]
    for section in SECTIONS:
        lines += [f"{section}.{key} = {toml_value(value)}" for key, value in said.get(section, {}).items()]
    path = folder / "scenario.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def same(before: dict[str, Any], after: Draft) -> None:
    """All that the scenario says is said again."""
    assert after.tables["roles"] == before["roles"]
    assert after.tables.get("calendars", {}) == before.get("calendars", {})
    assert after.tables["attributes"] == before["attributes"]
    flow, share = next(iter(after.tables["flows"].items()))
    assert (share if flow == "x_b" else 1 - share) == pytest.approx(before["flows"]["x_b"])
    for task, said in before["tasks"].items():
        assert after.tables["tasks"][task]["role"] == said["role"]
        alike(after.tables["tasks"][task]["duration"], said["duration"])
    alike(after.tables["arrivals"]["s"]["interval"], before["arrivals"]["s"]["interval"])


def alike(one: Any, other: Any) -> None:
    """The same kind, and the same numbers to the microsecond."""
    assert isinstance(one, dict) == isinstance(other, dict)
    assert not isinstance(one, dict) or one.keys() == other.keys()
    for found, wanted in zip(moments(one, points=500), moments(other, points=500), strict=True):
        assert found == pytest.approx(wanted, rel=1e-4, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(said=tables(COMMON))
def test_import_of_an_export_to_prosimos_gives_the_scenario_back(
    said: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("p")
    data, _ = export("prosimos", written(folder, said))
    (folder / "p.json").write_bytes(data)
    same(said, import_files("prosimos", [folder / "model.bpmn", folder / "p.json"]))


@settings(max_examples=25, deadline=None)
@given(said=tables(OF_BPSIM))
def test_import_of_an_export_to_bpsim_gives_the_scenario_back(
    said: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("b")
    data, notes = export("bpsim", written(folder, said))
    (folder / "m.bpmn").write_bytes(data)
    assert notes == []
    draft = import_files("bpsim", [folder / "m.bpmn"])
    same(said, draft)
    assert draft.tables["cases"] == 100


def test_no_other_byte_of_the_model_changes(tmp_path: Path) -> None:
    said = {"cases": 5, "follow_up": "P1Y", "arrivals": {"s": {"interval": "PT1H"}}, "flows": {"x_b": 0.5}}
    said |= {"tasks": {"a": {"role": "none", "duration": "PT5M"}, "b": {"role": "none", "duration": "PT5M"}}}
    path = written(tmp_path, said)
    before = (tmp_path / "model.bpmn").read_bytes()
    data, _ = export("bpsim", path)
    first = data.index(b"  <relationship")
    last = data.index(b"</relationship>") + len(b"</relationship>\n")
    assert data[:first] + data[last:] == before


def test_resources_of_a_model_with_a_prefix_are_those_of_bpmn(tmp_path: Path) -> None:
    said = {"cases": 5, "follow_up": "P1Y", "arrivals": {"s": {"interval": "PT1H"}}, "flows": {"x_b": 0.5}}
    said |= {"roles": {"clerk": {"count": 2}}, "tasks": {t: {"role": "clerk", "duration": "PT5M"} for t in "ab"}}
    path = written(tmp_path, said)
    plain = (tmp_path / "model.bpmn").read_text()
    prefixed = re.sub(r"<(/?)(?=[a-z]\w*[\s/>])", r"<\1bpmn:", plain).replace("xmlns=", "xmlns:bpmn=")
    (tmp_path / "model.bpmn").write_text(prefixed)
    data, _ = export("bpsim", path)
    (tmp_path / "m.bpmn").write_bytes(data)
    assert import_files("bpsim", [tmp_path / "m.bpmn"]).tables["roles"] == said["roles"]


def test_the_block_is_valid_by_the_schema_of_bpsim(tmp_path: Path) -> None:
    schema = CORPORA / "bpsim" / "bpsim-1.0.xsd"
    if not schema.is_file():
        pytest.skip(f"no schema at {schema} (BPMN_TOOL_CORPORA says where the public models are)")
    said = {
        "cases": 5, "follow_up": "P1Y", "arrivals": {"s": {"rate": "9 per week", "hours": "office"}}, "flows": {"x_b": 0.5},  # noqa: E501
        "calendars": {"office": {"hours": {"mon-fri": "09:00-17:00"}}},
        "roles": {"clerk": {"count": 2, "calendar": "office", "cost_per_hour": 12.5}},
        "tasks": {"a": {"role": "clerk", "duration": {"pert": ["PT1M", "PT2M", "PT9M"]}, "lag": "PT5M", "cost": 3, "priority": 2},  # noqa: E501
                  "b": {"role": "clerk", "duration": {"histogram": {"edges": ["PT1M", "PT2M", "PT4M"], "weights": [1, 3]}}}},  # noqa: E501
    }  # fmt: skip
    data, notes = export("bpsim", written(tmp_path, said))
    (block,) = etree.fromstring(data).iter("{http://www.bpsim.org/schemas/1.0}BPSimData")
    checked = etree.XMLSchema(etree.parse(schema))
    assert checked.validate(block), checked.error_log
    assert {note.message for note in notes if note.kind is NoteKind.MENDED} == {
        "pert is written as 100 stretches that are alike likely"
    }


def test_what_does_not_go_along_is_said_with_its_key(tmp_path: Path) -> None:
    said = {
        "cases": 5, "follow_up": "P1Y", "arrivals": {"s": {"interval": "PT1H", "size": 3}}, "flows": {"x_b": "0.5 if size > 1 else 0.2"},  # noqa: E501
        "attributes": {"size": {"uniform": [0, 9]}},
        "roles": {"clerk": {"count": 2, "share": 0.5}},
        "tasks": {"a": {"role": "clerk", "duration": "PT1M", "lag": "PT5M"}, "b": {"role": "clerk", "duration": "PT1M"}},  # noqa: E501
    }  # fmt: skip
    _, notes = export("prosimos", written(tmp_path, said))
    keys = {str(note.location.key) for note in notes}
    assert {"arrivals.s.size", "flows.x", "roles.clerk.share", "tasks.a.lag"} <= keys


def test_an_open_question_and_another_format_are_refused(tmp_path: Path) -> None:
    said = {"cases": 5, "follow_up": "P1Y", "arrivals": {"s": {"interval": "?"}}}
    path = written(tmp_path, said)
    with pytest.raises(InputError, match=r"arrivals\.s\.interval: is still open"):
        export("bpsim", path)
    with pytest.raises(InputError, match="they are: prosimos, bpsim"):
        export("excel", path)


@pytest.mark.parametrize("name", ["timer_with_task", "batch", "padua"])
def test_other_peoples_parameters_come_back_as_they_were_imported(name: str, tmp_path: Path) -> None:
    files = {
        "timer_with_task": ("timer_with_task.bpmn", "timer_with_task.json"),
        "batch": ("batch-example-end-task.bpmn", "batch-example-with-batch.json"),
        "padua": ("padua.bpmn", "padua.json"),
    }[name]
    if not (CORPORA / "prosimos").is_dir():
        pytest.skip(f"no public models at {CORPORA} (BPMN_TOOL_CORPORA says where)")
    for each in files:
        (tmp_path / each).write_bytes((CORPORA / "prosimos" / each).read_bytes())
    first = import_files("prosimos", [tmp_path / each for each in files])
    (tmp_path / "s.toml").write_text(scenario_text(first, name="s", folder=tmp_path, origin=[]))
    data, _ = export("prosimos", tmp_path / "s.toml")
    (tmp_path / "again.json").write_bytes(data)
    again = import_files("prosimos", [tmp_path / files[0], tmp_path / "again.json"])
    for section in (*SECTIONS, "cases"):
        if section != "tasks" or name != "batch":  # a wait from the last that came is one from the first now
            assert again.tables.get(section) == first.tables.get(section), section

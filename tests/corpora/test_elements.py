"""153 small models, one for each element and its variants: what the standard says happens (elements.toml) does.

The expectations are written by hand from the standard's text; none is taken from what the engine did.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bpmn_tool.errors import InputError, RunError
from bpmn_tool.execution.case import Case
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.model.elements import Model

HERE = Path(__file__).parent
FOLDER = Path(os.environ.get("BPMN_TOOL_ELEMENTS") or HERE.parents[2] / "shared" / "spiff" / "elements")
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((HERE / "elements.toml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no models at {FOLDER} (BPMN_TOOL_ELEMENTS says where)")


def test_each_model_of_an_element_has_an_expectation() -> None:
    assert {path.stem.removeprefix("el_") for path in FOLDER.glob("el_*.bpmn")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_the_standard_says_happens(name: str, tmp_path: Path) -> None:
    file, said = FOLDER / f"el_{name}.bpmn", EXPECTED[name]
    if "unique" in said:
        with pytest.raises(InputError, match="stands already"):
            read_model(file)
        file = unique(file, said["unique"], tmp_path)
    if "refused" in said:
        with pytest.raises(InputError, match=said["refused"]):
            Case(read_model(file))
        return
    case = Case(read_model(file), data=said.get("data", {}))
    if "stops" in said:
        with pytest.raises(RunError, match=said["stops"]):
            play(case, said)
        return
    play(case, said)
    trace = case.trace()
    done = tuple(step.element for step in trace.steps if step.kind != "messageFlow")
    assert fits(strands(said["path"]), done), f"{done} is not {said['path']}"
    assert sorted(trace.waiting) == sorted(said.get("waits", "").split())
    assert trace.completed == ("waits" not in said)
    assert list(trace.failed) == said.get("failed", "").split()


def unique(file: Path, id: str, folder: Path) -> Path:
    """The file with another id for the first element of those that share this one, and for what refers to it."""
    text = file.read_text(encoding="utf-8").replace(f'id="{id}"', f'id="{id}_"', 1)
    made = folder / file.name
    made.write_text(re.sub(rf'(messageRef|escalationRef)="{id}"', rf'\1="{id}_"', text), encoding="utf-8")
    return made


def play(case: Case, said: dict[str, Any]) -> None:
    case.start(said.get("start"))
    for word in said.get("do", "").split():
        what, _, setting = word.rstrip("}").partition("{")
        data = {name: value == "true" for name, _, value in [setting.partition("=")]} if setting else {}
        act(case, case.model, what, data)


def act(case: Case, model: Model, what: str, data: dict[str, Any]) -> None:
    if what in {work.activity for work in case.work()}:
        case.complete(what, data)
    elif what.split(",", maxsplit=1)[0] in model.sequence_flows:
        case.choose(*what.split(","), data=data)
    elif what.startswith("PT"):
        case.wait(what)
    else:
        assert case.message(what, data), f"nobody takes {what}"


# -- paths


def strands(text: str) -> list[Any]:
    """A path as written: names, and for each {} a list of what goes on side by side."""
    words = re.findall(r"[{},]|[^\s{},]+", text)
    found: list[Any] = [[]]
    around: list[list[Any]] = []
    for word in words:
        match word:
            case "{":
                around.append(found)
                found = [[]]
            case ",":
                found.append([])
            case "}":
                inner, found = found, around.pop()
                found[-1].append(inner)
            case _:
                found[-1].append(word)
    return found[0]  # type: ignore[no-any-return]


def fits(path: Sequence[Any], done: tuple[str, ...]) -> bool:
    return any(rest == () for rest in after(_frozen(path), done))


def _frozen(path: Any) -> Any:
    return tuple(map(_frozen, path)) if isinstance(path, list) else path


@cache
def after(path: tuple[Any, ...], done: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """What is left of `done` after `path`, each way that it may have gone."""
    if not path:
        return (done,)
    first, *rest = path
    if isinstance(first, str):
        return after(tuple(rest), done[1:]) if done[:1] == (first,) else ()
    return tuple(left for merged in side_by_side(first, done) for left in after(tuple(rest), merged))


def side_by_side(chains: tuple[tuple[Any, ...], ...], done: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """What is left after strands of names, in any order between them."""
    if not any(chains):
        yield done
        return
    seen = set()
    for number, chain in enumerate(chains):
        if chain and done[:1] == chain[:1] and chain not in seen:
            seen.add(chain)
            yield from side_by_side((*chains[:number], chain[1:], *chains[number + 1 :]), done[1:])


def test_a_path_side_by_side_is_any_order_of_its_strands() -> None:
    path = strands("s {a b, c} e")
    assert fits(path, tuple("sacbe"))
    assert fits(path, tuple("scabe"))
    assert not fits(path, tuple("sbace"))
    assert not fits(path, tuple("sabe"))
    assert not fits(path, tuple("sabcee"))

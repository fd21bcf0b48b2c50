"""``answer.json``, as a partner's sheet saves it: untrusted, read with limits, every key known."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import Field, JsonValue, StringConstraints, ValidationError

from bpmn_tool.comparison.meaning import Facts, Meaning
from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.json_file import read_json
from bpmn_tool.interchange.sign_off_lines import Hash, Id, Place, Reason, Strict
from bpmn_tool.register.sign_offs import Verdict

MAX_BYTES: Final = 5_000_000
MAX_STEPS: Final = 1000


class _Step(Strict):
    step: Id
    model: Place
    hash: Hash
    verdict: Verdict
    reason: Reason = ""
    facts: dict[str, JsonValue]


class _Answer(Strict):
    form: Literal["bpmn-tool/partner-answer/1"] = Field(alias="schema")
    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    partner: Id
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    date: Annotated[str, StringConstraints(max_length=40)] = ""
    steps: Annotated[list[_Step], Field(min_length=1, max_length=MAX_STEPS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredStep:
    """What was answered about one step, and what the sheet said that it means; `facts` is None where the file's own
    hash says that it is not that.
    """

    step: str
    model: str
    hash: str
    verdict: Verdict
    reason: str
    facts: Facts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    path: str
    id: str
    partner: str
    name: str
    steps: tuple[AnsweredStep, ...]


def read_answer(path: Path) -> Answer:
    """Raises InputError with all that is wrong with the file."""
    place = Location(path=str(path))
    try:
        if path.stat().st_size > MAX_BYTES:
            message = f"is larger than {MAX_BYTES // 1_000_000} MB, which no sheet writes"
            raise InputError(Problem(message=message, location=place))
    except OSError as error:
        raise InputError(Problem(message=error.strerror or "cannot be read", location=place)) from None
    raw = read_json(path)
    try:
        found = _Answer.model_validate(raw)
    except (ValidationError, RecursionError) as error:
        raise InputError(_problems(error, str(path))) from None
    twice = _twice(found)
    wrong = [
        Problem(message=f"'{s.step}' is contested without a reason", location=place) for s in found.steps if _bare(s)
    ]
    if twice or wrong:
        raise InputError([*(Problem(message=f"'{step}' is answered twice", location=place) for step in twice), *wrong])
    return Answer(
        path=str(path),
        id=found.id,
        partner=found.partner,
        name=" ".join(found.name.split()),
        steps=tuple(_step(each) for each in found.steps),
    )


def _problems(error: Exception, path: str) -> list[Problem]:
    if not isinstance(error, ValidationError):
        return [Problem(message="is nested too deeply", location=Location(path=path))]
    return [
        Problem(
            message=f"is no answer of a sheet: {each['msg']}",
            location=Location(path=path, key=".".join(map(str, each["loc"])) or None),
        )
        for each in error.errors(include_url=False, include_input=False)[:20]
    ]


def _twice(answer: _Answer) -> list[str]:
    seen: set[tuple[str, str]] = set()
    found = []
    for each in answer.steps:
        if (each.model, each.step) in seen:
            found.append(each.step)
        seen.add((each.model, each.step))
    return found


def _bare(step: _Step) -> bool:
    return step.verdict is Verdict.CONTEST and not step.reason.strip()


def _step(step: _Step) -> AnsweredStep:
    facts: Mapping[str, Any] = MappingProxyType(dict(step.facts))
    return AnsweredStep(
        step=step.step,
        model=step.model,
        hash=step.hash,
        verdict=step.verdict,
        reason=" ".join(step.reason.split()),
        facts=facts if _is_that(step, facts) else None,
    )


def _is_that(step: _Step, facts: Facts) -> bool:
    """Whether the facts are those that the hash stands for: then they may be believed."""
    try:
        return Meaning(step=step.step, facts=facts).hash == step.hash
    except (ValueError, RecursionError):
        return False

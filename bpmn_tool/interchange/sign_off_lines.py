"""The lines of ``sign_offs/<partner>.jsonl``: written, read, and their chain checked.

A line is one JSON object; its hash is the SHA-256 of its bytes without the line end. Each line names the hash of the
one that it follows (``previous``), and a line that joins two branches both (``merge``).
"""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.register.sign_offs import Chain, How, SignedStep, SignOff, Verdict

MAX_REASON: Final = 2000
CONFLICT: Final = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Place = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Reason = Annotated[str, StringConstraints(max_length=MAX_REASON)]


class Strict(BaseModel):
    """Nothing is guessed, and no key is passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StepLine(Strict):
    step: Id
    model: Place
    hash: Hash
    verdict: Verdict
    reason: Reason = ""


class AnswerLine(Strict):
    format: Literal[1]
    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    partner: Id
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\+00:00)$")]
    how: How
    steps: Annotated[list[StepLine], Field(min_length=1)]
    models: dict[Place, Hash]
    previous: Hash | None


class JoinLine(Strict):
    format: Literal[1]
    partner: Id
    merge: tuple[Hash, Hash]


_LINES: Final[TypeAdapter[AnswerLine | JoinLine]] = TypeAdapter(AnswerLine | JoinLine)


def hash_of(line: bytes) -> str:
    """That of a line without its end."""
    return sha256(line).hexdigest()


def answer_line(entry: SignOff, previous: str) -> bytes:
    """An answer as a line (without its end) that follows the line of that hash, "" for the first."""
    return _dumped(
        {
            "format": 1,
            "id": entry.id,
            "partner": entry.partner,
            "date": entry.date,
            "how": entry.how.value if entry.how is not None else None,
            "steps": [
                {"step": s.step, "model": s.model, "hash": s.hash, "verdict": s.verdict.value, "reason": s.reason}
                for s in entry.steps
            ],
            "models": dict(entry.models),
            "previous": previous or None,
        }
    )


def join_line(partner: str, heads: Iterable[str]) -> bytes:
    """The line that joins two branches; the same whoever joins them, and when."""
    return _dumped({"format": 1, "partner": partner, "merge": sorted(heads)})


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, allow_nan=False).encode()  # ASCII: no line separator hides in it


def read_lines(data: bytes, path: str) -> list[tuple[SignOff, bytes]]:
    """Each line as data and as it stands, whether or not they make one chain. Raises InputError with all problems."""
    found, problems = [], []
    for number, raw in enumerate(data.split(b"\n"), 1):
        if not raw.strip():
            continue
        if raw.startswith(CONFLICT):
            message = "git left two branches here; `bpmn-tool partner merge` joins them"
            raise InputError(Problem(message=message, location=Location(path=path, line=number)))
        try:
            found.append((_sign_off(_LINES.validate_json(raw), hash_of(raw)), raw))
        except ValidationError as error:
            message = f"is no line of a sign-off file: {_said(error)}"
            problems.append(Problem(message=message, location=Location(path=path, line=number)))
    if problems:
        raise InputError(problems)
    return found


def _said(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]


def _sign_off(line: AnswerLine | JoinLine, hash_: str) -> SignOff:
    match line:
        case JoinLine():
            return SignOff(partner=line.partner, previous=line.merge, hash=hash_)
        case AnswerLine():
            return SignOff(
                partner=line.partner,
                id=line.id,
                date=line.date,
                how=line.how,
                steps=tuple(
                    SignedStep(step=s.step, model=s.model, hash=s.hash, verdict=s.verdict, reason=s.reason)
                    for s in line.steps
                ),
                models=MappingProxyType(dict(line.models)),
                previous=(line.previous,) if line.previous else (),
                hash=hash_,
            )


def read_chain(data: bytes, partner: str, path: str) -> Chain:
    """The chain of a partner. Raises InputError with the line at which it breaks."""
    lines = [line for line, _raw in read_lines(data, path)]
    problems = broken(lines, partner, path) or forked(lines, path)
    if problems:
        raise InputError(problems)
    return Chain(partner=partner, lines=tuple(lines))


def broken(lines: Sequence[SignOff], partner: str, path: str) -> list[Problem]:
    """Lines that do not follow one that stands before them, stand there twice, or are another partner's."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        where = Location(path=path, line=number)
        if line.partner != partner:
            problems.append(Problem(message=f"is a line of '{line.partner}', not of '{partner}'", location=where))
        if line.hash in seen:
            problems.append(Problem(message="stands here twice", location=where))
        for each in line.previous:
            if each not in seen:
                message = f"follows a line that is not there ({each[:12]}…): one before it was changed or taken out"
                problems.append(Problem(message=message, location=where))
        seen.add(line.hash)
    return problems


def heads(lines: Iterable[SignOff]) -> list[str]:
    """The hashes of the lines that none follows: one, where no branches are open."""
    kept = list(lines)
    followed = {each for line in kept for each in line.previous}
    return sorted(line.hash for line in kept if line.hash not in followed)


def forked(lines: Sequence[SignOff], path: str) -> list[Problem]:
    """Branches that nobody joined."""
    if len(heads(lines)) < 2:
        return []
    message = "several branches stand here side by side; `bpmn-tool partner merge` joins them"
    return [Problem(message=message, location=Location(path=path))]

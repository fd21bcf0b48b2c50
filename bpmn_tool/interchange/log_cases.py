"""Cases of an event log, ours or others': CSV, or XES (also compressed), as far as a replay needs them."""

import gzip
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.csv_table import read_csv

MAX_UNPACKED: Final = 200_000_000
"""Bytes of a log, unpacked."""

_CASE: Final = ("case_id", "case:concept:name", "case")
_ACTIVITY: Final = ("activity_id", "activity", "concept:name", "element")
_TIME: Final = ("end_time", "time:timestamp", "timestamp", "complete_time")
_STATE: Final = ("outcome", "lifecycle:transition")
_DONE: Final = frozenset({"completed", "complete", "COMPLETE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Something completed in a case: what it is called (by id or name), when as the log writes it, and the line."""

    activity: str
    name: str
    at: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCase:
    """`open`: the log says that it had not ended."""

    name: str
    done: tuple[Done, ...]
    open: bool = False


def is_log(path: Path) -> bool:
    return path.name.lower().endswith((".csv", ".xes", ".xes.gz"))


def read_log(path: Path) -> list[LoggedCase]:
    """The cases, in the order in which they stand; of each what was completed, in order of time.

    Raises InputError: it cannot be read, or the columns for case, activity and time are not there.
    """
    return _of_csv(path) if path.suffix.lower() == ".csv" else _of_xes(path)


def _of_csv(path: Path) -> list[LoggedCase]:
    table = read_csv(path)
    columns = {
        what: next((name for name in names if name in table.columns), None)
        for what, names in (("case", _CASE), ("activity", _ACTIVITY), ("time", _TIME), ("state", _STATE))
    }
    missing = [
        Problem(
            message=f"no column for the {what}: one of {', '.join(names)} is wanted", location=Location(path=str(path))
        )
        for what, names in (("case", _CASE), ("activity", _ACTIVITY), ("time", _TIME))
        if columns[what] is None
    ]
    if missing:
        raise InputError(missing)
    found: dict[str, list[tuple[str, int, Done]]] = defaultdict(list)
    unfinished: set[str] = set()
    for line, row in table.rows:
        case = row.get(str(columns["case"]), "")
        if "replication" in table.columns:
            case = f"{row.get('replication', '')}:{case}"
        if not row.get(str(columns["case"])) or row.get("process") == "":
            continue  # standing work is in no model, and may belong to no case
        at = row.get(str(columns["time"]), "")
        state = row.get(str(columns["state"]), "") if columns["state"] else "completed"
        if state == "open":
            unfinished.add(case)
        if state in _DONE and at:
            activity = row.get(str(columns["activity"]), "")
            done = Done(activity=activity, name=row.get("activity", activity), at=at, line=line)
            found[case].append((at, line, done))
        else:
            found.setdefault(case, [])
    return [_case(name, steps, unfinished) for name, steps in found.items()]


def _case(name: str, steps: list[tuple[str, int, Done]], unfinished: set[str]) -> LoggedCase:
    ordered = tuple(done for _, _, done in sorted(steps, key=lambda step: step[:2]))
    return LoggedCase(name=name, done=ordered, open=name in unfinished)


def _of_xes(path: Path) -> list[LoggedCase]:
    """Read element by element, so that memory follows the cases, not the file."""
    from lxml import etree

    cases: list[LoggedCase] = []
    with _opened(path) as file:
        try:
            parsed = etree.iterparse(
                file, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            )
            for number, (_event, element) in enumerate(parsed):
                if number == 0 and element.getroottree().docinfo.doctype:
                    raise InputError(
                        Problem(message="has a DOCTYPE, which no log needs", location=Location(path=str(path)))
                    )
                if str(element.tag).rpartition("}")[2] == "trace":
                    cases.append(_trace(element, len(cases)))
                    element.clear()
        except etree.XMLSyntaxError as error:
            where = Location(path=str(path), line=error.lineno)
            raise InputError(Problem(message=f"is not XML: {error.msg}", location=where)) from None
        except (OSError, EOFError) as error:
            raise InputError(
                Problem(message=f"cannot be unpacked: {error}", location=Location(path=str(path)))
            ) from None
    return cases


def _opened(path: Path) -> io.BytesIO:
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            data = file.read(MAX_UNPACKED + 1)
    except (OSError, EOFError) as error:
        raise InputError(Problem(message=f"cannot be read: {error}", location=Location(path=str(path)))) from None
    if len(data) > MAX_UNPACKED:
        message = f"is larger than {MAX_UNPACKED // 1_000_000} MB"
        raise InputError(Problem(message=message, location=Location(path=str(path))))
    return io.BytesIO(data)


def _attributes(element: object) -> Iterator[tuple[str, str]]:
    for child in element:  # type: ignore[attr-defined]  # an lxml element
        key, value = child.get("key"), child.get("value")
        if key is not None and value is not None:
            yield str(key), str(value)


def _trace(element: object, number: int) -> LoggedCase:
    own: Mapping[str, str] = dict(_attributes(element))
    steps = []
    for place, child in enumerate(element):  # type: ignore[arg-type, var-annotated]
        if str(child.tag).rpartition("}")[2] != "event":
            continue
        said = dict(_attributes(child))
        if said.get("lifecycle:transition", "complete").lower() != "complete" or said.get("standing") == "true":
            continue
        name = said.get("concept:name", "")
        at = said.get("time:timestamp", "")
        steps.append((at, place, Done(activity=said.get("element", name), name=name, at=at, line=child.sourceline)))
    name = own.get("concept:name", str(number))
    return _case(name, steps, {name} if own.get("status", "completed") != "completed" else set())

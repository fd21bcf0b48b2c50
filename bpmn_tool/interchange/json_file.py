"""JSON files: read with limits, and with faults that say the line; what Python reads beyond JSON (NaN) is none."""

import json
from pathlib import Path
from typing import Any, Final

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.safe_paths import read_bytes

MAX_DIGITS: Final = 300


def read_json(path: Path, *, shown: str | None = None) -> Any:
    """The content of a JSON file of at most 20 MB. Raises InputError with the line where the syntax is wrong. `shown`:
    how messages call the file.
    """
    place = Location(path=str(path) if shown is None else shown)
    data = read_bytes(path, named_in=place)
    try:
        return json.loads(data.decode("utf-8-sig"), parse_int=_int, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise InputError(Problem(message="is not UTF-8", location=place)) from None
    except json.JSONDecodeError as error:
        where = Location(path=place.path, line=error.lineno)
        raise InputError(Problem(message=f"is not JSON: {error.msg}", location=where)) from None
    except ValueError as error:
        raise InputError(Problem(message=f"is not JSON: {error}", location=place)) from None
    except RecursionError:
        raise InputError(Problem(message="is no JSON that can be read: nested too deeply", location=place)) from None


def _int(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError("a number of too many digits")
    return int(text)


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number")

"""TOML files: read with a size limit, and with faults that say the line."""

import re
import tomllib
from pathlib import Path
from typing import Any

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.safe_paths import read_bytes

MOST_DOTS = 1000
"""In what stands before the first ``=`` of a line: the time to read a dotted key grows with the square of its parts."""


def read_toml(path: Path, *, shown: str | None = None) -> dict[str, Any]:
    """The content of a TOML file. Raises InputError with the line where the syntax is wrong. `shown`: how messages
    call the file.
    """
    shown = str(path) if shown is None else shown
    data = read_bytes(path, named_in=Location(path=shown))
    try:
        text = data.decode("utf-8-sig")
        if (number := _overlong_key(text)) is not None:
            message = f"has a key of more than {MOST_DOTS} parts"
            raise InputError(Problem(message=message, location=Location(path=shown, line=number)))
        return tomllib.loads(text)
    except UnicodeDecodeError:
        raise InputError(Problem(message="is not UTF-8", location=Location(path=shown))) from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line (\d+), column \d+\)", str(error))
        message = re.sub(r" \(at (line \d+, column \d+|end of document)\)", "", str(error))
        location = Location(path=shown, line=int(line[1]) if line else None)
        raise InputError(Problem(message=f"is not TOML: {message}", location=location)) from None
    except ValueError:  # Python turns no longer one into a number
        message = "holds a whole number of thousands of digits"
        raise InputError(Problem(message=message, location=Location(path=shown))) from None
    except RecursionError:
        raise InputError(Problem(message="is nested too deeply", location=Location(path=shown))) from None


def _overlong_key(text: str) -> int | None:
    """The first line with such a key; dots in a text of many lines count too, as if they stood in a key."""
    for number, line in enumerate(text.splitlines(), start=1):
        key = line.partition("=")[0].lstrip()
        if key.count(".") > MOST_DOTS and not key.startswith("#"):
            return number
    return None

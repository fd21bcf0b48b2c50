"""TOML files: read with a size limit, and with faults that say the line."""

import re
import tomllib
from pathlib import Path
from typing import Any

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.safe_paths import read_bytes


def read_toml(path: Path, *, shown: str | None = None) -> dict[str, Any]:
    """The content of a TOML file. Raises InputError with the line where the syntax is wrong. `shown`: how messages
    call the file.
    """
    shown = str(path) if shown is None else shown
    data = read_bytes(path, named_in=Location(path=shown))
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(Problem(message="is not UTF-8", location=Location(path=shown))) from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line (\d+), column \d+\)", str(error))
        message = re.sub(r" \(at (line \d+, column \d+|end of document)\)", "", str(error))
        location = Location(path=shown, line=int(line[1]) if line else None)
        raise InputError(Problem(message=f"is not TOML: {message}", location=location)) from None
    except RecursionError:
        raise InputError(Problem(message="is nested too deeply", location=Location(path=shown))) from None

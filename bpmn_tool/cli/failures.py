"""What a command that cannot go on tells its user, and its exit code."""

import errno
import os
import sys
import traceback
from collections.abc import Sized
from typing import Final

from bpmn_tool.cli.console import emit_json, say_error, wants_json
from bpmn_tool.errors import BpmnToolError, InputError, InterruptedRun, Location, Problem
from bpmn_tool.messages import _, format_number, ngettext

CANNOT_RUN: Final = 2
INTERRUPTED: Final = 130
"""128 + SIGINT, as shells have it."""
CLOSED_PIPE: Final = 141
"""128 + SIGPIPE: whoever read our output stopped, as in ``bpmn-tool show x.bpmn | head``."""

_FULL: Final = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG, errno.EIO}
"""What a write to an open file fails with; the system does not say which file."""

DEBUG_VARIABLE: Final = "BPMN_TOOL_DEBUG"


def report(failure: BaseException, verb: str) -> int:
    """Say what stopped the command and return the exit code that goes with it."""
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(failure)
    match failure:
        case InterruptedRun():
            say_error(_what_was_kept(failure.finished))
            return INTERRUPTED
        case KeyboardInterrupt():
            say_error(_("Stopped; nothing was kept."))
            return INTERRUPTED
        case BrokenPipeError():
            _stop_writing()
            return CLOSED_PIPE
        case _:
            _say_problems(_problems(failure), verb)
            return CANNOT_RUN


def _problems(failure: BaseException) -> tuple[Problem, ...]:
    match failure:
        case InputError():
            return failure.problems
        case BpmnToolError():
            return (Problem(message=str(failure)),)
        case OSError() if failure.filename is not None:
            place = Location(path=os.fspath(failure.filename) if not isinstance(failure.filename, int) else "")
            said = "is a folder: name a file" if isinstance(failure, IsADirectoryError) else failure.strerror
            return (Problem(message=said or type(failure).__name__, location=place),)
        case OSError() if failure.errno in _FULL:
            return (Problem(message=f"cannot write: {failure.strerror}"),)
        case RuntimeError() if str(failure).startswith("Symlink loop"):  # pathlib's words before Python 3.13
            return (Problem(message=str(failure)),)
        case _:
            return (Problem(message=_unexpected(failure)),)


def _unexpected(failure: BaseException) -> str:
    sentence = _(
        "this is a bug in bpmn-tool, not in your files (%(kind)s: %(detail)s). "
        "Please report it with the command you gave; %(variable)s=1 shows where it happened."
    )
    return sentence % {"kind": type(failure).__name__, "detail": failure, "variable": DEBUG_VARIABLE}


def _say_problems(problems: tuple[Problem, ...], verb: str) -> None:
    for problem in problems:
        say_error(line(problem))
    if wants_json():
        try:
            emit_json(verb, {"errors": [as_object(problem) for problem in problems]})
            sys.stdout.flush()
        except OSError:  # standard output itself cannot be written
            _stop_writing()


def line(problem: Problem) -> str:
    """``path:line: error: message``, as compilers write it and editors read it; a key path stands before the message.

    >>> line(Problem(message="no such role", location=Location(path="a.bpmn", line=3)))
    'a.bpmn:3: error: no such role'
    """
    where = problem.location
    place = where.path + (f":{where.line}" if where.line is not None else "")
    message = f"{where.key}: {problem.message}" if where.key else problem.message
    return f"{place}: error: {message}" if place else f"error: {message}"


def as_object(problem: Problem) -> dict[str, object]:
    """A row of `errors` in the JSON of a command that could not, or not wholly, do its work."""
    where = problem.location
    return {"path": where.path or None, "line": where.line, "key": where.key, "message": problem.message}


def _what_was_kept(finished: object) -> str:
    match finished:
        case str():
            return _("Stopped. %(what)s") % {"what": finished}
        case Sized() if len(finished) > 0:
            count = len(finished)
            sentence = ngettext(
                "Stopped; %(count)s replication was complete, and nothing was written.",
                "Stopped; %(count)s replications were complete, and nothing was written.",
                count,
            )
            return sentence % {"count": format_number(count)}
        case _:
            return _("Stopped; nothing was kept.")


def _stop_writing() -> None:
    """Point standard output at nothing, so that Python's own flush at exit does not fail on the closed pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())

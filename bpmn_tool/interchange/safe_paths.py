"""Paths that files name, kept inside the project: files come from partners by mail."""

from pathlib import Path

from bpmn_tool.errors import InputError, Location, Problem

ROOT_FILE = "bpmn-tool.toml"
MAX_BYTES = 20_000_000


def root_of(file: Path) -> Path:
    """The nearest folder above a file that holds a ``bpmn-tool.toml``, else its own folder; links resolved."""
    folder = file.resolve().parent
    return next((above for above in (folder, *folder.parents) if (above / ROOT_FILE).is_file()), folder)


def inside(named: str, *, folder: Path, root: Path | None) -> Path:
    """A path as a file in `folder` names it, links resolved. ValueError where it leaves `root`; None: it may stand
    anywhere.
    """
    if "\0" in named or not named.strip():
        raise ValueError(f"{named!r} is not the path of a file")
    path = (folder / named).resolve()
    if root is not None and not path.is_relative_to(root):
        raise ValueError(f"'{named}' leaves the project's folder; --allow-outside permits it")
    return path


def read_bytes(path: Path, *, named_in: Location = Location()) -> bytes:
    """The content of a file. Raises InputError: it is missing, is no file, or is larger than 20 MB."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                Problem(message=f"'{path.name}' is larger than {MAX_BYTES // 1_000_000} MB", location=named_in)
            )
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise InputError(Problem(message=f"cannot read '{path.name}': {reason}", location=named_in)) from None

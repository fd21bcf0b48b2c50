"""A draft as the text of a scenario file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from os.path import relpath
from pathlib import Path
from typing import Any, Final

from bpmn_tool.interchange.foreign.draft import HEADS, Draft, Note
from bpmn_tool.interchange.toml_text import comment, text_value
from bpmn_tool.scenario.places import key_path

#: tables of a scenario in the order in which people read them; each holds a table an id
_SECTIONS: Final = (
    "parameters", "arrivals", "attributes", "calendars", "roles", "tasks", "gates", "flows", "handoffs", "events",
    "black_boxes", "costs",
)  # fmt: skip
#: those whose ids are keys, each with its value on a line
_FLAT: Final = frozenset({"parameters", "attributes", "flows", "costs"})
_WIDTH: Final = 110


def scenario_text(draft: Draft, *, name: str, folder: Path, origin: Sequence[Path]) -> str:
    """The file, with the notes as comments at its head; paths are relative to `folder`."""
    models = [Path(relpath(path.resolve(), folder.resolve())).as_posix() for path in draft.files]
    sources = ", ".join(path.name for path in origin)
    top = {key: value for key, value in draft.tables.items() if key not in _SECTIONS}
    lines = [
        f"# Imported from {comment(sources)}.",
        *_comments(draft.notes),
        "",
        "format = 1",
        f"name = {text_value(name)}",
    ]
    lines.append(f"model = {toml_value(models[0] if len(models) == 1 else models)}")
    lines += [f"{key} = {toml_value(value)}" for key, value in top.items()]
    for section in _SECTIONS:
        lines += _section(section, draft.tables.get(section, {}))
    return "\n".join(lines) + "\n"


def _comments(notes: Sequence[Note]) -> Iterator[str]:
    for kind, head in HEADS.items():
        listed = [note for note in notes if note.kind is kind]
        if listed:
            yield f"# {head}"
            yield from (f"# - {comment(str(note))}" for note in listed)


def _section(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    if not table:
        return
    if name in _FLAT:
        yield ""
        yield f"[{name}]"
        yield from (f"{key_path((key,))} = {toml_value(value)}" for key, value in table.items())
        return
    for id_, values in table.items():
        yield ""
        yield f"[{key_path((name, id_))}]"
        yield from (f"{key_path((key,))} = {toml_value(value)}" for key, value in values.items())


def toml_value(value: Any) -> str:
    """A value as TOML; a list that is too long for a line has an item on each."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value) if "e" in repr(value) or "." in repr(value) else f"{value!r}.0"
        case date():
            return value.isoformat()
        case Mapping():
            inside = ", ".join(f"{key_path((key,))} = {toml_value(each)}" for key, each in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple():
            written = [toml_value(each) for each in value]
            whole = f"[{', '.join(written)}]"
            if len(whole) <= _WIDTH or not any(isinstance(each, Mapping) for each in value):
                return whole
            return "[\n" + "".join(f"  {each},\n" for each in written) + "]"
        case _:
            return text_value(str(value))

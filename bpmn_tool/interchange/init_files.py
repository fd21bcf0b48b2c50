"""``init``: from a drawing to a register, a study and a scenario a model, with all ids filled in and "?" where a
number is needed.

It guesses nothing, and never changes a byte that somebody wrote: it adds what is missing, and says what lost its
element.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import commonpath, relpath
from pathlib import Path
from typing import Any

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.asking import Entry, entries, flow_label, ids_of, lane_role, role_entries, toml_key
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.question_sheet import begin_sheet, write_sheet
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.interchange.safe_paths import ROOT_FILE, root_of
from bpmn_tool.interchange.scenario_toml import read_merged, read_scenario
from bpmn_tool.interchange.toml_file import read_toml
from bpmn_tool.interchange.toml_text import add_keys, add_tables, comment, table_text, text_value
from bpmn_tool.model.elements import Model
from bpmn_tool.register.partners import Register, identifier
from bpmn_tool.scenario.places import key_path
from bpmn_tool.scenario.scenario import Question

_ROOT = "# The root of a project: the paths in studies and scenarios stay below this folder.\n"
REGISTER, STUDY = "partners.toml", "study.toml"

_SECTIONS = {
    "arrivals": "What comes in: one table a start event.",
    "tasks": "The work: one table an activity.",
    "flows": "Decisions: the share that goes by each flow; the flow that is left out gets the rest.",
    "events": "What happens by itself, or comes from outside the drawing.",
    "black_boxes": "Participants whose process is not drawn: how they answer.",
    "roles": "Who does the work.",
}

_OFFICE = """\
[calendars.office]
hours = "?"  # for instance { mon-fri = "09:00-12:30 13:00-17:00" }
# holidays = { country = "BE", region = "VLG" }
"""

_HINTS = """\
# More that can be said of a task, a role, a handoff: docs/scenario.md. Any number may be a table that says where it
# comes
# from: { value = 3, low = 2, high = 5, status = "assumed", source = "..." }, with status measured, sourced or assumed.
# A role that is named at a task and has nobody yet gets its table when init is run again, or write it here:
# [roles.clerk]
# count = 2
# calendar = "office"
"""


@dataclass(slots=True)
class Initialised:
    """What was written. `added`: key paths by file; `kept`: files that lacked nothing; `lost`: (file, key path)
    without an element in the drawing;
    `by_hand`: (file, key path) that somebody has to add, since the file is not written as `init` writes it.
    """

    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    added: list[tuple[Path, str]] = field(default_factory=list)
    lost: list[tuple[Path, str]] = field(default_factory=list)
    by_hand: list[tuple[Path, str]] = field(default_factory=list)
    scenarios: list[Path] = field(default_factory=list)
    questions: dict[Path, tuple[Question, ...]] = field(default_factory=dict)
    study: Path = Path(STUDY)

    def write(self, path: Path, text: str, before: str | None) -> None:
        """Writes a file, unless it says the same already."""
        listed = self.kept if text == before else self.written
        if text != before:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        if path not in (*self.kept, *self.written):
            listed.append(path)


def init_files(files: Sequence[Path], folder: Path, *, sheet: str | None = None) -> Initialised:
    """Writes or completes the files for these models in `folder`; `sheet`: the name of a CSV that asks the same as a
    table.

    Raises InputError: a model or a file that is there cannot be read.
    """
    done = Initialised(study=folder / STUDY)
    models = [read_model(path) for path in files]
    _root_file(files, folder, done)
    register = _register(models, folder / REGISTER, done)
    names = _scenario_names(files)
    for n, (file, model, name) in enumerate(zip(files, models, names, strict=True)):
        path = folder / f"{name}.toml"
        first = folder / f"{names[0]}.toml" if n else None
        sheet_name = None if sheet is None else sheet if not n else f"{Path(sheet).stem}_{name}{Path(sheet).suffix}"
        if sheet_name is not None:
            begin_sheet(path.parent / sheet_name, done)
        _scenario(model, register, file, path, first, sheet_name, done)
        done.scenarios.append(path)
        done.questions[path] = read_scenario(path).questions
        if sheet_name is not None:
            asked = done.questions[first] if first is not None else ()
            questions = [question for question in done.questions[path] if question not in asked]
            write_sheet(path.parent / sheet_name, questions, _namer(model, register), done)
    _study(done.scenarios, folder / STUDY, done)
    return done


def _root_file(files: Sequence[Path], folder: Path, done: Initialised) -> None:
    """A project's root above the drawings and the folder, where there is none: paths in scenarios stay below it."""
    folder = folder.resolve()
    root = root_of(folder / STUDY)
    places = [file.resolve() for file in files]
    if all(place.is_relative_to(root) for place in places):
        return
    common = Path(commonpath([folder, *places]))
    if (root / ROOT_FILE).is_file() or common == Path(common.anchor):
        raise InputError("the drawings do not lie in the same project as the folder to write to: put them side by side")
    register = text_value((folder / REGISTER).relative_to(common).as_posix())
    done.write(common / ROOT_FILE, f"{_ROOT}\n[check]\nregister = {register}\n", None)


def _scenario_names(files: Sequence[Path]) -> list[str]:
    names: list[str] = []
    for file in files:
        name = identifier(file.stem) or "scenario"
        while name in (*names, "study", "partners", "kpis"):
            name += "_scenario"
        names.append(name)
    return names


# ---- the register


def _register(models: Sequence[Model], path: Path, done: Initialised) -> Register:
    before = path.read_text(encoding="utf-8") if path.is_file() else None
    known = read_register(path) if before is not None else Register()
    text = before if before is not None else _REGISTER_HEAD
    blocks: list[str] = []
    partners: dict[str, str] = {}
    for model in models:
        for pool in model.participants.values():
            partner = known.partner_of(pool.name or pool.id)
            id_ = partner.id if partner is not None else identifier(pool.name or pool.id)
            if partner is None and id_ not in partners:
                blocks.append(table_text(("partners", id_), [f"name = {text_value(pool.label)}"]))
                done.added.append((path, key_path(("partners", id_))))
            partners[id_] = pool.label
    named: set[str] = set()
    for model in models:
        for name, process in _role_names(model):
            id_ = lane_role(name, known)
            if id_ in named or known.role_of(name) is not None or not id_:
                continue
            named.add(id_)
            owner = next((p for p in model.participants.values() if p.process_ref == process), None)
            partner_id = _partner_id(owner.name or owner.id, known) if owner is not None else "own_organisation"
            if owner is None and partner_id not in known.partners and partner_id not in partners:
                blocks.insert(0, table_text(("partners", partner_id), ['name = "Own organisation"']))
                partners[partner_id] = "Own organisation"
                done.added.append((path, key_path(("partners", partner_id))))
            blocks.append(_role_table(id_, name, partner_id))
            done.added.append((path, key_path(("roles", id_))))
    done.write(path, add_tables(text, blocks), before)
    _lost_roles(known, models, path, done)
    return read_register(path)


_REGISTER_HEAD = """\
format = 1
# Who the partners are and which roles they hold. Contacts are function mailboxes, never people.
# "?" is not stated yet; mandate = false says in so many words that there is none.
"""


def _partner_id(name: str, known: Register) -> str:
    partner = known.partner_of(name)
    return partner.id if partner is not None else identifier(name)


def _role_table(id_: str, name: str, partner: str) -> str:
    return table_text(
        ("roles", id_),
        [
            f"partner = {text_value(partner)}",
            f"name = {text_value(' '.join(name.split()))}",
            'mandate = "?"',
            'secrecy = "?"',
            'deputy = "?"',
        ],
    )


def _role_names(model: Model) -> Iterator[tuple[str, str]]:
    """(name, process) of each lane that holds nodes, and of each pool without lanes that holds work."""
    with_lanes = {lane.process for lane in model.lanes.values()}
    for lane in model.lanes.values():
        if lane.flow_node_refs and not any(inner.parent == lane.id for inner in model.lanes.values()):
            yield lane.name or lane.id, lane.process
    for pool in model.participants.values():
        if pool.process_ref is not None and pool.process_ref not in with_lanes:
            yield pool.name or pool.id, pool.process_ref


def _lost_roles(known: Register, models: Sequence[Model], path: Path, done: Initialised) -> None:
    drawn = {lane_role(lane.name or lane.id, known) for model in models for lane in model.lanes.values()}
    drawn |= {lane_role(pool.name or pool.id, known) for model in models for pool in model.participants.values()}
    done.lost += [(path, key_path(("roles", id_))) for id_ in known.roles if id_ not in drawn]


# ---- scenarios


def _scenario(
    model: Model, register: Register, file: Path, path: Path, first: Path | None, sheet: str | None, done: Initialised
) -> None:
    before = path.read_text(encoding="utf-8") if path.is_file() else None
    text = before if before is not None else _scenario_head(model, file, path, first)
    given: Mapping[str, Any] = read_merged(path) if before is not None else {}
    if before is None and first is not None:
        given = read_merged(first)
    wanted = entries(model, register) + _named_roles(given)
    missing = [entry for entry in wanted if not _answered(entry, given)]
    own = read_toml(path) if before is not None else {}
    if before is None and first is None:
        text = add_tables(text, [_OFFICE])
    text = _with_entries(text, own, missing, path, before is None, done)
    if sheet is not None and "numbers" not in own:
        added = add_keys(text, (), [f"numbers = {text_value(sheet)}"])
        if added is None:
            done.by_hand.append((path, "numbers"))
        text = added or text
    if before is None and first is None:
        text = add_tables(text, [_HINTS])
    done.write(path, text, before)
    done.lost += [(path, lost) for lost in _lost(own, model)]


def _scenario_head(model: Model, file: Path, path: Path, first: Path | None) -> str:
    process = next(iter(model.processes.values()), None)
    pool = next((p for p in model.participants.values() if p.process_ref is not None), None)
    name = " ".join((pool.name if pool else process.name if process else "").split()) or file.stem
    model_path = text_value(Path(relpath(file.resolve(), path.resolve().parent)).as_posix())
    lines = ["format = 1", f"name = {text_value(name)}", f"model = {model_path}"]
    if first is not None:
        lines += [f"extends = {text_value(first.name)}  # what does not differ is written there"]
    else:
        lines += [
            f'register = "{REGISTER}"',
            "start = 2026-01-05T00:00:00  # a Monday; another day matters only with seasons and holidays",
            'time_zone = "UTC"  # for instance "Europe/Brussels"',
            'horizon = "P1Y"  # cases that come in this long are counted ...',
            'follow_up = "P1Y"  # ... and followed this much longer at most',
            'warm_up = "P0D"  # what comes before is not counted: a real office is not empty on its first day',
            "replications = 20",
            "seed = 1",
        ]
    return '# Each "?" is an open question: nothing runs before it is answered.\n' + "\n".join(lines) + "\n"


def _named_roles(given: Mapping[str, Any]) -> list[Entry]:
    """Roles that the scenario names at its tasks and that have nobody yet."""
    tasks = given.get("tasks")
    found: dict[str, None] = {}
    for table in tasks.values() if isinstance(tasks, Mapping) else ():
        if isinstance(table, Mapping):
            role, seats = table.get("role"), table.get("roles")
            found |= dict.fromkeys([role] if isinstance(role, str) and role not in ("?", "none") else [])
            found |= dict.fromkeys(seats if isinstance(seats, Mapping) else ())
    return [entry for role in found for entry in role_entries(role, role)]


def _answered(entry: Entry, given: Mapping[str, Any]) -> bool:
    section = given.get(entry.section)
    table = section.get(entry.id) if isinstance(section, Mapping) else None
    if not entry.key:
        return table is not None
    return isinstance(table, Mapping) and any(key in table for key in (entry.key, *entry.instead))


def _with_entries(
    text: str, own: Mapping[str, Any], missing: Sequence[Entry], path: Path, new: bool, done: Initialised
) -> str:
    blocks: list[str] = []
    section = ""
    for table, group in _tables(missing).items():
        lines = [_line(entry) for entry in group]
        if _stands(own, table):
            added = add_keys(text, table, lines)
            places = done.by_hand if added is None else done.added
            places += [(path, key_path((*table, entry.key or entry.id))) for entry in group]
            text = added if added is not None else text
            continue
        if table[0] != section and new:
            blocks.append(f"# {_SECTIONS[table[0]]}\n")
        section = table[0]
        blocks.append(table_text(table, lines, group[0].label if len(table) > 1 else ""))
        done.added += [(path, key_path((*table, entry.key or entry.id))) for entry in group]
    return add_tables(text, blocks)


def _tables(missing: Sequence[Entry]) -> dict[tuple[str, ...], list[Entry]]:
    tables: dict[tuple[str, ...], list[Entry]] = {}
    for entry in missing:
        tables.setdefault((entry.section, entry.id) if entry.key else (entry.section,), []).append(entry)
    return tables


def _stands(own: Mapping[str, Any], table: tuple[str, ...]) -> bool:
    found: Any = own
    for key in table:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found is not None


def _line(entry: Entry) -> str:
    note = f"{entry.label}; {entry.note}".strip("; ") if not entry.key else entry.note
    line = f"{toml_key(entry.key or entry.id)} = {entry.value}"
    return f"{line}  # {comment(note)}" if note else line


def _lost(own: Mapping[str, Any], model: Model) -> Iterator[str]:
    for section, ids in ids_of(model).items():
        table = own.get(section)
        for id_ in table if isinstance(table, Mapping) else ():
            if id_ not in ids:
                yield key_path((section, id_))


def _namer(model: Model, register: Register) -> Callable[[str], str]:
    def name_of(id_: str) -> str:
        if id_ in model.sequence_flows:
            return flow_label(model, model.sequence_flows[id_])
        if (element := model.get(id_)) is not None and element.name:
            return element.label
        role = register.roles.get(id_)
        return next(iter(role.name.values()), "") if role is not None else ""

    return name_of


# ---- the study


def _study(scenarios: Sequence[Path], path: Path, done: Initialised) -> None:
    if path.is_file():
        own = read_toml(path)
        named = {own.get("baseline"), *own.get("variants", ())}
        done.by_hand += [(path, f"variants: {scenario.name}") for scenario in scenarios if scenario.name not in named]
        done.kept.append(path)
        return
    baseline, *variants = (scenario.name for scenario in scenarios)
    lines = [
        "format = 1",
        'name = "My study"',
        'question = ""  # what do you want to know?',
        f"baseline = {text_value(baseline)}",
        f"variants = [{', '.join(map(text_value, variants))}]",
        'kpis = { verdict = ["cycle_time", "waiting_time", "cost"] }  # and KPIs of your own, with file = "kpis.toml"',
    ]
    done.write(path, "\n".join(lines) + "\n", None)

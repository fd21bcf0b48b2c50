"""The folder ``sign_offs`` beside the register: a file a partner, meanings by their hash, and the names apart.

Every write goes to a file beside and then takes the old one's place, on the disk, under one lock for the folder. The
order is meanings, names, lines, so that a line never names what is not there.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from filelock import FileLock, Timeout

from bpmn_tool.comparison.meaning import Facts, Meaning
from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.replace_file import replace_file
from bpmn_tool.interchange.safe_paths import read_bytes
from bpmn_tool.interchange.sign_off_lines import answer_line, read_chain
from bpmn_tool.interchange.sign_off_merge import branches_in, merged
from bpmn_tool.interchange.toml_text import text_value
from bpmn_tool.register.sign_offs import Chain, SignOff

FOLDER: Final = "sign_offs"
PATIENCE_S: Final = 30.0
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_PEOPLE: Final = """\
# Who gave each answer, by the id of its line. No line of a sign-off file has a name: take an entry out of this file to
# erase it, and every chain stays whole. What git has kept of this file is not erased by that.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Reads and writes the sign-offs of a project."""

    folder: Path

    def path(self, partner: str) -> Path:
        """The file of a partner."""
        return self.folder / f"{quote(partner, safe='')}.jsonl"

    @property
    def people(self) -> Path:
        return self.folder / "people.toml"

    # -- reading

    def chain(self, partner: str) -> Chain:
        """What a partner signed so far. Raises InputError where the chain is broken."""
        path = self.path(partner)
        if not path.is_file():
            return Chain(partner=partner)
        return read_chain(read_bytes(path), partner, str(path))

    def partners_with_files(self, partners: Iterable[str]) -> tuple[str, ...]:
        return tuple(each for each in partners if self.path(each).is_file())

    def names(self) -> Mapping[str, str]:
        """Id of a line to whoever gave the answer, where that is still known."""
        if not self.people.is_file():
            return {}
        try:
            table = tomllib.loads(read_bytes(self.people).decode("utf-8"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InputError(
                Problem(message=f"is no TOML: {error}", location=Location(path=str(self.people)))
            ) from None
        return {
            id_: entry["name"]
            for id_, entry in table.items()
            if isinstance(entry, dict) and isinstance(entry.get("name"), str)
        }

    def facts(self, hash_: str) -> Facts | None:
        """The meaning of that hash, None where it is not kept or is not what it says."""
        path = self._meaning(hash_)
        if not _HASH.fullmatch(hash_) or not path.is_file():
            return None
        try:
            found: dict[str, Any] = json.loads(read_bytes(path))
            meaning = Meaning(step=found["step"], facts=found["facts"])
            return meaning.facts if meaning.hash == hash_ else None
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    # -- writing

    def append(self, entry: SignOff, meanings: Iterable[Meaning], name: str = "") -> Chain:
        """Adds one answer; returns the chain with it. Raises InputError or OSError, and then nothing was added."""
        self._begin()
        with self._locked():
            chain = self.chain(entry.partner)
            for meaning in meanings:
                if not self._meaning(meaning.hash).is_file():
                    self._meaning(meaning.hash).parent.mkdir(exist_ok=True)
                    replace_file(self._meaning(meaning.hash), meaning.canonical, durable=True)
            if name:
                self._note(entry.id, name)
            path = self.path(entry.partner)
            old = read_bytes(path) if path.is_file() else b""
            end = b"\n" if old and not old.endswith(b"\n") else b""
            try:
                replace_file(path, old + end + answer_line(entry, chain.head) + b"\n", durable=True)
            except BaseException:
                if name:
                    self._forget(entry.id)
                raise
            return self.chain(entry.partner)

    def merge(self, partner: str, others: Iterable[Path] = ()) -> tuple[Chain, bool]:
        """Joins the branches in the partner's file, and those in `others`; whether anything had to be joined."""
        self._begin()
        with self._locked():
            path = self.path(partner)
            read = [(read_bytes(each), str(each)) for each in ((path,) if path.is_file() else ())]
            read += [(read_bytes(each), str(each)) for each in others]
            if not read:
                message = "there is no such file: this partner has signed nothing yet"
                raise InputError(Problem(message=message, location=Location(path=str(path))))
            branches = [(side, shown) for data, shown in read for side in branches_in(data)]
            whole = merged(branches, partner)
            chain = read_chain(whole, partner, str(path))
            old = read[0][0] if path.is_file() else b""
            if whole != old:
                replace_file(path, whole, durable=True)
            return chain, whole != old

    def _begin(self) -> None:
        """The folder; git is told to leave out the lock, and the names, which it could not forget."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            replace_file(ignore, b".lock\npeople.toml\n")

    def _meaning(self, hash_: str) -> Path:
        return self.folder / "meanings" / f"{hash_}.json"

    def _note(self, id_: str, name: str) -> None:
        if id_ in self.names():
            return
        old = read_bytes(self.people).decode("utf-8") if self.people.is_file() else _PEOPLE
        replace_file(self.people, f"{old.rstrip()}\n\n[{id_}]\nname = {text_value(name)}\n".encode(), durable=True)

    def _forget(self, id_: str) -> None:
        text = read_bytes(self.people).decode("utf-8")
        kept = re.sub(rf"\n\[{re.escape(id_)}\]\nname = [^\n]*\n", "", text)
        replace_file(self.people, kept.encode(), durable=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = FileLock(self.folder / ".lock", timeout=PATIENCE_S)
        try:
            lock.acquire()
        except Timeout:
            place = Location(path=str(self.folder))
            raise InputError(
                Problem(message="another process is writing sign-offs; try again", location=place)
            ) from None
        try:
            yield
        finally:
            lock.release()


def store_of(register_path: str | Path) -> Store:
    """The sign-offs of the project whose register this is."""
    return Store(folder=Path(register_path).parent / FOLDER)

"""XML parameters of other tools: asked for by local name, each with its line; what is wrong is gathered."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bpmn_tool.errors import Location, Problem
from bpmn_tool.interchange.safe_paths import read_bytes
from bpmn_tool.interchange.xml_source import XmlSource, parse

if TYPE_CHECKING:
    from lxml.etree import _Element


def read_xml(path: Path) -> "Xml":
    """The root of a file. Raises InputError: it is no XML, or not harmless."""
    source = parse(read_bytes(path, named_in=Location(path=str(path))), str(path))
    return Xml(source.root, source)


@dataclass(frozen=True, slots=True)
class Xml:
    """An element with its line. `problems` is shared by all of a file."""

    element: "_Element"
    source: XmlSource
    problems: list[Problem] = field(default_factory=list)

    @property
    def location(self) -> Location:
        return self.source.location(self.element)

    @property
    def name(self) -> str:
        """The local name."""
        return str(self.element.tag).rpartition("}")[2]

    @property
    def namespace(self) -> str:
        return str(self.element.tag)[1:].partition("}")[0] if str(self.element.tag).startswith("{") else ""

    @property
    def text(self) -> str:
        return (self.element.text or "").strip()

    def wrong(self, message: str) -> None:
        self.problems.append(Problem(message=message, location=self.location))

    def all(self, *names: str) -> Iterator["Xml"]:
        """Child elements, those with one of these names if any are given."""
        for child in self.element.iterchildren("*"):
            found = Xml(child, self.source, self.problems)
            if not names or found.name in names:
                yield found

    def one(self, name: str) -> "Xml | None":
        """The first child of a name."""
        return next(self.all(name), None)

    def within(self, name: str, namespaces: Sequence[str]) -> Iterator["Xml"]:
        """All descendants of a name in one of these namespaces."""
        for namespace in namespaces:
            for element in self.element.iter(f"{{{namespace}}}{name}"):
                yield Xml(element, self.source, self.problems)

    def get(self, name: str) -> str | None:
        value = self.element.get(name)
        return None if value is None else str(value)

    def needed(self, name: str) -> str:
        """An attribute that has to be there; empty, and wrong, where it is not."""
        value = self.get(name)
        if value is None:
            self.wrong(f"{self.name} needs '{name}'")
        return value or ""

    def number(self, name: str, default: float | None = None) -> float:
        """An attribute as a number; what is none is wrong, and 0."""
        if self.get(name) is None and default is not None:
            return default
        return self._number(self.needed(name), f"'{name}' of {self.name}")

    def text_number(self) -> float:
        """The text as a number."""
        return self._number(self.text, f"the text of {self.name}")

    def _number(self, text: str, what: str) -> float:
        try:
            value = float(text)
        except ValueError:
            if text:
                self.wrong(f"{what} is no number: {text!r}")
            return 0.0
        if not math.isfinite(value):
            self.wrong(f"{what} is no number: {text!r}")
            return 0.0
        return value

    def moment(self, name: str) -> datetime | None:
        """An attribute as a moment without an offset, in UTC where it has one."""
        text = self.get(name)
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            self.wrong(f"'{name}' of {self.name} is no moment: {text!r}")
            return None
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo is not None else found

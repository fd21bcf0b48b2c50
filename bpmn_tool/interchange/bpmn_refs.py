"""References between elements: resolved once, with a problem for each that points nowhere or at the wrong kind."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from bpmn_tool.errors import Problem
from bpmn_tool.interchange.bpmn_ids import Ids, is_bpmn, own_id, qualified
from bpmn_tool.interchange.xml_source import XmlSource

if TYPE_CHECKING:
    from lxml.etree import _Element


class References:
    """Resolves QNames of one file against the ids of all files.

    `complete` is False when some file could not be read: then nothing is reported as missing.
    """

    def __init__(self, ids: Ids, source: XmlSource, target_namespaces: Collection[str], *, complete: bool) -> None:
        self.ids, self.source = ids, source
        self.targets, self.complete = target_namespaces, complete
        self.problems: list[Problem] = []

    def resolve(
        self, element: "_Element", what: str, value: str | None, kinds: Collection[str] = (), says: str = ""
    ) -> str | None:
        """The id that `value` means, or None where there is no value.

        `kinds` are the local names that may stand there, `says` is what people call them.
        """
        reference = (value or "").strip()
        if not reference:
            return None
        identifier, foreign = self._local(element, reference)
        kind = self.ids.kinds.get(identifier)
        if kind is None:
            if not foreign and self.complete:
                self.problem(element, f"{what} of {self.describe(element)} names '{reference}', which does not exist")
        elif kinds and kind not in kinds:
            self.problem(element, f"{what} of {self.describe(element)} must name {says}, and '{reference}' is a {kind}")
        return identifier

    def required(self, element: "_Element", what: str, kinds: Collection[str], says: str) -> str:
        """The same for an attribute that must be there."""
        value = element.get(what)
        if not (value or "").strip():
            self.problem(element, f"{self.describe(element)} has no {what}")
        return self.resolve(element, what, value, kinds, says) or ""

    def problem(self, element: "_Element", message: str) -> None:
        self.problems.append(Problem(message=message, location=self.source.location(element)))

    def describe(self, element: "_Element") -> str:
        """'userTask Task_1': the nearest element at or around it that has an id; of the drawing, the element itself."""
        if not is_bpmn(element):
            return f"{qualified(element)[1]} {own_id(element)}".rstrip()
        for around in (element, *element.iterancestors()):
            if around in self.ids.of:
                return f"{qualified(around)[1]} {self.ids.of[around]}"
        return f"the {qualified(element)[1]}"

    def _local(self, element: "_Element", reference: str) -> tuple[str, bool]:
        """The id without its prefix; True where the prefix means a namespace that none of the files defines."""
        if reference in self.ids.kinds or ":" not in reference:
            return reference, False
        prefix, _, local = reference.partition(":")
        uri = element.nsmap.get(prefix)
        if uri is None:
            return reference, False
        return (local, False) if uri in self.targets else (reference, True)

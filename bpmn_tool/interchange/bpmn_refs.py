"""References between elements: resolved once, with a remark for each that points nowhere or at the wrong kind.

Most references of the schema are QNames, which may name what is not in the file; such a file is read, and a rule of
``check`` tells of it. A sequence flow's ends and a default are IDREFs, which the schema refuses where they dangle.
"""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from bpmn_tool.errors import Problem
from bpmn_tool.interchange.bpmn_ids import Ids, is_bpmn, own_id, qualified
from bpmn_tool.interchange.xml_source import XmlSource
from bpmn_tool.messages import _
from bpmn_tool.model.elements import Remark, RemarkKind

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
        self.remarks: list[Remark] = []

    def resolve(
        self, element: "_Element", what: str, value: str | None, kinds: Collection[str] = (), says: str = ""
    ) -> str | None:
        """The id that `value` means, or None where it means none: nothing stands there, or what does not exist or is of
        another kind (then it is remarked).

        `kinds` are the local names that may stand there, `says` is what people call them.
        """
        if value is None or not (reference := value.strip()):
            return None
        identifier, message = self._find(element, what, reference, kinds, says)
        if message:
            self.remark(element, message, _about(element, what))
            return None
        return identifier

    def required(self, element: "_Element", what: str, kinds: Collection[str], says: str) -> str:
        """What an attribute names that the schema requires. One that leads nowhere, or to another kind, is remarked and
        stays as it is written.
        """
        reference = self._written(element, what)
        if not reference:
            return ""
        identifier, message = self._find(element, what, reference, kinds, says)
        if message:
            self.remark(element, message, _about(element, what))
        return identifier

    def required_here(self, element: "_Element", what: str, kinds: Collection[str], says: str, section: str) -> str:
        """The same for an IDREF, which names an element of the file or the schema refuses it; `section` of the standard
        says which kinds it may be.
        """
        reference = self._written(element, what)
        if not reference:
            return ""
        identifier, message = self._find(element, what, reference, kinds, says)
        if message and identifier in self.ids.kinds:
            self.problem(element, f"{message} (BPMN 2.0.2, {section})")
        elif message or (identifier not in self.ids.kinds and self.complete):
            self.problem(element, message or self._nowhere(element, what, reference))
        return identifier

    def _written(self, element: "_Element", what: str) -> str:
        reference = (element.get(what) or "").strip()
        if not reference:
            self.problem(element, f"{self.describe(element)} has no {what}, which the schema requires")
        return reference

    def _nowhere(self, element: "_Element", what: str, reference: str) -> str:
        words = {"what": what, "element": self.describe(element), "reference": reference}
        return _("%(what)s of %(element)s names '%(reference)s', which does not exist") % words

    def problem(self, element: "_Element", message: str) -> None:
        self.problems.append(Problem(message=message, location=self.source.location(element)))

    def remark(self, element: "_Element", message: str, kind: RemarkKind = RemarkKind.REFERENCE) -> None:
        self._remark(element, self._owner(element), message, kind)

    def remark_drawing(self, element: "_Element", message: str, drawn: str | None = None) -> None:
        """`drawn` is the id of what this part of the drawing draws."""
        owner = drawn if drawn in self.ids.kinds else self._owner(element)
        self._remark(element, owner, message, RemarkKind.DRAWING)

    def _remark(self, element: "_Element", owner: str, message: str, kind: RemarkKind) -> None:
        place = self.source.location(element)
        self.remarks.append(Remark(element=owner, message=message, location=place, kind=kind))

    def describe(self, element: "_Element") -> str:
        """'userTask Task_1': the nearest element at or around it that has an id; of the drawing, the element itself."""
        if not is_bpmn(element):
            return f"{qualified(element)[1]} {own_id(element)}".rstrip()
        for around in _at_and_around(element):
            if around in self.ids.of:
                return f"{qualified(around)[1]} {self.ids.of[around]}"
        return f"the {qualified(element)[1]}"

    def _owner(self, element: "_Element") -> str:
        """The id of the nearest element that has one; of the drawing, the first of the file."""
        for around in _at_and_around(element):
            if around in self.ids.of:
                return self.ids.of[around]
        return next(iter(self.ids.kinds), "")

    def _find(
        self, element: "_Element", what: str, reference: str, kinds: Collection[str], says: str
    ) -> tuple[str, str]:
        """The id, and what is wrong with it ("": nothing)."""
        identifier, foreign = self._local(element, reference)
        kind = self.ids.kinds.get(identifier)
        if kind is None:
            return identifier, "" if foreign or not self.complete else self._nowhere(element, what, reference)
        if not kinds or kind in kinds:
            return identifier, ""
        words = {"what": what, "element": self.describe(element), "says": _(says), "reference": reference, "kind": kind}
        return identifier, _("%(what)s of %(element)s must name %(says)s, and '%(reference)s' is a %(kind)s") % words

    def _local(self, element: "_Element", reference: str) -> tuple[str, bool]:
        """The id without its prefix; True where the prefix means a namespace that none of the files defines."""
        if reference in self.ids.kinds or ":" not in reference:
            return reference, False
        prefix, _colon, local = reference.partition(":")
        uri = element.nsmap.get(prefix)
        if uri is None:
            return reference, False
        return (local, False) if uri in self.targets else (reference, True)


def _about(element: "_Element", what: str) -> RemarkKind:
    """What a reference that is called so is for."""
    match what:
        case "default":
            return RemarkKind.DEFAULT
        case "attachedToRef":
            return RemarkKind.HOST
        case _:
            return RemarkKind.REFERENCE if is_bpmn(element) else RemarkKind.DRAWING


def _at_and_around(element: "_Element") -> "Iterable[_Element]":
    yield element
    yield from element.iterancestors()

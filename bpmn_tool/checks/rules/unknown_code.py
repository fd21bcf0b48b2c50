"""``unknown-code``: the roles, partners, legal bases and purposes that a model names are in the register."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from bpmn_tool.checks.rule import Checked, Rule, Violation, quoted
from bpmn_tool.messages import _
from bpmn_tool.model.statement import NONE, Statement
from bpmn_tool.register import Register
from bpmn_tool.results.finding import Severity


def find(checked: Checked) -> Iterator[Violation]:
    register = checked.register
    if register is None:
        return
    for element in checked.model.elements():
        for attribute, code, known in _cited(register, element.statement):
            if register.meant(code) not in known and not _is_called(register, attribute, code):
                close = get_close_matches(code, [*known, *register.codes], n=1, cutoff=0.7)
                message = _("%(attribute)s of %(element)s names '%(code)s', which is not in the register%(nearest)s")
                nearest = _(" (did you mean '%(name)s'?)") % {"name": close[0]} if close else ""
                values = {"attribute": attribute, "element": quoted(element), "code": code, "nearest": nearest}
                yield Violation(element.id, message % values)


def _cited(register: Register, statement: Statement) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    tables: Mapping[str, tuple[Iterable[str] | None, Mapping[str, object]]] = {
        "legalBasis": (statement.legal_basis, register.legal_bases),
        "purpose": (statement.purpose, register.purposes),
        "participants": (statement.participants, register.roles),
        "accountable": (_one(statement.accountable), register.roles),
        "controller": (statement.controller, register.partners),
        "contactPoint": (_one(statement.contact_point), register.roles),
    }
    for attribute, (codes, known) in tables.items():
        yield from ((attribute, code, known) for code in codes or ())


def _one(code: str | None) -> tuple[str, ...]:
    return () if code is None or code == NONE else (code,)


def _is_called(register: Register, attribute: str, code: str) -> bool:
    """Roles and partners are found by their names as well."""
    if attribute in ("participants", "accountable", "contactPoint"):
        return register.role_of(code) is not None
    return attribute == "controller" and register.partner_of(code) is not None


RULE = Rule(
    name="unknown-code",
    severity=Severity.ERROR,
    why="A code that is nowhere explained looks like a ground, a role or an aim, and is none.",
    whence="this project: the extension names what the register knows (docs/extension.md)",
    find=find,
)

"""``purpose-mismatch``: what data are used for is something that their legal basis allows."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import about_persons, label, not_stated, personal, work
from bpmn_tool.messages import N_, _, language
from bpmn_tool.register import LegalBasis, Register
from bpmn_tool.results.finding import Severity

_ANY = "any"


def find(checked: Checked) -> Iterator[Violation]:
    model, register = checked.model, checked.register
    asked = [*about_persons(model, (*work(model), *model.message_flows)), *personal(model)]
    if not asked:
        steps = work(model)
        missing = [each for each in steps if model.statement_of(each).purpose is None]
        yield from not_stated(model, _("purpose of steps (purpose)"), steps, missing)
        return
    missing = [each for each in asked if model.statement_of(each).purpose is None]
    yield from not_stated(model, _("purpose of what is about persons (purpose)"), asked, missing)
    if register is None:
        return
    cited: dict[str, LegalBasis] = {}
    for each in asked:
        bases = _bases(register, model.statement_of(each).legal_basis or ())
        cited.update((basis.id, basis) for basis in bases)
        yield from _of(checked, register, each, bases)
    silent = [basis for basis in cited.values() if basis.purposes is None]
    fact = _("purposes that cited legal bases allow (purposes, in the register)")
    yield from not_stated(model, fact, list(cited), [b.id for b in silent], [b.title for b in silent])


def _of(checked: Checked, register: Register, element: str, bases: list[LegalBasis]) -> Iterator[Violation]:
    if not bases or any(basis.purposes is None for basis in bases):
        return
    allowed = {purpose for basis in bases for purpose in basis.purposes or ()}
    beyond = [each for each in checked.model.statement_of(element).purpose or () if each not in allowed]
    if beyond and _ANY not in allowed:
        message = _(
            "%(element)s is for %(purposes)s, which none of its legal bases allows (%(bases)s): cite one that does, or "
            "keep to its purpose"
        )
        values = {
            "element": label(checked.model, element),
            "purposes": ", ".join(f"'{_name(register, each)}'" for each in beyond),
            "bases": "; ".join(basis.title for basis in bases),
        }
        yield Violation(element, message % values)


def _bases(register: Register, codes: tuple[str, ...]) -> list[LegalBasis]:
    return [basis for code in codes if (basis := register.legal_basis(code)) is not None]


def _name(register: Register, purpose: str) -> str:
    known = register.purposes.get(purpose)
    return purpose if known is None else known.name.get(language()) or next(iter(known.name.values()), purpose)


RULE = Rule(
    name="purpose-mismatch",
    severity=Severity.WARNING,
    why="A ground is given for an aim: data that were taken for one may not be used for another.",
    whence="GDPR art. 5(1)(b)",
    find=find,
    question=N_("Does this aim fall under the law that is cited, and if not, which other ground is there?"),
)

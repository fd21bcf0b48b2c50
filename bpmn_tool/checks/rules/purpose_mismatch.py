"""``purpose-mismatch``: what data are used for is something that their legal basis allows."""

from collections.abc import Iterator

from bpmn_tool.checks.rule import Checked, Rule, Violation
from bpmn_tool.checks.stated import about_persons, bases_not_stated, listed, not_stated, personal, work
from bpmn_tool.messages import N_, _, named
from bpmn_tool.register import ANY, LegalBasis, Register
from bpmn_tool.results.finding import Severity


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
    beyond: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for each in asked:
        bases = _bases(register, model.statement_of(each).legal_basis or ())
        cited.update((basis.id, basis) for basis in bases)
        if found := _beyond(model.statement_of(each).purpose or (), bases):
            beyond.setdefault((found, tuple(basis.id for basis in bases)), []).append(each)
    fact = _("purposes that cited legal bases allow (purposes, in the register)")
    yield from bases_not_stated(model, fact, list(cited.values()), lambda basis: basis.purposes)
    for (purposes, codes), elements in beyond.items():
        yield _mismatch(checked, register, purposes, codes, elements)


def _beyond(purposes: tuple[str, ...], bases: list[LegalBasis]) -> tuple[str, ...]:
    """The purposes that none of the bases allows; none where one of these does not say what it allows."""
    if not bases or any(basis.purposes is None for basis in bases):
        return ()
    allowed = {purpose for basis in bases for purpose in basis.purposes or ()}
    return () if ANY in allowed else tuple(each for each in purposes if each not in allowed)


def _mismatch(
    checked: Checked, register: Register, purposes: tuple[str, ...], codes: tuple[str, ...], elements: list[str]
) -> Violation:
    message = _(
        "%(elements)s: for %(purposes)s, which none of the legal bases that are cited allows (%(bases)s): cite one "
        "that does, or keep to its purpose"
    )
    values = {
        "elements": listed(checked.model, elements),
        "purposes": ", ".join(f"'{_name(register, each)}'" for each in purposes),
        "bases": "; ".join(register.legal_bases[code].title for code in codes),
    }
    return Violation(elements[0], message % values, tuple(elements))


def _bases(register: Register, codes: tuple[str, ...]) -> list[LegalBasis]:
    return [basis for code in codes if (basis := register.legal_basis(code)) is not None]


def _name(register: Register, purpose: str) -> str:
    known = register.purposes.get(purpose)
    return purpose if known is None else named(known.name, purpose)


RULE = Rule(
    name="purpose-mismatch",
    severity=Severity.WARNING,
    why="A ground is given for an aim: data that were taken for one may not be used for another.",
    whence="GDPR art. 5(1)(b)",
    find=find,
    question=N_("Does this aim fall under the law that is cited, and if not, which other ground is there?"),
)

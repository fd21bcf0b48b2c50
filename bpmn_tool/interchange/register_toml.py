"""The register of partners, roles and legal bases: ``processes/partners.toml``.

The format, by example (every key but `name` and a role's `partner` may be left out)::

    format = 1

    [partners.city]
    name = { en = "City of Mechelen", nl = "Stad Mechelen" }      # by language, or one text for all
    aliases = ["Stad", "Ville de Malines"]                        # what a pool may be called as well
    contact = "prevention@city.example"                           # a function mailbox, never a person
    response = "confirms receipt within a week"                   # what a partner without a process answers
    sector = "authority"                                          # police, security, justice, help, platform, adviser,
                                                                  # reporter, person (whom it is about), other
    source = "2.1"

    [roles.prevention_officer]
    partner = "city"
    name = { en = "Prevention officer", nl = "Preventieambtenaar" }
    aliases = ["Preventiedienst"]                                 # what a lane may be called as well
    mandate = "coordinates prevention measures"                   # left out: not stated; false: there is none
    legal_bases = ["law_2018_07_30"]                              # ids or codes of legal bases; false: none
    secrecy = "official secrecy"                                  # or false
    deputy = "youth_officer"                                      # id or code of a role, or false
    seat = "core member of the LIVC-R"
    hours = { mon-fri = "09:00-17:00" }                           # or "always"; false: nobody can be reached
    may = ["collect"]                                             # identify, order_removal; false: none of these
    duty_to_report = true                                         # crimes that it learns of
    online = false                                                # works on the internet, where the people are
    capacity = 2                                                  # how many people hold it
    contact = "prevention@city.example"
    codes = ["R3"]                                                # short codes of a brief that mean this role
    source = "2.1"

    [roles.online_analyst]
    partner = "city"
    name = "Online analyst"
    undefined = true                                              # stated in so many words that nobody holds it yet

    [legal_bases.law_2018_07_30]
    title = "Law of 30 July 2018 on local integral security cells"  # or by language, as a name
    article = "art. 2-3"
    link = "https://..."
    valid_from = "2018-09-24"
    valid_to = ""
    status = "in force"
    meaning = "the mayor creates the cell and sets the list of cases"
    effects = ["lifts_secrecy"]                                   # secrecy, duty_to_report, right_to_report; false
    purposes = ["prevent_terrorism"]                              # what it allows data to be used for, or ["any"]
    source = "S2"

    [purposes.prevent_terrorism]
    name = { en = "Preventing terrorist offences", nl = "Terroristische misdrijven voorkomen" }

    [codes]                                                       # other short codes -> id: of steps, KPIs, legal bases
    A0 = "receive_signal"
    K1 = "first_contact"

    [[required_before]]                                           # what must never come without what
    before = ["refer", "put_on_list"]                             # ids of steps, events, gateways or flows, or codes
    before_messages_to = ["caw"]                                  # ... each step that sends to one of these partners
    before_work_of = ["online_analyst"]                           # ... each step of one of these roles
    before_reading = ["case_file"]                                # ... each step that reads one of these data objects
    before_writing = ["case_file"]                                # ... that writes one
    needs = ["juridical_pass"]                                    # one of these is complete (all: several tables)
    unless = ["danger_yes"]                                       # a path that comes here is let off
    within = ["city_process"]                                     # only steps of these processes
    why = "no file of a person before the juridical gate"         # shown with what is found
    severity = "warning"                                          # or "error", as where it is left out

    [[goals]]                                                     # by whom alone it can be reached is told
    name = "First talk"
    from = ["concern_voiced"]                                     # left out: from any start
    to = ["first_talk"]                                           # one of these

Keys that are ids are BPMN-like names (letters, digits, underscores). Two roles cannot be called the same: a lane
would mean both.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.instants import parse_hours
from bpmn_tool.interchange.toml_file import read_toml
from bpmn_tool.register.partners import (
    ANY,
    Effect,
    LegalBasis,
    Partner,
    Power,
    Purpose,
    Register,
    Role,
    Sector,
    identifier,
)
from bpmn_tool.register.requirements import Breach, Goal, RequiredBefore
from bpmn_tool.scenario.places import key_path
from bpmn_tool.scenario.tables import Table
from bpmn_tool.scenario.validate import read_table
from bpmn_tool.scenario.values import nearest

EffectName = Literal["secrecy", "lifts_secrecy", "duty_to_report", "right_to_report"]
Name = str | Mapping[str, str]
Stated = str | Literal[False] | None


class PartnerTable(Table):
    name: Name
    aliases: tuple[str, ...] = ()
    contact: str = ""
    response: str = ""
    sector: (
        Literal[
            "authority", "police", "security", "justice", "help", "platform", "adviser", "reporter", "person", "other"
        ]
        | None
    ) = None
    source: str = ""


class RoleTable(Table):
    partner: str
    name: Name
    aliases: tuple[str, ...] = ()
    mandate: Stated = None
    legal_bases: tuple[str, ...] | Literal[False] | None = None
    secrecy: Stated = None
    deputy: Stated = None
    seat: Stated = None
    hours: str | Mapping[str, str] | Literal[False] | None = None
    may: tuple[Literal["collect", "identify", "order_removal"], ...] | Literal[False] | None = None
    duty_to_report: bool | None = None
    online: bool | None = None
    capacity: int | None = Field(default=None, ge=0)
    contact: str = ""
    codes: tuple[str, ...] = ()
    undefined: bool = False
    source: str = ""


class LegalBasisTable(Table):
    title: Name
    article: str = ""
    link: str = ""
    valid_from: str = ""
    valid_to: str = ""
    status: str = ""
    meaning: str = ""
    effects: tuple[EffectName, ...] | Literal[False] | None = None
    purposes: tuple[str, ...] | Literal[False] | None = None
    source: str = ""


class PurposeTable(Table):
    name: Name


class RequiredBeforeTable(Table):
    REQUIRED = ("needs",)

    before: tuple[str, ...] = ()
    before_messages_to: tuple[str, ...] = ()
    before_work_of: tuple[str, ...] = ()
    before_reading: tuple[str, ...] = ()
    before_writing: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    why: str = ""
    severity: Literal["error", "warning"] = "error"


class GoalTable(Table):
    name: Name
    from_: tuple[str, ...] = Field(default=(), alias="from")
    to: tuple[str, ...]


class RegisterTable(Table):
    format: Literal[1] = 1
    partners: Mapping[str, PartnerTable] = {}
    roles: Mapping[str, RoleTable] = {}
    legal_bases: Mapping[str, LegalBasisTable] = {}
    purposes: Mapping[str, PurposeTable] = {}
    codes: Mapping[str, str] = {}
    required_before: tuple[RequiredBeforeTable, ...] = ()
    goals: tuple[GoalTable, ...] = ()


def read_register(path: Path | str) -> Register:
    """The register of a file. Raises InputError with everything that is wrong, each with its key path.

    An open question ("?") of a text is a text that is not stated yet: `init` writes them, and nothing runs worse by
    one.
    """
    shown = str(path)
    raw = _without_questions(read_toml(Path(path)))
    table = read_table(RegisterTable, raw, path=shown)
    problems = [Problem(message=message, location=Location(path=shown, key=key)) for key, message in _problems(table)]
    if problems:
        raise InputError(problems)
    codes = _codes(table)
    return Register(
        path=shown,
        partners=MappingProxyType({id_: _partner(id_, each, shown) for id_, each in table.partners.items()}),
        roles=MappingProxyType({id_: _role(id_, each, shown, codes) for id_, each in table.roles.items()}),
        legal_bases=MappingProxyType({id_: _legal_basis(id_, each, shown) for id_, each in table.legal_bases.items()}),
        purposes=MappingProxyType({id_: _purpose(id_, each, shown) for id_, each in table.purposes.items()}),
        codes=MappingProxyType(codes),
        required_before=tuple(_required_before(n, each, shown, codes) for n, each in enumerate(table.required_before)),
        goals=tuple(_goal(n, each, shown, codes) for n, each in enumerate(table.goals)),
    )


def _without_questions(raw: Mapping[str, object]) -> dict[str, object]:
    return {key: _within(value) for key, value in raw.items() if value != "?"}


def _within(value: object) -> object:
    match value:
        case Mapping():
            return _without_questions(value)
        case list():
            return [_within(each) for each in value]
        case _:
            return value


def _names(name: Name) -> Mapping[str, str]:
    return MappingProxyType({"en": name} if isinstance(name, str) else dict(name))


def _partner(id_: str, table: PartnerTable, path: str) -> Partner:
    return Partner(
        id=id_,
        name=_names(table.name),
        aliases=table.aliases,
        contact=table.contact,
        response=table.response,
        sector=None if table.sector is None else Sector(table.sector),
        source=table.source,
        location=Location(path=path, key=key_path(("partners", id_))),
    )


def _role(id_: str, table: RoleTable, path: str, codes: Mapping[str, str]) -> Role:
    bases = () if table.legal_bases is False else table.legal_bases
    deputy = _stated(table.deputy)
    return Role(
        id=id_,
        partner=table.partner,
        name=_names(table.name),
        aliases=table.aliases,
        mandate=_stated(table.mandate),
        legal_bases=None if bases is None else tuple(codes.get(base, base) for base in bases),
        secrecy=_stated(table.secrecy),
        deputy=None if deputy is None else codes.get(deputy, deputy),
        seat=_stated(table.seat),
        hours=None if table.hours is None else parse_hours(table.hours or {}),
        may=None if table.may is None else tuple(map(Power, table.may or ())),
        duty_to_report=table.duty_to_report,
        online=table.online,
        capacity=table.capacity,
        contact=table.contact,
        codes=table.codes,
        undefined=table.undefined,
        source=table.source,
        location=Location(path=path, key=key_path(("roles", id_))),
    )


def _purpose(id_: str, table: PurposeTable, path: str) -> Purpose:
    return Purpose(id=id_, name=_names(table.name), location=Location(path=path, key=key_path(("purposes", id_))))


def _legal_basis(id_: str, table: LegalBasisTable, path: str) -> LegalBasis:
    texts = table.model_dump(exclude={"open_questions", "title", "effects", "purposes"})
    return LegalBasis(
        id=id_,
        title=next(iter(_names(table.title).values()), ""),
        name=_names(table.title),
        effects=None if table.effects is None else tuple(map(Effect, table.effects or ())),
        purposes=None if table.purposes is None else tuple(table.purposes or ()),
        location=Location(path=path, key=key_path(("legal_bases", id_))),
        **texts,
    )


#: the lists of ids in a table of [[required_before]]; the first five say which steps are meant
_BEFORE = ("before", "before_messages_to", "before_work_of", "before_reading", "before_writing")
_LISTS = (*_BEFORE, "needs", "unless", "within")


def _required_before(n: int, table: RequiredBeforeTable, path: str, codes: Mapping[str, str]) -> RequiredBefore:
    ids = {key: tuple(codes.get(id_, id_) for id_ in getattr(table, key)) for key in _LISTS}
    return RequiredBefore(
        **ids,
        why=table.why,
        severity=Breach(table.severity),
        location=Location(path=path, key=key_path(("required_before", n))),
    )


def _goal(n: int, table: GoalTable, path: str, codes: Mapping[str, str]) -> Goal:
    return Goal(
        name=_names(table.name),
        to=tuple(codes.get(id_, id_) for id_ in table.to),
        start=tuple(codes.get(id_, id_) for id_ in table.from_),
        location=Location(path=path, key=key_path(("goals", n))),
    )


def _stated(value: Stated) -> str | None:
    """``false`` says in so many words that there is none; a key left out says nothing."""
    return "none" if value is False else value


def _codes(table: RegisterTable) -> dict[str, str]:
    codes = dict(table.codes)
    for id_, role in table.roles.items():
        codes.update(dict.fromkeys(role.codes, id_))
    return codes


def _problems(table: RegisterTable) -> Iterator[tuple[str, str]]:
    codes = _codes(table)
    for id_, role in table.roles.items():
        if role.partner not in table.partners:
            message = f"no partner '{role.partner}' in [partners]{nearest(role.partner, frozenset(table.partners))}"
            yield key_path(("roles", id_, "partner")), message
        for n, base in enumerate(role.legal_bases or ()):
            if codes.get(base, base) not in table.legal_bases:
                message = f"no legal basis '{base}' in [legal_bases]{nearest(base, frozenset(table.legal_bases))}"
                yield key_path(("roles", id_, "legal_bases", n)), message
        if role.deputy and role.deputy != "none" and codes.get(role.deputy, role.deputy) not in table.roles:
            message = f"no role '{role.deputy}' in [roles]{nearest(role.deputy, frozenset(table.roles))}"
            yield key_path(("roles", id_, "deputy")), message
        if role.hours:
            try:
                parse_hours(role.hours)
            except ValueError as error:
                yield key_path(("roles", id_, "hours")), str(error)
    for id_, basis in table.legal_bases.items():
        for n, purpose in enumerate(basis.purposes or ()):
            if purpose != ANY and purpose not in table.purposes:
                message = f"no purpose '{purpose}' in [purposes]{nearest(purpose, frozenset(table.purposes))}"
                yield key_path(("legal_bases", id_, "purposes", n)), message
    yield from _requirements(table, codes)
    yield from _doubled_codes(table)
    yield from _doubled("roles", ((id_, _called(id_, each.name, each.aliases)) for id_, each in table.roles.items()))
    yield from _doubled(
        "partners", ((id_, _called(id_, each.name, each.aliases)) for id_, each in table.partners.items())
    )


def _requirements(table: RegisterTable, codes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Ids of the models are not known here; those of partners and roles are."""
    known: dict[str, tuple[str, str, frozenset[str]]] = {
        "before_messages_to": ("partner", "[partners]", frozenset(table.partners)),
        "before_work_of": ("role", "[roles]", frozenset(table.roles)),
    }
    for n, each in enumerate(table.required_before):
        for key, (what, section, ids) in known.items():
            for number, id_ in enumerate(getattr(each, key)):
                if codes.get(id_, id_) not in ids:
                    place = key_path(("required_before", n, key, number))
                    yield place, f"no {what} '{id_}' in {section}{nearest(id_, ids)}"
        if not each.needs:
            yield key_path(("required_before", n, "needs")), "at least one id is wanted here"
        if not any(getattr(each, key) for key in _BEFORE):
            message = f"nothing says before what: one of {', '.join(_BEFORE)} is missing"
            yield key_path(("required_before", n)), message
    for n, goal in enumerate(table.goals):
        if not goal.to:
            yield key_path(("goals", n, "to")), "at least one id is wanted here"


def _doubled_codes(table: RegisterTable) -> Iterator[tuple[str, str]]:
    seen = dict(table.codes)
    for id_, role in table.roles.items():
        for code in role.codes:
            if seen.setdefault(code, id_) != id_:
                yield key_path(("roles", id_, "codes")), f"the code '{code}' means '{seen[code]}' already"


def _called(id_: str, name: Name, aliases: Iterable[str]) -> tuple[str, ...]:
    return (id_, *_names(name).values(), *aliases)


def _doubled(section: str, named: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for id_, names in named:
        for name in names:
            if not identifier(name):
                yield key_path((section, id_)), f"the name '{name}' has no letter or digit"
            elif seen.setdefault(identifier(name), id_) != id_:
                yield (
                    key_path((section, id_)),
                    f"is called '{name}', as '{seen[identifier(name)]}' is: a name has to mean one",
                )


__all__ = ["read_register"]

"""Who the partners are, which roles they hold, on which ground; and how a lane finds its role."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Final

from bpmn_tool.errors import Location
from bpmn_tool.instants import WeeklyHours
from bpmn_tool.register.requirements import Goal, RequiredBefore


def identifier(name: str) -> str:
    """A name as an id: lower case, ASCII, every run of other characters one underscore ("Préfet de police" ->
    ``prefet_de_police``).
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z0-9]+", "_", ascii_name.lower()).strip("_")
    # a name in another script has no ASCII letters: its own letters are its id
    return found or re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name).casefold()).strip("_")


class Sector(Enum):
    """What kind of organisation a partner is, as far as rules ask."""

    AUTHORITY = "authority"  # a city, a region, an agency
    POLICE = "police"
    SECURITY = "security"
    JUSTICE = "justice"
    HELP = "help"  # care, welfare, education, youth work: social and preventive partners
    PLATFORM = "platform"  # hosts what others write
    ADVISER = "adviser"
    REPORTER = "reporter"  # whoever raises a concern
    PERSON = "person"  # whom it is about
    OTHER = "other"


class Power(Enum):
    """What a role may do that not everybody may; named like the acts of the extension."""

    COLLECT = "collect"  # data about persons
    IDENTIFY = "identify"  # a person behind an account
    ORDER_REMOVAL = "order_removal"  # of a content


class Effect(Enum):
    """What a legal basis does beyond giving a ground."""

    SECRECY = "secrecy"  # binds to it
    LIFTS_SECRECY = "lifts_secrecy"  # inside a consultation
    DUTY_TO_REPORT = "duty_to_report"
    RIGHT_TO_REPORT = "right_to_report"


ANY: Final = "any"
"""All purposes, of a legal basis that allows every one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What data are used for: steps name it, and legal bases allow it."""

    id: str
    name: Mapping[str, str]  # language -> name
    location: Location = field(default_factory=Location)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """A legal instrument as data: codes in files refer to it. None is *not stated*, ``()`` *stated that there is none*.

    `purposes`: ids of those that it allows; ``("any",)`` for all.
    """

    id: str
    title: str
    name: Mapping[str, str] = field(default_factory=dict, hash=False)  # language -> title
    effects: tuple[Effect, ...] | None = None
    purposes: tuple[str, ...] | None = None
    location: Location = field(default_factory=Location)
    article: str = ""
    link: str = ""
    valid_from: str = ""
    valid_to: str = ""
    status: str = ""
    meaning: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """An organisation. `contact` is a function mailbox, never a person.

    `response`: what a partner without a process answers to what it receives.
    """

    id: str
    name: Mapping[str, str]  # language -> name
    aliases: tuple[str, ...] = ()
    contact: str = ""
    response: str = ""
    sector: Sector | None = None
    source: str = ""
    location: Location = field(default_factory=Location)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of a partner. None means *not stated*; a false or "none" value *stated as absent*: the two differ."""

    id: str
    partner: str  # id of its partner
    name: Mapping[str, str]  # language -> name
    aliases: tuple[str, ...] = ()
    mandate: str | None = None
    legal_bases: tuple[str, ...] | None = None  # ids of legal bases
    secrecy: str | None = None
    deputy: str | None = None  # id of a role
    seat: str | None = None
    #: when somebody of this role can be reached; a week without any for "false"
    hours: WeeklyHours | None = None
    may: tuple[Power, ...] | None = None
    duty_to_report: bool | None = None  # crimes that it learns of
    online: bool | None = None  # works where the people are, on the internet
    capacity: int | None = None  # how many people hold it
    contact: str = ""
    codes: tuple[str, ...] = ()  # short codes of a brief that mean this role
    #: stated in so many words that nobody holds it yet: a lane of such a role is undefined
    undefined: bool = False
    source: str = ""
    location: Location = field(default_factory=Location)


@dataclass(frozen=True, kw_only=True)
class Register:
    """All partners, roles and legal bases, by id; `codes` is the one table from short codes (R1, A0, K1) to ids."""

    path: str = ""
    partners: Mapping[str, Partner] = field(default_factory=lambda: MappingProxyType({}))
    roles: Mapping[str, Role] = field(default_factory=lambda: MappingProxyType({}))
    legal_bases: Mapping[str, LegalBasis] = field(default_factory=lambda: MappingProxyType({}))
    purposes: Mapping[str, Purpose] = field(default_factory=lambda: MappingProxyType({}))
    codes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    required_before: tuple[RequiredBefore, ...] = ()
    goals: tuple[Goal, ...] = ()

    def role_of(self, name: str) -> Role | None:
        """The role that a lane's name means: by id, by a name in any language, or by an alias; case, accents and
        punctuation do not count.
        """
        return self._roles_by_name.get(identifier(name))

    def partner_of(self, name: str) -> Partner | None:
        """The partner that a pool's name means, found as a role is."""
        return self._partners_by_name.get(identifier(name))

    def meant(self, code: str) -> str:
        """The id that a short code stands for; an id stands for itself."""
        return self.codes.get(code, code)

    def legal_basis(self, code: str) -> LegalBasis | None:
        """By id or short code."""
        return self.legal_bases.get(self.meant(code))

    def role(self, code: str) -> Role | None:
        """By id or short code, else as :meth:`role_of` finds it."""
        return self.roles.get(self.meant(code)) or self.role_of(code)

    @cached_property
    def _roles_by_name(self) -> Mapping[str, Role]:
        return {
            identifier(text): role
            for role in reversed(tuple(self.roles.values()))
            for text in (*role.aliases, *role.name.values(), role.id)
        }

    @cached_property
    def _partners_by_name(self) -> Mapping[str, Partner]:
        return {
            identifier(text): partner
            for partner in reversed(tuple(self.partners.values()))
            for text in (*partner.aliases, *partner.name.values(), partner.id)
        }

"""Who the partners are, which roles they hold, on which ground; and how a lane finds its role."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from bpmn_tool.errors import Location
from bpmn_tool.register.requirements import Goal, RequiredBefore


def identifier(name: str) -> str:
    """A name as an id: lower case, ASCII, every run of other characters one underscore ("Préfet de police" ->
    ``prefet_de_police``).
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z0-9]+", "_", ascii_name.lower()).strip("_")
    # a name in another script has no ASCII letters: its own letters are its id
    return found or re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name).casefold()).strip("_")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """A legal instrument as data: codes in files refer to it."""

    id: str
    title: str
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

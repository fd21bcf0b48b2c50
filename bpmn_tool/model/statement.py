"""What a model says of an element in the extension ``urn:bpmn-tool:1``, for which the standard has no place.

A field that is None is *not stated*; ``()``, ``"none"`` and False are *stated that there is none*: the two differ. Who
is meant (roles, partners, legal bases, purposes) stands as it is written, an id or a short code of the register; the
register says what it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from types import MappingProxyType
from typing import Final

from bpmn_tool.instants import Duration

NONE: Final = "none"
"""How a text says in so many words that there is none."""


class Act(Enum):
    """What a step or a message does that a rule asks about; a step may do several of these."""

    COLLECT = "collect"  # gathers data, from the open internet or from people
    SCORE = "score"  # software gives a score, a flag, a class
    IDENTIFY = "identify"  # goes from a content or an account to a person
    CONTACT = "contact"  # speaks with the person concerned
    INFORM = "inform"  # tells the person concerned, or the parents, what is done about them
    ASK = "ask"  # wants information of another partner
    CONSULT = "consult"  # several partners speak about one person
    FRAME = "frame"  # fixes beforehand who takes part in a consultation, for what and how
    REFER = "refer"  # hands a person or a file over
    FOLLOW_UP = "follow_up"  # carries out what was decided
    FEEDBACK = "feedback"  # tells whoever raised a concern what came of it
    ORDER_REMOVAL = "order_removal"  # orders a platform to take a content down
    NOTIFY = "notify"  # gives a platform or authority notice of a content
    START_RETENTION = "start_retention"  # sets the day on which data are erased
    ERASE = "erase"
    AUDIT = "audit"  # looks into errors and bias of what software does
    SUPPORT = "support"  # supports those who do the work: supervision, debriefing
    SECOND_READING = "second_reading"  # somebody else reads again, without the first reading
    TRANSFER = "transfer"  # hands over to whoever is competent elsewhere
    OTHER = "other"  # none of these


class Topic(Enum):
    """What a gateway decides."""

    DANGER = "danger"  # is anybody in danger?
    AGE = "age"  # a minor or an adult?
    AUTHENTICITY = "authenticity"  # meant, or play (trolling, irony, a test)?
    LOCALITY = "locality"  # is it ours, or another place's?
    GROUND = "ground"  # does the law allow it?
    COOPERATION = "cooperation"  # does the person take part?
    OUTCOME = "outcome"  # what is done, whether it goes on
    OTHER = "other"


class Outcome(Enum):
    """What a message answers."""

    ACCEPTED = "accepted"
    DECLINED = "declined"  # says that it will not, or may not, say or do it
    ANSWERED = "answered"
    OTHER = "other"


class Category(Enum):
    """Personal data by what the GDPR asks of it: art. 6, 9 and 10."""

    ORDINARY = "ordinary"
    SPECIAL = "special"
    CRIMINAL = "criminal"


class Channel(Enum):
    ONLINE = "online"
    OFFLINE = "offline"


class Evidence(Enum):
    """On what a statement rests."""

    SOURCED = "sourced"
    KNOWN = "known"  # general knowledge, not looked up
    ASSUMED = "assumed"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """All that can be said of one element. `retention` is a duration, or False for none that is set."""

    # steps and messages
    act: tuple[Act, ...] | None = None
    person_level: bool | None = None  # about one person, not about trends
    legal_basis: tuple[str, ...] | None = None  # ids or codes of legal bases
    purpose: tuple[str, ...] | None = None  # ids of purposes
    participants: tuple[str, ...] | None = None  # ids or codes of roles that take part beside whoever does it
    accountable: str | None = None  # id or code of the role that answers for it
    urgent: bool | None = None  # cannot wait until the office opens
    channel: Channel | None = None
    outcome: Outcome | None = None  # of a message
    # gateways
    decides: tuple[Topic, ...] | None = None
    criteria: str | None = None  # by which it is decided
    # data
    personal_data: bool | None = None
    category: tuple[Category, ...] | None = None
    controller: tuple[str, ...] | None = None  # ids of partners
    contact_point: str | None = None  # id or code of the role that answers the requests of those concerned
    retention: Duration | bool | None = None
    # ends
    kpi: tuple[str, ...] | None = None  # ids of KPIs that count what ends here
    # of all of this
    evidence: Evidence | None = None
    source: str | None = None
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)  # language -> name
    ignored: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)  # rule -> why

    def over(self, other: "Statement") -> "Statement":
        """What this says, and where it says nothing what the other does."""
        if other is UNSTATED or other == UNSTATED:
            return self
        own = {each.name: getattr(self, each.name) for each in fields(self)}
        merged = {name: getattr(other, name) if value in (None, {}) else value for name, value in own.items()}
        return Statement(**merged)


UNSTATED: Final = Statement()

"""Where a text was read, but may mean something else in the language that it was written in."""

from dataclasses import dataclass
from enum import Enum, auto


class Dialect(Enum):
    """What the wrapping of a text says of its language."""

    PLAIN = auto()  # none: ours, or anybody's
    JUEL = auto()  # ${...} and #{...}
    FEEL = auto()  # a leading =


class RemarkKind(Enum):
    """Why the meaning is not certain."""

    ASSIGNMENT = auto()  # ${a = b} assigns in newer versions of JUEL; read as equality
    CHAIN = auto()  # a < b < c compares a truth value with c there; read as both comparisons
    SIGN_OF_REMAINDER = auto()  # -5 % 3 is -2 there, and 1 here
    COMMENT = auto()  # `x = 1 // text` is a comment in many languages; read as whole division


@dataclass(frozen=True, slots=True)
class Remark:
    """`position` counts from 0 in the whole text."""

    kind: RemarkKind
    position: int

"""The typed tree of an expression: a fixed set of nodes, all frozen, compared by value."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | None"


class BinaryOperator(Enum):
    """Arithmetic of two operands; the value is how it is written."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    FLOOR_DIVIDE = "//"
    REMAINDER = "%"
    POWER = "**"


class ComparisonOperator(Enum):
    """Comparison of two operands; the value is how it is printed."""

    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    IN = "in"
    NOT_IN = "not in"


class LogicalOperator(Enum):
    """Short-circuit connective of truth values."""

    AND = "and"
    OR = "or"


@dataclass(frozen=True, slots=True)
class Literal:
    """A number (never negative: minus is a node), a text, true, false or null."""

    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Name:
    """A name that the environment has to know."""

    name: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list: `[1, 2, x]`."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Negation of a truth value."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic."""

    operator: BinaryOperator
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Logical:
    """`a and b and c` or `a or b or c`: two operands or more."""

    operator: LogicalOperator
    operands: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a < b <= c`: a first operand and one link or more, each tested between neighbours."""

    first: "Node"
    links: "tuple[tuple[ComparisonOperator, Node], ...]"


@dataclass(frozen=True, slots=True)
class Conditional:
    """`then if condition else otherwise`."""

    condition: "Node"
    then: "Node"
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function of the table in functions.py."""

    function: str
    arguments: "tuple[Node, ...]"


class Quantifier(Enum):
    """How many values of a list a condition has to hold for."""

    SOME = "some"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some name in values satisfies condition`; none stands in another, so that its steps stay bounded."""

    quantifier: Quantifier
    name: str
    values: "Node"
    condition: "Node"


Node: TypeAlias = (
    Literal | Name | Items | Not | Negative | Binary | Logical | Comparison | Conditional | Call | Quantified
)


def children(node: Node) -> "tuple[Node, ...]":
    """The nodes right below `node`, from left to right."""
    match node:
        case Literal() | Name():
            return ()
        case Items(items):
            return items
        case Not(operand) | Negative(operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Logical(_, operands):
            return operands
        case Comparison(first, links):
            return (first, *(operand for _, operand in links))
        case Conditional(condition, then, otherwise):
            return (condition, then, otherwise)
        case Call(_, arguments):
            return arguments
        case Quantified(_, _, values, condition):
            return (values, condition)


def levels(root: Node) -> Iterator[tuple[Node, ...]]:
    """The tree level by level, without recursion, so that depth can be measured before anything recurses over it."""
    level: tuple[Node, ...] = (root,)
    while level:
        yield level
        level = tuple(child for node in level for child in children(node))


def free_names(root: Node) -> frozenset[str]:
    """The names that an environment has to know."""
    found: set[str] = set()
    open_nodes: list[tuple[Node, str | None]] = [(root, None)]
    while open_nodes:
        node, bound = open_nodes.pop()
        match node:
            case Name(name):
                found |= {name} - {bound}
            case Quantified(_, name, values, condition):
                open_nodes += [(values, bound), (condition, name)]
            case _:
                open_nodes += [(child, bound) for child in children(node)]
    return frozenset(found)

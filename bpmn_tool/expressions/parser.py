"""Tokens to a tree: a Pratt parser with a bound on depth.

From loose to tight: conditional, or, and, not, comparison, + -, * / // %, unary - and !, **. As in Python,
-2 ** 2 is -4.
"""

from typing import Final

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions.functions import FUNCTIONS
from bpmn_tool.expressions.lexer import Token, TokenKind, tokenize
from bpmn_tool.expressions.nodes import (
    Binary,
    BinaryOperator,
    Call,
    Comparison,
    ComparisonOperator,
    Conditional,
    Items,
    Literal,
    Logical,
    LogicalOperator,
    Name,
    Negative,
    Node,
    Not,
    levels,
)

MAX_DEPTH: Final = 100  # levels of a tree, and of nesting while it is read

CONDITIONAL, OR, AND, NOT, COMPARISON, SUM, PRODUCT, UNARY, POWER = range(9)

CONSTANTS: Final[dict[str, bool | None]] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "None": None,
}
RESERVED: Final = frozenset({*CONSTANTS, "and", "or", "not", "in", "if", "then", "else"})

_LOGICAL: Final = {
    "or": (OR, LogicalOperator.OR),
    "||": (OR, LogicalOperator.OR),
    "and": (AND, LogicalOperator.AND),
    "&&": (AND, LogicalOperator.AND),
}
_COMPARISONS: Final = {
    **{operator.value: operator for operator in ComparisonOperator if operator is not ComparisonOperator.NOT_IN},
    "=": ComparisonOperator.EQUAL,
    "<>": ComparisonOperator.NOT_EQUAL,
    "eq": ComparisonOperator.EQUAL,
    "ne": ComparisonOperator.NOT_EQUAL,
    "lt": ComparisonOperator.LESS,
    "le": ComparisonOperator.LESS_OR_EQUAL,
    "gt": ComparisonOperator.GREATER,
    "ge": ComparisonOperator.GREATER_OR_EQUAL,
}
_ARITHMETIC: Final = {
    "+": (SUM, BinaryOperator.ADD),
    "-": (SUM, BinaryOperator.SUBTRACT),
    "*": (PRODUCT, BinaryOperator.MULTIPLY),
    "/": (PRODUCT, BinaryOperator.DIVIDE),
    "div": (PRODUCT, BinaryOperator.DIVIDE),
    "//": (PRODUCT, BinaryOperator.FLOOR_DIVIDE),
    "%": (PRODUCT, BinaryOperator.REMAINDER),
    "mod": (PRODUCT, BinaryOperator.REMAINDER),
}


class Parser:
    """Reads nodes from `text[start:end]`. Words such as `eq` are operators between operands and names elsewhere."""

    def __init__(self, text: str, start: int, end: int, *, script: bool = False) -> None:
        self._tokens = tokenize(text, start, end, script=script)
        self._at = 0
        self._depth = 0
        self._script = script

    @property
    def token(self) -> Token:
        """The next token."""
        return self._tokens[self._at]

    def advance(self) -> Token:
        """Takes the next token."""
        token = self._tokens[self._at]
        self._at += token.kind is not TokenKind.END
        return token

    def fail(self, wanted: str) -> ExpressionError:
        """The error that the next token is not what was wanted."""
        token = self.token
        found = "the end" if token.kind is TokenKind.END else repr(str(token.value))
        if token.kind is TokenKind.NEWLINE:
            found = "the end of the line"
        return ExpressionError(f"expected {wanted} at character {token.start + 1}, found {found}", position=token.start)

    def skip(self, *symbols: str) -> bool:
        """Takes the next token if it is one of these symbols or words."""
        if self._operator() in symbols:
            self.advance()
            return True
        return False

    def expect(self, symbol: str) -> None:
        """Takes this symbol or word."""
        if not self.skip(symbol):
            raise self.fail(repr(symbol))

    def expression(self, tightness: int = CONDITIONAL) -> Node:
        """A node whose operators all bind at least so tightly; refuses trees that are too deep."""
        if self._depth >= MAX_DEPTH:
            raise ExpressionError(
                f"nested more than {MAX_DEPTH} deep at character {self.token.start + 1}", position=self.token.start
            )
        self._depth += 1
        node = self._infix(self._prefix(), tightness)
        self._depth -= 1
        if self._depth == 0 and sum(1 for _ in levels(node)) > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} operators in one another", position=0)
        return node

    def _operator(self) -> str:
        """The symbol or word that comes next; empty for numbers, texts and ends."""
        token = self.token
        return str(token.value) if token.kind in (TokenKind.SYMBOL, TokenKind.NAME) else ""

    def _prefix(self) -> Node:
        token = self.advance()
        match token.kind:
            case TokenKind.NUMBER | TokenKind.TEXT:
                return Literal(token.value)
            case TokenKind.NAME:
                return self._word(token, str(token.value))
            case TokenKind.SYMBOL:
                match token.value:
                    case "(":
                        node = self.expression()
                        self.expect(")")
                        return node
                    case "[":
                        return Items(self._sequence("]"))
                    case "-":
                        return Negative(self.expression(UNARY))
                    case "+":
                        return self.expression(UNARY)
                    case "!":
                        return Not(self.expression(UNARY))
        self._at -= token.kind is not TokenKind.END
        raise self.fail("a value")

    def _word(self, token: Token, word: str) -> Node:
        if word in CONSTANTS:
            return Literal(CONSTANTS[word])
        if word == "not":
            return Not(self.expression(NOT))
        if word == "if":
            condition = self.expression(OR)
            self.expect("then")
            then = self.expression()
            self.expect("else")
            return Conditional(condition, then, self.expression())
        if word in RESERVED:
            self._at -= 1
            raise self.fail("a value")
        if self._operator() == "(":
            return self._call(token, word)
        return Name(word)

    def _call(self, token: Token, name: str) -> Node:
        function = FUNCTIONS.get(name)
        if function is None:
            known = ", ".join(FUNCTIONS)
            raise ExpressionError(
                f"there is no function {name!r} (character {token.start + 1}); there are {known}", position=token.start
            )
        self.advance()
        arguments = self._sequence(")")
        if not function.fewest <= len(arguments) <= function.most:
            raise ExpressionError(
                f"{name} takes {function.fewest} to {function.most} values, not {len(arguments)}", position=token.start
            )
        return Call(name, arguments)

    def _sequence(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self.skip(closing):
            items.append(self.expression())
            if not self.skip(","):
                self.expect(closing)
                break
        return tuple(items)

    def _infix(self, left: Node, tightness: int) -> Node:
        while True:
            word = self._operator()
            if word in _ARITHMETIC and _ARITHMETIC[word][0] >= tightness:
                strength, operator = _ARITHMETIC[word]
                self.advance()
                left = Binary(operator, left, self.expression(strength + 1))
            elif word == "**":
                self.advance()
                left = Binary(BinaryOperator.POWER, left, self.expression(UNARY))
            elif tightness <= COMPARISON and self._comparison() is not None:
                left = self._chain(left)
            elif word in _LOGICAL and _LOGICAL[word][0] >= tightness:
                left = self._logical(left, word)
            elif word == "if" and tightness == CONDITIONAL:
                self.advance()
                condition = self.expression(OR)
                self.expect("else")
                return Conditional(condition, left, self.expression())
            elif word == "?" and tightness == CONDITIONAL:
                self.advance()
                then = self.expression()
                self.expect(":")
                return Conditional(left, then, self.expression())
            else:
                return left

    def _comparison(self) -> ComparisonOperator | None:
        word = self._operator()
        if word == "not" and self._tokens[self._at + 1].value == "in":
            return ComparisonOperator.NOT_IN
        if word == "=" and self._script:
            raise ExpressionError(
                f"a second '=' at character {self.token.start + 1}; in a script equality is written ==",
                position=self.token.start,
            )
        return _COMPARISONS.get(word)

    def _chain(self, first: Node) -> Node:
        links: list[tuple[ComparisonOperator, Node]] = []
        while (operator := self._comparison()) is not None:
            self.advance()
            if operator is ComparisonOperator.NOT_IN:
                self.advance()
            links.append((operator, self.expression(SUM)))
        return Comparison(first, tuple(links))

    def _logical(self, first: Node, word: str) -> Node:
        strength, operator = _LOGICAL[word]
        operands = [first]
        while _LOGICAL.get(self._operator(), (None, None))[1] is operator:
            self.advance()
            operands.append(self.expression(strength + 1))
        return Logical(operator, tuple(operands))

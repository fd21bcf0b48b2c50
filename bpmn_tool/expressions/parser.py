"""Tokens to a tree: a Pratt parser with a bound on depth.

What FEEL, JUEL and XPath write otherwise is read where it means the same: ``=``, ``<>``, ``eq``, ``div``,
``in [1..5]``, ``between``, ``some x in xs satisfies``, ``empty x``, ``true()``, names of functions. Where it may mean
something else there, a remark says so (:mod:`bpmn_tool.expressions.remarks`).

From loose to tight: conditional, or, and, not, comparison, + -, * / // %, unary - and !, **. As in Python,
-2 ** 2 is -4.
"""

from typing import Final

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions.functions import FOREIGN, FUNCTIONS
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
    Quantified,
    Quantifier,
    levels,
)
from bpmn_tool.expressions.remarks import Dialect, Remark, RemarkKind

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
    "===": ComparisonOperator.EQUAL,
    "!==": ComparisonOperator.NOT_EQUAL,
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
#: words after which `empty`, `some` and `every` are names
_BETWEEN_OPERANDS: Final = frozenset(
    {*_LOGICAL, *_COMPARISONS, *_ARITHMETIC, "in", "not", "if", "then", "else", "between", "satisfies"}
)
_AFTER: Final = {"]": True, "[": False, ")": False}  # what ends an interval, and whether its end belongs to it
_HINTS: Final = {
    "instance": "the kinds of values are not asked for here",
    "for": "there are no loops here",
    "function": "there are no functions of one's own here",
    "return": "there are no loops here",
}


class Parser:
    """Reads nodes from `text[start:end]`. Words such as `eq` are operators between operands and names elsewhere.

    `remarks`: where the text may mean something else in the `dialect` that its wrapping shows.
    """

    def __init__(
        self, text: str, start: int, end: int, *, script: bool = False, dialect: Dialect = Dialect.PLAIN
    ) -> None:
        self.remarks: list[Remark] = []
        self._dialect = dialect
        self._quantified = False
        self._tokens = tokenize(text, start, end, script=script)
        self._at = 0
        self._depth = 0
        self._script = script

    @property
    def token(self) -> Token:
        """The next token."""
        return self._tokens[self._at]

    def follows_name(self) -> bool:
        """Whether a name stands behind the next token."""
        return self._tokens[self._at + 1].kind is TokenKind.NAME

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
        if token.kind is TokenKind.NAME:
            before = self._tokens[self._at - 1] if self._at else None
            hint = _HINTS.get(str(token.value)) or _HINTS.get(str(before.value) if before is not None else "")
            if hint is not None:
                found += f": {hint}"
            elif before is not None and before.kind is TokenKind.NAME and before.value not in _BETWEEN_OPERANDS:
                found += f"; a name is one word, such as {before.value}_{token.value}"
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
            if word in ("true", "false") and self._operator() == "(":  # XPath's
                self.advance()
                self.expect(")")
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
        if word in ("some", "every") and self._begins_quantified():
            return self._quantifier(token, Quantifier(word))
        if word == "empty" and self._begins_operand():
            return Call("empty", (self.expression(UNARY),))
        if self._operator() == "(":
            return self._call(token, word)
        for words in (2, 3):  # FEEL's `string length(x)`
            name = " ".join(str(each.value) for each in self._tokens[self._at - 1 : self._at - 1 + words])
            if name in FOREIGN or name == "list contains":
                self._at += words - 1
                return self._call(token, name) if self._operator() == "(" else self._no_call()
        return Name(word)

    def _no_call(self) -> Node:
        raise self.fail("'('")

    def _begins_operand(self) -> bool:
        """Whether what comes next is a value and no operator; a bracket begins the arguments of a call."""
        match self.token.kind:
            case TokenKind.NAME:
                return self.token.value not in _BETWEEN_OPERANDS
            case TokenKind.NUMBER | TokenKind.TEXT:
                return True
            case _:
                return False

    def _begins_quantified(self) -> bool:
        return self.token.kind is TokenKind.NAME and self._tokens[self._at + 1].value == "in"

    def _quantifier(self, token: Token, quantifier: Quantifier) -> Node:
        if self._quantified:
            raise ExpressionError(
                f"{quantifier.value!r} within 'some' or 'every' at character {token.start + 1} is not read",
                position=token.start,
            )
        name = self.advance()
        if name.value in RESERVED:
            self._at -= 1
            raise self.fail("a name")
        self.expect("in")
        self._quantified = True
        values = self.expression()
        self.expect("satisfies")
        condition = self.expression()
        self._quantified = False
        return Quantified(quantifier, str(name.value), values, condition)

    def _call(self, token: Token, name: str) -> Node:
        if name in ("contains", "list contains", "modulo"):
            return self._of_two(token, name)
        name = FOREIGN.get(name, name)
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

    def _of_two(self, token: Token, name: str) -> Node:
        """Functions that are operators here."""
        self.advance()
        arguments = self._sequence(")")
        if len(arguments) != 2:
            raise ExpressionError(f"{name} takes 2 values, not {len(arguments)}", position=token.start)
        first, second = arguments
        if name == "modulo":
            return Binary(BinaryOperator.REMAINDER, first, second)
        return Comparison(second, ((ComparisonOperator.IN, first),))

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
                if operator is BinaryOperator.REMAINDER and self._dialect is Dialect.JUEL:
                    self._remark(RemarkKind.SIGN_OF_REMAINDER)
                if operator is BinaryOperator.FLOOR_DIVIDE and self._script:
                    self._remark(RemarkKind.COMMENT)
                self.advance()
                left = Binary(operator, left, self.expression(strength + 1))
            elif word == "**":
                self.advance()
                left = Binary(BinaryOperator.POWER, left, self.expression(UNARY))
            elif tightness <= COMPARISON and self._comparison() is not None:
                left = self._chain(left)
            elif tightness <= COMPARISON and word == "between":
                self.advance()
                low = self.expression(SUM)
                self.expect("and")
                left = _interval(left, low, self.expression(SUM))
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
            if links and self._dialect is not Dialect.PLAIN:
                self._remark(RemarkKind.CHAIN)
            if self._operator() == "=" and self._dialect is Dialect.JUEL:
                self._remark(RemarkKind.ASSIGNMENT)
            self.advance()
            if operator is ComparisonOperator.NOT_IN:
                self.advance()
            if operator in (ComparisonOperator.IN, ComparisonOperator.NOT_IN):
                container, is_interval = self._container(first)
                if is_interval and links:
                    raise ExpressionError("an interval stands in no chain of comparisons", position=self.token.start)
                if is_interval:
                    return Not(container) if operator is ComparisonOperator.NOT_IN else container
                links.append((operator, container))
            else:
                links.append((operator, self.expression(SUM)))
        return Comparison(first, tuple(links))

    def _container(self, item: Node) -> tuple[Node, bool]:
        """What stands behind `in`: a list, also in round brackets; or an interval, as the comparison of `item` with
        its ends.
        """
        opening = self._operator()
        if opening not in ("[", "(", "]"):
            return self.expression(SUM), False
        self.advance()
        if opening == "[" and self.skip("]"):
            return self._infix(Items(()), SUM), False
        first = self.expression()
        if self.skip(".."):
            last = self.expression()
            closing = self._operator()
            if closing not in _AFTER:
                raise self.fail("the end of the interval")
            self.advance()
            return _interval(item, first, last, from_low=opening == "[", to_high=_AFTER[closing]), True
        if opening == "]":
            raise self.fail("'..'")
        if self.skip(","):
            return self._infix(Items((first, *self._sequence("]" if opening == "[" else ")"))), SUM), False
        self.expect("]" if opening == "[" else ")")
        return self._infix(Items((first,)) if opening == "[" else first, SUM), False

    def _remark(self, kind: RemarkKind) -> None:
        self.remarks.append(Remark(kind, self.token.start))

    def _logical(self, first: Node, word: str) -> Node:
        strength, operator = _LOGICAL[word]
        operands = [first]
        while _LOGICAL.get(self._operator(), (None, None))[1] is operator:
            self.advance()
            operands.append(self.expression(strength + 1))
        return Logical(operator, tuple(operands))


def _interval(item: Node, low: Node, high: Node, *, from_low: bool = True, to_high: bool = True) -> Comparison:
    """`low <= item <= high`; without an end that does not belong to it."""
    less, less_or_equal = ComparisonOperator.LESS, ComparisonOperator.LESS_OR_EQUAL
    return Comparison(low, ((less_or_equal if from_low else less, item), (less_or_equal if to_high else less, high)))

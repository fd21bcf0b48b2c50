"""Expressions and scripts as frozen values with an `evaluate` and an `execute`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions.evaluation import Run, closure
from bpmn_tool.expressions.lexer import MAX_TEXT, TokenKind
from bpmn_tool.expressions.nodes import Binary, BinaryOperator, Name, Node, Value, free_names
from bpmn_tool.expressions.parser import RESERVED, Parser
from bpmn_tool.expressions.printer import to_text
from bpmn_tool.expressions.remarks import Dialect, Remark

_DECLARES: Final = frozenset({"var", "let", "const", "def"})
_UPDATES: Final = {
    "+=": BinaryOperator.ADD,
    "-=": BinaryOperator.SUBTRACT,
    "*=": BinaryOperator.MULTIPLY,
    "/=": BinaryOperator.DIVIDE,
}
_WRAPPED = re.compile(r"\s*[$#]\{(?P<inner>.*)\}\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was parsed: the text as written, its tree, the names it needs, and where it may have been
    meant otherwise.
    """

    text: str
    tree: Node
    names: frozenset[str] = field(compare=False, repr=False)
    _run: Run = field(compare=False, repr=False)
    remarks: tuple[Remark, ...] = field(default=(), compare=False, repr=False)

    def evaluate(self, environment: Mapping[str, Value]) -> Value:
        """The value where names mean what `environment` says; ExpressionError where that cannot be."""
        return self._run(environment)

    def __str__(self) -> str:
        return to_text(self.tree)

    def __reduce__(self) -> tuple[Callable[[str], "Expression"], tuple[str]]:
        return parse, (self.text,)  # closures do not pickle; the text says it all


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of a script."""

    name: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Script:
    """Assignments, one after another; a later one sees what an earlier one assigned."""

    text: str
    assignments: tuple[Assignment, ...]
    remarks: tuple[Remark, ...] = field(default=(), compare=False, repr=False)

    @property
    def names(self) -> frozenset[str]:
        """The names that the environment has to know: those read before the script assigns them."""
        needed: set[str] = set()
        assigned: set[str] = set()
        for assignment in self.assignments:
            needed |= assignment.expression.names - assigned
            assigned.add(assignment.name)
        return frozenset(needed)

    @property
    def assigned(self) -> frozenset[str]:
        """The names that the script assigns."""
        return frozenset(assignment.name for assignment in self.assignments)

    def execute(self, environment: Mapping[str, Value]) -> dict[str, Value]:
        """What the script assigned, and nothing else; `environment` stays as it was."""
        scope = dict(environment)
        results: dict[str, Value] = {}
        for assignment in self.assignments:
            value = assignment.expression.evaluate(scope)
            scope[assignment.name] = results[assignment.name] = value
        return results


def parse(text: str) -> Expression:
    """The expression that `text` spells; `${...}`, `#{...}` and a leading `=` may stand around it.

    Raises ExpressionError with the position, counted from 0 in `text`.
    """
    _check_length(text)
    start, end, dialect = 0, len(text), Dialect.PLAIN
    if wrapped := _WRAPPED.match(text):
        start, end = wrapped.span("inner")
        dialect = Dialect.JUEL
    elif (stripped := text.lstrip()).startswith("=") and not stripped.startswith("=="):
        start = len(text) - len(stripped) + 1
        dialect = Dialect.FEEL
    if not text[start:end].strip():
        raise ExpressionError("the expression is empty", position=start)
    parser = Parser(text, start, end, dialect=dialect)
    tree = parser.expression()
    if parser.token.kind is not TokenKind.END:
        raise parser.fail("an operator or the end")
    return _expression(text, tree, tuple(parser.remarks))


def parse_script(text: str) -> Script:
    """The script that `text` spells: `name = expression`, parted by `;` or ends of lines; `#` begins a comment.

    `var`, `let`, `const` or `def` may stand before the name, `+=` and its like add to what it was, and a line may begin
    with `//`.
    """
    _check_length(text)
    parser = Parser(text, 0, len(text), script=True)
    assignments: list[Assignment] = []
    while True:
        while parser.token.kind is TokenKind.NEWLINE or parser.skip(";"):
            if parser.token.kind is TokenKind.NEWLINE:
                parser.advance()
        if parser.token.kind is TokenKind.END:
            return Script(text, tuple(assignments), tuple(parser.remarks))
        assignments.append(_assignment(parser, text))


def _assignment(parser: Parser, text: str) -> Assignment:
    if parser.token.value in _DECLARES and parser.follows_name():
        parser.advance()
    name = parser.token
    if name.kind is not TokenKind.NAME or name.value in RESERVED:
        raise parser.fail("a name to assign")
    parser.advance()
    sign = parser.token.value
    if sign != "=" and sign not in _UPDATES:
        raise parser.fail("'='")
    parser.advance()
    start = parser.token.start
    tree = parser.expression()
    if sign in _UPDATES:
        tree = Binary(_UPDATES[str(sign)], Name(str(name.value)), tree)
    if parser.token.kind not in (TokenKind.NEWLINE, TokenKind.END) and parser.token.value != ";":
        raise parser.fail("an operator or the end of the line")
    written = text[start : parser.token.start].strip() if sign == "=" else to_text(tree)
    return Assignment(str(name.value), _expression(written, tree))


def _expression(text: str, tree: Node, remarks: tuple[Remark, ...] = ()) -> Expression:
    return Expression(text, tree, free_names(tree), closure(tree), remarks)


def _check_length(text: Any) -> None:
    if not isinstance(text, str):
        raise ExpressionError(f"an expression is a text, not {type(text).__name__}")
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"the text has {len(text)} characters; at most {MAX_TEXT} are read")

"""Expressions and scripts as frozen values with an `evaluate` and an `execute`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bpmn_tool.errors import ExpressionError
from bpmn_tool.expressions.evaluation import Run, closure
from bpmn_tool.expressions.lexer import MAX_TEXT, TokenKind
from bpmn_tool.expressions.nodes import Node, Value, free_names
from bpmn_tool.expressions.parser import RESERVED, Parser
from bpmn_tool.expressions.printer import to_text

_WRAPPED = re.compile(r"\s*[$#]\{(?P<inner>.*)\}\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was parsed: the text as written, its tree, and the names it needs."""

    text: str
    tree: Node
    names: frozenset[str] = field(compare=False, repr=False)
    _run: Run = field(compare=False, repr=False)

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
    start, end = 0, len(text)
    if wrapped := _WRAPPED.match(text):
        start, end = wrapped.span("inner")
    elif (stripped := text.lstrip()).startswith("=") and not stripped.startswith("=="):
        start = len(text) - len(stripped) + 1
    if not text[start:end].strip():
        raise ExpressionError("the expression is empty", position=start)
    parser = Parser(text, start, end)
    tree = parser.expression()
    if parser.token.kind is not TokenKind.END:
        raise parser.fail("an operator or the end")
    return _expression(text, tree)


def parse_script(text: str) -> Script:
    """The script that `text` spells: `name = expression`, parted by `;` or ends of lines; `#` begins a comment."""
    _check_length(text)
    parser = Parser(text, 0, len(text), script=True)
    assignments: list[Assignment] = []
    while True:
        while parser.token.kind is TokenKind.NEWLINE or parser.skip(";"):
            if parser.token.kind is TokenKind.NEWLINE:
                parser.advance()
        if parser.token.kind is TokenKind.END:
            return Script(text, tuple(assignments))
        assignments.append(_assignment(parser, text))


def _assignment(parser: Parser, text: str) -> Assignment:
    name = parser.token
    if name.kind is not TokenKind.NAME or name.value in RESERVED:
        raise parser.fail("a name to assign")
    parser.advance()
    if parser.token.value != "=":
        raise parser.fail("'='")
    parser.advance()
    start = parser.token.start
    tree = parser.expression()
    if parser.token.kind not in (TokenKind.NEWLINE, TokenKind.END) and parser.token.value != ";":
        raise parser.fail("an operator or the end of the line")
    return Assignment(str(name.value), _expression(text[start : parser.token.start].strip(), tree))


def _expression(text: str, tree: Node) -> Expression:
    return Expression(text, tree, free_names(tree), closure(tree))


def _check_length(text: Any) -> None:
    if not isinstance(text, str):
        raise ExpressionError(f"an expression is a text, not {type(text).__name__}")
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"the text has {len(text)} characters; at most {MAX_TEXT} are read")

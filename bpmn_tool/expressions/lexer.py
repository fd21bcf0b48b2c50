"""Text to tokens. Written by hand: nothing of a file reaches Python's own tokenizer or parser."""

from dataclasses import dataclass
from enum import Enum, auto

from bpmn_tool.errors import ExpressionError

MAX_TEXT = 10_000  # characters of an expression or a script
MAX_DIGITS = 40  # characters of one number

_SYMBOLS = (
    *("===", "!==", "**", "//", "==", "!=", "<>", "<=", ">=", "&&", "||", "..", "+=", "-=", "*=", "/="),
    *("+", "-", "*", "/", "%", "<", ">", "=", "!", "(", ")", "[", "]", ",", "?", ":", ";"),
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}
_HINTS = {
    ".": "there are no attributes or methods here; use a plain name",
    "{": "braces stand only around a whole expression: ${...}",
    "}": "braces stand only around a whole expression: ${...}",
}


class TokenKind(Enum):
    NUMBER = auto()
    TEXT = auto()
    NAME = auto()
    SYMBOL = auto()
    NEWLINE = auto()  # in scripts only, and never inside brackets
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is the number or the text that is meant, of other kinds the characters; `start` counts from 0."""

    kind: TokenKind
    value: int | float | str
    start: int
    end: int


def tokenize(text: str, start: int, end: int, *, script: bool = False) -> list[Token]:
    """The tokens of `text[start:end]`, with an END last; positions count in the whole text.

    A script also has NEWLINE tokens and comments to the end of the line: from # anywhere, and from // where an
    assignment would begin; elsewhere that divides.
    """
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"the expression has {len(text)} characters; at most {MAX_TEXT} are read")
    tokens: list[Token] = []
    brackets = 0
    at = start
    while at < end:
        character = text[at]
        if script and (character == "#" or (text.startswith("//", at, end) and _begins_line(tokens))):
            while at < end and text[at] != "\n":
                at += 1
        elif script and character == "\n" and brackets == 0:
            tokens.append(Token(TokenKind.NEWLINE, "\n", at, at + 1))
            at += 1
        elif character.isspace():
            at += 1
        else:
            token = _token(text, at, end)
            if token.kind is TokenKind.SYMBOL:
                brackets += (token.value in ("(", "[")) - (token.value in (")", "]"))
            tokens.append(token)
            at = token.end
    tokens.append(Token(TokenKind.END, "the end", end, end))
    return tokens


def _begins_line(tokens: list[Token]) -> bool:
    return not tokens or tokens[-1].kind is TokenKind.NEWLINE or tokens[-1].value == ";"


def _token(text: str, at: int, end: int) -> Token:
    character = text[at]
    if character in "'\"":
        return _quoted(text, at, end)
    if _is_digit(character) or (character == "." and at + 1 < end and _is_digit(text[at + 1])):
        return _number(text, at, end)
    if character == "_" or character.isalpha():
        stop = at + 1
        while stop < end and (text[stop] == "_" or text[stop].isalnum()):
            stop += 1
        return Token(TokenKind.NAME, text[at:stop], at, stop)
    for symbol in _SYMBOLS:
        if text.startswith(symbol, at, end):
            return Token(TokenKind.SYMBOL, symbol, at, at + len(symbol))
    hint = _HINTS.get(character, "it means nothing in an expression")
    raise ExpressionError(f"unexpected {character!r} at character {at + 1}: {hint}", position=at)


def _is_digit(character: str) -> bool:
    return character in "0123456789"  # not str.isdigit, which takes any script's digits and superscripts


def _number(text: str, at: int, end: int) -> Token:
    def digits(stop: int) -> int:
        while stop < end and _is_digit(text[stop]):
            stop += 1
        return stop

    stop = digits(at)
    is_whole = True
    if stop < end and text[stop] == "." and not text.startswith("..", stop, end):  # 1..5 is an interval
        is_whole = False
        stop = digits(stop + 1)
    if stop < end and text[stop] in "eE":
        sign = stop + 1 + (stop + 1 < end and text[stop + 1] in "+-")
        if sign < end and _is_digit(text[sign]):
            is_whole = False
            stop = digits(sign)
    elif stop < end and text[stop] == "_":  # 10_000, as in TOML; only between digits
        return _grouped(text, at, end)
    written = text[at:stop]
    if stop < end and (text[stop] == "_" or text[stop].isalnum()):
        raise ExpressionError(f"{written + text[stop]!r} at character {at + 1} is not a number", position=at)
    return Token(TokenKind.NUMBER, _value(written, at, is_whole=is_whole), at, stop)


def _grouped(text: str, at: int, end: int) -> Token:
    stop = at
    while stop < end and (_is_digit(text[stop]) or text[stop] == "_"):
        stop += 1
    written = text[at:stop]
    well_formed = all(written.split("_")) and not (stop < end and (text[stop] == "." or text[stop].isalnum()))
    if not well_formed:
        raise ExpressionError(f"{written!r} at character {at + 1} is not a number", position=at)
    return Token(TokenKind.NUMBER, _value(written.replace("_", ""), at, is_whole=True), at, stop)


def _value(written: str, at: int, *, is_whole: bool) -> int | float:
    value: int | float
    if len(written) > MAX_DIGITS:
        raise ExpressionError(f"the number at character {at + 1} has more than {MAX_DIGITS} digits", position=at)
    value = int(written) if is_whole else float(written)
    if value >= 2**63 if is_whole else value == float("inf"):
        raise ExpressionError(f"the number at character {at + 1} is too large", position=at)
    return value


def _quoted(text: str, at: int, end: int) -> Token:
    quote = text[at]
    parts: list[str] = []
    stop = at + 1
    while stop < end and text[stop] != quote:
        if text[stop] == "\\":
            stop += 1
            if stop >= end:
                break
            parts.append(_ESCAPES.get(text[stop], "\\" + text[stop]))
        else:
            parts.append(text[stop])
        stop += 1
    if stop >= end:
        raise ExpressionError(f"the text that begins at character {at + 1} has no closing {quote}", position=at)
    return Token(TokenKind.TEXT, "".join(parts), at, stop + 1)

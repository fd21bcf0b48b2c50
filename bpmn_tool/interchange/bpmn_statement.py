"""The extension ``urn:bpmn-tool:1`` (docs/extension.md): ``<tool:statement>``, ``<tool:label>`` and ``<tool:ignore>``
in an element's ``<extensionElements>``, to a :class:`~bpmn_tool.model.statement.Statement`.

One table says which attributes there are; the page and the moddle descriptor are tested against it. What is wrong in
our own namespace is refused: a misspelt attribute would be a fact that nobody sees is missing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from bpmn_tool.instants import parse_duration
from bpmn_tool.interchange.bpmn_ids import is_element, qualified, text_of
from bpmn_tool.interchange.bpmn_refs import References
from bpmn_tool.model.statement import (
    NONE,
    UNSTATED,
    Act,
    Category,
    Channel,
    Evidence,
    Outcome,
    Statement,
    Topic,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE: Final = "urn:bpmn-tool:1"
STATEMENT: Final = "statement"
LABEL: Final = "label"
IGNORE: Final = "ignore"


NOT_HERE: Final = (
    "the extension says something of elements with an id: a step, event, gateway, flow, lane, pool, process, data; "
    "put it into the <extensionElements> of one"
)


class Form(Enum):
    """How the value of an attribute is written."""

    FLAG = "true or false"
    ID = "an id, or none"
    IDS = "ids, separated by spaces, or none"
    TEXT = "a text, or none"
    DURATION = "a duration of ISO 8601 (P5Y), or none"
    WORD = "one of the words"
    WORDS = "one or several of the words, separated by spaces, or none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of ``<tool:statement>``; `words` are the values that there are, where they are fixed."""

    name: str
    field: str
    form: Form
    words: type[Enum] | None = None


def _row(name: str, field: str, form: Form, words: type[Enum] | None = None) -> Attribute:
    return Attribute(name=name, field=field, form=form, words=words)


ATTRIBUTES: Final = (
    _row("act", "act", Form.WORDS, Act),
    _row("personLevel", "person_level", Form.FLAG),
    _row("legalBasis", "legal_basis", Form.IDS),
    _row("purpose", "purpose", Form.IDS),
    _row("participants", "participants", Form.IDS),
    _row("accountable", "accountable", Form.ID),
    _row("urgent", "urgent", Form.FLAG),
    _row("channel", "channel", Form.WORD, Channel),
    _row("outcome", "outcome", Form.WORD, Outcome),
    _row("decides", "decides", Form.WORDS, Topic),
    _row("criteria", "criteria", Form.TEXT),
    _row("personalData", "personal_data", Form.FLAG),
    _row("category", "category", Form.WORDS, Category),
    _row("controller", "controller", Form.IDS),
    _row("contactPoint", "contact_point", Form.ID),
    _row("retention", "retention", Form.DURATION),
    _row("kpi", "kpi", Form.IDS),
    _row("evidence", "evidence", Form.WORD, Evidence),
    _row("source", "source", Form.TEXT),
)
_BY_NAME: Final[Mapping[str, Attribute]] = {row.name: row for row in ATTRIBUTES}


def read_statement(holders: Iterable["_Element"], references: References) -> tuple[Statement, frozenset["_Element"]]:
    """What the ``<extensionElements>`` of an element say, and the child elements that say it."""
    found = [each for holder in holders for each in holder if is_element(each) and qualified(each)[0] == NAMESPACE]
    if not found:
        return UNSTATED, frozenset()
    values: dict[str, Any] = {}
    names: dict[str, str] = {}
    ignored: dict[str, str] = {}
    for element in found:
        _check_inside(element, references)
        match qualified(element)[1]:
            case "statement":
                _statement(element, references, values)
            case "label":
                _label(element, references, names)
            case "ignore":
                _ignore(element, references, ignored)
            case other:
                message = f"there is no <{other}> in {NAMESPACE}; there is <{STATEMENT}>, <{LABEL}> and <{IGNORE}>"
                references.problem(element, message)
    stated = Statement(**values, names=MappingProxyType(names), ignored=MappingProxyType(ignored))
    return stated, frozenset(found)


def _check_inside(element: "_Element", references: References) -> None:
    """A label holds its text, and nothing else holds anything."""
    name = qualified(element)[1]
    if any(map(is_element, element)) or (name != LABEL and text_of(element)):
        references.problem(element, f"nothing stands in a <{name}> of {NAMESPACE}{' but its text' * (name == LABEL)}")
    if name == LABEL and set(element.attrib) - {"lang"}:
        references.problem(element, f'a <{LABEL}> has no attribute but lang="nl"')


def misplaced(holder: "_Element", read: Collection["_Element"]) -> Iterator["_Element"]:
    """Elements of our namespace that nobody reads where they stand."""
    return (each for each in holder if is_element(each) and each not in read and qualified(each)[0] == NAMESPACE)


def _label(element: "_Element", references: References, names: dict[str, str]) -> None:
    language, text = (element.get("lang") or "").strip().lower(), text_of(element)
    if not language or not text:
        references.problem(element, f'a <{LABEL}> needs lang="nl" and a text')
    elif language in names:
        references.problem(element, f"two of the labels are in '{language}'")
    else:
        names[language] = text


def _ignore(element: "_Element", references: References, ignored: dict[str, str]) -> None:
    rule, because = (" ".join((element.get(name) or "").split()) for name in ("rule", "because"))
    if not rule or not because or len(element.attrib) > 2:
        references.problem(
            element, f'an <{IGNORE}> says which rule and why, and nothing else: rule="..." because="..."'
        )
    elif rule in ignored:
        references.problem(element, f"the rule {rule} is ignored twice")
    else:
        ignored[rule] = because


def _statement(element: "_Element", references: References, values: dict[str, Any]) -> None:
    for key, written in element.attrib.items():
        name, text = str(key), " ".join(str(written).split())
        attribute = _BY_NAME.get(name)
        if attribute is None:
            close = get_close_matches(name, _BY_NAME, n=1)
            hint = f"; did you mean {close[0]}?" if close else f"; there is {', '.join(_BY_NAME)}"
            references.problem(element, f"a <{STATEMENT}> has no attribute {name}{hint}")
        elif attribute.field in values:
            references.problem(element, f"{name} is stated twice")
        else:
            try:
                values[attribute.field] = _value(attribute, text)
            except ValueError as error:
                references.problem(element, f"{name} {error}")


def _value(attribute: Attribute, text: str) -> object:
    """Raises ValueError with the end of a sentence that begins with the attribute's name."""
    if not text:
        raise ValueError(f"says nothing: write {attribute.form.value}, or leave it out")
    match attribute.form:
        case Form.FLAG:
            if text not in ("true", "false"):
                raise ValueError(f"must be true or false, not '{text[:40]}'")
            return text == "true"
        case Form.ID | Form.TEXT:
            if attribute.form is Form.ID and " " in text:
                raise ValueError(f"must be one id, not '{text[:40]}'")
            return text
        case Form.IDS:
            return () if text == NONE else tuple(dict.fromkeys(text.split()))
        case Form.DURATION:
            return False if text == NONE else _duration(text)
        case Form.WORD:
            return _word(attribute, text)
        case Form.WORDS:
            return () if text == NONE else tuple(_word(attribute, each) for each in dict.fromkeys(text.split()))


def _duration(text: str) -> object:
    try:
        return parse_duration(text)
    except ValueError:
        raise ValueError(f"must be {Form.DURATION.value}, not '{text[:40]}'") from None


def _word(attribute: Attribute, text: str) -> Enum:
    assert attribute.words is not None
    words = {str(each.value): each for each in attribute.words}
    if text not in words:
        close = get_close_matches(text, words, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise ValueError(f"must be {', '.join(words)}, not '{text[:40]}'{hint}")
    return words[text]

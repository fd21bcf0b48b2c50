import ast
import re
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bpmn_tool import messages
from bpmn_tool.messages import LOCALE_FOLDER, N_, _, format_date, format_number, format_percent, ngettext

TRANSLATIONS = [language for language in messages.LANGUAGES if language != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


def po_file(language: str) -> Path:
    return LOCALE_FOLDER / language / "LC_MESSAGES" / f"{messages.DOMAIN}.po"


def catalogue(language: str) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def sentences(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def texts(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ("",))


@pytest.fixture(scope="module")
def in_the_code() -> set[str]:
    keywords = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
    methods = [("**.py", "python"), ("**.j2", "jinja2"), ("**.html", "jinja2")]
    found = extract_from_dir(LOCALE_FOLDER.parent, methods, keywords=keywords)
    return {texts(message)[0] for _file, _line, message, _comments, _context in found}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_the_catalogue_knows_every_sentence_and_no_other(language, in_the_code):
    known = {texts(message.id)[0] for message in sentences(language)}
    assert known == in_the_code, "run: make messages"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_what_is_read_at_run_time_is_what_is_written(language):
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    assert compiled.getvalue() == po_file(language).with_suffix(".mo").read_bytes(), "run: make messages"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_translations_have_the_same_values_to_fill_in(language):
    wrong = [
        translated
        for message in sentences(language)
        for source, translated in zip(texts(message.id), texts(message.string), strict=True)
        if translated and set(PLACEHOLDER.findall(translated)) != set(PLACEHOLDER.findall(source))
    ]
    assert wrong == []


#: words for what is called otherwise everywhere else: a flow is a "pijl", a message flow a "berichtpijl", a case a
#: "dossier"
OTHER_WORDS = re.compile(r"\b(?:\w*stroom|stromen|sequence flow|een zaak|zaken komen)\b(?<!instroom)", re.IGNORECASE)


def test_dutch_has_one_word_for_a_thing():
    found = [text for message in sentences("nl") for text in texts(message.string) if OTHER_WORDS.search(text)]
    assert found == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_sentence_is_translated(language):
    missing = [message.id for message in sentences(language) if not all(texts(message.string))]
    assert missing == []


def test_english_is_its_own_key():
    assert (_("Stopped; nothing was kept."), N_("x")) == ("Stopped; nothing was kept.", "x")


def test_dutch():
    messages.set_language("nl")
    assert _("Stopped; nothing was kept.") == "Gestopt; er is niets bewaard."


def test_a_sentence_without_translation_is_english():
    messages.set_language("nl")
    assert _("no such sentence") == "no such sentence"


@pytest.mark.parametrize(("count", "sentence"), [(1, "one"), (0, "many"), (2, "many")])
def test_ngettext(count, sentence):
    assert ngettext("one", "many", count) == sentence


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match=r"'xx'.*en, nl"):
        messages.set_language("xx")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "nl_BE.UTF-8"}, "nl"),
        ({"LANG": "nl"}, "nl"),
        ({"LANG": "nl_BE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "nl_BE.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "fr:nl"}, "nl"),
        ({"LANG": "fr_BE.UTF-8"}, "en"),
    ],
)
def test_the_language_of_the_locale(monkeypatch, environment, language):
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert messages.set_language() == messages.language() == language


@pytest.mark.parametrize(
    ("language", "number", "share", "day"),
    [("en", "1,234.5", "12.5%", "March 1, 2026"), ("nl", "1.234,5", "12,5%", "1 maart 2026")],
)
def test_numbers_and_dates_as_the_language_writes_them(language, number, share, day):
    messages.set_language(language)
    assert (format_number(1234.5), format_percent(0.125, 1), format_date(date(2026, 3, 1))) == (number, share, day)


@pytest.mark.parametrize(("digits", "number"), [(None, "1,234.568"), (0, "1,235"), (2, "1,234.57"), (4, "1,234.5678")])
def test_decimals(digits, number):
    assert format_number(1234.5678, digits) == number


def test_the_day_of_an_instant():
    assert format_date(datetime(2026, 3, 1, 23, 59), "short") == "3/1/26"  # noqa: DTZ001  the zone is the caller's


def in_f_strings(code: str) -> list[str]:
    """Sentences that are looked up inside an f-string, where not every Python lets the extractor find them."""
    return [
        str(call.args[0].value)
        for text in ast.walk(ast.parse(code))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "N_", "ngettext")
        if isinstance(call.args[0], ast.Constant)
    ]


def test_a_sentence_in_an_f_string_is_seen() -> None:
    assert in_f_strings("f\"{_('a sentence')} {_(name)}\"") == ["a sentence"]


def test_no_sentence_is_looked_up_inside_an_f_string() -> None:
    files = sorted(LOCALE_FOLDER.parent.rglob("*.py"))
    assert {path.name: found for path in files if (found := in_f_strings(path.read_text("utf-8")))} == {}

"""Sentences for people, from one catalogue; and numbers, shares and dates as their language writes them.

The English source string is the key. ``_("...")`` and ``ngettext("...", "...", n)`` are looked up when they are called,
in the language that :func:`set_language` chose (English until then), so that no sentence may be built at the import
of a module that lives longer than one command. Values go in afterwards, by name::

    _("%(count)s findings in %(path)s") % {"count": format_number(3), "path": path}

``N_`` marks a sentence in a table for the catalogue and leaves the look-up to whoever shows it. ``make messages``
brings ``locale/`` up to date after sentences changed. Babel is imported only when a number or date is written.
"""

import gettext
import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "nl")
"""Those in which everything is said. English is the source and needs no catalogue."""

SHEET_LANGUAGES: Final = (*LANGUAGES, "fr")
"""Those of the sheets that partners get; what has no French is said in English."""

LOCALE_FOLDER: Final = Path(__file__).parent / "locale"
DOMAIN: Final = "bpmn_tool"

_language = "en"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def set_language(language: str | None = None) -> str:
    """Choose the language of all sentences from here on and return it; None takes that of the locale, or else English.

    Raises ValueError for a language that is not in :data:`SHEET_LANGUAGES`.
    """
    global _language, _catalogue
    chosen = language_of_locale() if language is None else language
    if chosen not in SHEET_LANGUAGES:
        raise ValueError(f"no catalogue for {chosen!r}; there is {', '.join(SHEET_LANGUAGES)}")
    _catalogue = gettext.translation(DOMAIN, LOCALE_FOLDER, [chosen], fallback=chosen == "en")
    _language = chosen
    return chosen


def language() -> str:
    """The language in use, one of :data:`SHEET_LANGUAGES`."""
    return _language


def language_of_locale() -> str:
    """The first language that the environment asks for and that we have, in the order of POSIX and GNU gettext."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        for wanted in os.environ.get(variable, "").split(":"):
            code = wanted.partition(".")[0].partition("_")[0].lower()
            if code in LANGUAGES:
                return code
            if code and variable != "LANGUAGE":
                return "en"  # a more general variable does not override a more specific one
    return "en"


def _(message: str) -> str:
    """The sentence in the chosen language."""
    return _catalogue.gettext(message)


def N_(message: str) -> str:  # noqa: N802  gettext's own name for it
    """Mark a sentence for the catalogue without looking it up."""
    return message


def ngettext(singular: str, plural: str, count: int) -> str:
    """The sentence that goes with the count; the count itself goes in afterwards, as ``%(count)s``."""
    return _catalogue.ngettext(singular, plural, count)


def named(names: Mapping[str, str], otherwise: str) -> str:
    """What data call something, by language: in the language in use, else in English, else in any."""
    return names.get(_language) or names.get("en") or next(iter(names.values()), "") or otherwise


def format_number(value: float, digits: int | None = None) -> str:
    """The number with the language's separators; with `digits` exactly that many decimals, else at most three."""
    from babel.numbers import format_decimal

    pattern = "#,##0.###" if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=_language)


def format_percent(share: float, digits: int = 0) -> str:
    """A share (0.25) as a percentage (25%)."""
    from babel.numbers import format_percent as babel_percent

    return babel_percent(share, format="#,##0" + ("." + "0" * digits if digits else "") + "%", locale=_language)


def format_date(day: date, style: str = "long") -> str:
    """The day in words; `style` is one of Babel's: short, medium, long, full."""
    from babel.dates import format_date as babel_date

    return babel_date(day.date() if isinstance(day, datetime) else day, format=style, locale=_language)

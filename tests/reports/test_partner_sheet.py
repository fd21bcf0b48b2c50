"""The sheet: whole in three languages, escaped, with one script that its policy knows, the same bytes each time."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from types import MappingProxyType

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from bpmn_tool.comparison.agreement import Task
from bpmn_tool.comparison.asked import asked_of
from bpmn_tool.comparison.meaning import Meaning, meaning_of
from bpmn_tool.interchange.bpmn_xml import read_model
from bpmn_tool.interchange.register_toml import read_register
from bpmn_tool.messages import LOCALE_FOLDER, set_language
from bpmn_tool.model.elements import Model
from bpmn_tool.reports.partner_sheet import sheet
from bpmn_tool.reports.partner_steps import duration_in_words
from tests.conftest import ROOT

FILE = "partners/referral.bpmn"
EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202e{{ 7 * 7 }}"


def model() -> Model:
    return read_model(ROOT / "tests" / "readme" / FILE)


def made(drawn: Model | None = None, partner: str = "help") -> str:
    found = drawn or model()
    register = read_register(str(ROOT / "tests" / "readme" / "partners" / "partners.toml"))
    tasks = [
        Task(asked=asked, meaning=meaning_of(found, register, asked), model=FILE)
        for asked in asked_of(found, register, partner)
    ]
    return sheet(tasks, {FILE: found}, register, partner)


class Parts(HTMLParser):
    """Tags, texts and scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._within = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._within = tag
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data):
        if self._within == "script":
            self.scripts[-1] += data

    def handle_endtag(self, tag):
        self._within = ""


def test_the_same_bytes_each_time():
    assert made() == made()


def test_one_script_and_the_policy_knows_it():
    text = made()
    _data, script = Parts(text).scripts
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy


def test_nothing_is_fetched():
    addresses = [
        value
        for tag, attributes in Parts(made()).tags
        for name, value in attributes.items()
        if name in {"src", "href", "action", "xlink:href"} and tag != "use"
    ]
    assert [each for each in addresses if not (each or "").startswith("#")] == []


def test_names_from_a_file_stay_text():
    found = model()
    node = replace(
        found.flow_nodes["first_talk"],
        name=EVIL,
        documentation=EVIL,
        statement=replace(found.flow_nodes["first_talk"].statement, names={}),
    )
    text = made(replace(found, flow_nodes=MappingProxyType({**found.flow_nodes, "first_talk": node})))
    parts = Parts(text)
    assert len(parts.scripts) == 2
    assert not [tag for tag, attributes in parts.tags if tag == "img" or "onerror" in attributes]
    assert "\u202e" not in text
    assert "{{ 7 * 7 }}" in text
    (step,) = json.loads(parts.scripts[0])["steps"]
    assert step["facts"]["documentation"] == EVIL
    assert Meaning(step=step["step"], facts=step["facts"]).hash == step["hash"]


def test_what_the_script_saves_is_bound_to_the_meaning():
    data = json.loads(Parts(made()).scripts[0])
    assert data["partner"] == "help"
    assert all(Meaning(step=s["step"], facts=s["facts"]).hash == s["hash"] for s in data["steps"])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "First talk",
                "Yes, so it is",
                "Who will see your answer",
                "3 weeks",
                "Team leader",
                "Decree on welfare work, art. 3",
            ],
        ),
        ("nl", ["Eerste gesprek", "Ja, zo is het", "Wie uw antwoord ziet", "3 weken", "Teamleider", "Hulp geven"]),
        (
            "fr",
            [
                "Premier entretien",
                "Oui, c&#39;est exact",
                "Qui verra votre réponse",
                "3\xa0semaines",
                "Chef d&#39;équipe",
                "Aider",
            ],
        ),
    ],
)
def test_it_speaks_three_languages(language, words):
    set_language(language)
    text = made()
    assert f'<html lang="{language}">' in text
    assert [word for word in words if word not in text] == []


def test_every_sentence_of_the_sheet_is_there_in_french():
    with (LOCALE_FOLDER / "fr" / "LC_MESSAGES" / "bpmn_tool.po").open("rb") as file:
        french = {m.id if isinstance(m.id, str) else m.id[0]: m.string for m in read_po(file, locale="fr") if m.id}
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    wanted = [
        message if isinstance(message, str) else message[0]
        for name in ("partner_sheet.py", "partner_steps.py")
        for _line, message, _comments, _context in extract_from_file(
            "python", ROOT / "bpmn_tool" / "reports" / name, keywords=keywords
        )
    ]
    assert len(wanted) > 40
    missing = [each for each in wanted if not french[each] or not all(french[each] or ())]
    assert missing == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("P3W", "3 weeks"),
        ("P1Y6M", "1 year, 6 months"),
        ("PT1H30M", "90 minutes"),
        ("PT2H", "2 hours"),
        ("P10D", "10 days"),
        ("soon", "soon"),
    ],
)
def test_a_deadline_in_words(text, words):
    assert duration_in_words(text) == words

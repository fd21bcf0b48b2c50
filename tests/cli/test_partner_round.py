"""A whole round for three partners without a network: two answer on their sheets in a browser, one on paper."""

import json
import re
import shutil
import time
from pathlib import Path

import pytest

from tests.cli.chromium import PROGRAM, Page, chromium
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not PROGRAM, reason="no Chromium here: sheets are not opened in a browser")

TO_BE = "processes/to_be"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The project that ships, in a folder of its own."""
    shutil.copytree(ROOT / "processes", tmp_path / "processes")
    shutil.copy(ROOT / "bpmn-tool.toml", tmp_path)
    (tmp_path / "mail").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sheet(cli, partner: str, language: str) -> Path:
    path = Path(f"mail/{partner}.html").resolve()
    ended = cli("partner", "sheet", partner, TO_BE, "-o", path, "--lang", language)
    assert ended.code == 0, ended.err
    return path


def saved(page: Page, folder: Path, name: str) -> Path:
    """Press the button, and what it saved under another name."""
    page.click("button[type=submit]")
    found = folder / "answer.json"
    end = time.monotonic() + 20
    while not found.exists():
        assert time.monotonic() < end, page.run("document.getElementById('message').textContent")
        time.sleep(0.05)
        page.run("0")  # events come in
    return found.rename(folder / name)


def answer(page: Page, number: int, verdict: str, reason: str = "") -> None:
    page.click(f"input[name=s{number}][value={verdict}]")
    if reason:
        page.type(f"fieldset[data-index='{number}'] textarea", reason)


def states(cli) -> dict[tuple[str, str], str]:
    document = json.loads(cli("partner", "status", TO_BE, "--json").out)
    return {(p["partner"], s["step"]): s["state"] for p in document["partners"] for s in p["steps"]}


def test_three_partners_answer_without_a_network(cli, project):
    mail = project / "mail"
    with chromium(project / "profile") as page:
        page.downloads_to(mail)

        page.open(sheet(cli, "caw", "nl"))  # on a telephone
        steps = page.run("document.querySelectorAll('fieldset.step').length")
        for number in range(steps - 1):
            answer(page, number, "accept")
        answer(page, steps - 1, "contest")
        page.click("button[type=submit]")  # without a reason nothing is saved
        assert page.run("document.activeElement.tagName") == "TEXTAREA"
        assert not (mail / "answer.json").exists()
        page.type(f"fieldset[data-index='{steps - 1}'] textarea", 'Drie weken is te kort <b>&\n"nooit"')
        page.type("#name", "An Peeters")
        first = saved(page, mail, "caw.json")

        page.open(sheet(cli, "clb", "fr"), width=1280, height=900)
        answer(page, 0, "not-my-task")
        answer(page, 2, "accept")
        second = saved(page, mail, "clb.json")
        requests, complaints = page.requests, page.complaints
    assert {re.split(r"[:/]", each)[0] for each in requests} <= {"file", "blob", "about"}
    assert complaints == []

    ended = cli("partner", "collect", first, second)
    assert ended.code == 0, ended.err
    paper = re.findall(
        r"<legend>.*?</span> (.*?)</legend>.*?<b>(\w{6})</b></span></p>",
        sheet(cli, "cgg", "en").read_text(encoding="utf-8"),
        re.DOTALL,
    )
    (_name, code), *_others = paper
    assert cli("partner", "sign", "cgg", TO_BE, "--paper", f"{code}=contest: who pays?").code == 0

    found = states(cli)
    assert found["caw", "first_talk"] == "contested"
    assert [found["caw", step] for step in ("case_consultation", "consider_referral")] == ["accepted"] * 2
    assert [found["clb", step] for step in ("case_consultation", "re_evaluation", "clb_follow_up")] == [
        "not_my_task",
        "unsigned",
        "accepted",
    ]
    assert found["cgg", "cgg_follow_up"] == "contested"
    document = json.loads(cli("partner", "status", TO_BE, "--partner", "caw", "--json").out)
    (talk,) = (s for s in document["partners"][0]["steps"] if s["step"] == "first_talk")
    assert (talk["reason"], talk["by"], talk["how"]) == ('Drie weken is te kort <b>& "nooit"', "An Peeters", "sheet")

    again = cli("partner", "collect", first)
    assert again.code == 2
    assert "recorded already" in again.err


def test_a_sheet_fits_a_telephone_and_prints_its_codes(cli, project):
    path = sheet(cli, "caw", "en")
    with chromium(project / "profile") as page:
        for width in (320, 390, 1280):
            page.open(path, width=width)
            page.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
            assert page.run("document.documentElement.scrollWidth") <= width
        smallest = page.run(
            "Math.min(...[...document.querySelectorAll('.choice, button')].map(e => e.getBoundingClientRect().height))"
        )
        assert smallest >= 44  # px, what a thumb can hit (WCAG 2.2, 2.5.5)
        page.call("Emulation.setEmulatedMedia", media="print")
        assert page.run("getComputedStyle(document.querySelector('.box')).display") != "none"
        assert page.run("getComputedStyle(document.querySelector('.save')).display") == "none"

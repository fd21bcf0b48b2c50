"""docs/partners.md: its commands do what it says, on the processes that ship."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.partner_answers import answer_from, save

UNSIGNED = {"status", "check"}
"""What ends with 1 as long as not every step is accepted."""


@pytest.fixture
def project(root, tmp_path, monkeypatch):
    shutil.copytree(root / "processes", tmp_path / "processes")
    shutil.copytree(root / "simulations", tmp_path / "simulations")
    shutil.copy(root / "bpmn-tool.toml", tmp_path)
    (tmp_path / "mail").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(page: str) -> list[str]:
    return re.findall(r"^\$ bpmn-tool (.*)$", page, re.MULTILINE)


def code_on(cli, partner: str) -> str:
    """The first code on a sheet."""
    path = Path("other.html")
    assert cli("partner", "sheet", partner, "processes/to_be", "-o", path).code == 0
    found = re.search(r"<b>([2-9A-Z]{6})</b>", path.read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def key(folder: Path) -> Path:
    path = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    public = (folder / "key.pub").read_text(encoding="utf-8")
    (folder / "allowed_signers").write_text(f"lead@city.example {public}", encoding="utf-8")
    return path


def test_the_commands_of_the_page_in_their_order(cli, root, project):
    page = (root / "docs" / "partners.md").read_text(encoding="utf-8")
    done = []
    for command in commands(page):
        words = shlex.split(command)
        if "seal" in words and shutil.which("ssh-keygen") is None:
            continue
        if "--scenario" in words:
            words += ["--replications", "1"]
        if "mail/*.json" in words:
            answer = answer_from(
                project / "caw.html", {"first_talk": "contest: too short", "first_appointment": "accept"}
            )
            words[words.index("mail/*.json")] = str(save(project / "mail" / "caw.json", answer))
        if "~/.ssh/id_ed25519" in words:
            words[words.index("~/.ssh/id_ed25519")] = str(key(project))
        words = [each.replace("PN4W8T", code_on(cli, "cgg")) if "PN4W8T" in each else each for each in words]
        ended = cli(*words)
        assert ended.code == (1 if words[1] in UNSIGNED else 0), (command, ended.err)
        done.append(words[1])
    assert {"tasks", "sheet", "collect", "sign", "status", "merge"} <= set(done)


def test_every_verb_that_the_page_names_is_there(root):
    from bpmn_tool.cli.commands import PARTNER

    page = (root / "docs" / "partners.md").read_text(encoding="utf-8")
    assert {action.verb for action in PARTNER} == set(re.findall(r"bpmn-tool partner (\w+)", page))


def test_names_are_left_out_of_git(cli, project):
    subprocess.run(["git", "init", "-q", "."], check=True)
    cli("partner", "sign", "caw", "processes/as_is", "--accept", "first_talk", "--name", "A. N.")
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "processes/sign_offs"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    assert {Path(each).name for each in listed if "meanings" not in each} == {"caw.jsonl", ".gitignore"}

import json
import shutil
import subprocess

import pytest

from tests.cli.test_partner_sign import desk, lines  # noqa: F401  desk is a fixture

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen here: nothing is sealed")
REGISTER = ("--register", "partners/partners.toml")


@pytest.fixture
def key(desk):  # noqa: F811
    path = desk / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lead", "-f", str(path)], check=True)
    public = (desk / "key.pub").read_text(encoding="utf-8")
    (desk / "signers").write_text(f'lead@town.example namespaces="bpmn-tool-sign-offs" {public}', encoding="utf-8")
    return path


def verify(cli, *words, identity="lead@town.example"):
    return cli("partner", "seal", "help", *REGISTER, "--verify", "signers", "--identity", identity, *words)


@pytest.fixture
def sealed(cli, desk, key):  # noqa: F811
    for _time in range(2):
        cli("partner", "sign", "help", "partners", "--accept", "first_talk")
    ended = cli("partner", "seal", "help", *REGISTER, "--key", key)
    assert ended.code == 0, ended.err
    return desk / "partners" / "sign_offs"


def test_a_seal_is_valid_and_counts_what_came_since(cli, sealed):
    assert verify(cli).code == 0
    cli("partner", "sign", "help", "partners", "--accept", "first_talk")
    ended = verify(cli, "--json")
    assert (ended.code, json.loads(ended.out)["lines_since"]) == (0, 1)


def test_a_chain_that_lost_its_end_is_found(cli, sealed):
    path = sealed / "help.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    ended = verify(cli)
    assert ended.code == 1
    assert "no longer has what was sealed" in ended.out


def test_a_seal_that_was_changed_or_is_another_s_is_not_valid(cli, sealed):
    assert "the seal is not valid" in verify(cli, identity="other@town.example").err
    text = sealed / "help.seal"
    text.write_text(text.read_text(encoding="utf-8").replace("lines 2", "lines 3"), encoding="utf-8")
    ended = verify(cli)
    assert ended.code == 2
    assert "the seal is not valid" in ended.err


def test_the_seal_of_another_partner_is_not_taken_for_it(cli, desk, sealed, key):  # noqa: F811
    cli("partner", "sign", "town", "partners", "--accept", "listen")
    cli("partner", "seal", "town", *REGISTER, "--key", key)
    for ending in (".seal", ".seal.sig"):
        shutil.copy(sealed / f"town{ending}", sealed / f"help{ending}")
    assert "is no seal of 'help'" in verify(cli).err


@pytest.mark.parametrize("words", [(), ("--key", "x", "--verify", "y"), ("--verify", "signers")])
def test_what_is_wanted_has_to_be_said(cli, desk, words):  # noqa: F811
    assert cli("partner", "seal", "help", *REGISTER, *words).code == 2


def test_nothing_signed_and_no_key_are_told(cli, desk):  # noqa: F811
    assert "signed nothing yet" in cli("partner", "seal", "help", *REGISTER, "--key", "nokey").err
    cli("partner", "sign", "help", "partners", "--accept", "first_talk")
    ended = cli("partner", "seal", "help", *REGISTER, "--key", "nokey")
    assert ended.code == 2
    assert "cannot sign" in ended.err
    assert lines(desk)

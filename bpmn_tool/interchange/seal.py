"""The head of a chain, signed with an SSH key by ``ssh-keygen -Y`` (OpenSSH 8.1 or newer), and such a seal verified.

What is signed is a short text beside the chain (``<partner>.seal``): the partner, the number of lines and the head. The
signature (``<partner>.seal.sig``) binds it to the namespace ``bpmn-tool-sign-offs``.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.interchange.replace_file import replace_file
from bpmn_tool.interchange.safe_paths import read_bytes
from bpmn_tool.register.sign_offs import Chain

NAMESPACE: Final = "bpmn-tool-sign-offs"
PATIENCE_S: Final = 120
_TEXT: Final = re.compile(
    r"bpmn-tool sign-offs 1\npartner (?P<partner>[^\n]+)\nlines (?P<lines>\d+)\nhead (?P<head>[0-9a-f]{64})\n"
)


def seal_text(chain: Chain) -> str:
    """What is signed."""
    return f"bpmn-tool sign-offs 1\npartner {chain.partner}\nlines {len(chain.lines)}\nhead {chain.head}\n"


def seal_files(chain_file: Path) -> tuple[Path, Path]:
    """The text and its signature."""
    text = chain_file.with_suffix(".seal")
    return text, text.with_name(f"{text.name}.sig")


def seal(chain: Chain, chain_file: Path, key: Path) -> None:
    """Signs the head; the key may be a private one, or a public one whose private part an agent has. ssh-keygen asks
    for a passphrase itself. Raises InputError where it cannot.
    """
    text, signature = seal_files(chain_file)
    done = _run(["-Y", "sign", "-n", NAMESPACE, "-f", str(key)], seal_text(chain))
    if not done.stdout.startswith("-----BEGIN SSH SIGNATURE-----"):
        raise InputError(Problem(message=f"cannot sign: {_said(done)}", location=Location(path=str(key))))
    replace_file(text, seal_text(chain).encode(), durable=True)
    replace_file(signature, done.stdout.encode(), durable=True)


def verified_head(partner: str, chain_file: Path, signers: Path, identity: str) -> str:
    """The head that was sealed. Raises InputError: there is no seal, or it is not by that identity, or was changed."""
    text, signature = seal_files(chain_file)
    sealed = read_bytes(text).decode("utf-8", "replace")
    read_bytes(signature)
    words = ["-Y", "verify", "-n", NAMESPACE, "-f", str(signers), "-I", identity, "-s", str(signature)]
    done = _run(words, sealed)
    place = Location(path=str(text))
    if done.returncode:
        raise InputError(Problem(message=f"the seal is not valid: {_said(done)}", location=place))
    found = _TEXT.fullmatch(sealed)
    if found is None or found["partner"] != partner:
        raise InputError(Problem(message=f"is no seal of '{partner}'", location=place))
    return found["head"]


def _run(words: list[str], text: str) -> "subprocess.CompletedProcess[str]":
    program = shutil.which("ssh-keygen")
    if program is None:
        raise InputError("ssh-keygen is not there: seals are made and verified by OpenSSH")
    try:
        return subprocess.run(  # noqa: S603  no shell; a file or an identity cannot become an option: each follows its own
            [program, *words], input=text, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise InputError("ssh-keygen gave no answer") from None


def _said(done: "subprocess.CompletedProcess[str]") -> str:
    return " ".join((done.stderr or done.stdout).split()) or f"ssh-keygen ended with {done.returncode}"

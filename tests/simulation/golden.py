"""Golden traces: twenty tiny models whose traces are committed, so that no change of the engine goes unseen.

``golden/NAME.txt`` is a model in lines (:mod:`tests.simulation.drawn`), ``NAME.toml`` its scenario but for the head
below, ``NAME.jsonl`` the rows of replication 0 of seed 1. ``python -m tests.simulation.golden`` says which differ, and
where; with ``--write`` it writes them anew. A trace that is to change goes together with a new `SEMANTICS` and a line
in the changelog (docs/semantics.md).
"""

import sys
import tempfile
from itertools import zip_longest
from pathlib import Path

from bpmn_tool.results.trace import SEMANTICS, TRACE_FORMAT, lines
from tests.simulation.drawn import Ran, run

FOLDER = Path(__file__).with_name("golden")
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.txt")))
_HEAD = """
format = 1
name = "{name}"
model = "model.bpmn"
start = 2026-01-05T00:00:00
time_zone = "Europe/Brussels"
"""  # a Monday
_FOLLOWED = 'follow_up = "P2W"\n'  # where a scenario does not say for itself


def golden(name: str, folder: Path, *, check: bool = True) -> Ran:
    """The run; held against the oracle and the identities unless `check` is False."""
    model, toml = ((FOLDER / f"{name}.{end}").read_text(encoding="utf-8") for end in ("txt", "toml"))
    head = _HEAD.format(name=name) + ("" if "follow_up" in toml else _FOLLOWED)
    return run(folder, model, toml, head=head, check=check)


def text(ran: Ran) -> str:
    """Its canonical lines; the header says nothing of the plan, whose layout is nobody's business here."""
    return "".join(lines(ran.rows, {"semantics": SEMANTICS, "trace": TRACE_FORMAT}))


def committed(name: str) -> str:
    path = FOLDER / f"{name}.jsonl"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main(write: bool) -> int:
    differing = 0
    for name in NAMES:
        with tempfile.TemporaryDirectory() as folder:
            found = text(golden(name, Path(folder)))
        before = committed(name)
        if found == before:
            continue
        differing += 1
        if write:
            (FOLDER / f"{name}.jsonl").write_text(found, encoding="utf-8")
        pairs = zip_longest(before.splitlines(), found.splitlines(), fillvalue="(nothing)")
        number, (old, new) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
        sys.stdout.write(f"{name}.jsonl:{number}\n  - {old}\n  + {new}\n")
    sys.stdout.write(f"{len(NAMES)} traces, {differing} {'written' if write else 'differ'}\n")
    return 0 if write else differing


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv[1:]))

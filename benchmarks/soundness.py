"""How long soundness takes: every file below the folders named, and many branches side by side.

    python benchmarks/soundness.py [--full] [FOLDER...]

Without folders the public models beside this project and its own processes. `--full` looks at all situations. What is
measured is building the net and the search itself, without reading the file, in processor time; each file three times,
the least counts.
"""

import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median

from bpmn_tool.checks.soundness import CHECK, Soundness, Verdict, soundness
from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_bytes, read_model
from bpmn_tool.model.elements import Model

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "processes", ROOT.parent / "shared" / "corpora")
ROUNDS = 3


def main(words: list[str]) -> None:
    reduced = "--full" not in words
    folders = [Path(word) for word in words if not word.startswith("-")] or list(FOLDERS)
    verdicts: Counter[str] = Counter()
    took: list[float] = []
    for folder in folders:
        for path in sorted(folder.rglob("*.bpmn")):
            try:
                model = read_model(path)
            except InputError:
                verdicts["refused by the reader"] += 1
                continue
            found, seconds = measured(model, reduced=reduced)
            verdicts[found.verdict.value] += 1
            if found.verdict is not Verdict.NOT_CHECKED:
                took.append(seconds)
            print(f"{path.relative_to(folder)!s:90} {told(found):32} {found.states:7} {1000 * seconds:9.1f} ms")
    print()
    print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))
    if took:
        under = sum(seconds < 0.01 for seconds in took)
        print(f"{len(took)} searched: median {1000 * median(took):.1f} ms, {under} under 10 ms, sum {sum(took):.1f} s")
    for count in (15, 17, 30):
        found, seconds = measured(branches(count), reduced=reduced)
        print(f"{count} parallel branches: {told(found)}, {found.states} situations, {1000 * seconds:.1f} ms")


def measured(model: Model, *, reduced: bool) -> tuple[Soundness, float]:
    best: tuple[Soundness, float] | None = None
    for _ in range(ROUNDS):
        before = time.process_time()
        found = soundness(model, CHECK, reduced=reduced)
        seconds = time.process_time() - before
        if best is None or seconds < best[1]:
            best = (found, seconds)
        if seconds > 1:
            break
    assert best is not None
    return best


def told(found: Soundness) -> str:
    faults = [name for name in ("unsafe", "stuck", "dead") if getattr(found, name)]
    left = [found.spent] if found.spent else ["piles up"] if found.beyond else []
    return f"{found.verdict.value}{': ' if faults or left else ''}{', '.join(faults or left)}"


def branches(count: int) -> Model:
    """One parallel split, so many tasks side by side, one join."""
    flows = [("begin", "split"), ("join", "end")]
    flows += [pair for n in range(count) for pair in (("split", f"a{n}"), (f"a{n}", "join"))]
    tasks = "".join(f'<task id="a{n}" />' for n in range(count))
    drawn = "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}" />' for a, b in flows)
    return read_bytes(
        f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"><process id="p">'
        f'<startEvent id="begin" /><parallelGateway id="split" /><parallelGateway id="join" /><endEvent id="end" />'
        f"{tasks}{drawn}</process></definitions>".encode(),
        "branches.bpmn",
    )


if __name__ == "__main__":
    main(sys.argv[1:])

"""How long reading takes, beside what lxml needs to parse the same bytes in the same run.

    python -m benchmarks.read [FOLDER...] [--rounds 5] [--large]

Without a folder: the public models beside the project, where they are, and the project's own. `--large` adds files made
here, of 1, 5 and 20 MB, wide and deep, to see that time grows with size and not faster.
"""

import argparse
import platform
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from lxml import etree

from bpmn_tool.errors import InputError
from bpmn_tool.interchange.bpmn_xml import read_bytes

ROOT: Final = Path(__file__).parents[1]
FOLDERS: Final = (ROOT.parent / "shared" / "corpora", ROOT / "processes")
WANTED_MS: Final = 20.0
"""3,000 files a minute on one core."""


def read(data: bytes) -> None:
    try:
        read_bytes(data, "model.bpmn")
    except InputError:
        return


def seconds(work: Callable[[bytes], object], data: bytes) -> float:
    """Of the processor, so that whatever else the machine does is not counted."""
    start = time.process_time()
    work(data)
    return time.process_time() - start


def ordinary(files: Sequence[bytes], rounds: int) -> None:
    """Each file read `rounds` times, its best time kept."""
    ours = [min(seconds(read, data) for _ in range(rounds)) for data in files]
    lxml = [min(seconds(etree.fromstring, data) for _ in range(rounds)) for data in files]
    size = sum(map(len, files))
    mean = statistics.mean(ours) * 1000
    ordered = sorted(ours)
    print(f"{len(files)} files, {size / 1e6:.1f} MB; Python {platform.python_version()}, {platform.machine()}")
    print(f"read: mean {mean:.1f} ms a file, half within {statistics.median(ours) * 1000:.1f} ms, ", end="")
    print(f"95 % within {ordered[int(len(ordered) * 0.95)] * 1000:.1f} ms, the slowest {ordered[-1] * 1000:.1f} ms")
    wanted = f"wanted: {60_000 / WANTED_MS:,.0f}"
    print(f"      {60_000 / mean:,.0f} files a minute on one core ({wanted}), {size / sum(ours) / 1e6:.2f} MB/s")
    print(
        f"lxml alone: mean {statistics.mean(lxml) * 1000:.2f} ms; reading takes {sum(ours) / sum(lxml):.0f} times that"
    )


def made(megabytes: float, *, deep: bool) -> bytes:
    """One process with a chain of tasks, vendor data and drawing; in `deep`, within 150 sub-processes."""
    head = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="urn:v" '
        b'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
        b'xmlns:b="http://www.omg.org/spec/BPMN/20100524/DI"><process id="P">'
    )
    tasks, shapes, size, number = [], [], 0, 0
    while size < megabytes * 1e6:
        tasks.append(
            f'<userTask id="t{number}" name="Step {number}"><extensionElements><v:form key="{number}"><v:field/>'
            f"</v:form></extensionElements><incoming>f{number - 1}</incoming><outgoing>f{number}</outgoing></userTask>"
            f'<sequenceFlow id="f{number}" sourceRef="t{number}" targetRef="t{number + 1}"/>\n'
        )
        shapes.append(
            f'<b:BPMNShape id="s{number}" bpmnElement="t{number}"><dc:Bounds x="{number}" y="0" width="100" '
            f'height="80"/></b:BPMNShape><b:BPMNEdge id="e{number}" bpmnElement="f{number}">'
            f'<di:waypoint x="{number}" y="1"/>'
            f'<di:waypoint x="{number + 9}" y="1"/></b:BPMNEdge>\n'
        )
        size += len(tasks[-1]) + len(shapes[-1])
        number += 1
    last = f'<userTask id="t{number}"/><sequenceFlow id="f-1" sourceRef="t{number}" targetRef="t0"/>'
    depth = 150 if deep else 0
    inside = "".join(f'<subProcess id="d{level}">' for level in range(depth)) + "".join(tasks) + last
    body = inside + "</subProcess>" * depth + '</process><b:BPMNDiagram id="g"><b:BPMNPlane id="p" bpmnElement="P">'
    return head + (body + "".join(shapes) + "</b:BPMNPlane></b:BPMNDiagram></definitions>").encode()


def large() -> None:
    for deep in (False, True):
        for megabytes in (1, 5, 19.9):
            data = made(megabytes, deep=deep)
            took = seconds(read, data)
            parsed = seconds(etree.fromstring, data)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
            shape = "deep" if deep else "wide"
            print(
                f"{len(data) / 1e6:5.1f} MB {shape}: {took:6.2f} s, {took / len(data) * 1e6:.2f} s a MB; "
                f"lxml {parsed:.2f} s; at most {memory:,.0f} MB of memory so far"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the reader.")
    parser.add_argument("folders", nargs="*", type=Path, default=FOLDERS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", action="store_true")
    given = parser.parse_args()
    files = [path.read_bytes() for folder in given.folders for path in sorted(folder.rglob("*.bpmn"))]
    if files:
        ordinary(files, given.rounds)
    if given.large:
        large()


if __name__ == "__main__":
    main()

"""The same parameters simulated here and by Prosimos, and whether the means are equivalent.

python -m benchmarks.against_prosimos PROSIMOS MODEL.bpmn PARAMETERS.json [--runs 40] [--cases 2000]

PROSIMOS is the program of that name in an environment of its own (`pip install prosimos`). The parameters are imported,
both tools write logs, and of the cases in the middle of each run (a twentieth left out at the beginning, a tenth at the
end, where one of them runs empty and the other does not) the means are compared: cycle time, waiting, processing, and
hours worked a day. Equivalent within 2 % means that two one-sided t tests at 5 % say so (Schuirmann 1987).
"""

import argparse
import csv
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from statistics import fmean, variance
from typing import Final

from scipy import stats

MARGIN: Final = 0.02
MEASURES: Final = ("cycle time, s", "waiting, s", "processing, s", "hours worked a day")
Log = dict[str, list[tuple[float, float, float]]]


def measured(log: Log, cases: int) -> tuple[float, ...]:
    """Means of one run over the cases in its middle; a case is called by its number."""
    middle = [log[str(n)] for n in range(cases // 20, cases - cases // 10) if str(n) in log]
    cycle = fmean(max(end for *_, end in items) - min(enabled for enabled, *_ in items) for items in middle)
    waiting = fmean(sum(start - enabled for enabled, start, _ in items) for items in middle)
    processing = fmean(sum(end - start for _, start, end in items) for items in middle)
    first = min(enabled for items in middle for enabled, *_ in items)
    last = max(end for items in middle for *_, end in items)
    return cycle, waiting, processing, processing * len(middle) / 3600 / ((last - first) / 86_400)


def logs(path: Path) -> Iterator[Log]:
    """A log a replication (one, where there is no such column)."""
    found: dict[str, Log] = defaultdict(lambda: defaultdict(list))
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            times = [row[key] for key in ("enable_time", "start_time", "end_time")]
            if all(times):
                case = row["case_id"].split("/")[-2] if "/" in row["case_id"] else row["case_id"]
                moments = [datetime.fromisoformat(text).timestamp() for text in times]
                found[row.get("replication", "0")][case].append((moments[0], moments[1], moments[2]))
    yield from found.values()


def ours(model: Path, parameters: Path, runs: int, cases: int, folder: Path) -> list[tuple[float, ...]]:
    tool = [sys.executable, "-m", "bpmn_tool"]
    scenario = folder / "imported.toml"
    here = [folder / each.name for each in (model, parameters)]
    for each, copy in zip((model, parameters), here, strict=True):
        copy.write_bytes(each.read_bytes())
    subprocess.run([*tool, "import", "prosimos", *map(str, here), "-o", str(scenario)], check=True)
    more = ["--set", f"cases={cases}", "--replications", str(runs), "--log", str(folder / "ours.csv")]
    subprocess.run([*tool, "simulate", str(scenario), *more], check=True, stdout=subprocess.DEVNULL)
    return [measured(log, cases) for log in logs(folder / "ours.csv")]


def theirs(program: str, model: Path, parameters: Path, runs: int, cases: int, folder: Path) -> list[tuple[float, ...]]:
    found = []
    for _ in range(runs):
        out = folder / "theirs.csv"
        files = ["--bpmn_path", str(model), "--json_path", str(parameters), "--log_out_path", str(out)]
        command = [program, "start-simulation", *files, "--total_cases", str(cases)]
        subprocess.run(
            [*command, "--starting_at", "2026-01-05T00:00:00.000000+00:00"], check=True, stdout=subprocess.DEVNULL
        )
        found += [measured(log, cases) for log in logs(out)]
    return found


def equivalent(a: Sequence[float], b: Sequence[float], margin: float) -> tuple[float, float]:
    """The difference of means, and the larger p of the two one-sided Welch tests that it lies within the margin."""
    difference = fmean(a) - fmean(b)
    if (spread := variance(a) / len(a) + variance(b) / len(b)) == 0:
        return difference, 0.0 if abs(difference) < margin else 1.0
    parts = [variance(each) / len(each) for each in (a, b)]
    freedom = spread**2 / sum(part**2 / (len(each) - 1) for part, each in zip(parts, (a, b), strict=True))
    worst = max(difference - margin, -margin - difference)
    return difference, float(stats.t.cdf(worst / spread**0.5, freedom))


def main() -> None:
    parser = argparse.ArgumentParser(description="The same parameters here and in Prosimos.")
    parser.add_argument("program")
    parser.add_argument("model", type=Path)
    parser.add_argument("parameters", type=Path)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--cases", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        one = ours(given.model, given.parameters, given.runs, given.cases, Path(name))
        other = theirs(given.program, given.model, given.parameters, given.runs, given.cases, Path(name))
    print(f"{given.model.name}: {given.runs} runs of {given.cases} cases each")
    for n, measure in enumerate(MEASURES):
        a, b = [run[n] for run in one], [run[n] for run in other]
        margin = MARGIN * fmean(b)
        difference, p = equivalent(a, b, margin)
        share = difference / fmean(b) if fmean(b) else 0.0
        verdict = "equivalent" if p < 0.05 else "not shown"
        print(f"  {measure:20} here {fmean(a):12.4f}  there {fmean(b):12.4f}  {share:+8.3%}  p {p:.4f}  {verdict}")


if __name__ == "__main__":
    main()

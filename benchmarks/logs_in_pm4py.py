"""Event logs of a scenario, opened by pm4py: its own readers, and its token replay of the log on the model.

python -m benchmarks.logs_in_pm4py PYTHON SCENARIO.toml... [--replications 2]

PYTHON is the interpreter of an environment of its own (`pip install pm4py pyarrow`). The replay takes completed work
of completed cases, on the Petri net that pm4py makes of the model, in which events at borders, messages and instances
are left out.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

_READS: Final = """
import sys, warnings
warnings.filterwarnings("ignore")
import pandas, pm4py
folder, models = sys.argv[1], sys.argv[2:]
log = pm4py.read_xes(f"{folder}/l.xes.gz", show_progress_bar=False)
print("  xes: events", len(log), "traces", log["case:concept:name"].nunique(),
      "transitions", *sorted(log["lifecycle:transition"].unique()))
ocel = pm4py.read_ocel2_json(f"{folder}/l.jsonocel")
print("  ocel: events", len(ocel.events), "objects", len(ocel.objects), "relations", len(ocel.relations))
table = pandas.read_parquet(f"{folder}/l.parquet")
print("  parquet: rows", len(table), "csv: rows", len(pandas.read_csv(f"{folder}/l.csv")))
done = log[(log["lifecycle:transition"] == "complete") & (log["case:status"] == "completed")]
for model in models:
    try:
        net = pm4py.convert_to_petri_net(pm4py.read_bpmn(model))
        fit = pm4py.fitness_token_based_replay(done, *net)
        print("  token replay:", fit["percentage_of_fitting_traces"], "% of traces fit, fitness", fit["log_fitness"])
    except Exception as error:
        print("  token replay: pm4py makes no net of the model:", type(error).__name__, error)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Event logs, opened by pm4py.")
    parser.add_argument("python")
    parser.add_argument("scenarios", type=Path, nargs="+")
    parser.add_argument("--replications", type=int, default=2)
    given = parser.parse_args()
    from bpmn_tool.interchange.scenario_toml import read_scenario

    for path in given.scenarios:
        print(path)
        models = [str(model) for model in read_scenario(path).model]
        with tempfile.TemporaryDirectory() as folder:
            for ending in ("csv", "parquet", "xes.gz", "jsonocel"):
                command = [sys.executable, "-m", "bpmn_tool", "simulate", str(path), "--jobs", "1"]
                more = ["--replications", str(given.replications), "--log", f"{folder}/l.{ending}"]
                subprocess.run([*command, *more], check=True, stdout=subprocess.DEVNULL)
            subprocess.run([given.python, "-c", _READS, folder, *models], check=True)


if __name__ == "__main__":
    main()

"""Faults put into the token rules one at a time: ``python -m tests.model.faults`` says which test finds each.

A fault is a text of a module and what stands there instead; it is put into a copy, where the fast tests of the rules
run until one fails.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = (
    "tests/model/test_golden_*.py",
    "tests/model/test_net.py",
    "tests/model/test_tokens_activities.py",
    "tests/model/test_tokens_events.py",
    "tests/model/test_tokens_gateways.py",
)
FOLDERS = ("tests/model", "tests/execution")


@dataclass(frozen=True, slots=True)
class Fault:
    what: str
    module: str
    text: str
    instead: str
    package: str = "model"

    @property
    def path(self) -> str:
        return f"bpmn_tool/{self.package}/{self.module}.py"


FAULTS = (
    # gateways
    Fault(
        "a parallel join fires on one token",
        "tokens",
        'return all(marking.get(("t", scope, f), 0) for f in node.incoming)',
        'return any(marking.get(("t", scope, f), 0) for f in node.incoming)',
    ),
    Fault(
        "a join takes all tokens of a flow at once",
        "firing",
        "        if node.behaviour in _JOINS:\n            return tuple(there)\n",
        "        if node.behaviour in _JOINS:\n"
        '            return tuple(f for f in there for _ in range(self.marking[("t", scope, f)]))\n',
    ),
    Fault(
        "the default flow of an inclusive split is never taken",
        "tokens",
        "            if node.default is not None:\n                yield (node.default,)\n",
        "",
    ),
    Fault(
        "the default flow goes with the others",
        "tokens",
        "yield from _subsets(tuple(f for f in node.outgoing if f != node.default))",
        "yield from _subsets(node.outgoing)",
    ),
    Fault(
        "an inclusive join looks over the border of its sub-process",
        "inclusive_join",
        '        elif key[0] in "ao" and key[1] == scope:\n',
        '        elif key[0] in "ao":\n',
    ),
    Fault(
        "an inclusive join does not ask whether what can come can also come by a full flow",
        "inclusive_join",
        " for f in full)",
        " for f in ())",
    ),
    Fault(
        "an event gateway leaves its other arms waiting",
        "firing",
        "        self.stop_listening(scope, tuple(arm for arm in race.arms if arm != (step.node, step.visit)))\n",
        "",
    ),
    Fault(
        "a complex gateway never resets",
        "tokens",
        '        elif key[0] == "g" and ',
        '        elif key[0] == "" and ',
    ),
    Fault(
        "a complex gateway fires again before its reset",
        "tokens",
        '            return ("g", scope, node.id) not in marking\n',
        "            return True\n",
    ),
    Fault(
        "the other arms of a parallel event gateway are not waited for",
        "firing",
        "for other in self.net.together.get(step.node, ()):",
        "for other in ():",
    ),
    # activities
    Fault(
        "the start quantity is ignored",
        "tokens",
        "            return bool(there >= node.needs)\n",
        "            return bool(there)\n",
    ),
    Fault(
        "the completion quantity is ignored", "firing", "produced = step.flows * node.gives", "produced = step.flows"
    ),
    Fault("visits are not counted", "tally", "self.marking[key] = number + 1", "pass"),
    Fault(
        "a multi-instance does not listen to its completion condition",
        "firing",
        "finished = step.satisfied or outer.done == outer.total",
        "finished = outer.done == outer.total",
    ),
    Fault(
        "instances that are left over go on",
        "firing",
        "        self.remove_instances(scope, node.id, visit)\n        self.stop_listening(scope, outer.listening)\n",
        "        self.stop_listening(scope, outer.listening)\n",
    ),
    Fault(
        "a loop does not end at its maximum",
        "tokens",
        "if node.loop.maximum is None or outer.done + 1 < node.loop.maximum:",
        "if True:",
    ),
    Fault(
        "an ad-hoc sub-process does several at a time though it is sequential",
        "tokens",
        '    if node.sequential and marking.get(("n", inner), 0):\n        return\n',
        "",
    ),
    Fault(
        "a sub-process completes while something in it goes on",
        "tokens",
        '            return not marking.get(("n", inside(node, scope, visit)), 0)\n',
        "            return True\n",
    ),
    Fault(
        "a flow without a condition waits for those that have one",
        "tokens",
        "taken = (*sure, *chosen, ",
        "taken = (*(() if chosen else sure), *chosen, ",
    ),
    Fault(
        "a loop that tests before does its work all the same",
        "tokens",
        "for instances in (1, 0) if isinstance(node.loop, StandardLoop) and node.loop.test_before else (1,):",
        "for instances in (1,):",
    ),
    # events
    Fault(
        "a boundary event does not interrupt",
        "firing",
        "            serves = self.remove_activity(scope, *host)\n",
        "            pass\n",
    ),
    Fault("an event occurs once only", "firing", "        if node.recurs:\n", "        if False:\n"),
    Fault(
        "a listener counts as content",
        "scopes",
        "            self.wait(scope, node, (), (node.container, -1))\n",
        "            self.hold(scope, 1)\n            self.wait(scope, node, (), (node.container, -1))\n",
    ),
    Fault(
        "an event sub-process begins when its scope is at its end",
        "tokens",
        '            return bool(marking.get(("n", scope), 0))\n',
        "            return True\n",
    ),
    Fault(
        "an interrupting event sub-process leaves the rest going on",
        "firing",
        "            self.remove_inside(scope, keep_done=True)\n        elif start",
        "            pass\n        elif start",
    ),
    Fault("a signal reaches the first alone", "raising", "in waiting:\n", "in waiting[:1]:\n"),
    Fault("a signal begins no process", "raising", "for starts in work.net.starts.values():", "for starts in ():"),
    Fault(
        "who catches any error comes first", "raising", "yield (not catch.key, name)", "yield (bool(catch.key), name)"
    ),
    Fault(
        "boundary events catch before event sub-processes",
        "raising",
        "for keys in (inside, border):",
        "for keys in (border, inside):",
    ),
    Fault(
        "an event sub-process catches what it throws",
        "raising",
        " and owner[0] not in {frame[0] for frame in scope[depth:]}",
        "",
    ),
    Fault(
        "an error that nobody catches is forgotten",
        "raising",
        "                _fail(work, scope[:1])\n",
        "                pass\n",
    ),
    Fault(
        "terminate takes the scope around too",
        "firing",
        "                self.remove_inside(scope)\n                return\n",
        "                self.remove_inside(scope[:-1] or scope)\n                return\n",
    ),
    Fault(
        "all triggers of a parallel multiple event are one",
        "firing",
        "return len(occurred) == len(node.triggers)",
        "return bool(occurred)",
    ),
    # compensation
    Fault(
        "the first completed is compensated first", "raising", "for done in reversed(record):", "for done in record:"
    ),
    Fault(
        "what was compensated may be so again",
        "raising",
        '        return work.marking.pop(("c", scope), ())\n',
        '        return work.marking.get(("c", scope), ())\n',
    ),
    Fault("a compensation always waits", "raising", "waits = waits and trigger.waits", "waits = True"),
    Fault(
        "a compensation that names an activity is for all",
        "raising",
        "    if not activity:\n",
        "    if True:\n",
    ),
    Fault(
        "a cancel does not compensate",
        "raising",
        "            handlers += _abort(work, inside, scope, node.id, visit)\n",
        "            _abort(work, inside, scope, node.id, visit)\n",
    ),
    Fault(
        "what began at the border is compensated after the activity",
        "firing",
        "            self.keep_place(scope, *host)\n",
        "            pass\n",
    ),
    Fault(
        "instances are compensated before all are done",
        "firing",
        "            self.remember(scope, node, step.visit, where=scope[:-1])\n",
        "            self.remember(scope[:-1], node, step.visit, where=scope[:-1])\n",
    ),
    Fault(
        "an activity that was interrupted is remembered",
        "scopes",
        '        kept = ("c", scope) if keep_done else None\n',
        '        kept = ("c", scope)\n',
    ),
)


def put(fault: Fault, where: Path) -> None:
    """Raises ValueError where the text is not there just once."""
    path = where / fault.path
    source = path.read_text(encoding="utf-8")
    if source.count(fault.text) != 1:
        raise ValueError(f"{fault.path}: {fault.what}: its text is there {source.count(fault.text)} times")
    path.write_text(source.replace(fault.text, fault.instead), encoding="utf-8")


def found_by(fault: Fault, tests: Sequence[str] = TESTS, folders: Sequence[str] = FOLDERS) -> str:
    """The test that finds it, or nothing. `tests`: patterns of files; `folders`: what they import."""
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        for folder in ("bpmn_tool", *folders):
            shutil.copytree(ROOT / folder, where / folder, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("pyproject.toml", "tests/conftest.py"):
            shutil.copy(ROOT / file, where / file)
        put(fault, where)
        files = [str(path.relative_to(where)) for test in tests for path in sorted(where.glob(test))]
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", *files]
        environment = {**os.environ, "PYTHONPATH": str(where), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            command, cwd=where, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
    found = re.search(r"^(?:FAILED|ERROR) tests/(\S+)", done.stdout, re.MULTILINE)
    if done.returncode == 0 or found is None:
        return "" if done.returncode == 0 else f"? {done.stdout[-300:]}"
    return found.group(1)


def report(faults: Sequence[Fault], find: Callable[[Fault], str]) -> int:
    """Says of each fault which test finds it; 1 where one is not found, else 0."""
    missed = 0
    for each in faults:
        test = find(each)
        missed += not test or test.startswith("?")
        sys.stdout.write(f"{each.what:<80} {test or 'NOT FOUND'}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(faults)} faults, {missed} not found\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(report(FAULTS, found_by))

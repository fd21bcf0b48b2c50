"""Faults put into the token rules one at a time: ``python -m tests.model.faults`` says which test finds each.

A fault is put into a copy, where the fast tests of the rules run until one fails.
"""

import sys

from tests.faults import Fault, found_by, report

TESTS = (
    "tests/model/test_golden_*.py",
    "tests/model/test_net.py",
    "tests/model/test_tokens_activities.py",
    "tests/model/test_tokens_events.py",
    "tests/model/test_tokens_gateways.py",
)
FOLDERS = ("tests/model", "tests/execution")


def _fault(what: str, module: str, text: str, instead: str) -> Fault:
    return Fault(what, "model", module, text, instead)


FAULTS = (
    # gateways
    _fault(
        "a parallel join fires on one token",
        "tokens",
        'return all(marking.get(("t", scope, f), 0) for f in node.incoming)',
        'return any(marking.get(("t", scope, f), 0) for f in node.incoming)',
    ),
    _fault(
        "a join takes all tokens of a flow at once",
        "firing",
        "        if node.behaviour in _JOINS:\n            return tuple(there)\n",
        "        if node.behaviour in _JOINS:\n"
        '            return tuple(f for f in there for _ in range(self.marking[("t", scope, f)]))\n',
    ),
    _fault(
        "the default flow of an inclusive split is never taken",
        "tokens",
        "            if node.default is not None:\n                yield (node.default,)\n",
        "",
    ),
    _fault(
        "the default flow goes with the others",
        "tokens",
        "yield from _subsets(tuple(f for f in node.outgoing if f != node.default))",
        "yield from _subsets(node.outgoing)",
    ),
    _fault(
        "an inclusive join looks over the border of its sub-process",
        "inclusive_join",
        '        elif key[0] in "ao" and key[1] == scope:\n',
        '        elif key[0] in "ao":\n',
    ),
    _fault(
        "an inclusive join does not ask whether what can come can also come by a full flow",
        "inclusive_join",
        " for f in full)",
        " for f in ())",
    ),
    _fault(
        "an event gateway leaves its other arms waiting",
        "firing",
        "        self.stop_listening(scope, tuple(arm for arm in race.arms if arm != (step.node, step.visit)))\n",
        "",
    ),
    _fault(
        "a complex gateway never resets",
        "tokens",
        '        elif key[0] == "g" and ',
        '        elif key[0] == "" and ',
    ),
    _fault(
        "a complex gateway fires again before its reset",
        "tokens",
        '            return ("g", scope, node.id) not in marking\n',
        "            return True\n",
    ),
    _fault(
        "the other arms of a parallel event gateway are not waited for",
        "firing",
        "for other in self.net.together.get(step.node, ()):",
        "for other in ():",
    ),
    # activities
    _fault(
        "the start quantity is ignored",
        "tokens",
        "            return bool(there >= node.needs)\n",
        "            return bool(there)\n",
    ),
    _fault(
        "the completion quantity is ignored", "firing", "produced = step.flows * node.gives", "produced = step.flows"
    ),
    _fault("visits are not counted", "tally", "self.marking[key] = number + 1", "pass"),
    _fault(
        "a multi-instance does not listen to its completion condition",
        "firing",
        "finished = step.satisfied or outer.done == outer.total",
        "finished = outer.done == outer.total",
    ),
    _fault(
        "instances that are left over go on",
        "firing",
        "        self.remove_instances(scope, node.id, visit)\n        self.stop_listening(scope, outer.listening)\n",
        "        self.stop_listening(scope, outer.listening)\n",
    ),
    _fault(
        "a loop does not end at its maximum",
        "tokens",
        "if node.loop.maximum is None or outer.done + 1 < node.loop.maximum:",
        "if True:",
    ),
    _fault(
        "an ad-hoc sub-process does several at a time though it is sequential",
        "tokens",
        '    if node.sequential and marking.get(("n", inner), 0):\n        return\n',
        "",
    ),
    _fault(
        "a sub-process completes while something in it goes on",
        "tokens",
        '            return not marking.get(("n", inside(node, scope, visit)), 0)\n',
        "            return True\n",
    ),
    _fault(
        "a flow without a condition waits for those that have one",
        "tokens",
        "taken = (*sure, *chosen, ",
        "taken = (*(() if chosen else sure), *chosen, ",
    ),
    _fault(
        "a loop that tests before does its work all the same",
        "tokens",
        "for instances in (1, 0) if isinstance(node.loop, StandardLoop) and node.loop.test_before else (1,):",
        "for instances in (1,):",
    ),
    # events
    _fault(
        "a boundary event does not interrupt",
        "firing",
        "            serves = self.remove_activity(scope, *host)\n",
        "            pass\n",
    ),
    _fault("an event occurs once only", "firing", "        if node.recurs:\n", "        if False:\n"),
    _fault(
        "a listener counts as content",
        "scopes",
        "            self.wait(scope, node, (), (node.container, -1))\n",
        "            self.hold(scope, 1)\n            self.wait(scope, node, (), (node.container, -1))\n",
    ),
    _fault(
        "an event sub-process begins when its scope is at its end",
        "tokens",
        '            return bool(marking.get(("n", scope), 0))\n',
        "            return True\n",
    ),
    _fault(
        "an interrupting event sub-process leaves the rest going on",
        "firing",
        "            self.remove_inside(scope, keep_done=True)\n        elif start",
        "            pass\n        elif start",
    ),
    _fault("a signal reaches the first alone", "raising", "in waiting:\n", "in waiting[:1]:\n"),
    _fault("a signal begins no process", "raising", "for starts in work.net.starts.values():", "for starts in ():"),
    _fault(
        "who catches any error comes first", "raising", "yield (not catch.key, name)", "yield (bool(catch.key), name)"
    ),
    _fault(
        "boundary events catch before event sub-processes",
        "raising",
        "for keys in (inside, border):",
        "for keys in (border, inside):",
    ),
    _fault(
        "an event sub-process catches what it throws",
        "raising",
        " and owner[0] not in {frame[0] for frame in scope[depth:]}",
        "",
    ),
    _fault(
        "an error that nobody catches is forgotten",
        "raising",
        "                _fail(work, scope[:1])\n",
        "                pass\n",
    ),
    _fault(
        "terminate takes the scope around too",
        "firing",
        "                self.remove_inside(scope)\n                return\n",
        "                self.remove_inside(scope[:-1] or scope)\n                return\n",
    ),
    _fault(
        "all triggers of a parallel multiple event are one",
        "firing",
        "return len(occurred) == len(node.triggers)",
        "return bool(occurred)",
    ),
    # compensation
    _fault(
        "the first completed is compensated first", "raising", "for done in reversed(record):", "for done in record:"
    ),
    _fault(
        "what was compensated may be so again",
        "raising",
        '        return work.marking.pop(("c", scope), ())\n',
        '        return work.marking.get(("c", scope), ())\n',
    ),
    _fault("a compensation always waits", "raising", "waits = waits and trigger.waits", "waits = True"),
    _fault(
        "a compensation that names an activity is for all",
        "raising",
        "    if not activity:\n",
        "    if True:\n",
    ),
    _fault(
        "a cancel does not compensate",
        "raising",
        "            handlers += _abort(work, inside, scope, node.id, visit)\n",
        "            _abort(work, inside, scope, node.id, visit)\n",
    ),
    _fault(
        "what began at the border is compensated after the activity",
        "firing",
        "            self.keep_place(scope, *host)\n",
        "            pass\n",
    ),
    _fault(
        "instances are compensated before all are done",
        "firing",
        "            self.remember(scope, node, step.visit, where=scope[:-1])\n",
        "            self.remember(scope[:-1], node, step.visit, where=scope[:-1])\n",
    ),
    _fault(
        "an activity that was interrupted is remembered",
        "scopes",
        '        kept = ("c", scope) if keep_done else None\n',
        '        kept = ("c", scope)\n',
    ),
)


def found(fault: Fault) -> str:
    """The test that finds it, or nothing."""
    return found_by(fault, TESTS, FOLDERS)


if __name__ == "__main__":
    sys.exit(report(FAULTS, found))

"""Faults put into execution one at a time: ``python -m tests.execution.faults`` says which test finds each."""

import sys

from tests.faults import Fault, found_by, report

#: the fast tests first, then the agreement with the token rules over random models
TESTS = ("tests/execution/test_[!f]*.py", "tests/agreement/test_tokens_and_spiff.py")
FOLDERS = ("tests", "processes", "simulations")


def _fault(what: str, module: str, text: str, instead: str) -> Fault:
    return Fault(what, "execution", module, text, instead)


FAULTS = (
    _fault(
        "a parallel join fires on one token",
        "gateways",
        "        if len(by_flow) < len(self.incoming):\n            return False\n",
        "",
    ),
    _fault(
        "a parallel join takes all tokens of a flow",
        "gateways",
        "            if tokens[0] is not my_task:\n                tokens[0].cancel()\n        return True\n",
        "            for token in tokens:\n                if token is not my_task:\n"
        "                    token.cancel()\n"
        "        return True\n",
    ),
    _fault(
        "an inclusive join does not wait for what may still come",
        "gateways",
        "        return not self.must_wait(workflow, waiting)\n",
        "        return True\n",
    ),
    _fault(
        "an inclusive join waits for arms of an event-based gateway",
        "gateways",
        "token.listener or is_arm(token):",
        "token.listener:",
    ),
    _fault(
        "the default flow of a decision is tested first",
        "gateways",
        "            if flow.id != self.default and self.holds(my_task, FLOW + flow.id):\n",
        "            if flow.id == self.default or self.holds(my_task, FLOW + flow.id):\n",
    ),
    _fault(
        "a complex gateway never resets",
        "gateways",
        "        if not self.must_wait(workflow, {*taken, *self.arrived(workflow)}):\n            reset = ",
        "        if False:\n            reset = ",
    ),
    _fault(
        "a boundary event stays when its activity is done",
        "activities",
        "        for child in my_task.children:\n            child.cancel()\n        for flow",
        "        for flow",
    ),
    _fault(
        "an interrupting boundary event leaves its activity",
        "nodes",
        "            my_task.serves = host.serves\n            host.cancel()\n",
        "            my_task.serves = host.serves\n",
    ),
    _fault(
        "a multi-instance completes one run too soon",
        "activities",
        "        elif done == count:\n",
        "        elif done == max(count - 1, 1):\n",
    ),
    _fault(
        "a completion condition is not looked at",
        "activities",
        "        if self.loop.completion_condition and self.is_enough(my_task, run, done):\n",
        "        if False:\n",
    ),
    _fault(
        "a loop runs once more than its maximum",
        "activities",
        "done >= self.loop.maximum:",
        "done > self.loop.maximum:",
    ),
    _fault(
        "the completion quantity is ignored",
        "activities",
        "            for _ in range(self.gives):\n",
        "            for _ in range(1):\n",
    ),
    _fault(
        "an error is caught by one that names another before one that takes any",
        "throwing",
        "((not catch.key, token",
        "((bool(catch.key), token",
    ),
    _fault(
        "an error that nobody catches is passed over",
        "throwing",
        "                    elif result.kind is TriggerKind.ERROR:\n                        _fail(my_task)\n",
        "",
    ),
    _fault(
        "the first completed is compensated first",
        "throwing",
        "    for done in reversed(record):\n",
        "    for done in record:\n",
    ),
    _fault(
        "an event sub-process that interrupts leaves the rest of its scope",
        "nodes",
        "            my_task.workflow.empty(but=my_task)\n",
        "            pass\n",
    ),
    _fault(
        "a terminate event ends itself alone",
        "nodes",
        "        if self.terminates:\n            my_task.workflow.terminate(my_task)\n",
        "",
    ),
    _fault(
        "a message that nobody waits for is thrown away",
        "mail",
        "        self.kept.append(letter)\n",
        "        pass\n",
    ),
    _fault(
        "what a signal lets go on begins before others have caught it",
        "nodes",
        "            arriving.append(my_task)\n",
        "            super()._update(my_task)\n",
    ),
    _fault(
        "a timer counts from the start of the case",
        "clock",
        "        return self.later(self.now, duration)\n",
        "        return self.later(0, duration)\n",
    ),
)


def found(fault: Fault) -> str:
    """The test that finds it, or nothing."""
    return found_by(fault, TESTS, FOLDERS)


if __name__ == "__main__":
    sys.exit(report(FAULTS, found))

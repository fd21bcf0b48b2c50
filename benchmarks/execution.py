"""How fast cases are executed: loops, parallel blocks, and cases of a collaboration of 36 flow nodes a second.

python -m benchmarks.execution [--rounds 3]
"""

import argparse
import platform
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Final

from bpmn_tool.execution.automatic import automatic
from bpmn_tool.execution.build import Executable, executable
from bpmn_tool.execution.case import Case
from bpmn_tool.interchange.bpmn_xml import read_bytes

_HEAD: Final = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:x">'
)


def flows(*steps: str) -> str:
    return "".join(f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(steps))


def loop(rounds: int) -> bytes:
    """A loop with a parallel block, so many rounds."""
    return (
        f'{_HEAD}<process id="P"><startEvent id="s"/><scriptTask id="z"><script>n = 0</script></scriptTask>'
        '<exclusiveGateway id="m"/><parallelGateway id="p"/><serviceTask id="a"/><serviceTask id="b"/>'
        '<parallelGateway id="q"/><scriptTask id="i"><script>n = n + 1</script></scriptTask>'
        '<exclusiveGateway id="x" default="x-e"/><endEvent id="e"/>'
        f"{flows('s', 'z', 'm', 'p', 'a', 'q', 'i', 'x', 'e')}{flows('p', 'b', 'q')}"
        '<sequenceFlow id="x-m" sourceRef="x" targetRef="m"><conditionExpression>'
        f"n &lt; {rounds}</conditionExpression></sequenceFlow></process></definitions>"
    ).encode()


def parallel_blocks(number: int, width: int = 2) -> bytes:
    """Parallel blocks in a row."""
    text, last = "", "s"
    for block in range(number):
        opens, closes = f"p{block}", f"q{block}"
        text += f'<parallelGateway id="{opens}"/><parallelGateway id="{closes}"/>{flows(last, opens)}'
        for arm in range(width):
            task = f"t{block}_{arm}"
            text += f'<serviceTask id="{task}"/>{flows(opens, task, closes)}'
        last = closes
    body = f'<startEvent id="s"/>{text}<endEvent id="e"/>{flows(last, "e")}'
    return f'{_HEAD}<process id="P">{body}</process></definitions>'.encode()


def sequence(length: int) -> bytes:
    names = [f"t{number}" for number in range(length)]
    tasks = "".join(f'<serviceTask id="{name}"/>' for name in names)
    body = f'<startEvent id="s"/>{tasks}<endEvent id="e"/>{flows("s", *names, "e")}'
    return f'{_HEAD}<process id="P">{body}</process></definitions>'.encode()


def collaboration() -> bytes:
    """Two pools of 18 flow nodes each: a decision, a parallel block, eleven tasks that people do, messages there and
    back.
    """
    text = '<collaboration id="C"><participant id="A" processRef="P"/><participant id="B" processRef="Q"/>'
    text += '<messageFlow id="ask" sourceRef="Pt" targetRef="Qs"/><messageFlow id="answer" sourceRef="Qe" '
    text += 'targetRef="Pc"/></collaboration>'
    for pool in "PQ":
        names = [f"{pool}{number}" for number in range(11)]
        nodes = "".join(f'<userTask id="{name}"/>' for name in names)
        message = "<messageEventDefinition/>"
        if pool == "P":
            nodes += f'<startEvent id="Ps"/><intermediateThrowEvent id="Pt">{message}</intermediateThrowEvent>'
            nodes += f'<intermediateCatchEvent id="Pc">{message}</intermediateCatchEvent><endEvent id="Pe"/>'
            middle = ("Pt", "Pc")
        else:
            nodes += f'<startEvent id="Qs">{message}</startEvent><manualTask id="Qt"/><manualTask id="Qc"/>'
            nodes += f'<endEvent id="Qe">{message}</endEvent>'
            middle = ("Qt", "Qc")
        nodes += f'<exclusiveGateway id="{pool}x" default="{pool}x-{names[1]}"/><exclusiveGateway id="{pool}y"/>'
        nodes += f'<parallelGateway id="{pool}p"/><parallelGateway id="{pool}q"/>'
        nodes += flows(f"{pool}s", names[0], f"{pool}x", names[1], f"{pool}y", *middle, f"{pool}p", names[3])
        nodes += flows(names[3], f"{pool}q", *names[5:], f"{pool}e") + flows(f"{pool}p", names[4], f"{pool}q")
        nodes += flows(names[2], f"{pool}y")
        nodes += f'<sequenceFlow id="{pool}x2" sourceRef="{pool}x" targetRef="{names[2]}">'
        nodes += "<conditionExpression>amount &gt; 100</conditionExpression></sequenceFlow>"
        text += f'<process id="{pool}">{nodes}</process>'
    return f"{_HEAD}{text}</definitions>".encode()


def made(data: bytes) -> Executable:
    return executable(read_bytes(data, "model.bpmn"))


def case(model: Executable, firings: int = 100_000) -> None:
    begun = Case(model, data={"amount": 200}, firings=firings)
    begun.start("Ps" if "Ps" in model.model.flow_nodes else "s")
    automatic(begun)
    assert begun.completed


def cases(model: Executable, count: int) -> None:
    for _ in range(count):
        case(model)


def fresh(data: bytes) -> None:
    case(made(data))


def best(work: Callable[[], object], rounds: int) -> float:
    """Seconds of the processor, of the fastest round."""
    found: list[float] = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(f"Python {platform.python_version()}, {platform.machine()}; seconds of one processor, best of {rounds}")
    for number in (100, 1_000, 4_000):
        model = made(loop(number))
        seconds = best(partial(case, model), rounds)
        print(
            f"loop with a parallel block, {number:>5} rounds: {seconds:.3f} s, {seconds / number * 1e6:.0f} us a round"
        )
    for number in (10, 100):
        data = parallel_blocks(number)
        print(f"{number:>3} parallel blocks in a row, read, built and run: {best(partial(fresh, data), rounds):.3f} s")
    model = made(parallel_blocks(1, 100))
    print(f"one parallel block of 100 arms: {best(partial(case, model), rounds):.3f} s")
    for length in (100, 400):
        model = made(sequence(length))
        seconds = best(partial(case, model), rounds)
        print(f"sequence of {length} tasks: {seconds / length * 1e6:.0f} us a task")
    model = made(collaboration())
    count = 100
    seconds = best(partial(cases, model, count), rounds)
    print(f"collaboration of {len(model.model.flow_nodes)} flow nodes: {count / seconds:.0f} cases a second")


if __name__ == "__main__":
    main()

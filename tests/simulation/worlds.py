"""Random models with all that is simulated, as lines (see :mod:`tests.simulation.drawn`) and a scenario for them.

A block has one way in and one way out. Times are whole hours, so that much is due in the same tick.
"""

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

SIMPLE = ("work", "work", "work", "xor", "and", "or", "script", "wait")
EVENTS = (
    "late", "cycle", "fails", "escalates", "told", "shout", "turns", "outside", "several", "all_of", "listener", "race",
)  # fmt: skip
SCOPES = ("sub", "sub", "again", "instances", "adhoc", "undone", "transaction", "stop", "call")
COUNTS = ("some", "quorum", "linked", "many")


@dataclass
class World:
    """One model and its scenario, made from `dice` alone."""

    dice: random.Random
    depth: int = 3
    named: int = 0
    lines: list[str] = field(default_factory=list)  # of the scope that is drawn
    flows: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    second: list[str] = field(default_factory=list)  # of a second pool
    tasks: list[str] = field(default_factory=list)
    chances: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    @property
    def model(self) -> str:
        return "\n".join([*(["pool One"] if self.second else []), *self.lines, *self.second, *self.called, *self.flows])

    # -- small things

    def maybe(self, likely: float = 0.5) -> bool:
        return self.dice.random() < likely

    def name(self, letter: str) -> str:
        self.named += 1
        return f"{letter}{self.named}"

    def node(self, word: str, letter: str, more: str = "") -> str:
        made = self.name(letter)
        self.lines.append(f"{word} {made} {more}".rstrip())
        return made

    def flow(self, *nodes: str) -> None:
        self.flows += [f"{a} > {b}" for a, b in itertools.pairwise(nodes)]

    def hours(self, most: int = 6) -> str:
        return f"PT{self.dice.randint(1, most)}H"

    def task(self, more: str = "", word: str = "user") -> str:
        made = self.node(word, "a", more)
        self.tasks.append(made)
        return made

    def scope(self, word: str, letter: str, more: str, fill: Callable[[], None]) -> str:
        """A sub-process; `fill` draws what is in it."""
        made = self.name(letter)
        around, self.lines = self.lines, []
        fill()
        self.lines = [*around, f"{word} {made} {more} {{".replace("  ", " "), *self.lines, "}"]
        return made

    def filled(self, depth: int) -> None:
        """Something with a start and an end, or without."""
        first, last = self.block(depth)
        if self.maybe(0.7):
            self.flow(self.node("start", "s"), first)
        if self.maybe(0.7):
            self.flow(last, self.node("end", "e"))

    # -- blocks

    def block(self, depth: int) -> tuple[str, str]:
        if depth <= 0:
            one = self.task()
            return one, one
        kinds = self.dice.choice((SIMPLE, EVENTS, SCOPES, COUNTS, ("seq",), ("seq",)))
        first, last = getattr(self, "_" + self.dice.choice(kinds))(depth - 1)
        return first, last

    def _seq(self, depth: int) -> tuple[str, str]:
        one, two = self.block(depth), self.block(depth)
        self.flow(one[1], two[0])
        return one[0], two[1]

    def _work(self, _: int) -> tuple[str, str]:
        return (one := self.task(), one)

    def _script(self, _: int) -> tuple[str, str]:
        done = self.dice.choice(["n = n + 1", "n = 0", "m = n + 2", "n = n - 1"])
        return (one := self.node("script", "k", f'do="{done}"'), one)

    def _wait(self, _: int) -> tuple[str, str]:
        more = self.dice.choice([f"timer={self.hours()}", "date=2026-01-07T09:00:00"])
        return (one := self.node("catch", "c", more), one)

    def split(self, word: str, depth: int, conditions: tuple[str, ...] = ("", "")) -> tuple[str, str]:
        opens, closes = self.node(word, "g"), self.node(word, "g")
        for number, condition in enumerate(conditions):
            first, last = self.block(depth)
            self.flows += [f"{opens} > {first} as y{opens}{number}{condition}", f"{last} > {closes}"]
        return opens, closes

    def _xor(self, depth: int) -> tuple[str, str]:
        if self.maybe():
            return self.split("xor", depth, (" if x + n > 0.5", " default"))
        opens, closes = self.split("xor", depth)
        self.chances.append(f"y{opens}0 = {round(self.dice.random(), 3)}\n")
        return opens, closes

    def _and(self, depth: int) -> tuple[str, str]:
        return self.split("and", depth, ("",) * self.dice.randint(2, 3))

    def _or(self, depth: int) -> tuple[str, str]:
        return self.split("or", depth, (" if x > 0.3", " if x <= 0.7", " if n > 1")[: self.dice.randint(2, 3)])

    # -- what happens at the border of work, and beside it

    def host(self, depth: int) -> str:
        return self.task() if self.maybe() else self.scope("sub", "S", "", lambda: self.filled(depth))

    def merged(self, host: str, event: str, depth: int) -> tuple[str, str]:
        """What an event at the border begins comes back behind its host, or ends."""
        inner = self.block(depth)
        self.flow(event, inner[0])
        if self.maybe(0.3):
            self.flow(inner[1], self.node("end", "e"))
            return host, host
        merge = self.node("xor", "g")
        self.flow(host, merge)
        self.flow(inner[1], merge)
        return host, merge

    def aside(self, host: str, event: str, depth: int) -> tuple[str, str]:
        self.flow(event, self.block(depth - 1)[0])
        return host, host

    def boundary(self, host: str, on: str, depth: int, *, alongside: bool | None = None) -> tuple[str, str]:
        beside = self.maybe() if alongside is None else alongside
        event = self.node("boundary", "b", f"on={host} {on}{' alongside' if beside else ''}")
        return self.aside(host, event, depth) if beside else self.merged(host, event, depth)

    def _late(self, depth: int) -> tuple[str, str]:
        return self.boundary(self.host(depth), f"timer={self.hours()}", depth)

    def _cycle(self, depth: int) -> tuple[str, str]:
        begin = self.dice.choice(["", "2026-01-06T10:00:00/"])
        return self.boundary(self.host(depth), f"cycle=R{self.dice.randint(1, 4)}/{begin}{self.hours()}", depth)

    def _outside(self, depth: int) -> tuple[str, str]:
        """An error or escalation that comes from outside."""
        host = self.task()
        on, beside = self.dice.choice([("error=out", False), ("escalation=out", True), ("message", False)])
        first, last = self.boundary(host, on, depth, alongside=beside)
        event = next(line.split()[1] for line in reversed(self.lines) if line.startswith("boundary") and host in line)
        after = self.dice.choice(['{ exponential = "PT3H" }', '"PT2H"'])
        self.events.append(f"[events.{event}]\nafter = {after}\nprobability = {self.dice.choice([0.5, 1.0])}\n")
        return first, last

    def badly(self, depth: int, ends: str) -> None:
        """Something that may come to an end of this kind, beside other work or not."""
        first, last = self.block(depth)
        way = self.node("xor", "g")
        bad, good = self.node("end", "z", ends), self.node("end", "e")
        self.flow(last, way)
        self.flows += [f"{way} > {bad} as y{way}0", f"{way} > {good} as y{way}1"]
        self.chances.append(f"y{way}0 = {self.dice.choice([0.3, 0.7, 1.0])}\n")
        if self.maybe():
            beside = self.block(depth)
            if self.maybe():
                self.flow(self.node("start", "s"), self.node("and", "g"))
                fork = self.lines[-1].split()[1]
                self.flow(fork, first)
                self.flow(fork, beside[0])

    def thrown(self, depth: int, ends: str) -> None:
        """As `badly`, sometimes from deeper inside or from a called process."""
        match self.dice.randint(0, 3):
            case 0:
                inner = self.scope("sub", "S", "", lambda: self.badly(depth - 1, ends))
                self.flow(self.task(), inner)
            case 1:
                self.into_call(lambda: self.badly(depth - 1, ends))
            case _:
                self.badly(depth, ends)

    def _fails(self, depth: int) -> tuple[str, str]:
        code = self.name("E")
        catches = self.dice.choice([f"error={code}", "error", "error=other"])
        if self.maybe(0.4):  # in a scope that catches it too

            def fill() -> None:
                inner = self.scope("sub", "S", "", lambda: self.thrown(depth, f"error={code}"))
                self.boundary(inner, catches, depth - 1, alongside=False)

            host, catches = self.scope("sub", "S", "", fill), "error"
        else:
            host = self.scope("sub", "S", "", lambda: self.thrown(depth, f"error={code}"))
            if self.maybe(0.3):  # whatever it is; one that names it comes first
                self.flow(self.node("boundary", "b", f"on={host} error"), self.node("end", "e"))
        return self.boundary(host, catches, depth, alongside=False)

    def _escalates(self, depth: int) -> tuple[str, str]:
        code = self.name("X")

        def fill() -> None:
            first, last = self.block(depth)
            del first
            self.flow(last, self.node("throw", "t", f"escalation={code}"), self.task())

        host = self.scope("sub", "S", "", fill)
        return self.boundary(host, self.dice.choice([f"escalation={code}", "escalation"]), depth)

    def _told(self, depth: int) -> tuple[str, str]:
        """A sub-process with an event sub-process that something thrown inside starts."""
        code, kind = self.name("E"), self.dice.choice(["error", "escalation"])
        alongside = " alongside" if kind == "escalation" and self.maybe() else ""

        def fill() -> None:
            self.badly(depth, f"{kind}={code}")
            self.event_sub_process(depth, self.dice.choice([kind, f"{kind}={code}"]) + alongside)

        host = self.scope("sub", "S", "", fill)
        if self.maybe(0.3):
            return self.boundary(host, kind, depth, alongside=False)
        return host, host

    def event_sub_process(self, depth: int, on: str) -> None:
        def fill() -> None:
            start, (first, last) = self.node("start", "h", on), self.block(depth)
            self.flow(start, first)
            if self.maybe():
                self.flow(last, self.node("end", "e"))

        self.scope("esub", "H", "", fill)

    def listens(self, depth: int) -> None:
        on = self.dice.choice(
            [f"timer={self.hours(9)}", f"cycle=R2/{self.hours(9)}", 'condition="n > 1"', "signal=all"]
        )
        self.event_sub_process(depth, on + (" alongside" if self.maybe() else ""))

    def _listener(self, depth: int) -> tuple[str, str]:
        def fill() -> None:
            self.filled(depth)
            for _ in range(self.dice.randint(1, 2)):
                self.listens(depth - 1)

        return (host := self.scope("sub", "S", "", fill), host)

    def _shout(self, depth: int) -> tuple[str, str]:
        """A signal thrown beside what waits for it."""
        signal = self.dice.choice(["all", self.name("N")])
        opens, closes = self.node("and", "g"), self.node("and", "g")
        if self.maybe():
            caught = self.boundary(self.host(depth), f"signal={signal}", depth)
        else:
            catch = self.node("catch", "c", f"signal={signal} timer={self.hours(12)}")
            caught = (catch, catch)
        before = self.block(depth)
        if self.maybe():  # and another
            self.flow(opens, self.node("catch", "c", f"signal={signal} timer={self.hours(12)}"), closes)
        self.flow(opens, caught[0])
        self.flow(caught[1], closes)
        self.flow(opens, before[0])
        self.flow(before[1], self.node("throw", "t", f"signal={signal}"), closes)
        return opens, closes

    def _turns(self, depth: int) -> tuple[str, str]:
        """A condition that a script beside it makes true."""
        opens, closes = self.node("and", "g"), self.node("and", "g")
        host = self.boundary(self.host(depth), f'condition="n > {self.dice.randint(0, 2)}"', depth)
        self.flow(opens, host[0])
        self.flow(host[1], closes)
        done = [self.node("script", "k", f'do="n = {self.dice.choice(["n + 1", "n + 1", "0"])}"') for _ in range(3)]
        self.flow(opens, self.task(), done[0], self.task(), done[1], done[2], closes)
        if self.maybe():
            return opens, closes
        before = self.node("script", "k", 'do="n = n + 2"')  # so that it may be true from the first
        self.flow(before, opens)
        return before, closes

    def _several(self, _: int) -> tuple[str, str]:
        on = self.dice.choice([f"timer={self.hours()} condition=n>0", f"signal=all timer={self.hours()}"])
        return (one := self.node("catch", "c", on), one)

    def _all_of(self, depth: int) -> tuple[str, str]:
        """Beside work that may throw what it waits for, an event that waits for two things together."""
        opens, closes = self.node("and", "g"), self.node("and", "g")
        signal = self.name("N")
        on = self.dice.choice([f"timer={self.hours()} signal={signal}", f'signal={signal} condition="n > 0"'])
        self.flow(opens, self.node("catch", "c", on + " together"), closes)
        before = self.block(depth)
        script = self.node("script", "k", 'do="n = n + 1"')
        self.flow(opens, before[0])
        self.flow(before[1], script, self.node("throw", "t", f"signal={signal}"), closes)
        return opens, closes

    def _race(self, depth: int) -> tuple[str, str]:
        gateway, merge = self.node("event", "g"), self.node("xor", "g")
        ways = [f"timer={self.hours()}", f"timer={self.hours()}", "signal=all", 'condition="n > 0"']
        for on in (ways[0], self.dice.choice(ways[1:])):
            inner = self.block(depth)
            self.flow(gateway, self.node("catch", "c", on), inner[0])
            self.flow(inner[1], merge)
        return gateway, merge

    # -- scopes

    def _sub(self, depth: int) -> tuple[str, str]:
        return (one := self.scope("sub", "S", "", lambda: self.filled(depth)), one)

    def _again(self, depth: int) -> tuple[str, str]:
        more = f"loop max={self.dice.randint(1, 3)}" + (" before" if self.maybe(0.2) else "")
        if self.maybe():
            return (one := self.task(more), one)
        return (one := self.scope("sub", "S", more, lambda: self.filled(depth)), one)

    def _instances(self, depth: int) -> tuple[str, str]:
        more = f"mi={self.dice.randint(0, 3)}" + (" sequential" if self.maybe() else "")
        if self.maybe(0.3):
            more += ' until="n > 0"'
        if self.maybe():
            return (one := self.task(more), one)
        return (one := self.scope("sub", "S", more, lambda: self.filled(depth)), one)

    def _many(self, depth: int) -> tuple[str, str]:
        """Several instances with an event at the border."""
        first, _ = self._instances(depth)
        return self.boundary(first, f"timer={self.hours(9)}", depth)

    def _adhoc(self, depth: int) -> tuple[str, str]:
        more = "sequential" if self.maybe() else ""
        if self.maybe():
            more += ' until="n > 0"'

        def fill() -> None:
            self.flow(self.task(), self.task())
            self.node("script", "k", 'do="n = n + 1"')
            self.block(depth - 1)

        return (one := self.scope("adhoc", "D", more, fill), one)

    def undoable(self, depth: int) -> str:
        if self.maybe(0.3):
            host = self._instances(depth)[0]
        else:
            host = self.host(depth)
        self.tasks.append(self.name("u"))
        self.lines.append(f"handler {self.tasks[-1]} for={host}")
        return host

    def _undone(self, depth: int) -> tuple[str, str]:
        one, two = self.undoable(depth), self.undoable(depth)
        inner = self.block(depth)
        back = self.node("throw", "t", self.dice.choice(["compensate", f"compensate={one}", f"compensate={two}"]))
        if self.maybe():
            self.flow(one, two, inner[0])
        else:
            fork, join = self.node("and", "g"), self.node("and", "g")
            self.flow(fork, one, join)
            self.flow(fork, two, join)
            self.flow(join, inner[0])
            one = fork
        self.flow(inner[1], back)
        if self.maybe():
            return one, back
        again = self.node("throw", "t", "compensate")  # what was undone is not undone again
        self.flow(back, again)
        return one, again

    def _transaction(self, depth: int) -> tuple[str, str]:
        def fill() -> None:
            first = self.undoable(depth)
            way = self.node("xor", "g")
            bad, good = self.node("end", "z", "cancel"), self.node("end", "e")
            self.flow(first, self.undoable(depth - 1), way)
            self.flows += [f"{way} > {bad} as y{way}0", f"{way} > {good} as y{way}1"]
            self.chances.append(f"y{way}0 = {self.dice.choice([0.5, 1.0])}\n")
            if self.maybe():
                self.block(depth)

        host = self.scope("transaction", "T", "", fill)
        return self.boundary(host, "cancel", depth, alongside=False)

    def _stop(self, depth: int) -> tuple[str, str]:
        def fill() -> None:
            self.flow(self.block(depth)[1], self.node("terminate", "z"))
            self.block(depth)

        return (one := self.scope("sub", "S", "", fill), one)

    def into_call(self, fill: Callable[[], None]) -> str:
        """A call of a process of its own; sometimes called twice."""
        process = self.name("Q")
        around, self.lines = self.lines, []
        fill()
        inner, self.lines = self.lines, around
        self.called += [f"process {process}", "lane Agent", *inner]
        one = self.node("call", "C", f"of={process}")
        if self.maybe(0.3):
            self.flow(one, self.node("call", "C", f"of={process}"))
        return one

    def _call(self, depth: int) -> tuple[str, str]:
        def fill() -> None:
            first, last = self.block(depth)
            self.flow(self.node("start", "s"), first)
            if self.maybe():
                self.flow(last, self.node("end", "e"))
            if self.maybe(0.3):
                self.listens(depth - 1)

        one = self.into_call(fill)
        following = next((f.split(" > ")[1] for f in self.flows if f.startswith(f"{one} > ")), one)
        return one, following

    # -- counts

    def _some(self, _: int) -> tuple[str, str]:
        number = self.dice.randint(2, 3)
        first, last = self.task(f"gives={number}"), self.task(f"needs={number}")
        self.flow(first, last)
        return first, last

    def _quorum(self, depth: int) -> tuple[str, str]:
        """In a scope of its own, a complex gateway that goes on with some of what comes."""
        number = self.dice.randint(2, 3)

        def fill() -> None:
            opens = self.node("and", "g")
            closes = self.node("complex", "w", f'when="activationCount >= {self.dice.randint(1, number)}"')
            for _ in range(number):
                first, last = self.block(depth - 1)
                self.flow(opens, first)
                self.flow(last, closes)
            self.flow(closes, self.task())

        return (one := self.scope("sub", "S", "", fill), one)

    def _linked(self, depth: int) -> tuple[str, str]:
        link, first, last = self.name("L"), self.block(depth), self.block(depth)
        self.flow(first[1], self.node("throw", "t", f"link={link}"))
        self.flow(self.node("catch", "c", f"link={link}"), last[0])
        return first[0], last[1]

    # -- the whole

    def draw(self) -> tuple[str, str]:
        self.lines += ["lane Agent", "start s"]
        first, last = self.block(self.depth)
        self.flow("s", first)
        self.flow(last, self.node(self.dice.choice(["end", "end", "terminate"]), "e"))
        if self.maybe(0.3):
            self.listens(1)
        if self.maybe(0.3):
            self.answered()
        if self.maybe(0.3):
            self.lines.append("start called signal=all")
            self.flow("called", self.task(), self.node("end", "e"))
        return self.model, self.scenario()

    def answered(self) -> None:
        """A second pool that a message begins, and that answers; and what waits for the answer beside all else."""
        ask, wait = self.node("throw", "t"), self.node("catch", "c")
        self.flows = [f.replace("s > ", "fork > ", 1) if f.startswith("s > ") else f for f in self.flows]
        self.lines.append("and fork")
        self.flow("s", "fork", ask, wait, self.node("end", "e"))
        around, self.lines = self.lines, ["pool Two", "lane Agent", "start asked"]
        first, last = self.block(1)
        reply = self.node("end", "r")
        self.flow("asked", first)
        self.flow(last, reply)
        self.second, self.lines = self.lines, around
        self.flows += [f"m1: {ask} ~ asked", f"m2: {reply} ~ {wait}"]

    def scenario(self) -> str:
        dice = self.dice
        tidy = self.maybe()  # nobody waits and all takes whole hours: much is due in the same tick
        toml = ['[arrivals.s]\ninterval = { exponential = "PT20H" }\n', "[attributes]\nx = { uniform = [0, 1] }\n"]
        toml.append("n = { constant = 0 }\nm = { constant = 1 }\n")
        for task in self.tasks:
            kind = "constant" if tidy else dice.choice(["constant", "constant", "exponential", "uniform"])
            hours = dice.randint(1, 5)
            said = f'["PT0S", "PT{hours}H"]' if kind == "uniform" else f'"PT{hours}H"'
            toml.append(f"[tasks.{task}]\nduration = {{ {kind} = {said} }}\n")
            if self.maybe(0.2):
                toml.append('lag = { constant = "PT2H" }\n')
        toml.append('[calendars.office]\nhours = { mon-fri = "09:00-17:00" }\n')
        count, calendar = (50, "always") if tidy else (dice.choice([1, 3]), dice.choice(["office", "always"]))
        toml.append(f'[roles.agent]\ncount = {count}\ncalendar = "{calendar}"\n')
        toml.append("".join(self.events))
        if self.chances:
            toml.append("[flows]\n" + "".join(self.chances))
        return "".join(toml)


def world(seed: int, depth: int = 3) -> tuple[str, str]:
    """Model and scenario of a seed."""
    return World(random.Random(seed), depth).draw()  # noqa: S311

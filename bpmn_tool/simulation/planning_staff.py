"""The scenario's people, gates and tasks as plans."""

from collections.abc import Mapping

from bpmn_tool.instants.hours import parse_hours
from bpmn_tool.instants.units import HOUR
from bpmn_tool.instants.working_time import Calendar
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.model.elements import Model, MultiInstance, StandardLoop
from bpmn_tool.model.net import Behaviour, Net
from bpmn_tool.scenario import scenario as said
from bpmn_tool.scenario.distributions import Distribution
from bpmn_tool.simulation.occasions import WEEKDAYS, Occasions
from bpmn_tool.simulation.plan import BackgroundPlan, BatchPlan, GatePlan, Lasting, Limits, ResourcePlan, WorkPlan
from bpmn_tool.simulation.planning_problems import Problems
from bpmn_tool.simulation.planning_roles import Roles
from bpmn_tool.simulation.samplers import ticks
from bpmn_tool.simulation.service import fill, limited

_OF_WORK = (
    "role", "roles", "duration", "lag", "priority", "gate", "cost", "batch", "same_person_as", "not_same_person_as",
)  # fmt: skip


class StaffPlanner:
    """Calendars, resources, gates, work and standing work of a scenario."""

    def __init__(
        self,
        model: Model,
        scenario: said.Scenario,
        roles: Roles,
        net: Net,
        line: TimeLine,
        rank: Mapping[str, int],
        problems: Problems,
    ) -> None:
        self.model, self.scenario, self.roles, self.line, self.rank, self.problems = (
            model, scenario, roles, line, rank, problems,
        )  # fmt: skip
        self.warnings: list[str] = []
        self.costs: dict[str, float] = {}
        self.names: dict[str, str] = {}  # label -> what the scenario calls the person, where nobody else is called so
        self.calendars = {name: self._calendar(name, calendar) for name, calendar in scenario.calendars.items()}
        self.unlimited = frozenset(name for name, role in scenario.roles.items() if role.count == "unlimited")
        self.resources = self._resources()
        self.by_role = self._by_role()
        self.strict = frozenset(name for name, role in scenario.roles.items() if role.strict_order)
        self.gates = {name: self._gate(name, gate) for name, gate in scenario.gates.items()}
        self.works = {
            node.id: self._work(node.id)
            for node in net.nodes.values()
            if node.behaviour is Behaviour.WORK and node.id in roles.seats
        }
        self._said_in_vain()
        self.background = tuple(
            plan
            for name, each in sorted(scenario.background.items(), key=lambda pair: pair[0].encode())
            if (plan := self._background(name, each)) is not None
        )
        self.works.update({plan.id: plan.work for plan in self.background})

    # -- time

    def _calendar(self, name: str, calendar: said.Calendar) -> Calendar:
        holidays = (calendar.holidays.country, calendar.holidays.region) if calendar.holidays else None
        absences = [(said.midnight(p.from_).date(), said.midnight(p.to).date()) for p in calendar.absences]
        try:
            return Calendar.weekly(parse_hours(calendar.hours or {}), self.line, holidays=holidays, absences=absences)
        except ValueError as error:
            self.problems.key(f"calendars.{name}", str(error))
            return Calendar.always()

    def calendar(self, name: str | None, path: str) -> Calendar:
        if name is None or name == "always":
            return self.calendars.get("always", Calendar.always())
        if name not in self.calendars:
            self.problems.key(path, f"there is no calendar '{name}'")
            return Calendar.always()
        return self.calendars[name]

    def _gate(self, name: str, gate: said.Gate) -> GatePlan:
        path = f"gates.{name}"
        for role in gate.no_show:
            if not self._places(name).get(role):
                self.problems.key(f"{path}.no_show.{role}", "no task of this gate has a seat for that role")
        if gate.on is not None and gate.on not in WEEKDAYS:
            self.problems.key(f"{path}.on", f"'{gate.on}' is not a weekday ({', '.join(WEEKDAYS)})")
        if gate.every is not None and (
            gate.every.ticks or ((gate.every.years or gate.every.months) and (gate.every.weeks or gate.every.days))
        ):
            self.problems.key(
                f"{path}.every", "occasions are days, weeks or months apart (P1W, P1M), and not a mixture"
            )
        if gate.every is None or self.problems.found:
            return GatePlan(id=name, occasion=lambda _n: None)
        occasions = Occasions(
            self.line,
            every=gate.every,
            first=gate.from_ or self.line.start.date(),
            on=gate.on,
            at=gate.at,
            calendar=self.calendar(gate.calendar, f"{path}.calendar") if gate.calendar else None,
            moved=gate.on_holiday == "next",
        )
        return GatePlan(
            id=name,
            occasion=occasions,
            capacity=gate.capacity,
            reserve=gate.reserve,
            no_show={role: each for role, each in gate.no_show.items() if each > 0},
            quorum=gate.quorum,
            places=self._places(name),
        )

    def _places(self, gate: str) -> dict[str, int]:
        """The seats of a gate by role: of each as many as the task that has most of them."""
        found: dict[str, int] = {}
        for element, seats in self.roles.seats.items():
            task = self.scenario.tasks.get(element)
            if task is not None and task.gate == gate:
                asked = self._borrowed(element, seats)
                found.update({role: max(found.get(role, 0), asked.count(role)) for role in asked})
        return found

    def _borrowed(self, element: str, seats: tuple[str, ...]) -> tuple[str, ...]:
        """The seats of some work, as another role takes them where nobody holds their own."""
        undefined = self.scenario.undefined_roles
        if element not in self.roles.undefined or undefined.policy != "borrowed":
            return seats
        return tuple(undefined.borrow.get(role, role) for role in seats)

    # -- people

    def _resources(self) -> tuple[ResourcePlan, ...]:
        found: list[ResourcePlan] = []
        called: dict[str, list[str]] = {}
        for name, role in self.scenario.roles.items():
            people = role.people or tuple(
                said.Person() for _ in range(role.count if isinstance(role.count, int) else 0)
            )
            for number, person in enumerate(people):
                path = f"roles.{name}"
                calendar = self.calendar(person.calendar or role.calendar, f"{path}.calendar")
                share = person.share if person.share is not None else role.share
                if share <= 0:
                    self.problems.key(f"{path}.share", "a share is above zero; nobody at all is count = 0")
                    share = 1.0
                cost = person.cost_per_hour if person.cost_per_hour is not None else role.cost_per_hour
                label = f"{name}#{number + 1}"
                self.costs[label] = cost
                if person.name is not None:
                    called.setdefault(person.name, []).append(label)
                found.append(
                    ResourcePlan(
                        index=len(found),
                        label=label,
                        roles=(name, *person.also),
                        calendar=calendar.share(share, number, len(people)) if share < 1.0 else calendar,
                        finish=role.off_duty == "finish",
                        speed=person.speed,
                        durations={
                            task: drawn
                            for task, each in person.durations.items()
                            if (drawn := self.drawn(each, f"{path}.people[{number}].durations.{task}")) is not None
                        },
                    )
                )
        self.names = {labels[0]: person for person, labels in called.items() if len(labels) == 1}
        return tuple(found)

    def _by_role(self) -> Mapping[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for resource in self.resources:
            for role in resource.roles:
                found.setdefault(role, []).append(resource.index)
        return {role: tuple(indices) for role, indices in found.items()}

    # -- work

    def drawn(self, distribution: Distribution | None, path: str) -> Lasting | None:
        if distribution is None:
            return None
        try:
            return ticks(distribution)
        except ValueError as error:
            self.problems.key(path, str(error))
            return None

    def _work(self, element: str) -> WorkPlan:
        task = self.scenario.tasks.get(element, said.Task())
        path = f"tasks.{element}"
        seats = self._borrowed(element, self.roles.seats[element])
        undefined = self.roles.undefined.get(element)
        policy = self.scenario.undefined_roles.policy
        if undefined is not None and policy == "borrowed":
            if any(role not in self.roles.staffed for role in seats):
                undefined_still = ", ".join(role for role in seats if role not in self.roles.staffed)
                self.problems.key(
                    "undefined_roles.borrow", f"says nothing of '{undefined_still}', which '{element}' needs"
                )
            undefined = None
        human = bool(self.roles.seats[element])
        if human and task.duration is None and not any(q.path.startswith(path) for q in self.scenario.questions):
            name = self.model.flow_nodes[element].label
            self.problems.key(f"{path}.duration", f"how long does '{name}' take, hands on? It has no duration")
        if task.gate is not None and task.gate not in self.gates:
            self.problems.key(f"{path}.gate", f"there is no gate '{task.gate}'")
        unlimited = undefined is not None and policy == "unlimited"
        kept = () if unlimited else tuple(role for role in seats if role not in self.unlimited)
        if undefined is None:
            self._can_meet(element, kept)
        self._meeting(element, task, len(seats))
        return WorkPlan(
            element=element,
            rank=self.rank[element],
            seats=kept,
            invited=tuple((role, not unlimited and role not in self.unlimited) for role in seats) if task.gate else (),
            batch=_batch(task.batch),
            same_as=self._person(element, "same_person_as", kept),
            not_same_as=self._person(element, "not_same_person_as", kept),
            duration=self.drawn(task.duration, f"{path}.duration"),
            lag=self.drawn(task.lag, f"{path}.lag"),
            priority=task.priority,
            gate=self.gates.get(task.gate) if task.gate else None,
            absent=undefined is not None and not unlimited,
        )

    def _said_in_vain(self) -> None:
        """What a task says that would change nothing is an error, never passed over."""
        nodes = {node: self.model.flow_nodes[node] for node in self.scenario.tasks if node in self.model.flow_nodes}
        for id_, node in nodes.items():
            task, loop = self.scenario.tasks[id_], getattr(node, "loop", None)
            vain = [] if id_ in self.works else [key for key in _OF_WORK if task.has(key)]
            vain += ["instances"] if task.has("instances") and not isinstance(loop, MultiInstance) else []
            vain += ["repeat"] if task.has("repeat") and not isinstance(loop, StandardLoop) else []
            for key in vain:
                self.problems.key(
                    f"tasks.{id_}.{key}", f"'{node.label}' has no use for it: see its kind and its markers"
                )

    def _meeting(self, element: str, task: said.Task, seats: int) -> None:
        """A quorum that can be reached."""
        gate = self.scenario.gates.get(task.gate or "")
        if gate is None or gate.quorum is None or self.problems.found:
            return
        if not 1 <= gate.quorum <= seats:
            self.problems.key(
                f"gates.{task.gate}.quorum",
                f"{gate.quorum} of the {seats} seats of '{element}': it is at least 1 and at most all of them",
            )

    def _person(self, element: str, key: str, seats: tuple[str, ...]) -> str | None:
        """The other work that says who may do this, or must."""
        task = self.scenario.tasks.get(element, said.Task())
        other: str | None = getattr(task, key)
        if other is None:
            return None
        path = f"tasks.{element}.{key}"
        if task.batch is not None:
            self.problems.key(path, "work in batches is of several cases, of which somebody else may have done each")
            return None
        theirs = self.roles.seats.get(other)
        wanted = key == "same_person_as"
        if theirs is None or not self._people(other, first=wanted):
            self.problems.key(path, f"nobody in [roles] does '{other}', so it says nothing")
        elif not seats:
            self.problems.key(path, f"nobody in [roles] does '{element}', so it says nothing")
        elif not self.problems.found:
            self._persons_left(path, element, seats, self._people(other, first=wanted), wanted=wanted)
        return other

    def _people(self, element: str, *, first: bool) -> tuple[int, ...]:
        """Who may take the first seat of some work, or any."""
        seats = self._borrowed(element, self.roles.seats[element])[: 1 if first else None]
        return tuple(sorted({index for role in seats for index in self.by_role.get(role, ())}))

    def _persons_left(
        self, path: str, element: str, seats: tuple[str, ...], others: tuple[int, ...], *, wanted: bool
    ) -> None:
        """Somebody has to be left for it, whoever did the other work."""
        never = [i for i in others if not self._fillable(seats, Limits(wanted=i) if wanted else Limits(barred=(i,)))]
        names = ", ".join(self.resources[i].label for i in never)
        if len(never) == len(others):
            self.problems.key(path, f"whoever does the other, nobody is left who may do '{element}'")
        elif never:
            self.warnings.append(
                f"{path}: where {names} did the other, nobody may do '{element}', and it waits for ever"
            )

    def _fillable(self, seats: tuple[str, ...], limits: Limits) -> bool:
        held = [list(self.by_role.get(role, ())) for role in seats]
        return fill(limited(self.resources, seats, limits, held)) is not None

    def _can_meet(self, element: str, seats: tuple[str, ...]) -> None:
        """Calendars that never meet, and more seats than people, are errors before the run."""
        for role in dict.fromkeys(seats):
            if seats.count(role) > len(self.by_role.get(role, ())):
                self.problems.key(
                    f"tasks.{element}.roles.{role}", f"{seats.count(role)} seats, but fewer people hold the role"
                )
                return
        alike = {role: {self.resources[i].calendar for i in self.by_role[role]} for role in dict.fromkeys(seats)}
        if all(len(calendars) == 1 for calendars in alike.values()) and len(alike) > 1:
            joint = Calendar.intersect([next(iter(calendars)) for calendars in alike.values()])
            if joint.never_open:
                self.problems.key(
                    f"tasks.{element}", f"the calendars of {', '.join(alike)} never meet, so it can never start"
                )

    def _background(self, name: str, background: said.Background) -> BackgroundPlan | None:
        role = background.role or ""
        if role not in self.by_role:
            self.problems.key(f"background.{name}.role", f"nobody in [roles] holds '{role}'")
            return None
        length = round(background.hours_per_week * HOUR)
        work = WorkPlan(
            element=name, rank=self.rank[name], seats=(role,), duration=lambda _u, _attributes, _speed=1.0, /: length
        )
        return BackgroundPlan(id=name, role=role, ticks=length, per_case=background.per == "open_case", work=work)


def _batch(batch: said.Batch | None) -> BatchPlan | None:
    if batch is None:
        return None
    return BatchPlan(least=batch.min, most=batch.max, wait=batch.wait, together=batch.mode == "together")

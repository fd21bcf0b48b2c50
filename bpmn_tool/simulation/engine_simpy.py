"""The readable engine: one replication of a plan, event by event, as docs/semantics.md says. Its rows are the trace."""

from datetime import timedelta

from bpmn_tool.errors import RunError
from bpmn_tool.instants.units import DAY
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.model.tokens import flow_of
from bpmn_tool.results.trace import Replication, Row, RowKind
from bpmn_tool.simulation.agenda import Agenda
from bpmn_tool.simulation.case import Case, History, Item
from bpmn_tool.simulation.dice import Dice
from bpmn_tool.simulation.movement import Movement
from bpmn_tool.simulation.plan import BackgroundPlan, Plan
from bpmn_tool.simulation.sources import Sources
from bpmn_tool.simulation.staff import BACKGROUND, Staff

NAME = "simpy"


def run(plan: Plan, *, seed: int, replication: int) -> Replication:
    """One replication. Raises RunError: a loop in zero time, a limit, an expression that cannot be evaluated."""
    return _Run(plan, seed, replication).result()


class _Run:
    """Ties the parts of one replication together: sources bring cases, movement moves them, staff works, the agenda
    keeps time.
    """

    def __init__(self, plan: Plan, seed: int, replication: int) -> None:
        self.plan, self.seed, self.replication = plan, seed, replication
        self.rows: list[Row] = []
        self.open: dict[str, Case] = {}
        self.cohort_open = 0
        self.unreceived: dict[str, int] = {}
        dice = Dice(seed, replication)
        self.staff = Staff(plan, dice, self.rows, self._completed)
        self.agenda = Agenda(self.staff.allocate, self._finished)
        self.staff.agenda = self.agenda
        self.movement = Movement(plan, dice, self.agenda, self.staff, self.rows, self._closed)
        self.sources = Sources(plan, dice, self.agenda, self.rows, self._arrive)
        if plan.close is not None:
            self.agenda.wake(plan.close)
            self.agenda.wake(plan.close + plan.follow_up)
        for background in plan.background:
            self._monday(background, 0)

    def result(self) -> Replication:
        end = self.agenda.run()
        self.sources.give_up(end)
        return Replication(
            number=self.replication,
            seed=self.seed,
            rows=self.rows,
            end=end,
            warm_up=self.plan.warm_up,
            close=min(self.sources.close, end) if self.sources.close is not None else end,
            follow_up=self.plan.follow_up,
            stuck=self._stuck(),
            unreceived=dict(sorted(self.unreceived.items())),
        )

    # -- cases

    def _arrive(self, case: Case, tick: int) -> None:
        self.open[case.id] = case
        self.cohort_open += case.in_cohort
        if len(self.open) > self.plan.limits_open:
            raise RunError(
                f"more than {self.plan.limits_open:,} cases are open at once (day {tick // DAY}): "
                "work comes in faster than it is done; see the load, or raise limits.open_cases"
            )
        self.movement.begin(case, case.start_event, tick, History())

    def _closed(self, case: Case) -> None:
        del self.open[case.id]
        self.cohort_open -= case.in_cohort
        for flow, kept in case.mail.items():
            self.unreceived[flow] = self.unreceived.get(flow, 0) + len(kept)

    def _completed(self, item: Item, tick: int) -> None:
        if item.order[1] == BACKGROUND:
            labels = tuple(self.plan.resources[index].label for index in item.resources)
            case_id = item.case.id if item.case is not None else ""
            if item.case is not None:
                item.case.items.pop((item.scope, item.work.element, item.visit), None)
            self.rows.append(
                Row(
                    tick, RowKind.COMPLETED, case_id, "", item.visit, item.work.element,
                    item=item.name, resources=labels,
                )
            )  # fmt: skip
            return
        self.movement.work_done(item, tick)

    def _finished(self, tick: int) -> bool:
        if len(self.rows) > self.plan.limits_events:
            raise RunError(f"more than {self.plan.limits_events:,} events: raise limits.events, or shorten the horizon")
        close = self.sources.close
        if close is None or tick < close:
            return False
        if self.plan.cohort_cases is not None:
            self.agenda.wake(max(tick + 1, close + self.plan.follow_up)) if tick < close + self.plan.follow_up else None
        done = self.cohort_open == 0 and self.sources.expected == 0
        return done or tick >= close + self.plan.follow_up

    # -- standing work

    def _monday(self, background: BackgroundPlan, week: int) -> None:
        """One item each local Monday 00:00, per open case or for the role."""
        tick = _monday(self.plan.time_line, week)
        who = ((-1, 0, background.role, 0, 0), BACKGROUND, self.plan.rank[background.id], (), week)

        def happen(now: int) -> None:
            if background.per_case:
                for case in sorted(self.open.values(), key=lambda each: each.key):
                    self._stand(background, case, week, now)
            else:
                self._stand(background, None, week, now)
            self._monday(background, week + 1)

        self.agenda.at(tick, who, happen)

    def _stand(self, background: BackgroundPlan, case: Case | None, week: int, tick: int) -> None:
        key = case.key if case is not None else (-1, 0, background.role, 0, 0)
        case_id = case.id if case is not None else ""
        item = Item(
            work=background.work,
            case=case,
            name=f"{case_id}/{background.id}//{week}",
            scope=(),
            visit=week,
            order=(key, BACKGROUND, background.work.rank, (), week),
            history=History(),
            enabled=tick,
            priority=float("-inf"),
        )
        if case is not None:
            case.items[((), background.id, week)] = item
        self.rows.append(Row(tick, RowKind.ENABLED, case_id, "", week, background.id, item=item.name))
        self.staff.ready(item, tick)

    # -- the end

    def _stuck(self) -> dict[str, tuple[str, ...]]:
        """Cases with tokens, nothing due or on its way, and no work that waits for people or a gate; with what holds
        their tokens.
        """
        going_on = self.agenda.pending_cases()
        held = [*self.staff.waiting_items(), *self.staff.going_on()]
        going_on |= {item.case.id for item in held if item.case is not None and item.order[1] != BACKGROUND}
        return {
            case.id: _held(case)
            for case in sorted(self.open.values(), key=lambda each: each.key)
            if case.id not in going_on
        }


def _monday(line: TimeLine, week: int) -> int:
    """Local midnight of the Monday `week` weeks after the first one at or after the start."""
    first = line.start.date()
    first += timedelta(days=-first.weekday() % 7)
    if line.midnight(first) < 0:
        first += timedelta(days=7)
    return line.midnight(first + timedelta(days=7 * week))


def _held(case: Case) -> tuple[str, ...]:
    """The elements that hold a case's tokens: flows, and nodes that wait (not the boundary events that listen, nor the
    scopes around).
    """
    found = {flow_of(key[2]) for key in case.marking if key[0] == "t"}
    inner = {frame[0] for key in case.marking if key[0] == "a" for frame in key[1][1:]}
    for key, value in case.marking.items():
        if key[0] == "a" and value.belongs_to is None and key[2] not in inner:
            found.add(key[2])
    return tuple(sorted(found))

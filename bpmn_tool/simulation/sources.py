"""Demand and arrivals: persons come into being, take a door or none, and become cases (docs/semantics.md, 2)."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from bpmn_tool.errors import ExpressionError, RunError
from bpmn_tool.expressions import truth
from bpmn_tool.instants.iso8601 import Duration
from bpmn_tool.results.trace import Row, RowKind
from bpmn_tool.simulation.agenda import Agenda
from bpmn_tool.simulation.case import Case
from bpmn_tool.simulation.dice import Dice, chance
from bpmn_tool.simulation.draws import Purpose
from bpmn_tool.simulation.plan import AttributePlan, DoorPlan, Plan, StreamPlan

_AT_ONCE = 10_000  # moments of one stream in one tick
_NO_RANK = -1  # the moment of a demand stands before any door


class Sources:
    """Brings the persons of every stream into the run, one moment after the other, so that memory follows what is
    under way.
    """

    def __init__(
        self, plan: Plan, dice: Dice, agenda: Agenda, rows: list[Row], arrive: Callable[[Case, int], None]
    ) -> None:
        self.plan, self.dice, self.agenda, self.rows, self.arrive = plan, dice, agenda, rows, arrive
        self.close: int | None = plan.close
        self.in_cohort = 0  # persons that count, so far
        self.expected = 0  # entries of the cohort that have not come to their door yet
        self._awaited: dict[str, Row] = {}  # persons of the cohort who have not come to any door yet
        for stream in plan.streams:
            self._next(stream, self._moments(stream), 0)

    def give_up(self, end: int) -> None:
        """Persons of the cohort whom no door has taken by the end of the run are missed, as far as anybody can tell."""
        self.rows.extend(row._replace(tick=end) for row in self._awaited.values())

    # -- moments

    def _moments(self, stream: StreamPlan) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """(tick, cases at once, recorded attributes), in order of time."""
        if stream.at_start:
            yield 0, stream.at_start, {}
            return
        for number, (tick, attributes) in enumerate(self._ticks(stream)):
            size = 1
            if stream.size is not None:
                u = self.dice.plain(stream.id, number, Purpose.GROUP_SIZE, stream.id)
                size = max(0, math.floor(float(stream.size(u, attributes)) + 0.5))
            yield tick, size, attributes

    def _ticks(self, stream: StreamPlan) -> Iterator[tuple[int, dict[str, Any]]]:
        if stream.moments is not None:
            yield from ((tick, dict(attributes)) for tick, attributes in stream.moments)
            return
        number, total = 0, 0.0
        tick: int | None = 0
        before, at_once = -1, 0
        while True:
            u = self.dice.plain(stream.id, number, Purpose.INTERVAL, stream.id)
            if stream.inverse is not None:
                total += -math.log(u)
                tick = stream.inverse(total)
            elif stream.every is not None:
                tick = self.plan.time_line.add(0, _times(stream.every, number + 1))
            elif stream.interval is not None and tick is not None:
                tick += int(stream.interval(u, {}))
            if tick is None:
                return
            at_once = at_once + 1 if tick == before else 0
            before = tick
            if at_once > _AT_ONCE:
                raise RunError(f"arrivals.{stream.id}: more than {_AT_ONCE:,} come in one after the other in no time")
            yield tick, {}
            number += 1

    def _next(self, stream: StreamPlan, moments: Iterator[tuple[int, int, dict[str, Any]]], number: int) -> None:
        """The next moment of a stream becomes due; `number` persons came before."""
        try:
            tick, size, recorded = next(moments)
        except StopIteration:
            return

        def happen(now: int) -> None:
            for extra in range(size):
                self._person(stream, number + extra, now, recorded)
            self._next(stream, moments, number + size)

        self.agenda.at(tick, ((tick, _NO_RANK, stream.id, number, 0), 0, 0, (), 0), happen)

    # -- persons and doors

    def _counts(self, now: int) -> bool:
        """Whether a person of this moment is of the cohort; closes the cohort at its last."""
        if now < self.plan.warm_up or (self.close is not None and now >= self.close):
            return False
        if self.plan.cohort_cases is not None:
            if self.in_cohort >= self.plan.cohort_cases:
                return False
            if self.in_cohort + 1 == self.plan.cohort_cases:
                self.close = now + 1
        self.in_cohort += 1
        return True

    def _person(self, stream: StreamPlan, number: int, now: int, recorded: dict[str, Any]) -> None:
        attributes = dict(recorded)
        for attribute in stream.attributes:
            attributes[attribute.name] = self._attribute(stream.id, number, attribute, attributes)
        cohort = self._counts(now)
        entries = sorted(
            (tick, door.rank, index)
            for index, door in enumerate(stream.doors)
            if (tick := self._door(stream, door, number, now, attributes)) is not None
        )
        if not entries:
            self.rows.append(Row(now, RowKind.MISSED, case=f"{stream.id}/{number}/0", data=attributes, demand=now))
        for entry, (tick, rank, index) in enumerate(entries):
            self._come(stream, stream.doors[index], (tick, rank, stream.id, number, entry), now, attributes, cohort)

    def _attribute(self, stream: str, number: int, attribute: AttributePlan, known: dict[str, Any]) -> Any:
        return attribute.sampler(self.dice.plain(stream, number, Purpose.ATTRIBUTE, attribute.address_name), known)

    def _door(
        self, stream: StreamPlan, door: DoorPlan, number: int, now: int, attributes: dict[str, Any]
    ) -> int | None:
        """The tick at which a person comes in by this door, None if it does not."""
        try:
            if door.when is not None and not truth(door.when.evaluate(attributes)):
                return None
            likely = chance(door.probability, attributes)
            if likely < 1.0 and self.dice.plain(stream.id, number, Purpose.DOOR, door.start_event) >= likely:
                return None
            tick = now
            if door.delay is not None:
                u = self.dice.plain(stream.id, number, Purpose.DOOR_DELAY, door.start_event)
                tick += int(door.delay(u, attributes))
        except (ExpressionError, ValueError) as error:
            raise RunError(f"arrivals.{door.start_event}: {error} (case {stream.id}/{number})") from None
        return tick if door.hours is None else door.hours.next_open(tick)

    def _come(
        self,
        stream: StreamPlan,
        door: DoorPlan,
        key: tuple[int, int, str, int, int],
        demand: int,
        attributes: dict[str, Any],
        cohort: bool,
    ) -> None:
        tick, _, _, number, entry = key
        case = Case(
            key=key,
            id=f"{stream.id}/{number}/{entry}",
            stream=stream.id,
            number=number,
            entry=entry,
            start_event=door.start_event,
            demand=demand,
            arrival=tick,
            attributes=dict(attributes),
            in_cohort=cohort,
        )
        self.expected += cohort
        if cohort and entry == 0:
            self._awaited[case.id] = Row(0, RowKind.MISSED, case=case.id, data=dict(attributes), demand=demand)

        def happen(now: int) -> None:
            self.expected -= cohort
            self._awaited.pop(case.id, None)
            for attribute in door.attributes:
                u = self.dice.of(case, Purpose.ATTRIBUTE, attribute.address_name, 0)
                case.attributes[attribute.name] = attribute.sampler(u, case.attributes)
            for attribute in self.plan.attributes:
                u = self.dice.of(case, Purpose.ATTRIBUTE, attribute.address_name, 0)
                case.attributes[attribute.name] = attribute.sampler(u, case.attributes)
            self.rows.append(
                Row(now, RowKind.ARRIVED, case.id, element=door.start_event, data=dict(case.attributes), demand=demand)
            )
            self.arrive(case, now)

        self.agenda.at(tick, (key, 0, door.rank, (), 0), happen)


def _times(duration: Duration, n: int) -> Duration:
    """A calendar duration n times over."""
    return Duration(
        years=duration.years * n,
        months=duration.months * n,
        weeks=duration.weeks * n,
        days=duration.days * n,
        ticks=duration.ticks * n,
    )

"""Demand and doors of a scenario as plans."""

from collections.abc import Mapping

from bpmn_tool.instants.working_time import Calendar
from bpmn_tool.instants.zones import TimeLine
from bpmn_tool.model.net import Behaviour, Net
from bpmn_tool.scenario import scenario as said
from bpmn_tool.scenario.distributions import Distribution
from bpmn_tool.simulation.plan import AttributePlan, DoorPlan, StreamPlan
from bpmn_tool.simulation.planning_problems import Problems
from bpmn_tool.simulation.rates import CumulativeRate
from bpmn_tool.simulation.samplers import how_many, sampler, ticks


class Streams:
    """`streams`: where cases come from; `attributes`: what each case draws when it arrives."""

    def __init__(
        self,
        scenario: said.Scenario,
        net: Net,
        line: TimeLine,
        rank: Mapping[str, int],
        calendars: Mapping[str, Calendar],
        problems: Problems,
        *,
        until: int | None,
    ) -> None:
        self.scenario, self.net, self.line, self.rank, self.calendars, self.problems, self.until = (
            scenario, net, line, rank, calendars, problems, until,
        )  # fmt: skip
        self.rates: dict[str, CumulativeRate] = {}
        self.attributes = self._attributes(scenario.attributes, "attributes", "attribute:")
        for door in scenario.arrivals:
            self._check_door(door)
        streams = [self._demand(name, demand) for name, demand in scenario.demand.items()]
        for start_event, arrivals in scenario.arrivals.items():
            if arrivals.of is None:
                streams.extend(self._own(start_event, arrivals))
        self.streams = tuple(sorted((s for s in streams if s is not None), key=lambda each: each.id.encode()))
        if not scenario.arrivals:
            self.problems.key("arrivals", "no case ever comes in: name a start event and how often it happens")

    def expected(self, close: int | None) -> dict[str, float]:
        """Expected moments of each stream before the close, where that is known without running."""
        return {} if close is None else {name: rate.before(close) for name, rate in sorted(self.rates.items())}

    def _check_door(self, start_event: str) -> None:
        node = self.net.nodes.get(start_event)
        path = f"arrivals.{start_event}"
        if node is None or node.behaviour is not Behaviour.START:
            starts = ", ".join(sorted(n.id for n in self.net.nodes.values() if n.behaviour is Behaviour.START))
            self.problems.key(path, f"'{start_event}' is no start event; the model has {starts or 'none'}")
        of = self.scenario.arrivals[start_event].of
        if of is not None and of not in self.scenario.demand:
            self.problems.key(f"{path}.of", f"there is no demand '{of}'")
        if start_event in self.scenario.demand:
            self.problems.key(
                path, "a demand has the same id as this start event, and ids name streams: rename the demand"
            )

    # -- streams

    def _rate(self, name: str, each: said.Demand | said.Arrivals, hours: Calendar | None) -> CumulativeRate | None:
        if each.rate is None:
            return None
        surges = tuple(
            (self.line.to_tick(said.midnight(s.from_)), self.line.to_tick(said.midnight(s.to)), s.factor)
            for s in each.surges
            if s.from_ is not None and s.to is not None
        )
        months = {int(month): factor for month, factor in each.months.items()}
        rate = CumulativeRate(
            each.rate.per_tick, self.line, months=months, surges=surges, hours=hours, until=self.until
        )
        self.rates[name] = rate
        return rate

    def _demand(self, name: str, demand: said.Demand) -> StreamPlan | None:
        rate = self._rate(name, demand, None)
        doors = [
            self._door(start, arrivals, plain_hours=True)
            for start, arrivals in self.scenario.arrivals.items()
            if arrivals.of == name
        ]
        return StreamPlan(
            id=name,
            is_demand=True,
            inverse=rate.inverse if rate is not None else None,
            attributes=self._attributes(demand.attributes, f"demand.{name}.attributes", "attribute:"),
            doors=tuple(sorted(doors, key=lambda door: door.rank)),
        )

    def _own(self, start_event: str, arrivals: said.Arrivals) -> list[StreamPlan]:
        path = f"arrivals.{start_event}"
        hours = self._hours(arrivals.hours, path)
        rate = self._rate(start_event, arrivals, hours)
        door = self._door(start_event, arrivals, plain_hours=rate is None)
        size = how_many(arrivals.size) if arrivals.size is not None else None
        found = []
        if rate is not None or arrivals.every is not None or arrivals.interval is not None or arrivals.recorded:
            moments = tuple((self.line.to_tick(moment), dict(values)) for moment, values in arrivals.recorded)
            if moments and moments[0][0] < 0:
                first = arrivals.recorded[0][0].isoformat()
                self.problems.key(
                    f"{path}.file", f"the first case comes at {first}, before the start: begin earlier, or leave it out"
                )
            found.append(
                StreamPlan(
                    id=start_event,
                    is_demand=False,
                    inverse=rate.inverse if rate is not None else None,
                    every=arrivals.every,
                    interval=ticks(arrivals.interval) if arrivals.interval is not None else None,
                    moments=moments or None,
                    size=size,
                    doors=(door,),
                )
            )
        if arrivals.at_start:
            found.append(
                StreamPlan(id=f"{start_event}/at_start", is_demand=False, at_start=arrivals.at_start, doors=(door,))
            )
        return found

    def _door(self, start_event: str, arrivals: said.Arrivals, *, plain_hours: bool) -> DoorPlan:
        path = f"arrivals.{start_event}"
        try:
            delay = ticks(arrivals.delay) if arrivals.delay is not None else None
        except ValueError as error:
            self.problems.key(f"{path}.delay", str(error))
            delay = None
        return DoorPlan(
            start_event=start_event,
            rank=self.rank.get(start_event, -1),
            when=arrivals.when,
            probability=arrivals.probability,
            delay=delay,
            hours=self._hours(arrivals.hours, path) if plain_hours else None,
            attributes=self._attributes(arrivals.attributes, f"{path}.attributes", f"attribute:{start_event}/"),
        )

    def _hours(self, name: str | None, path: str) -> Calendar | None:
        if name is None or (name == "always" and name not in self.calendars):
            return None
        if name not in self.calendars:
            self.problems.key(f"{path}.hours", f"there is no calendar '{name}'")
            return None
        return self.calendars[name]

    def _attributes(self, given: Mapping[str, Distribution], path: str, prefix: str) -> tuple[AttributePlan, ...]:
        found = []
        for name, distribution in given.items():
            try:
                found.append(AttributePlan(name=name, sampler=sampler(distribution), address_name=prefix + name))
            except ValueError as error:
                self.problems.key(f"{path}.{name}", str(error))
        return tuple(found)

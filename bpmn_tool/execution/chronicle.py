"""What happened in a case, in order: steps, sequence flows taken, ends reached."""

from collections.abc import Mapping

from bpmn_tool.execution.clock import Clock
from bpmn_tool.model.elements import CallActivity, Event, EventKind, FlowNode, MessageFlow, Model
from bpmn_tool.results.execution import Step


class Chronicle:
    """Grows while a case runs. `roles`: flow node -> ids of the roles that may do it, the one that holds it first."""

    def __init__(self, model: Model, clock: Clock, roles: Mapping[str, tuple[str, ...]]) -> None:
        self.steps: list[Step] = []
        self.flows: list[str] = []
        self.ends: list[str] = []
        self.failed: list[str] = []  # processes that an error ended which nobody caught
        self._model = model
        self._clock = clock
        self._roles = roles

    def roles_of(self, element: str) -> tuple[str, ...]:
        """The roles that may do a step, the one that holds it first; without roles the name of its lane."""
        if (roles := self._roles.get(element)) is not None:
            return roles
        lane = self._model.lane_of(element)
        return () if lane is None else (lane.label,)

    def completed(self, element: FlowNode, role: str | None) -> None:
        """A flow node is done, by a role if somebody said so, else by the one that holds it."""
        self.steps.append(
            Step(
                element=element.id,
                kind="callActivity" if isinstance(element, CallActivity) else element.kind.value,
                name=element.label,
                role=role or next(iter(self.roles_of(element.id)), None),
                process=self._model.process_of(element.id) or "",
                at=self._clock.instant,
            )
        )
        if isinstance(element, Event) and element.kind is EventKind.END and element.container in self._model.processes:
            self.ends.append(element.id)

    def passed(self, flow: MessageFlow) -> None:
        """A message was received."""
        process = self._model.process_of(flow.target_ref) or self._model.process_of(flow.source_ref) or ""
        at = self._clock.instant
        self.steps.append(Step(element=flow.id, kind="messageFlow", name=flow.label, role=None, process=process, at=at))

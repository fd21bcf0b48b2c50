"""Letters of one case: on their way first in first out, or kept until somebody waits for them."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bpmn_tool.errors import RunError
from bpmn_tool.execution.engine import Agenda, Token
from bpmn_tool.execution.routes import Routes, receives
from bpmn_tool.model.elements import Event, FlowNode, MessageFlow, Model, Task


@dataclass(slots=True, kw_only=True, eq=False)
class Letter:
    """A message under way. `ref` is what the sender called it; without `receivers` it is for a black box."""

    flow: MessageFlow | None
    ref: str
    receivers: tuple[str, ...]
    data: dict[str, Any]
    received: bool = False


class PostOffice:
    """What is on its way in a case, and what is kept."""

    def __init__(self, routes: Routes) -> None:
        self.routes = routes
        self.kept: list[Letter] = []
        self._sent: deque[Letter] = deque()

    def put(self, letter: Letter) -> None:
        self._sent.append(letter)

    def keep(self, letter: Letter) -> None:
        self.kept.append(letter)

    def next(self, agenda: Agenda, waiting_for: Callable[[Letter], Token | None]) -> Letter | None:
        """The next letter to bring: a kept one for which somebody waits by now, else the next on its way."""
        if self.kept and (agenda.waiting or agenda.open):
            for letter in self.kept:
                if waiting_for(letter) is not None:
                    self.kept.remove(letter)
                    return letter
        return self._sent.popleft() if self._sent else None

    def take_kept(self, element: str) -> list[Letter]:
        """All that was kept for an element."""
        found = [letter for letter in self.kept if element in letter.receivers]
        self.kept = [letter for letter in self.kept if element not in letter.receivers]
        return found

    def addressees(self, model: Model, ref: str) -> tuple[str, ...]:
        """Whom a message from outside is for, by the id of a message flow, a message, or an event or task. Raises
        RunError.
        """
        if (route := self.routes.by_flow.get(ref)) is not None:
            if not route.receivers:
                raise RunError(f"the message flow {ref!r} goes to a black box: nobody in this model receives it")
            return route.receivers
        node = model.flow_nodes.get(ref)
        if node is not None:
            if not receives(node):
                raise RunError(f"'{node.label}' ({ref}) waits for no message")
            return (ref,)
        named = tuple(
            r for r in self.routes.by_flow.values() if ref in (r.flow.message_ref, r.flow.name) and r.receivers
        )
        outside = tuple(route for route in named if not route.senders) or named
        receivers = tuple(dict.fromkeys(receiver for route in outside for receiver in route.receivers))
        receivers = receivers or tuple(n.id for n in model.flow_nodes.values() if ref in _messages(n) and receives(n))
        if not receivers:
            raise RunError(f"{ref!r} is no message flow, message or event that receives one")
        return receivers


def _messages(node: FlowNode) -> set[str | None]:
    match node:
        case Event():
            return {definition.ref for definition in node.definitions}
        case Task():
            return {node.message_ref}
        case _:
            return set()

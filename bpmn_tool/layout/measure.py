"""How large things are drawn.

Bpmn-js's sizes, and an estimate of text (Arial, 12 px in shapes and 11 px beside them). All in pixels.
"""

import textwrap
from typing import Final

from bpmn_tool.model.elements import Event, FlowNode, Gateway, Model, SubProcess

TASK: Final = (100, 80)
WIDE_TASK: Final = (130, 80)
EVENT: Final = 36
GATEWAY: Final = 50
HEADER: Final = 30
"""Width of the strip that bears the name of a pool or a lane."""

LABEL_WIDTH: Final = 90
"""bpmn-js breaks the lines of a label beside its element at this width."""

LINE: Final = 14
CHARACTER: Final = 6.0
"""Mean width of a character beside an element; inside a shape it is a twelfth more."""

_DATA: Final = {"dataStore": (50, 50), "dataStoreReference": (50, 50)}


def size(model: Model, element_id: str) -> tuple[int, int]:
    """Width and height of a flow node (an empty sub-process is drawn as a task), a data object or an annotation."""
    node = model.flow_nodes.get(element_id)
    if node is not None:
        width, height = node_size(node)
        events = len(model.boundary_events(element_id))
        return (max(width, 44 * events) if events > 2 else width, height)
    if (data := model.data.get(element_id)) is not None:
        return _DATA.get(data.kind, (36, 50))
    lines = text_lines(model.artifacts[element_id].text, 110)
    return (110, max(30, 10 + LINE * len(lines)))


def node_size(node: FlowNode) -> tuple[int, int]:
    match node:
        case Event():
            return (EVENT, EVENT)
        case Gateway():
            return (GATEWAY, GATEWAY)
        case _:
            room = 3 if isinstance(node, SubProcess) or node.loop else 4  # the markers stand at the bottom
            return WIDE_TASK if len(text_lines(node.name, TASK[0] - 14)) > room else TASK


def text_lines(text: str, width: float) -> list[str]:
    """The text broken as a drawing would break it at `width` pixels; words that are longer are cut."""
    return textwrap.wrap(" ".join(text.split()), max(4, int(width / (CHARACTER * 1.08))))


def label_size(name: str) -> tuple[int, int]:
    """Width and height of a name beside its element; (0, 0) without one."""
    lines = textwrap.wrap(" ".join(name.split()), int(LABEL_WIDTH / CHARACTER))
    if not lines:
        return (0, 0)
    return (min(LABEL_WIDTH, int(max(map(len, lines)) * CHARACTER) + 6), LINE * len(lines))


def header_length(name: str) -> int:
    """Height that a name needs in a strip, written upwards on at most two lines."""
    length = int(len(" ".join(name.split())) * CHARACTER * 1.1) + 16
    return length if length <= 120 else max(120, length // 2 + 24)

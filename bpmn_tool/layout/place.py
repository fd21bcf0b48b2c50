"""A diagram for a model that has none, or a poor one: ``layout(model) -> Diagram``; pure, and the same for the same model.

A column by longest path, a band a lane, pools in document order with black boxes as thin strips; sequence flows leave
to the right and arrive from the left where they can, message flows go up and down, every flow on a track of its own.
"""

from types import MappingProxyType

from bpmn_tool.layout import measure
from bpmn_tool.layout.geometry import Geometry
from bpmn_tool.layout.grid import build
from bpmn_tool.layout.labels import place_flow_labels
from bpmn_tool.layout.wishes import routes
from bpmn_tool.model.diagram import Bounds, Diagram, Edge, Shape
from bpmn_tool.model.elements import GatewayKind, Model

LIMIT = 4000
"""More elements than this on one drawing nobody reads, and the ways would take minutes."""


def layout(model: Model) -> Diagram:
    """Place pools, lanes, flow nodes, data and annotations, and route the flows.

    Groups, which name no members, are left out.
    """
    grid = build(model)
    geometry = Geometry(model, grid, routes(model, grid))
    shapes: dict[str, Shape] = {}
    for element, bounds in geometry.bounds().items():
        gateway = model.flow_nodes.get(element)
        shapes[element] = Shape(
            element=element,
            bounds=bounds,
            label=geometry.label(element),
            is_expanded=element in grid.frames or not model.nodes_in(element),
            is_marker_visible=getattr(gateway, "kind", None) is GatewayKind.EXCLUSIVE,
        )
    edges = {name: Edge(element=name, waypoints=points) for name, points in geometry.waypoints().items()}
    return Diagram(
        plane=_plane(model),
        shapes=MappingProxyType(shapes),
        edges=MappingProxyType(place_flow_labels(model, shapes, edges, set(grid.frames))),
    )


def _plane(model: Model) -> str:
    """The collaboration, else the first process."""
    for participant in model.participants.values():
        return participant.collaboration
    return next(iter(model.processes), "")


__all__ = ["Bounds", "layout", "measure"]

"""A diagram for a model that has none, or a poor one: ``layout(model) -> Diagram``; pure, the same for the same model.

A column by longest path, a band a lane, pools in document order with black boxes as thin strips; sequence flows leave
to the right and arrive from the left where they can, message flows go up and down, every flow on a track of its own.
"""

from types import MappingProxyType
from typing import Final

from bpmn_tool.errors import InputError, Location, Problem
from bpmn_tool.layout.geometry import Geometry
from bpmn_tool.layout.grid import build
from bpmn_tool.layout.labels import place_flow_labels
from bpmn_tool.layout.wishes import routes
from bpmn_tool.model.diagram import Diagram, Edge, Shape
from bpmn_tool.model.elements import GatewayKind, Model

LIMIT: Final = 1500
"""More flow nodes than this on one drawing nobody reads, and their ways would take minutes."""


def layout(model: Model) -> Diagram:
    """Place pools, lanes, flow nodes, data and annotations, and route the flows.

    Groups, which name no members, are left out, and so are lines to data far away. Raises InputError for a model that
    is too large.
    """
    if len(model.flow_nodes) > LIMIT:
        raise InputError(
            Problem(
                message=f"has {len(model.flow_nodes)} flow nodes; more than {LIMIT} are not placed",
                location=Location(path=model.path),
            )
        )
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

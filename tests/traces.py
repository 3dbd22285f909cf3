"""A computational graph laid out for reading: values, adjoints and the derivatives along its edges."""

from __future__ import annotations

from dataclasses import dataclass

from descentscape.core.autodiff.nodes import Node
from descentscape.core.autodiff.reverse import adjoints, local_derivative, topological
from descentscape.core.objective import Array


@dataclass(frozen=True, slots=True)
class Edge:
    """One use of a node by another: their positions in `Trace.nodes`, and the derivative along it.

    ``derivative`` is ∂child/∂parent through this use alone, shape ``(*child.shape, *parent.shape)``; ``None``
    where no derivative is wanted, because the parent is constant.
    """

    parent: int
    child: int
    derivative: Array | None


@dataclass(frozen=True, slots=True)
class Trace:
    """The nodes in order of computation with the output last, their adjoints, and the edges between them.

    ``adjoints[i]`` is ∂output/∂nodes[i] with the node's shape, or ``None`` if the node is constant. By the
    chain rule it is the sum over i's edges of the child's adjoint times the edge's derivative.
    """

    nodes: list[Node]
    adjoints: list[Array | None]
    edges: list[Edge]


def trace(output: Node) -> Trace:
    """Everything that one walk back from the output computes."""
    nodes, found = topological([output]), adjoints(output)
    position = {node: i for i, node in enumerate(nodes)}
    edges = [
        Edge(position[parent], position[node], local_derivative(node, k) if parent in found else None)
        for node in nodes
        for k, parent in enumerate(node.parents)
    ]
    return Trace(nodes, [found[node].value if node in found else None for node in nodes], edges)


def adjoints_by_name(output: Node) -> dict[str, Array | None]:
    """∂output/∂node of every node that has a name."""
    seen = trace(output)
    return {node.name: found for node, found in zip(seen.nodes, seen.adjoints, strict=True) if node.name}

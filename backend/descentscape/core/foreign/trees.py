"""A model's parameters as named arrays, and as one vector: PyTorch modules, and trees of arrays."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from descentscape.core.blocks import Block, Role
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import AnyArray

Leaf = tuple[str, Any]
"""A parameter's name, such as ``"conv1.weight"``, and its array or tensor."""

WEIGHT, BIAS = ("weight", "kernel", "w"), ("bias", "b")
"""What the last part of a parameter's name begins with where it multiplies, and where it is added."""

OUTPUTS_LAST = ("kernel",)
"""Names of weights whose last axis counts the units, so that a unit's weights are not consecutive."""


def is_module(model: object) -> bool:
    """Whether it is a PyTorch module: asked without importing PyTorch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(model, torch.nn.Module)


def library_of(leaf: object) -> str:
    """Whose array it is: ``torch``, ``jax`` or ``numpy``."""
    owner = type(leaf).__module__.partition(".")[0]
    return {"torch": "torch", "jax": "jax", "jaxlib": "jax"}.get(owner, "numpy")


def leaves_of(model: Any) -> list[Leaf]:
    """The parameters of a PyTorch module, or the arrays of a tree of dicts, lists and tuples, in order.

    Of a dict in the order of its sorted keys, as JAX has them. Raises InvalidValue for what is neither, and
    for a tree without arrays.
    """
    found = list(model.named_parameters()) if is_module(model) else list(_leaves(model, ""))
    if not found:
        raise InvalidValue("model", "a PyTorch module or a tree of arrays that has parameters", model)
    return found


def _leaves(tree: Any, name: str) -> Iterator[Leaf]:
    if tree is None:
        return
    if isinstance(tree, Mapping):
        for key in sorted(tree):
            yield from _leaves(tree[key], _joined(name, key))
    elif isinstance(tree, list | tuple) and not _is_row(tree):
        for key, item in enumerate(tree):
            yield from _leaves(item, _joined(name, key))
    elif isinstance(tree, list | tuple | int | float) or hasattr(tree, "shape"):
        yield name or "theta", tree
    else:
        raise InvalidValue(name or "model", "an array, or a dict, list or tuple of arrays", tree)


def _is_row(tree: Sequence[Any]) -> bool:
    """Whether a list is a vector that was written out rather than a branch."""
    return bool(tree) and all(isinstance(item, int | float) for item in tree)


def _joined(name: str, key: object) -> str:
    return f"{name}.{key}" if name else str(key)


def rebuilt(tree: Any, leaves: Iterator[Any]) -> Any:
    """A tree of the same form with other arrays, which are taken in the order of `leaves_of`."""
    if tree is None:
        return None
    if isinstance(tree, Mapping):
        made = {key: rebuilt(tree[key], leaves) for key in sorted(tree)}
        return {key: made[key] for key in tree}
    if isinstance(tree, list | tuple) and not _is_row(tree):
        items = [rebuilt(item, leaves) for item in tree]
        return type(tree)(*items) if hasattr(tree, "_fields") else type(tree)(items)
    return next(leaves)


def to_array(leaf: Any) -> AnyArray:
    """The NumPy array of an array or a tensor, wherever it lies; float32 of shorter numbers."""
    if library_of(leaf) == "torch":
        leaf = leaf.float() if leaf.dtype.itemsize < 4 else leaf
        return np.asarray(leaf.numpy(force=True))
    array = np.asarray(leaf)
    return array if array.dtype in (np.float32, np.float64) else array.astype(_widened(array.dtype))


def _widened(dtype: np.dtype[Any]) -> type[np.floating]:
    """Integers become float64; bfloat16 and half numbers float32."""
    return np.float64 if dtype.kind in "iub" or dtype.itemsize > 4 else np.float32


def to_vector(model: Any, name: str = "theta") -> AnyArray:
    """All parameters one after another ``(P,)``, in float32 if all of them are, else in float64."""
    parts = [to_array(leaf).ravel() for _, leaf in leaves_of(model)]
    vector: AnyArray = np.concatenate(parts)
    if vector.dtype.kind != "f":
        raise InvalidValue(name, "made of real numbers", str(vector.dtype))
    return vector


def shapes_of(leaves: Sequence[Leaf]) -> list[tuple[int, ...]]:
    """Each parameter's shape."""
    return [tuple(int(side) for side in np.shape(leaf)) for _, leaf in leaves]


def splitter(leaves: Sequence[Leaf]) -> Callable[[Any], Iterator[Any]]:
    """A function from a vector ``(P,)`` of any library to its parts in these parameters' shapes."""
    shapes = shapes_of(leaves)
    ends = np.cumsum([prod(shape) for shape in shapes]).tolist()
    starts = [0, *ends[:-1]]

    def split(vector: Any) -> Iterator[Any]:
        for start, end, shape in zip(starts, ends, shapes, strict=True):
            yield vector[start:end].reshape(shape)

    return split


def blocks_of(names: Sequence[str], shapes: Sequence[tuple[int, ...]]) -> tuple[Block, ...]:
    """The parameters as blocks of theta, so that directions can be scaled by layer and by filter.

    What has two axes or more is a matrix of weights, its first axis the units or the channels; what has one
    is a bias, and so are the scales of a normalisation, as Li et al. (2018) have it. Where the units are
    counted by the last axis (``kernel``), the whole counts as one filter.
    """
    blocks: list[Block] = []
    start = 0
    for name, shape in zip(names, shapes, strict=True):
        layer, last = _layer_of(name)
        matrix = len(shape) > 1 and not last.startswith(OUTPUTS_LAST)
        flat = (shape[0], prod(shape[1:])) if matrix else (prod(shape),)
        role: Role = "weight" if len(shape) > 1 else "bias"
        block = Block(name, layer, role, flat, start)
        blocks.append(block)
        start = block.span.stop
    return tuple(blocks)


def _layer_of(name: str) -> tuple[str, str]:
    """The layer of a parameter, by its name without the word for its role, and its own last name.

    What a recurrent layer calls ``weight_hh_l0`` goes with its ``bias_hh_l0``.
    """
    before, _, last = name.rpartition(".")
    rest = last
    for word in (*WEIGHT, *BIAS):
        if last == word or last.startswith(f"{word}_"):
            rest = last.removeprefix(word)
    return before + rest or name, last

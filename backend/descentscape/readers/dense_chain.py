"""A chain of dense layers among the named arrays of a trained model, whichever library named them.

PyTorch's ``weight`` (out, in) is taken as it is; Keras' and Flax's ``kernel`` and scikit-learn's ``coefs``
(in, out) are transposed. Arrays with one more, leading axis are several checkpoints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from descentscape.core.data.tables.columns import shown
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array

MAX_DEPTH = 13
"""Layers of weights: twelve hidden ones, and the output."""

_WEIGHT = re.compile(r"(?P<key>.*?)(?P<role>weight|kernel|w)s?(?P<index>[._]?\d+)?", re.IGNORECASE)
_BIAS = re.compile(r"(?P<key>.*?)(?P<role>bias|b|biase)s?(?P<index>[._]?\d+)?", re.IGNORECASE)
_SCIKIT = re.compile(r"(?P<key>.*?)_?(?P<role>coefs|intercepts)_?(?P<index>[._]?\d+)", re.IGNORECASE)
_LISTED = re.compile(r"arr_(?P<index>\d+)")
_BESIDE = {"running_mean", "running_var", "moving_mean", "moving_variance", "gamma", "beta", "scale"}
"""Names of arrays of other layers than dense ones."""

STEPS = ("steps", "step", "iteration", "iterations", "epoch", "epochs")
"""Names of arrays that say after how many steps a checkpoint was saved."""

_SEARCHED = 10_000
"""Orders of the layers that are looked at, where names do not tell."""


@dataclass(frozen=True, eq=False)
class DenseChain:
    """S checkpoints of a chain: ``theta`` ``(S, P)`` in the contract's order, of layers of these ``widths``.

    ``steps`` are what the arrays say of them, ``notes`` what was done to read them.
    """

    widths: tuple[int, ...]
    theta: Array
    steps: tuple[int, ...] | None = None
    notes: tuple[str, ...] = ()


@dataclass(eq=False)
class _Layer:
    """A layer's arrays as they are found: W ``(S, out, in)``, or ``(S, in, out)`` if ``turned``."""

    name: str
    weight: Array | None = None
    bias: Array | None = None
    turned: bool | None = False

    @property
    def units_in(self) -> int:
        assert self.weight is not None
        return int(self.weight.shape[2])

    @property
    def units_out(self) -> int:
        assert self.weight is not None
        return int(self.weight.shape[1])


def dense_chain(arrays: Mapping[str, Array]) -> DenseChain:
    """The chain of dense layers that the arrays are.

    Raises:
        InvalidValue: there are none, or others beside them, or they do not fit together; names the array.

    """
    steps, left_out, found = None, list[str](), dict[str, Array]()
    for name, array in arrays.items():
        last = _plain(name).rpartition(".")[2].lower()
        if last in STEPS and array.ndim <= 1:
            steps = tuple(int(step) for step in _whole(name, np.atleast_1d(array)))
        elif array.ndim == 0 or (array.ndim == 1 and last in {"loss", "cost", "lr", "accuracy"}):
            left_out.append(name)
        else:
            found[name] = array
    layers = list(_layers(found))
    several = {layer.weight.ndim == 3 for layer in layers if layer.weight is not None}
    if len(several) > 1:
        raise InvalidValue("file", "arrays that all have a leading axis of checkpoints, or none", "both")
    notes = [f"“{shown(name)}” was left out: it is no weight." for name in left_out[:3]]
    notes += _completed(layers, leading=several == {True})
    ordered = _ordered(layers)
    theta = np.concatenate([part for layer in ordered for part in _parts(layer)], axis=1)
    widths = (ordered[0].units_in, *(layer.units_out for layer in ordered))
    if steps is not None and len(steps) != len(theta):
        raise InvalidValue("steps", f"one for each of the {len(theta)} checkpoints", len(steps))
    return DenseChain(widths, theta, steps, tuple(notes))


def _whole(name: str, values: Array) -> Array:
    if not (np.isfinite(values).all() and (values == np.rint(values)).all() and (abs(values) < 2**53).all()):
        raise InvalidValue(shown(name), "whole numbers")
    return values


def _plain(name: str) -> str:
    """A name with dots between its parts, and without TensorFlow's ``:0``."""
    return re.sub(r":\d+$", "", name).replace("/", ".").strip(".")


def _layers(arrays: Mapping[str, Array]) -> Iterator[_Layer]:
    """The layers by their names, in the order of these, numbers counting as numbers."""
    listed = {name: _LISTED.fullmatch(name) for name in arrays}
    if arrays and all(listed.values()):
        return iter(_alternating([arrays[name] for name in sorted(arrays, key=_natural)]))
    layers: dict[str, _Layer] = {}
    for name, array in arrays.items():
        plain = _plain(name)
        match, weight = _role(plain)
        if match is None:
            raise InvalidValue(
                shown(name), "a weight or bias of a dense layer, as only a chain of such is read", array.shape
            )
        key = f"{match['key']}{match['index'] or ''}".strip("._")
        layer = layers.setdefault(key, _Layer(key or plain))
        if (layer.weight if weight else layer.bias) is not None:
            raise InvalidValue(shown(name), "the only one of its layer")
        role = match["role"].lower()
        if weight:
            layer.weight = array
            layer.turned = {"kernel": True, "coefs": True, "w": None}.get(role, False)
        else:
            layer.bias = array
    return (layers[key] for key in sorted(layers, key=_natural))


def _role(name: str) -> tuple[re.Match[str] | None, bool]:
    """The parts of an array's name, and whether it is one of weights."""
    if name.rpartition(".")[2].lower() in _BESIDE:
        return None, False
    if match := _SCIKIT.fullmatch(name):
        return match, match["role"].lower() == "coefs"
    for pattern, weight in ((_WEIGHT, True), (_BIAS, False)):
        match = pattern.fullmatch(name)
        if match and (match["key"] == "" or match["key"][-1] in "._" or len(match["role"]) > 1):
            return match, weight
    return None, False


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Sorts ``fc2`` before ``fc10``."""
    parts = re.findall(r"\d{1,15}|\D+|\d+", name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def _alternating(arrays: list[Array]) -> list[_Layer]:
    """Keras' ``get_weights``, saved one after the other: kernel, bias, kernel, bias."""
    if len(arrays) % 2:
        raise InvalidValue("file", "weights and biases by turns where arrays have no names", len(arrays))
    pairs = zip(arrays[::2], arrays[1::2], strict=True)
    return [_Layer(f"layer {number}", *pair, turned=True) for number, pair in enumerate(pairs, 1)]


def _completed(layers: list[_Layer], *, leading: bool) -> list[str]:
    """Bring the arrays to (S, out, in) and (S, out), and say what had to be made up."""
    if not layers:
        raise InvalidValue("file", "one with weights of dense layers", "none")
    if len(layers) > MAX_DEPTH:
        raise InvalidValue("file", f"a chain of at most {MAX_DEPTH} layers", len(layers))
    bare = [shown(layer.name) for layer in layers if layer.bias is None]
    for layer in layers:
        layer.weight, layer.bias = _complete(layer, leading)
    if len({len(layer.weight) for layer in layers if layer.weight is not None}) > 1:
        raise InvalidValue("file", "arrays with as many checkpoints each", "different numbers")
    return [f"{name} has no bias: zeros stand for it, which a descent will change." for name in bare]


def _complete(layer: _Layer, leading: bool) -> tuple[Array, Array]:
    weight, bias = layer.weight, layer.bias
    if weight is None:
        raise InvalidValue(f"{shown(layer.name)}’s bias", "beside a weight")
    if weight.ndim != 2 + leading or 0 in weight.shape:
        what = f"a matrix{' for each checkpoint' if leading else ''}, as only dense layers are read"
        raise InvalidValue(f"{shown(layer.name)}’s weight", what, weight.shape)
    if not leading:
        weight, bias = weight[None], None if bias is None else bias[None]
    if _is_turned(layer.turned, weight, bias):
        weight = weight.transpose(0, 2, 1)
    rows = weight.shape[:2]
    if bias is None:
        bias = np.zeros(rows)
    if bias.shape != rows:
        raise InvalidValue(f"{shown(layer.name)}’s bias", f"of shape {rows[1 - leading :]}", bias.shape)
    return weight, bias


def _is_turned(turned: bool | None, weight: Array, bias: Array | None) -> bool:
    """Whether a weight is (in, out); where its name does not tell, its bias does unless it is square."""
    if turned is not None or bias is None:
        return bool(turned)
    units = bias.shape[-1]
    return bool(units != weight.shape[1] and units == weight.shape[2])


def _ordered(layers: list[_Layer]) -> list[_Layer]:
    """The layers in the one order in which each takes what the last gives; that of the names if it does."""
    if _fits(layers):
        return layers
    found, looked = list[list[_Layer]](), 0
    stack: list[list[_Layer]] = [[layer] for layer in layers]
    while stack and len(found) < 2 and looked < _SEARCHED:
        looked += 1
        order = stack.pop()
        if len(order) == len(layers):
            found.append(order)
        following = (each for each in layers if each not in order and each.units_in == order[-1].units_out)
        stack += [[*order, each] for each in following]
    if len(found) != 1:
        shapes = ", ".join(f"{shown(each.name)[:24]} {each.units_in} → {each.units_out}" for each in layers)
        fitting = f"a chain in which every layer takes what the one before gives, not {shapes}"
        raise InvalidValue("file", fitting)
    return found[0]


def _fits(layers: list[_Layer]) -> bool:
    return all(before.units_out == after.units_in for before, after in pairwise(layers))


def _parts(layer: _Layer) -> Iterator[Array]:
    assert layer.weight is not None
    assert layer.bias is not None
    yield layer.weight.reshape(len(layer.weight), -1)
    yield layer.bias

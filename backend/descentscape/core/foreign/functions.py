"""A foreign cost as functions of a float64 vector, with the slopes that its library can find."""

from __future__ import annotations

import copy
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.torch_planes import torch_points
from descentscape.core.foreign.trees import (
    is_module,
    leaves_of,
    library_of,
    rebuilt,
    splitter,
    to_array,
    to_vector,
)
from descentscape.core.objective import Array

Scalar = Callable[[Any], Any]
Slope = Callable[[Any], Any]
Product = Callable[[Any, Any], Any]
Height = Callable[[float, float], float]
Over = Callable[[Array, Array], Height]


@dataclass(frozen=True)
class Functions:
    """C, ∇C and Hv on float64 vectors ``(P,)``, the latter two where they are known.

    ``precision`` is that of the numbers inside: what derivatives are worth. ``values`` are C of many vectors
    ``(M, P)`` at once, where the cost takes them; ``both`` are C and ∇C, where one pass gives them. ``over``
    makes (a, b) ↦ C(origin + a basis₁ + b basis₂) of a plane, where the library has a fast way. ``traced``
    says whether what the cost returns can be differentiated, where that is only known by calling it.
    """

    value: Callable[[Array], float]
    gradient: Callable[[Array], Array] | None
    hvp: Callable[[Array, Array], Array] | None
    precision: type[np.floating]
    values: Callable[[Array], Array] | None = None
    both: Callable[[Array], tuple[float, Array]] | None = None
    over: Over | None = None
    traced: Callable[[], bool] | None = None

    @property
    def costs(self) -> Functions:
        """Those of costs alone, which another process takes where it takes the cost."""
        return replace(self, gradient=None, hvp=None, both=None, traced=None)


def functions_of(
    cost: Scalar, like: Any, model: Any, gradient: Slope | None, hvp: Product | None, batched: int = 0
) -> Functions:
    """The functions on vectors of a cost: of vectors like ``like`` or, with a model, of such models.

    Gradient and products, where they are given, take and return what the cost takes; where they are not,
    PyTorch and JAX find them. A cost of ``batched`` vectors at once takes ``(B, P)`` and returns ``(B,)``.
    """
    if batched:
        if model is not None:
            raise InvalidValue("batched", "left out beside a model: it is for costs of vectors", batched)
        found = functions_of(FirstOf(cost), like, None, gradient, hvp)
        return replace(found, values=ManyCosts(cost, batched, like), over=None)
    if is_module(model):
        return _of_module(_Module(cost, model), gradient, hvp)
    leaf = like if model is None else leaves_of(model)[0][1]
    match library_of(leaf):
        case "torch":
            return _of_torch(_on_tree(cost, model), leaf.dtype, leaf.device, gradient, hvp)
        case "jax":
            return _of_jax(_on_tree(cost, model), gradient, hvp)
    return Functions(
        PlainCost(cost, model),
        None if gradient is None else lambda theta: _vector(gradient(theta), "gradient", len(theta)),
        None if hvp is None else lambda theta, v: _vector(hvp(theta, v), "hvp", len(theta)),
        np.float64,
    )


@dataclass(frozen=True)
class FirstOf:
    """C of one vector, by a cost of many."""

    cost: Scalar

    def __call__(self, theta: Any) -> Any:
        """C(theta) of the library that theta is of."""
        found = self.cost(theta[None])
        if getattr(found, "shape", None) != (1,):
            raise InvalidValue("cost", "a function that returns one number for each vector", found)
        return found[0]


class ManyCosts:
    """C of many vectors, so many at a time: the last of them are filled up, since JAX compiles by shape."""

    def __init__(self, cost: Scalar, most: int, like: Any) -> None:
        self.cost, self.most, self.like = cost, most, like

    def __call__(self, thetas: Array) -> Array:
        """C of thetas ``(M, P)``, shape ``(M,)``."""
        most = 1 if len(thetas) == 1 else self.most
        parts = (self._some(thetas[start : start + most], most) for start in range(0, len(thetas), most))
        return np.concatenate(list(parts))

    def _some(self, thetas: Array, most: int) -> Array:
        rows = np.concatenate([thetas, np.repeat(thetas[-1:], most - len(thetas), axis=0)])
        found = np.asarray(to_array(self._called(rows)), dtype=np.float64)
        if found.shape != (most,):
            raise InvalidValue("cost", f"a function that returns {most} numbers for {most} vectors", found)
        return found[: len(thetas)]

    def _called(self, rows: Array) -> Any:
        match library_of(self.like):
            case "torch":
                torch: Any = sys.modules["torch"]
                with torch.no_grad():
                    return self.cost(torch.tensor(rows, dtype=self.like.dtype, device=self.like.device))
            case "jax":
                return self.cost(sys.modules["jax"].numpy.asarray(rows))
        return self.cost(rows)


@dataclass(frozen=True)
class PlainCost:
    """C of NumPy's vectors, or of trees of its arrays: a class, so that it can be sent to another process."""

    cost: Scalar
    model: Any

    def __call__(self, theta: Array) -> float:
        """C(theta)."""
        return one_number(_on_tree(self.cost, self.model)(theta))


def one_number(value: Any) -> float:
    """The number that a cost has returned; InvalidValue for anything else."""
    if library_of(value) == "torch" and getattr(value, "ndim", None) == 0 and not value.is_complex():
        # By way of NumPy it takes forty times as long, each time.
        return float(value.item())
    array = np.asarray(to_array(value) if hasattr(value, "shape") else value)
    if array.size != 1 or array.dtype.kind not in "fiub":
        raise InvalidValue("cost", "a function that returns one number", value)
    return float(array.reshape(()))


def _vector(value: Any, name: str, dim: int) -> Array:
    array = to_vector(value, name).astype(np.float64, copy=False)
    if array.shape != (dim,):
        raise InvalidValue(name, f"a function that returns {dim:,} numbers", array.shape)
    return array


def _on_tree(cost: Scalar, model: Any) -> Scalar:
    """The cost of a vector of a library: of the model of the same form that it makes."""
    if model is None:
        return cost
    split = splitter(leaves_of(model))
    return lambda vector: cost(rebuilt(model, split(vector)))


@dataclass(frozen=True)
class _TorchCost:
    """C of tensors ``(P,)`` of a type and a device."""

    cost: Scalar
    dtype: Any
    device: Any

    def tensor(self, theta: Array) -> Any:
        """Theta in the cost's own numbers."""
        return sys.modules["torch"].tensor(theta, dtype=self.dtype, device=self.device)

    def __call__(self, theta: Array) -> float:
        """C(theta)."""
        with sys.modules["torch"].no_grad():
            return one_number(self.cost(self.tensor(theta)))

    def over(self, origin: Array, basis: Array) -> Height:
        """C over a plane, of a tensor of its own each time."""
        torch, point = sys.modules["torch"], torch_points(origin, basis, self.dtype, self.device)

        def height(a: float, b: float) -> float:
            with torch.no_grad():
                return one_number(self.cost(point(a, b)))

        return height


def _of_torch(
    cost: Scalar, dtype: Any, device: Any, gradient: Slope | None, hvp: Product | None
) -> Functions:
    torch: Any = sys.modules["torch"]
    value = _TorchCost(cost, dtype, device)
    tensor = value.tensor

    def slope(theta: Array) -> Array:
        if gradient is not None:
            return _vector(gradient(tensor(theta)), "gradient", len(theta))
        leaf = tensor(theta).requires_grad_()
        (found,) = torch.autograd.grad(_traced(cost(leaf)), leaf)
        return _vector(found, "gradient", len(theta))

    def product(theta: Array, v: Array) -> Array:
        if hvp is not None:
            return _vector(hvp(tensor(theta), tensor(v)), "hvp", len(theta))
        leaf = tensor(theta).requires_grad_()
        (first,) = torch.autograd.grad(_traced(cost(leaf)), leaf, create_graph=True)
        if not first.requires_grad:
            return np.zeros(len(theta))
        (found,) = torch.autograd.grad(first @ tensor(v), leaf)
        return _vector(found, "hvp", len(theta))

    def both(theta: Array) -> tuple[float, Array]:
        leaf = tensor(theta).requires_grad_()
        height = _traced(cost(leaf))
        (found,) = torch.autograd.grad(height, leaf)
        return one_number(height), _vector(found, "gradient", len(theta))

    exact = dtype == torch.float64
    products = product if hvp is not None or gradient is None else None
    precision = np.float64 if exact else np.float32
    together = both if gradient is None else None
    return Functions(value, slope, products, precision, both=together, over=value.over)


def _of_jax(cost: Scalar, gradient: Slope | None, hvp: Product | None) -> Functions:
    jax: Any = sys.modules["jax"]
    array = jax.numpy.asarray
    slope = gradient or jax.jit(jax.grad(cost))
    own = jax.jit(lambda theta, v: jax.jvp(jax.grad(cost), (theta,), (v,))[1])
    product = hvp or (own if gradient is None else None)
    exact = bool(jax.config.jax_enable_x64)
    compiled, whole = jax.jit(cost), jax.jit(jax.value_and_grad(cost))

    def both(theta: Array) -> tuple[float, Array]:
        height, found = whole(array(theta))
        return one_number(height), _vector(found, "gradient", len(theta))

    return Functions(
        lambda theta: one_number(compiled(array(theta))),
        lambda theta: _vector(slope(array(theta)), "gradient", len(theta)),
        None if product is None else lambda theta, v: _vector(product(array(theta), array(v)), "hvp", len(v)),
        np.float64 if exact else np.float32,
        both=both if gradient is None else None,
    )


class _Module:
    """A PyTorch module that takes its parameters from a vector, a copy of it for each thread.

    The copy's parameters are views of one tensor, so that to set them is to copy a vector. The caller's own
    module stays as it is; its mode (``train`` or ``eval``) and its buffers are the copy's too.
    """

    def __init__(self, cost: Scalar, model: Any) -> None:
        self.cost, self.model = cost, model
        self._threads = threading.local()

    def __getstate__(self) -> dict[str, Any]:
        return {"cost": self.cost, "model": self.model}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["cost"], state["model"])  # type: ignore[misc]

    def set(self, theta: Array) -> Any:
        """The calling thread's copy of the module at theta ``(P,)``."""
        made, flat = self.own()
        flat.copy_(sys.modules["torch"].from_numpy(np.ascontiguousarray(theta)))
        return made

    def own(self) -> tuple[Any, Any]:
        """The calling thread's copy, and the tensor ``(P,)`` that its parameters are views of."""
        if not hasattr(self._threads, "own"):
            self._threads.own = self._copied()
        found: tuple[Any, Any] = self._threads.own
        return found

    def _copied(self) -> tuple[Any, Any]:
        torch: Any = sys.modules["torch"]
        made = copy.deepcopy(self.model)
        leaves = leaves_of(made)
        with torch.no_grad():
            flat = torch.cat([leaf.detach().reshape(-1) for _, leaf in leaves])
        for (_, leaf), part in zip(leaves, splitter(leaves)(flat), strict=True):
            leaf.data = part
            leaf.requires_grad_()
        return made, flat


def _of_module(module: _Module, gradient: Slope | None, hvp: Product | None) -> Functions:
    torch: Any = sys.modules["torch"]

    def slope(theta: Array) -> Array:
        made = module.set(theta)
        if gradient is not None:
            return _vector(gradient(made), "gradient", len(theta))
        return _vector(_grads(torch, module.cost(made), made), "gradient", len(theta))

    def product(theta: Array, v: Array) -> Array:
        made = module.set(theta)
        if hvp is not None:
            return _vector(hvp(made, v), "hvp", len(theta))
        leaves = [leaf for _, leaf in leaves_of(made)]
        grads = torch.autograd.grad(_traced(module.cost(made)), leaves, create_graph=True, allow_unused=True)
        split = splitter(leaves_of(made))
        flat = torch.as_tensor(v, dtype=leaves[0].dtype, device=leaves[0].device)
        along = sum(
            (grad * part).sum() for grad, part in zip(grads, split(flat), strict=True) if grad is not None
        )
        if not getattr(along, "requires_grad", False):
            return np.zeros(len(theta))
        found = torch.autograd.grad(along, leaves, allow_unused=True)
        return _vector(_filled(torch, found, leaves), "hvp", len(theta))

    def both(theta: Array) -> tuple[float, Array]:
        made = module.set(theta)
        height = _traced(module.cost(made))
        return one_number(height), _vector(_grads(torch, height, made), "gradient", len(theta))

    exact = all(leaf.dtype == torch.float64 for _, leaf in leaves_of(module.model))
    products = product if hvp is not None or gradient is None else None
    precision = np.float64 if exact else np.float32
    together = both if gradient is None else None
    value = _ModuleCost(module)
    traced = cache(lambda: _is_traced(module.cost(module.own()[0]))) if gradient is None else None
    return Functions(value, slope, products, precision, both=together, over=value.over, traced=traced)


@dataclass(frozen=True)
class _ModuleCost:
    """C of a module's vector: a class, so that it can be sent to another process."""

    module: _Module

    def __call__(self, theta: Array) -> float:
        """C(theta)."""
        torch: Any = sys.modules["torch"]
        with torch.no_grad():
            return one_number(self.module.cost(self.module.set(theta)))

    def over(self, origin: Array, basis: Array) -> Height:
        """C over a plane, on the calling thread's copy."""
        torch: Any = sys.modules["torch"]
        made, flat = self.module.own()
        place = torch_points(origin, basis, flat.dtype, flat.device, out=flat)

        def height(a: float, b: float) -> float:
            with torch.no_grad():
                place(a, b)
                return one_number(self.module.cost(made))

        return height


def _is_traced(value: Any) -> bool:
    return bool(getattr(value, "requires_grad", False))


def _traced(value: Any) -> Any:
    """The tensor that a cost has returned; InvalidValue for a number without its graph."""
    if not _is_traced(value):
        raise InvalidValue("cost", "a tensor with its graph, without item(), detach() or no_grad()", value)
    return value


def _grads(torch: Any, cost: Any, made: Any) -> list[Any]:
    leaves = [leaf for _, leaf in leaves_of(made)]
    return _filled(torch, torch.autograd.grad(_traced(cost), leaves, allow_unused=True), leaves)


def _filled(torch: Any, grads: Any, leaves: list[Any]) -> list[Any]:
    """Zeros where the cost does not depend on a parameter."""
    return [
        torch.zeros_like(leaf) if grad is None else grad for grad, leaf in zip(grads, leaves, strict=True)
    ]

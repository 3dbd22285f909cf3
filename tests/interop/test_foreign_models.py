"""A convolutional network of 10⁵ parameters in PyTorch, and a network in JAX, explored as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.flatten_util
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from torch import nn

import descentscape as ds
from descentscape.core.data import datasets
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array
from descentscape.explorations.exploration import Exploration

RATE, STEPS = 0.05, 12


def digits() -> tuple[Array, Array]:
    data = datasets.make("digits", np.random.default_rng(0))
    return data.x[:64] / 16, data.y[:64, 0].astype(np.int64)


X, Y = digits()


def conv_net(dtype: torch.dtype) -> nn.Module:
    torch.manual_seed(0)
    layers = (
        nn.Conv2d(1, 16, 3, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.Tanh(),
        nn.Flatten(),
        nn.Linear(32 * 64, 48),
        nn.Tanh(),
        nn.Linear(48, 10),
    )
    return nn.Sequential(*layers).to(dtype)


def loss_of(dtype: torch.dtype) -> Callable[[nn.Module], torch.Tensor]:
    x, y = torch.tensor(X, dtype=dtype).reshape(-1, 1, 8, 8), torch.tensor(Y)
    return lambda model: nn.functional.cross_entropy(model(x), y)


def trained(
    dtype: torch.dtype,
) -> tuple[nn.Module, ds.Recorder, list[float], Callable[[nn.Module], torch.Tensor]]:
    model, loss, recorder = conv_net(dtype), loss_of(dtype), ds.Recorder(every=3)
    model.eval()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
    costs = []
    for _ in range(STEPS):
        value = loss(model)
        if recorder.record(model):
            costs.append(value.item())
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    recorder.record(model)
    return model, recorder, [*costs, loss(model).item()], loss


@pytest.fixture(scope="module", params=[torch.float32, torch.float64], ids=["float32", "float64"])
def explored(request: pytest.FixtureRequest) -> tuple[Exploration, nn.Module, list[float], Any]:
    model, recorder, costs, loss = trained(request.param)
    return ds.explore(loss, recorder, model=model), model, costs, loss


def test_costs_are_torchs(explored: Any) -> None:
    exploration, model, costs, _ = explored
    assert exploration.parameters == sum(p.numel() for p in model.parameters()) > 100_000
    assert exploration.runs[0].steps.tolist() == [0, 3, 6, 9, 12]
    np.testing.assert_allclose(exploration.runs[0].cost, costs, rtol=1e-6)


def test_the_callers_model_stays_as_it_is(explored: Any) -> None:
    exploration, model, _, loss = explored
    before = [p.detach().clone() for p in model.parameters()]
    exploration.surface(3, progress=False)
    assert all(torch.equal(p, q) for p, q in zip(model.parameters(), before, strict=True))
    assert loss(model).requires_grad


def test_the_surface_is_a_plain_torch_loops(explored: Any) -> None:
    exploration, model, _, loss = explored
    surface = exploration.random("filter").surface(7, progress=False)
    plane = surface.plane
    parts = [torch.tensor(part) for part in (plane.origin, *plane.basis)]
    found = np.empty((7, 7))
    before = nn.utils.parameters_to_vector(model.parameters()).detach().clone()
    with torch.no_grad():
        for i, b in enumerate(surface.b):
            for j, a in enumerate(surface.a):
                theta = parts[0] + a * parts[1] + b * parts[2]
                nn.utils.vector_to_parameters(theta.to(before.dtype), model.parameters())
                found[i, j] = loss(model).item()
        nn.utils.vector_to_parameters(before, model.parameters())
    np.testing.assert_allclose(surface.cost, found, rtol=1e-6)


def published(weights: list[torch.Tensor], drawn: list[torch.Tensor]) -> list[torch.Tensor]:
    """``normalize_directions_for_weights(…, "filter", "biasbn")`` of Li et al.'s net_plotter.py."""
    for d, w in zip(drawn, weights, strict=True):
        if d.dim() <= 1:
            d.fill_(0)
        else:
            for own, filters in zip(d, w, strict=True):
                own.mul_(filters.norm() / (own.norm() + 1e-10))
    return drawn


def test_filter_normalised_directions_are_the_published_recipe(explored: Any) -> None:
    exploration, model, *_ = explored
    plane = exploration.random("filter", biases=False, seed=3).plane
    weights = [p.detach().double() for p in model.parameters()]
    for row, own in zip(
        plane.basis, np.random.default_rng(3).standard_normal(plane.basis.shape), strict=True
    ):
        split = torch.split(torch.tensor(own), [w.numel() for w in weights])
        recipe = published(weights, [part.reshape(w.shape) for part, w in zip(split, weights, strict=True)])
        np.testing.assert_allclose(row, torch.cat([part.ravel() for part in recipe]), rtol=1e-6, atol=1e-12)
    assert not plane.orthonormal


def test_gradients_and_curvature_are_torchs(explored: Any) -> None:
    exploration, model, _, loss = explored
    exact = next(model.parameters()).dtype == torch.float64
    if not exact:
        return
    found = exploration.curvature()
    grads = torch.autograd.grad(loss(model), list(model.parameters()), create_graph=True)
    flat = torch.cat([g.ravel() for g in grads])
    np.testing.assert_allclose(found.grad_norm, flat.norm().item(), rtol=1e-9)
    v = torch.randn_like(flat)
    for _ in range(60):
        v = v / v.norm()
        product = torch.autograd.grad(flat @ v, list(model.parameters()), retain_graph=True)
        product = torch.cat([p.ravel() for p in product])
        largest, v = (v @ product).item(), product.detach()
    np.testing.assert_allclose(found.eigenvalues[-1], largest, rtol=1e-4)


def test_a_flat_torch_cost_needs_no_model() -> None:
    scales = torch.linspace(-1, 5, 12, dtype=torch.float64)
    path = [torch.full((12,), 0.5**k, dtype=torch.float64) for k in range(5)]
    exploration = ds.explore(lambda theta: 0.5 * (scales * theta**2).sum(), path)
    np.testing.assert_allclose(exploration.curvature().eigenvalues, scales, atol=1e-12)


def test_a_cost_without_its_graph_is_seen_and_refused_where_slopes_are_asked_for() -> None:
    layer = nn.Linear(3, 1)
    explored = ds.explore(lambda model: model.weight.sum().item(), [layer], model=layer)
    assert np.isfinite(explored.surface(5, progress=False).cost).all()
    assert np.isnan(explored.runs[0].grad_norm).all()
    with pytest.raises(InvalidValue, match=r"cost must be a tensor with its graph, without item\(\)"):
        explored.curvature()


@pytest.mark.parametrize("model", [nn.Linear(3, 1), None], ids=["module", "vector"])
def test_a_cost_of_straight_pieces_has_no_curvature(model: nn.Module | None) -> None:
    def steep(theta: Any) -> torch.Tensor:
        return 3 * (theta if model is None else theta.weight).abs().sum()

    path = [torch.ones(4, dtype=torch.float64)] if model is None else [model]
    assert not ds.explore(steep, path, model=model).curvature().eigenvalues.any()


def test_a_tree_of_jax_is_explored() -> None:
    key = jax.random.PRNGKey(0)
    x = jnp.asarray(X[:64])
    y = jnp.asarray(Y[:64])
    tree = {
        "first": {"w": 0.1 * jax.random.normal(key, (64, 8)), "b": jnp.zeros(8)},
        "second": {"w": 0.1 * jax.random.normal(key, (8, 10)), "b": jnp.zeros(10)},
    }

    def cost(model: Any) -> Any:
        z = (
            jnp.tanh(x @ model["first"]["w"] + model["first"]["b"]) @ model["second"]["w"]
            + model["second"]["b"]
        )
        return -jax.nn.log_softmax(z)[jnp.arange(len(y)), y].mean()

    recorder, costs = ds.Recorder(), []
    for _ in range(6):
        recorder.record(tree)
        costs.append(float(cost(tree)))
        tree = jax.tree.map(lambda p, g: p - RATE * g, tree, jax.grad(cost)(tree))
    exploration = ds.explore(cost, recorder, model=tree)
    np.testing.assert_allclose(exploration.runs[0].cost, costs, rtol=1e-6)
    flat, _ = jax.flatten_util.ravel_pytree(tree)
    recorder.record(tree)
    np.testing.assert_array_equal(recorder.path().theta(-1).astype(np.float32), flat)
    slope, _ = jax.flatten_util.ravel_pytree(jax.grad(cost)(tree))
    found = ds.explore(cost, recorder, model=tree).curvature()
    np.testing.assert_allclose(found.grad_norm, np.linalg.norm(slope), rtol=1e-5)

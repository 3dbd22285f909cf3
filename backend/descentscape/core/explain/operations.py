"""What derivatives cost: multiplications of reverse and forward mode, counted by the layers' sizes."""

from __future__ import annotations

from dataclasses import dataclass

from descentscape.core.network.mlp import MLP


@dataclass(frozen=True)
class Operations:
    """Multiplications for one example, each with the addition that goes with it.

    Over layers of m units with n inputs each, with H hidden units and K outputs in all:

    - ``value`` = Σ m n: the forward pass, Wˡ aˡ⁻¹
    - ``backward`` = Σ m n (the weights' gradient δ aᵀ) + Σ_{l>1} m n (Wᵀ δ) + H (times σ')
    - ``tangent`` = Σ m n (Ẇ a) + Σ_{l>1} m n (W ȧ) + H (times σ') + K (δ·ż): one forward-mode pass
    - ``reverse`` = value + backward: the whole gradient
    - ``forward`` = value + P · tangent: the whole gradient, one pass for each of the P parameters

    The functions themselves (σ, σ' and the loss's slope δ) are evaluated once for each unit in both modes
    and not counted.
    """

    parameters: int
    value: int
    backward: int
    tangent: int

    @property
    def reverse(self) -> int:
        """Multiplications of the gradient in reverse mode."""
        return self.value + self.backward

    @property
    def forward(self) -> int:
        """Multiplications of the gradient in forward mode."""
        return self.value + self.parameters * self.tangent

    @property
    def ratio(self) -> float:
        """How many times reverse mode's work forward mode does."""
        return self.forward / self.reverse


def count_operations(net: MLP) -> Operations:
    """The multiplications of one example's gradient in both modes (Griewank & Walther 2008, chapter 3)."""
    products = [layer.multiplications for layer in net.layers]
    value, above, hidden = sum(products), sum(products[1:]), sum(net.widths[1:-1])
    backward = value + above + hidden
    return Operations(net.dim, value, backward, backward + net.widths[-1])

"""Products of a layer's parameters with blocks of examples, by tiles that stay in registers."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import registry

from descentscape.core.network.kernel.compiler import (
    building,
    instruction,
    literal_instruction,
    part_of_others,
)
from descentscape.core.objective import AnyArray

BLOCK = 128
"""Examples of one block."""

ZERO, ADD = -1, -2
"""In place of where a product's biases begin: without any, or added to what is there."""

_FUSED = ("contract",)
_MANY_REGISTERS = "+avx512f" in registry.cpu_target.target_context.codegen().magic_tuple()[2]
_OUTER_COLUMNS = 4 if _MANY_REGISTERS else 2


def _lanes(kind: Any) -> int:
    """Numbers in one row of a tile: four rows take half of the processor's vector registers."""
    return int((1024 if _MANY_REGISTERS else 512) // kind.bitwidth)


def _keep_rolled(builder: Any, again: Any) -> None:
    """Have the loop that this block ends not unrolled: what that prepares costs more than a few rounds."""
    module = builder.module
    rolled = module.add_metadata([ir.MetaDataString(module, "llvm.loop.unroll.disable")])
    name = module.add_metadata([rolled])
    # A loop is named by a node that begins with itself.
    name.operands = (name, rolled)
    again.terminator.set_metadata("llvm.loop", name)


@instruction
def lanes_of(typing: Any, w: Any) -> Any:
    """`_lanes` of an array's numbers."""
    lanes = _lanes(w.dtype)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return context.get_constant(types.intp, lanes)

    return types.intp(w), code


@literal_instruction
def _tile(
    typing: Any,
    rows: Any,
    w: Any,
    start: Any,
    row: Any,
    column: Any,
    bias: Any,
    below: Any,
    above: Any,
    h: Any,
    i: Any,
) -> Any:
    """above[h + r, i + j] = b + Σₖ w[start + row (h + r) + column k] below[k, i + j] for r < rows, j < lanes.

    b is w[bias + h + r], 0 for a ``bias`` of `ZERO`, or what is there for `ADD`. The sums stay in registers,
    which no compiler does so well for a loop; each is formed in the order of k.
    """
    kind, word, short = w.dtype, ir.IntType(64), ir.IntType(32)
    lanes = _lanes(kind)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        _, _, start, row, column, bias, _, _, h, i = args
        number = context.get_value_type(kind)
        vector, unknown = ir.VectorType(number, lanes), ir.Undefined
        weights, inputs, outputs = (
            context.make_array(signature.args[k])(context, builder, args[k]) for k in (1, 6, 7)
        )

        def numbers(array: Any, line: Any) -> Any:
            place = builder.add(builder.mul(line, builder.extract_value(array.shape, 1)), i)
            return builder.bitcast(builder.gep(array.data, [place]), vector.as_pointer())

        def weight(index: Any) -> Any:
            """One weight in all lanes."""
            one = builder.load(builder.gep(weights.data, [index]))
            first = builder.insert_element(vector(unknown), one, short(0))
            return builder.shuffle_vector(first, vector(unknown), ir.VectorType(short, lanes)([0] * lanes))

        lines = [builder.add(h, word(r)) for r in range(rows.literal_value)]
        zeros = vector([0.0] * lanes)
        sums = [building.alloca_once_value(builder, zeros) for _ in lines]
        with builder.if_then(builder.icmp_signed(">=", bias, word(0))):
            for line, total in zip(lines, sums, strict=True):
                builder.store(weight(builder.add(bias, line)), total)
        with building.for_range(builder, builder.extract_value(inputs.shape, 0)) as loop:
            across = builder.add(start, builder.mul(column, loop.index))
            unit = builder.load(numbers(inputs, loop.index), align=kind.bitwidth // 8)
            for line, total in zip(lines, sums, strict=True):
                product = builder.fmul(
                    weight(builder.add(across, builder.mul(row, line))), unit, flags=_FUSED
                )
                builder.store(builder.fadd(builder.load(total), product, flags=_FUSED), total)
            again = builder.block
        _keep_rolled(builder, again)
        with builder.if_then(builder.icmp_signed("==", bias, word(ADD))):
            for line, total in zip(lines, sums, strict=True):
                there = builder.load(numbers(outputs, line), align=kind.bitwidth // 8)
                builder.store(builder.fadd(there, builder.load(total)), total)
        for line, total in zip(lines, sums, strict=True):
            builder.store(builder.load(total), numbers(outputs, line), align=kind.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(rows, w, start, row, column, bias, below, above, h, i), code


@part_of_others
def product(
    w: AnyArray, start: int, row: int, column: int, bias: int, below: AnyArray, above: AnyArray, n: int
) -> None:
    """above[h] = b + Σₖ w[start + row h + column k] below[k] of n examples, b = w[bias + h], `ZERO` or `ADD`.

    Whole tiles are written: what stands beyond the examples is lost. One that would not fit into the rows
    stands farther left, on numbers that are formed again.
    """
    lanes, rows = lanes_of(w), len(above)
    last = above.shape[1] - lanes
    for place in range(0, n, lanes):
        i = min(place, last)
        for h in range(0, rows - 3, 4):
            _tile(4, w, start, row, column, bias, below, above, h, i)
        if rows % 4 > 1:
            _tile(2, w, start, row, column, bias, below, above, rows - rows % 4, i)
        if rows % 2:
            _tile(1, w, start, row, column, bias, below, above, rows - 1, i)


@literal_instruction
def _outer_tile(
    typing: Any,
    rows: Any,
    columns: Any,
    grad: Any,
    start: Any,
    row: Any,
    delta: Any,
    below: Any,
    h: Any,
    k: Any,
    n: Any,
) -> Any:
    """grad[start + row (h + r) + k + c] += Σᵢ δ[h + r, i] a[k + c, i] for r < rows, c < columns.

    i runs over n examples and on to the end of the last vector, beyond the examples over zeros. The sums of
    each lane stay in registers, and are added up at the end.
    """
    kind, word = grad.dtype, ir.IntType(64)
    lanes = _lanes(kind) // 2

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        _, _, _, start, row, _, _, h, k, n = args
        number = context.get_value_type(kind)
        vector, size = ir.VectorType(number, lanes), kind.bitwidth // 8
        target, left, right = (
            context.make_array(signature.args[at])(context, builder, args[at]) for at in (2, 5, 6)
        )

        def numbers(array: Any, line: Any, i: Any) -> Any:
            place = builder.gep(array.data, [builder.add(builder.mul(line, word(BLOCK)), i)])
            return builder.load(builder.bitcast(place, vector.as_pointer()), align=size)

        ups = [builder.add(h, word(r)) for r in range(rows.literal_value)]
        downs = [builder.add(k, word(c)) for c in range(columns.literal_value)]
        zeros = vector([0.0] * lanes)
        sums = [[building.alloca_once_value(builder, zeros) for _ in downs] for _ in ups]
        with building.for_range_slice(builder, word(0), n, word(lanes), inc=True) as (i, _):
            deltas, units = (
                [numbers(array, line, i) for line in lines] for array, lines in ((left, ups), (right, downs))
            )
            for line, one in zip(sums, deltas, strict=True):
                for total, other in zip(line, units, strict=True):
                    product = builder.fmul(one, other, flags=_FUSED)
                    builder.store(builder.fadd(builder.load(total), product, flags=_FUSED), total)
        name = f"llvm.vector.reduce.fadd.v{lanes}f{kind.bitwidth}"
        add_up = building.get_or_insert_function(
            builder.module, ir.FunctionType(number, [number, vector]), name
        )
        for up, line in zip(ups, sums, strict=True):
            for down, total in zip(downs, line, strict=True):
                place = builder.add(builder.add(start, builder.mul(row, up)), down)
                place = builder.gep(target.data, [place])
                whole = builder.call(add_up, [number(-0.0), builder.load(total)], fastmath=("reassoc",))
                builder.store(builder.fadd(builder.load(place), whole), place)
        return context.get_dummy_value()

    return types.void(rows, columns, grad, start, row, delta, below, h, k, n), code


@part_of_others
def add_outer(grad: AnyArray, start: int, delta: AnyArray, below: AnyArray, n: int) -> None:
    """grad[start + columns h + k] += Σᵢ δ[h, i] a[k, i] of n examples, beyond which both hold zeros."""
    rows, columns = len(delta), len(below)
    whole = columns - columns % _OUTER_COLUMNS
    for h in range(0, rows - 3, 4):
        for k in range(0, whole, _OUTER_COLUMNS):
            _outer_tile(4, _OUTER_COLUMNS, grad, start, columns, delta, below, h, k, n)
        for k in range(whole, columns):
            _outer_tile(4, 1, grad, start, columns, delta, below, h, k, n)
    for h in range(rows - rows % 4, rows):
        for k in range(0, whole, _OUTER_COLUMNS):
            _outer_tile(1, _OUTER_COLUMNS, grad, start, columns, delta, below, h, k, n)
        for k in range(whole, columns):
            _outer_tile(1, 1, grad, start, columns, delta, below, h, k, n)


@part_of_others
def add_biases(grad: AnyArray, start: int, delta: AnyArray, n: int) -> None:
    """grad[start + h] += Σᵢ δ[h, i] of n examples."""
    for h in range(len(delta)):
        total = delta.dtype.type(0.0)
        for i in range(n):
            total += delta[h, i]
        grad[start + h] += total

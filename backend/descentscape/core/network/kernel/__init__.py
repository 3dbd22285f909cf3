"""The compiled code of dense networks: cost, gradient, plane costs, curvature and steps of descents.

Networks are data here (widths, kinds of activations, kind of cost), so that one compilation serves them all.
Examples lie along the innermost axis and are taken in blocks whose activations stay in the processor's
cache; sums run over a block, over a segment of blocks, and over segments, in an order that depends on the
examples alone. So every number is the same, bit for bit, whatever it was computed together with and in how
many threads.
Products may be fused and the sum over one block is reordered by the compiler: the last bits differ between
processors. What is infinite or not a number stays so.
"""

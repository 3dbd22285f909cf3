import assert from "node:assert/strict";
import test from "node:test";
import { gradientSaid } from "../../../frontend/js/lab/gradient-verdict.js";
import { inflate } from "../../../frontend/js/wire/inflate.js";

/**
 * Layers with these gradients, beside parameters of norm `size`.
 * @param {(number|null)[]} norms @param {{stretch?: number, size?: number}} [more] @returns {any}
 */
const jacobians = (norms, { stretch = 1, size = 3 } = {}) => ({
  meta: { layers: norms.map((grad_norm, k) => ({ name: `layer ${k + 1}`, grad_norm, theta_norm: size })) },
  arrays: inflate({
    [`layers.${norms.length - 1}.product_singular_values`]: { data: [stretch, 0], shape: [2] },
  }),
});
/** @param {...(number|null)} norms */
const said = (...norms) => gradientSaid(jacobians(norms));

test("a map that shrinks or stretches what passes through it is called so", () => {
  assert.match(
    gradientSaid(jacobians([1, 1], { stretch: 2.3e-8 })),
    /shrink a change of the input to at most 2\.3×10⁻⁸ of it/,
  );
  assert.match(
    gradientSaid(jacobians([1, 1], { stretch: 1e4 })),
    /stretch a change of the input up to 10000 times/,
  );
  assert.doesNotMatch(gradientSaid(jacobians([1, 1])), /Forward/);
});

test("the ratio of the first layer’s gradient to the last one’s tells what the way back does", () => {
  assert.match(said(1e-4, 1e-3, 1), /Ratio: .* vanishes on its way back/);
  assert.match(said(200, 1), /Ratio: .* explodes on its way back/);
  assert.match(said(0.5, 1), /Ratio: .* 0\.5 times .* keeps its size/);
});

test("a gradient that is as small in every layer has vanished, whatever the ratio", () => {
  const all = said(1.21e-8, 1.34e-8, 6.64e-8, 3.96e-8);
  assert.match(all, /Size: ‖∂C\/∂θ‖ is 1\.2×10⁻⁸ to 6\.6×10⁻⁸, .* in every layer: it has vanished/);
  assert.match(all, /Ratio: .* 0\.31 times/);
  assert.match(said(1e-8, 1e-7, 1), /in layer 1, layer 2: it has vanished there/);
  assert.match(said(1e-9, 1e-9, 1e-9, 1e-9, 1), /in 4 of 5 layers: it has vanished there/);
});

test("a gradient that is as large in every layer has exploded, whatever the ratio", () => {
  assert.match(said(4e5, 5e5), /Size: .* in every layer: it has exploded/);
  assert.match(said(4e5, 5e5), /Ratio: .* 0\.8 times/);
  assert.match(said(null, 1), /not finite here: it has exploded/);
});

test("small and large are meant beside the parameters", () => {
  assert.match(gradientSaid(jacobians([1e-8, 1e-8], { size: 1e-3 })), /at most 1×10⁻⁵ times the parameters/);
  assert.match(gradientSaid(jacobians([1e-8], { size: 0 })), /it has vanished/);
  assert.doesNotMatch(gradientSaid(jacobians([300, 300], { size: 30 })), /exploded/);
});

test("gradients that are all zero pass nothing back", () => {
  assert.match(said(0, 0), /zero here: nothing is passed back/);
  assert.match(said(1, 0), /the last layer’s gradient is zero/);
});

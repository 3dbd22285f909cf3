import assert from "node:assert/strict";
import { test } from "node:test";
import { heightsOf, joined, steady } from "../../../frontend/js/plot/heights.js";
import { linearTicks, logTicks } from "../../../frontend/js/plot/ticks.js";
import { axisOf } from "../page-state.js";

test("a linear axis has its costs where they are, a log axis their decimal logarithms, raised to its floor", () => {
  const linear = heightsOf(axisOf({ low: -1, high: 3 }));
  assert.deepEqual([linear.low, linear.high, linear.of(2.5)], [-1, 3, 2.5]);
  const log = heightsOf(axisOf({ log: true, low: 0.01, high: 100 }));
  assert.deepEqual(
    [log.low, log.high, log.of(10)].map((place) => Number(place.toFixed(9))),
    [-2, 2, 1],
  );
  assert.equal(log.of(0), log.low);
  assert.deepEqual([log.lowCost, log.highCost], [0.01, 100]);
});

test("colours by rank stand where the service says, others evenly", () => {
  const ranks = [0, 0.1, 1];
  assert.deepEqual(heightsOf(axisOf({ ranks }), "rank").stops, ranks);
  assert.equal(heightsOf(axisOf({ ranks })).stops, undefined);
});

test("two surfaces side by side have one axis that holds both, with the wider one's numbers", () => {
  const wide = axisOf({ low: 0, high: 10, drawn: [0, 9.9], ticks: [[5, "5"]] });
  const both = joined(axisOf({ low: -1, high: 1, notes: ["own"] }), wide);
  assert.deepEqual(
    [both.low, both.high, both.drawn, both.ticks, both.notes],
    [-1, 10, [-1, 9.9], [[5, "5"]], ["own"]],
  );
});

test("while the surface moves an axis stands as long as it holds everything and is not much too large", () => {
  const first = heightsOf(axisOf({ low: 0, high: 10 }));
  const within = steady(heightsOf(axisOf({ low: 1, high: 9, notes: ["new"] })), first);
  assert.deepEqual([within.low, within.high, within.notes], [0, 10, ["new"]]);
  assert.equal(steady(heightsOf(axisOf({ low: 0, high: 11 })), first).high, 11);
  assert.equal(steady(heightsOf(axisOf({ low: 0, high: 4 })), first).high, 4);
  assert.equal(steady(heightsOf(axisOf({ log: true, low: 1, high: 9 })), first).highCost, 9);
  assert.equal(steady(first, null), first);
});

test("linear ticks are round, inside, and free of rounding dirt", () => {
  assert.deepEqual(
    linearTicks(-0.31, 0.31, 6).map(({ text }) => text),
    ["−0.2", "0", "0.2"],
  );
  assert.deepEqual(
    linearTicks(0, 0.3, 4).map(({ at }) => at),
    [0, 0.1, 0.2, 0.3],
  );
  assert.deepEqual(linearTicks(1, 1, 4), []);
  assert.deepEqual(
    linearTicks(0.12499, 0.12502, 3).map(({ text }) => text),
    ["0.12499", "0.125", "0.12501", "0.12502"],
  );
});

test("log ticks sit at the logarithm of what they say", () => {
  for (const ticks of [logTicks(-3.2, 0.4, 6), logTicks(-0.3, 0.1, 5), logTicks(-30, 4, 6)]) {
    assert.ok(ticks.length >= 2 && ticks.length <= 9, `${ticks.length} ticks`);
    for (const { at, text } of ticks) {
      const [mantissa, power] = text.replace(/^10(?=[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])/, "1×10").split("×10");
      const exponent = power
        ? Number([...power].map((sign) => (sign === "⁻" ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign))).join(""))
        : 0;
      assert.ok(Math.abs(10 ** at - Number(mantissa) * 10 ** exponent) < 1e-9 * 10 ** at, `${text} at ${at}`);
    }
  }
});

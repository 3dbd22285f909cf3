import assert from "node:assert/strict";
import { test } from "node:test";
import {
  drawnBetween,
  drawnFlat,
  heightNotes,
  heightsOf,
  rankStops,
} from "../../../frontend/js/plot/heights.js";
import { heightTicks, linearTicks, logTicks } from "../../../frontend/js/plot/ticks.js";
import { bowl, surfaceOf, walk } from "../ground.js";

test("a cost axis that begins near zero begins at zero, and holds ground and path", () => {
  const heights = heightsOf(surfaceOf(bowl), [walk([[0.5, 0.5, 2.4]])], "linear");
  assert.equal(heights.low, 0);
  assert.ok(heights.high >= 2.4);
  assert.equal(heights.of(1.5), 1.5);
});

test("a log axis shows decimal logarithms of the same costs", () => {
  const heights = heightsOf(
    surfaceOf((a, b) => 0.01 + bowl(a, b)),
    [],
    "log",
  );
  assert.ok(heights.log);
  assert.ok(Math.abs(heights.of(0.1) + 1) < 1e-12);
  assert.ok(heights.low < -2 && heights.high > Math.log10(2.01));
  assert.ok(Math.abs(Math.log10(heights.lowCost) - heights.low) < 1e-12);
});

test("a log axis is refused where the ground goes below zero, and says so", () => {
  const surface = surfaceOf((a, b) => bowl(a, b) - 1);
  const heights = heightsOf(surface, [], "log");
  assert.equal(heights.log, false);
  assert.match(heightNotes(heights, surface).join(), /log scale needs costs above 0/);
});

test("a cost of zero does not pull a log axis to minus infinity; what lies below is said to be flat", () => {
  const surface = surfaceOf(bowl);
  const heights = heightsOf(surface, [walk([[0, 0, 1e-30]])], "log");
  assert.ok(heights.low > -5, `low ${heights.low}`);
  assert.equal(heights.of(0), Math.log10(heights.lowCost));
  assert.match(heightNotes(heights, surface).join(), /drawn flat below/);
});

test("a diverged run does not stretch the axis, a finished one above the ground does", () => {
  const surface = surfaceOf(bowl);
  const wild = walk(
    [
      [0, 0, 1],
      [1, 1, 1e12],
    ],
    { status: "diverged" },
  );
  assert.ok(heightsOf(surface, [wild], "linear").high < 2.2);
  assert.ok(heightsOf(surface, [walk([[0, 0, 3]])], "linear").high >= 3);
});

test("refinement leaves the axis alone while it holds everything, and widens it when it does not", () => {
  const coarse = surfaceOf((a, b) => 1 + bowl(a, b), { columns: 5, rows: 5 });
  const fine = surfaceOf((a, b) => 1 + bowl(a, b), { columns: 101, rows: 101 });
  const first = heightsOf(coarse, [], "linear");
  const second = heightsOf(fine, [], "linear", first);
  assert.deepEqual([second.low, second.high], [first.low, first.high]);
  const third = heightsOf(fine, [walk([[0, 0, 0.2]])], "linear", second);
  assert.ok(third.low <= 0.2 && third.high === second.high);
});

test("blown-up and undefined costs are no part of the range", () => {
  const surface = surfaceOf((a, b) => (Math.abs(a) > 0.9 ? Infinity : Math.abs(b) > 0.9 ? NaN : bowl(a, b)));
  const heights = heightsOf(surface, [], "linear");
  assert.ok(Number.isFinite(heights.low) && heights.high < 2);
});

test("a linear axis ends about where the service would clip, and the ground beyond is said to be flat", () => {
  const peaks = { ...surfaceOf(bowl), clipped: { low: 0, high: 0.5, count: 300 } };
  const heights = heightsOf(peaks, [], "linear");
  assert.ok(
    heights.low === 0 && heights.high > 0.5 && heights.high < 0.52,
    `${heights.low} to ${heights.high}`,
  );
  assert.equal(drawnFlat(heights, peaks).above, peaks.cost.filter((cost) => cost > heights.high).length);
  assert.deepEqual(heightNotes(heights, peaks), ["drawn flat above 0.515"]);

  const pit = { ...surfaceOf((a, b) => -bowl(a, b)), clipped: { low: -0.5, high: 0, count: 300 } };
  assert.deepEqual(heightNotes(heightsOf(pit, [], "linear"), pit), ["drawn flat below −0.515"]);
});

test("ground that is drawn flat stands just inside the axis, other ground where it is", () => {
  const peaks = { ...surfaceOf(bowl), clipped: { low: 0, high: 0.5, count: 300 } };
  const heights = heightsOf(peaks, [], "linear");
  const { lowCost, highCost } = drawnBetween(heights, peaks);
  assert.equal(lowCost, heights.lowCost);
  assert.ok(highCost < heights.highCost && highCost > 0.998 * heights.highCost);
  const whole = heightsOf(surfaceOf(bowl), [], "linear");
  assert.equal(drawnBetween(whole, surfaceOf(bowl)).highCost, whole.highCost);
});

test("a log axis has room for the peaks that a linear one leaves out", () => {
  const surface = {
    ...surfaceOf((a, b) => 0.01 + bowl(a, b)),
    clipped: { low: 0.01, high: 0.5, count: 300 },
  };
  const heights = heightsOf(surface, [], "log");
  assert.ok(heights.highCost > 2);
  assert.deepEqual(heightNotes(heights, surface), []);
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

test("an axis of heights takes its ticks from its own scale", () => {
  const surface = surfaceOf((a, b) => 0.001 + bowl(a, b));
  assert.ok(
    heightTicks(heightsOf(surface, [], "log"), 6).some(
      ({ text, at }) => text === "0.1" && Math.abs(at + 1) < 1e-12,
    ),
  );
  assert.ok(
    heightTicks(heightsOf(surface, [], "linear"), 6).some(({ text, at }) => text === "1" && at === 1),
  );
});

test("colours by rank stand where each covers as much of the ground, and ascend over level ground", () => {
  const surface = (cost) => ({ a: [0, 1], b: [0, 1], cost: Float32Array.from(cost) });
  const axis = { low: 0, high: 10, of: (cost) => cost };
  assert.deepEqual(
    rankStops(surface([0, 1, 2, 10]), axis, 4).map((stop) => Number(stop.toFixed(6))),
    [0, 0.1, 0.2, 1],
  );
  const level = rankStops(surface([3, 3, 3, 3]), axis, 5);
  assert.ok(level.every((stop, k) => k === 0 || stop > level[k - 1]));
});

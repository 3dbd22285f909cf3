import assert from "node:assert/strict";
import { test } from "node:test";
import {
  boxOf,
  cameraOf,
  direction,
  fitCamera,
  fromScene,
  projector,
  toScene,
  turned,
  viewMatrix,
} from "../../../frontend/js/plot/camera.js";
import { heightFieldOf, seen } from "../../../frontend/js/plot/height-field.js";
import { heightsOf } from "../../../frontend/js/plot/heights.js";
import {
  besideControls,
  firstCamera,
  linkedCamera,
  outlineOf,
  refitCamera,
} from "../../../frontend/js/plot/viewpoint.js";
import { surfaceOf, walk } from "../sampled-surface.js";

const near = (actual, expected, slack = 1e-9) =>
  actual.forEach((value, k) =>
    assert.ok(Math.abs(value - expected[k]) <= slack, `${actual} is not ${expected}`),
  );
const corners = [-0.5, 0.5].flatMap((x) => [-0.5, 0.5].flatMap((y) => [-0.3, 0.3].map((z) => [x, y, z])));
const pane = { width: 800, height: 700, insets: { top: 50, right: 30, bottom: 40, left: 30 } };

function surfaceOn(f, runs = []) {
  const surface = surfaceOf(f, { columns: 41, rows: 41 });
  const high = Math.max(
    surface.height.linear.high,
    ...runs.flatMap((run) => [...run.cost.slice(0, run.count)]),
  );
  const heights = heightsOf({ ...surface.height.linear, high });
  return {
    heights,
    heightField: heightFieldOf(
      surface,
      heights,
      boxOf(
        [
          [-1, 1],
          [-1, 1],
        ],
        heights,
      ),
    ),
  };
}

test("places in the scene lead back to the data they came from, and the box is centred", () => {
  const box = { low: [-2, 10, 0.5], high: [4, 40, 8], size: [1, 0.7, 0.62] };
  near(toScene(box, 1, 25, 4.25), [0, 0, 0]);
  near(fromScene(box, toScene(box, -1.5, 33, 6)), [-1.5, 33, 6]);
});

test("a plane's two directions share one scale in the scene", () => {
  const { size } = boxOf(
    [
      [0, 4],
      [0, 3],
    ],
    { low: 0, high: 1 },
  );
  assert.ok(Math.abs(size[0] / size[1] - 4 / 3) < 1e-12);
});

test("the centre is drawn in the middle, up is up, and nearer is larger", () => {
  const { project } = projector({ eye: [2, 0, 0], center: [0, 0, 0] }, 400, 300);
  near(project([0, 0, 0]), [200, 150]);
  assert.ok(project([0, 0, 0.1])[1] < 150);
  const wide = ([x]) => Math.abs(x - 200);
  assert.ok(wide(project([1, 0.1, 0])) > wide(project([-1, 0.1, 0])));
});

test("a ray through a pixel meets the points that are drawn there", () => {
  const view = projector({ eye: [1.2, -1.4, 0.9], center: [0.1, 0, -0.1] }, 640, 480);
  const [x, y] = view.project([0.2, 0.3, 0.1]);
  const ray = view.ray(x, y);
  const share = [0.2 - 1.2, 0.3 + 1.4, 0.1 - 0.9].map((part, k) => part / ray[k]);
  near(share, [share[0], share[0], share[0]], 1e-9);
  assert.ok(share[0] > 0);
});

test("a camera can be read back from its view matrix", () => {
  const camera = { eye: [1.2, -1.4, 0.9], center: [0.1, 0.05, -0.1] };
  const back = cameraOf(viewMatrix(camera), Math.hypot(1.1, -1.45, 1));
  near(back.eye, camera.eye);
  near(back.center, camera.center);
});

test("a full turn in quarters returns, at one height and distance", () => {
  const start = { eye: [1.2, -1.4, 0.9], center: [0, 0, -0.1] };
  let camera = start;
  for (let k = 0; k < 4; k += 1) {
    camera = turned(camera, Math.PI / 2);
    assert.ok(Math.abs(camera.eye[2] - 0.9) < 1e-12);
  }
  near(camera.eye, start.eye);
});

test("a fitted camera fills the free part of the picture and leaves nothing outside", () => {
  for (const elevation of [0.3, 0.6, 0.9, 1.2]) {
    for (const azimuth of [0.5, 2.1, 4]) {
      const camera = fitCamera(direction(azimuth, elevation), corners, pane);
      near(camera.center.slice(0, 2), [0, 0]);
      const pixels = corners.map(projector(camera, 800, 700).project);
      const xs = pixels.map(([x]) => x);
      const ys = pixels.map(([, y]) => y);
      assert.ok(
        Math.min(...xs) >= 29 && Math.max(...xs) <= 771,
        `x ${Math.min(...xs)} to ${Math.max(...xs)}`,
      );
      assert.ok(
        Math.min(...ys) >= 45 && Math.max(...ys) <= 665,
        `y ${Math.min(...ys)} to ${Math.max(...ys)}`,
      );
      const touched = [
        Math.min(...xs) - 30,
        770 - Math.max(...xs),
        Math.min(...ys) - 50,
        660 - Math.max(...ys),
      ];
      assert.ok(
        touched.some((gap) => Math.abs(gap) < 1),
        `gaps ${touched}`,
      );
    }
  }
});

test("the first look is from where the whole path is seen", () => {
  const wall = (a, b) => 2 * Math.exp(-((a - 0.2) ** 2) / 0.01) + 0.2 * b * b;
  const run = walk(
    Array.from({ length: 30 }, (_, k) => [0.55, -0.7 + 0.048 * k, wall(0.55, -0.7 + 0.048 * k)]),
  );
  const { heights, heightField } = surfaceOn(wall, [run]);
  const camera = firstCamera(heightField, [run], heights, pane);
  for (let k = 0; k < run.count; k += 1)
    assert.ok(
      seen(heightField, toScene(heightField.box, run.a[k], run.b[k], run.cost[k]), camera.eye),
      `entry ${k} is hidden`,
    );
  assert.ok(camera.eye[0] > 0, "the eye is on the path's side of the wall");
});

const { PI, cos, exp, sin } = Math;
/** Known functions with their slopes: a hole in a plain, a bowl under an egg box, a curved valley. */
const HIDING = {
  plateau: {
    f: (x, y) => 1 - exp(-8 * (x * x + y * y)),
    slope: (x, y) => [16 * x * exp(-8 * (x * x + y * y)), 16 * y * exp(-8 * (x * x + y * y))],
    start: [-0.6, 0.4],
    rate: 0.03,
  },
  eggBox: {
    f: (x, y) => 25 * (x * x + y * y) - 6 * cos(5 * PI * x) - 6 * cos(5 * PI * y),
    slope: (x, y) => [50 * x + 30 * PI * sin(5 * PI * x), 50 * y + 30 * PI * sin(5 * PI * y)],
    start: [-0.68, 0.52],
    rate: 2e-4,
  },
  valley: {
    f: (x, y) => (1 - 2 * x) ** 2 + 100 * (2 * y + 1 - 4 * x * x) ** 2,
    slope: (x, y) => {
      const off = 2 * y + 1 - 4 * x * x;
      return [-4 * (1 - 2 * x) - 1600 * x * off, 400 * off];
    },
    start: [-0.6, 0],
    rate: 2e-4,
  },
};

for (const [name, { f, slope, start, rate }] of Object.entries(HIDING))
  test(`the first look hides neither start nor end of a descent: ${name}`, () => {
    const points = [[...start, f(...start)]];
    for (let k = 0; k < 400; k += 1) {
      const [x, y] = points[k];
      const at = [x, y].map((part, axis) => part - rate * slope(x, y)[axis]);
      points.push([...at, f(...at)]);
    }
    const run = walk(points);
    const { heights, heightField } = surfaceOn(f, [run]);
    const { eye } = firstCamera(heightField, [run], heights, pane);
    for (const entry of [0, run.count - 1]) {
      // Between its samples the surface may lie a little over the true height.
      const height = run.cost[entry] + 0.01 * (heights.high - heights.low);
      const at = toScene(heightField.box, run.a[entry], run.b[entry], height);
      assert.ok(seen(heightField, at, eye), `entry ${entry} is hidden`);
    }
  });

test("the first look never looks along an axis, and comes without any run", () => {
  const { heights, heightField } = surfaceOn((a, b) => a + b);
  const { eye } = firstCamera(heightField, [], heights, pane);
  assert.ok(Math.abs(Math.sin(2 * Math.atan2(eye[1], eye[0]))) > 0.5);
  assert.ok(eye[0] < 0 && eye[1] < 0, "from the low side");
});

const fromCenter = ({ eye, center }) => eye.map((part, k) => part - center[k]);

test("a link's direction is kept, its distance only where it is clearly closer than the picture needs", () => {
  const { heightField, heights } = surfaceOn((a, b) => a * a + b);
  const outline = outlineOf(heightField, [], heights);
  for (const size of [0.9, 1.4, 3]) {
    const [x, y, z] = fromCenter(linkedCamera([size, -1.2 * size, 0.8 * size], outline, pane));
    near([y / x, z / x], [-1.2, 0.8]);
  }
  const far = Math.hypot(...fromCenter(linkedCamera([3, -3.6, 2.4], outline, pane)));
  assert.ok(
    Math.abs(Math.hypot(...fromCenter(linkedCamera([1.4, -1.68, 1.12], outline, pane))) - far) < 1e-9,
    "fitted",
  );
  near(fromCenter(linkedCamera([0.3, -0.36, 0.24], outline, pane)), [0.3, -0.36, 0.24]);
});

test("a link that is close only by the measure of a narrow pane is fitted to it", () => {
  const { heightField, heights } = surfaceOn((a, b) => a * a + b);
  const outline = outlineOf(heightField, [], heights);
  const narrow = { ...pane, width: 260 };
  const usual = fromCenter(linkedCamera([3, -3.6, 2.4], outline, pane));
  const fitted = fromCenter(linkedCamera([3, -3.6, 2.4], outline, narrow));
  assert.ok(Math.hypot(...fitted) > 1.4 * Math.hypot(...usual));
  near(fromCenter(linkedCamera(usual, outline, narrow)), fitted, 1e-6);
});

test("a picture begins lower where a control would lie on it, and only there", () => {
  const { heightField, heights } = surfaceOn((a, b) => a + b);
  const outline = outlineOf(heightField, [], heights);
  const fit = (/** @type {any} */ free) => linkedCamera([3, -3.6, 2.4], outline, free);
  const legendAt = (/** @type {number} */ x) => ({ x, y: 0, width: 200, height: 160 });
  const within = (/** @type {any} */ camera, /** @type {any} */ rect) =>
    outline
      .map(projector(camera, pane.width, pane.height).project)
      .filter(([x, y]) => x > rect.x && x < rect.x + rect.width && y < rect.height).length;
  const alone = fit(pane);
  assert.deepEqual(besideControls([], outline, pane, fit), alone);
  const over = [0, 100, 200, 300, 400, 500, 600].map(legendAt).filter((rect) => within(alone, rect) > 0);
  assert.ok(over.length > 0);
  for (const rect of over) assert.equal(within(besideControls([rect], outline, pane, fit), rect), 0);
});

test("a new size keeps the direction and the learner's zoom", () => {
  const { heightField, heights } = surfaceOn((a, b) => a * a + b);
  const outline = outlineOf(heightField, [], heights);
  const narrow = { ...pane, width: 300 };
  const fitted = linkedCamera([3, -3.6, 2.4], outline, pane);
  const away = Math.hypot(...fromCenter(refitCamera(fitted, outline, narrow, pane)));
  assert.ok(away > Math.hypot(...fromCenter(fitted)), "narrower is farther away");
  const close = {
    eye: fromCenter(fitted).map((part, k) => fitted.center[k] + 0.5 * part),
    center: fitted.center,
  };
  assert.ok(
    Math.abs(Math.hypot(...fromCenter(refitCamera(close, outline, narrow, pane))) - 0.5 * away) < 1e-6,
  );
  assert.ok(
    Math.abs(Math.hypot(...fromCenter(refitCamera(close, outline, narrow))) - away) < 1e-6,
    "without a pane before, it is fitted",
  );
});

test("the outline holds the floor, the surface's peak, and a path above the surface", () => {
  const high = walk([[0.2, 0.2, 5]]);
  const { heightField, heights } = surfaceOn((a, b) => a + b, [high]);
  const points = outlineOf(heightField, [high], heights);
  assert.ok(points.some(([, , z]) => Math.abs(z - heightField.peak) < 1e-6));
  near(points.at(-1), toScene(heightField.box, 0.2, 0.2, 5));
  assert.ok(points.some(([x, y, z]) => x === -0.5 && y === 0.5 && z === -heightField.box.size[2] / 2));
});

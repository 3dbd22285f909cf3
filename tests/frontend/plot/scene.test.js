import assert from "node:assert/strict";
import { test } from "node:test";
import { viewMatrix } from "../../../frontend/js/plot/camera.js";
import { createScene } from "../../../frontend/js/plot/scene.js";

const layout = { scene: { camera: { eye: { x: 1, y: 2, z: 3 }, center: { x: 0, y: 0, z: 0.1 } } } };
const traces = () => [
  {
    uid: "surface",
    x: [0, 1],
    y: [0, 1],
    z: [
      [0, 1],
      [1, 2],
    ],
  },
  { uid: "run-0", x: [0], y: [0], z: [0] },
];

/** A Plotly that writes down what it is asked; `inside` is what it keeps under its private names. */
function fakePlotly(inside = null) {
  const asked = [];
  return {
    asked,
    react: async (gd, data, given) => {
      Object.assign(gd, { data, layout: given, _fullLayout: inside ? { scene: { _scene: inside } } : {} });
      asked.push("react");
    },
    restyle: (_gd, changes, [index]) => asked.push(["restyle", index, Object.keys(changes)]),
    relayout: async (_gd, changes) => asked.push(["relayout", changes]),
    purge: () => asked.push("purge"),
  };
}

function newElement() {
  const heard = {};
  return {
    heard,
    removed: false,
    on(name, listener) {
      heard[name] = listener;
    },
    remove() {
      this.removed = true;
    },
  };
}

/** A stand-in for the inside of plotly's 3D scene. */
function fakeInside() {
  const camera = { eye: [1, -1, 0.8], center: [0, 0, 0] };
  const updates = [];
  const trace = (uid) => ({ data: { uid }, update: (data) => updates.push({ ...data }) });
  const glplot = {
    objects: [],
    onrender: () => updates.push("rendered"),
    oncontextloss: () => {},
    redraw: () => {},
    add: () => {},
    remove: () => {},
    cameraParams: { view: viewMatrix(camera) },
  };
  return {
    updates,
    glplot,
    traces: { surface: trace("surface"), "run-0": trace("run-0") },
    getCamera: () => ({ eye: { x: 1, y: -1, z: 0.8 }, center: { x: 0, y: 0, z: 0 } }),
  };
}

test("a path is updated in the scene alone, its lengths with it, and what Plotly shows stays the same", async () => {
  const inside = fakeInside();
  const Plotly = fakePlotly(inside);
  const element = newElement();
  const scene = createScene(Plotly, () => element, {}, { rendered() {}, lost() {} });
  await scene.draw(traces(), layout);
  scene.update("run-0", { x: [0, 1], y: [0, 1], z: [5, 6] });
  assert.deepEqual(Plotly.asked, ["react"]);
  assert.deepEqual(inside.updates.at(-1), {
    uid: "run-0",
    x: [0, 1],
    y: [0, 1],
    z: [5, 6],
    _xlength: 2,
    _ylength: 2,
    _zlength: 2,
    _length: 2,
  });
  assert.deepEqual(element.data[1].z, [5, 6]);
});

test("every frame is heard of, after plotly's own work on it", async () => {
  const inside = fakeInside();
  let frames = 0;
  const scene = createScene(
    fakePlotly(inside),
    newElement,
    {},
    {
      rendered: () => {
        frames += 1;
      },
      lost() {},
    },
  );
  await scene.draw(traces(), layout);
  const before = frames;
  inside.glplot.onrender();
  assert.equal(inside.updates.at(-1), "rendered");
  assert.equal(frames, before + 1);
});

test("the camera is the drawn frame's", async () => {
  const scene = createScene(fakePlotly(fakeInside()), newElement, {}, { rendered() {}, lost() {} });
  await scene.draw(traces(), layout);
  [1, -1, 0.8].forEach((part, k) => assert.ok(Math.abs(scene.camera().eye[k] - part) < 1e-12));
});

test("a Plotly without these insides is asked in public", async () => {
  const Plotly = fakePlotly();
  const scene = createScene(Plotly, newElement, {}, { rendered() {}, lost() {} });
  await scene.draw(traces(), layout);
  scene.update("run-0", { x: [0], y: [0], z: [7] });
  assert.deepEqual(Plotly.asked.at(-1), ["restyle", 1, ["x", "y", "z"]]);
  assert.deepEqual(scene.camera(), { eye: [1, 2, 3], center: [0, 0, 0.1] });
  assert.equal(scene.update("nobody", { x: [], y: [], z: [] }), undefined);
});

test("after a lost context a fresh element waits, and the camera is remembered", async () => {
  const made = [];
  const Plotly = fakePlotly(fakeInside());
  let lost = 0;
  const scene = createScene(
    Plotly,
    () => {
      made.push(newElement());
      return made.at(-1);
    },
    {},
    {
      rendered() {},
      lost: () => {
        lost += 1;
      },
    },
  );
  await scene.draw(traces(), layout);
  made[0].heard.plotly_webglcontextlost();
  assert.equal(lost, 1);
  assert.ok(made[0].removed && made.length === 2 && !scene.drawn());
  assert.deepEqual(scene.settledCamera(), { eye: [1, -1, 0.8], center: [0, 0, 0] });
});

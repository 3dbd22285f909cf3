/** The ground in 3D with every run's path over it. */
import { fitCamera, fromScene, minus, projector } from "../camera.js";
import { CONFIG, drawnRows, pathData, pathTraces, sceneLayout, surfaceTrace } from "../figure.js";
import { marksOf } from "../picture.js";
import { createScene } from "../scene.js";
import { seen, strike, terrainOf } from "../terrain.js";
import { trackOf } from "../track.js";
import { firstCamera, outlineOf } from "../viewpoint.js";
import { createCanvas, inkOf } from "./canvas.js";
import { drawNumbers, drawRoom, frameOf } from "./frame3d.js";
import { createPen } from "./overlay.js";
import { nearestRun, projectTrack, shownMarks, shownRuns } from "./shown.js";

/** @typedef {import("../camera.js").Vec} Vec */
/** @typedef {import("../camera.js").Camera} Camera */
/** @typedef {import("../picture.js").Picture} Picture */

/** How near to a path the pointer must be to lift its run, in pixels. */
const REACH = 10;
/** Room between the picture and the pane's rim, for numbers and the controls above. */
const INSETS = { top: 52, right: 36, bottom: 34, left: 40 };

/**
 * @param {HTMLElement} host
 * @param {import("../types.js").Store} store
 * @param {{taken: (host: HTMLElement) => import("../labels.js").Rect[], read: (at: {a: number, b: number, x: number, y: number}|null) => void,
 *          cameraMoved: (camera: Camera) => void}} stage
 */
export function createStage3d(host, store, stage) {
  const { Plotly } = /** @type {any} */ (window);
  const under = createCanvas(host, "stage-under");
  let graph = newGraph();
  const over = createCanvas(host, "stage-over");
  const pen = createPen();
  let scene = newScene();
  let ink = inkOf(host);
  let dragging = false;
  let waiting = /** @type {(() => void)|null} */ (null);
  let picture = /** @type {Picture|null} */ (null);
  let terrain = /** @type {import("../terrain.js").Terrain|null} */ (null);
  /** @type {import("../track.js").Track[]} */
  let tracks = [];
  /** @type {import("../picture.js").Mark[]} */
  let marks = [];
  let projected = { camera: "", tracks: /** @type {import("./overlay.js").ProjectedTrack[]} */ ([]) };
  let camera = /** @type {Camera|null} */ (null);
  let drawn = { key: "", runs: "", width: 0, height: 0 };

  function newGraph() {
    const element = document.createElement("div");
    element.className = "stage-graph";
    host.insertBefore(element, under.canvas.nextSibling);
    return element;
  }

  function newScene() {
    return createScene(Plotly, graph, { ...CONFIG, scrollZoom: "gl3d", plotGlPixelRatio: pixelRatio() }, { rendered: overlay, lost: restore });
  }

  /** A lost graphics context takes everything drawn with it: begin again in a fresh element, from the same camera. */
  function restore() {
    camera = scene.settledCamera() ?? camera;
    scene.purge();
    graph.remove();
    graph = newGraph();
    scene = newScene();
    drawn = { key: "", runs: "", width: 0, height: 0 };
    requestAnimationFrame(() => draw());
  }

  /** @param {Picture} next */
  function show(next) {
    picture = next;
    terrain = terrainOf(next.surface, next.heights, next.box);
    follow();
    return draw();
  }

  /** Takes up what has arrived of the paths. */
  function follow() {
    const { runs } = store.get();
    if (!picture) return;
    const { box, heights } = picture;
    tracks = runs.map((run) => trackOf(run, box, heights));
    marks = marksOf(store.get());
    projected.camera = "";
  }

  function size() {
    return { width: host.clientWidth, height: host.clientHeight };
  }

  /** @param {boolean} [afresh]  With a newly chosen camera. */
  async function draw(afresh = false) {
    if (!picture || !terrain || host.clientWidth === 0) return;
    if (dragging) {
      waiting = () => draw(afresh);
      return;
    }
    const { runs } = store.get();
    const { width, height } = size();
    const looks = JSON.stringify(runs.map(({ label, color }) => [label, color]));
    const axes = `${picture.key} ${picture.heights.low} ${picture.heights.high}`;
    const same = drawn.key === axes && drawn.runs === looks && drawn.width === width && drawn.height === height;
    const resized = drawn.width !== width || drawn.height !== height;
    if (scene.drawn() && same && !afresh) {
      const { surface, heights } = picture;
      scene.update("ground", { x: surface.a, y: surface.b, z: drawnRows(surface, heights), surfacecolor: drawnRows(surface, heights, heights.of) });
      drawPaths();
      return;
    }
    camera = cameraFor(afresh, resized);
    drawn = { key: axes, runs: looks, width, height };
    await scene.draw([surfaceTrace(picture.surface, picture.heights), ...pathTraces(runs)], sceneLayout(picture.box, picture.heights, camera, size()));
  }

  /** @param {boolean} afresh @param {boolean} resized @returns {Camera} */
  function cameraFor(afresh, resized) {
    const { doc, runs } = store.get();
    const view = { ...size(), insets: INSETS };
    const { box, heights } = /** @type {Picture} */ (picture);
    const ground = /** @type {import("../terrain.js").Terrain} */ (terrain);
    const chosen = doc?.view?.camera?.eye;
    if (!afresh && scene.drawn() && (chosen || !resized)) return scene.settledCamera() ?? /** @type {Camera} */ (camera);
    if (!afresh && camera) return chosen ? camera : fitCamera(minus(camera.eye, camera.center), outlineOf(ground), view);
    if (!chosen) return firstCamera(ground, runs, heights, view);
    // A link holds the eye seen from the centre; the centre follows from the picture.
    const toEye = /** @type {Vec} */ ([chosen.x, chosen.y, chosen.z]);
    const { center } = fitCamera(toEye, outlineOf(ground), view);
    return { eye: /** @type {Vec} */ (center.map((part, k) => part + toEye[k])), center };
  }

  function drawPaths() {
    if (!scene.drawn()) return;
    if (dragging) {
      waiting ??= () => drawPaths();
      return;
    }
    store.get().runs.forEach((run, index) => scene.update(`run-${index}`, pathData(run)));
  }

  function overlay() {
    if (!picture || !terrain || !scene.drawn()) return;
    const state = store.get();
    const now = scene.camera();
    if (!now) return;
    const { width, height } = size();
    const view = projector(now, width, height);
    const space = spaceOf(view);
    const at = `${now.eye} ${now.center} ${width} ${height}`;
    if (projected.camera !== at) projected = { camera: at, tracks: tracks.map((track) => projectTrack(track, space)) };
    const frame = frameOf(picture, view);
    drawRoom(under.begin(), frame, ink);
    const context = over.begin();
    drawNumbers(context, frame, [...picture.titles, picture.heights.log ? "cost (log)" : "cost"], ink, { width, height });
    pen.draw(context, {
      runs: shownRuns(state, picture, projected.tracks, space),
      marks: shownMarks(marks, picture, space),
      lifted: state.lifted,
      taken: stage.taken(host),
      width,
      height,
      ink,
    });
  }

  /** @param {import("../camera.js").Projector} view @returns {import("./shown.js").Space} */
  function spaceOf(view) {
    const ground = /** @type {import("../terrain.js").Terrain} */ (terrain);
    const { size: edges } = ground.box;
    const scenePoint = (/** @type {Vec} */ place) => /** @type {Vec} */ (place.map((part, k) => (part - 0.5) * edges[k]));
    return { flat: false, pixel: (place) => view.project(scenePoint(place)), seen: (place) => seen(ground, scenePoint(place), view.eye) };
  }

  host.addEventListener("pointerdown", () => {
    dragging = true;
    stage.read(null);
  }, { capture: true });
  for (const type of ["pointerup", "pointercancel"]) window.addEventListener(type, release);
  let settling = 0;
  host.addEventListener("wheel", () => {
    clearTimeout(settling);
    settling = window.setTimeout(keepCamera, 300);
  }, { passive: true });

  function release() {
    if (!dragging) return;
    dragging = false;
    keepCamera();
    const later = waiting;
    waiting = null;
    later?.();
  }

  function keepCamera() {
    const now = scene.settledCamera();
    if (!now || !camera) return;
    const moved = now.eye.some((part, k) => Math.abs(part - /** @type {Camera} */ (camera).eye[k]) > 1e-6);
    camera = now;
    if (moved) stage.cameraMoved(now);
  }

  host.addEventListener("pointermove", (event) => {
    if (event.buttons === 0 && event.pointerType === "mouse") hover(event);
  });
  host.addEventListener("pointerleave", () => {
    stage.read(null);
    if (store.get().lifted !== null) store.set({ lifted: null });
  });

  /** @param {PointerEvent} event */
  function hover(event) {
    const now = scene.camera();
    if (!picture || !terrain || !now) return;
    const rect = host.getBoundingClientRect();
    const [x, y] = [event.clientX - rect.left, event.clientY - rect.top];
    const lifted = nearestRun(projected.tracks, [x, y], REACH);
    if (lifted !== store.get().lifted) store.set({ lifted });
    const view = projector(now, rect.width, rect.height);
    const hit = strike(terrain, view.eye, view.ray(x, y));
    const at = hit && fromScene(picture.box, hit);
    stage.read(at ? { a: at[0], b: at[1], x, y } : null);
  }

  return {
    show,
    overlay,
    arrived() {
      follow();
      drawPaths();
      overlay();
    },
    reset: () => draw(true),
    repaint() {
      ink = inkOf(host);
      overlay();
    },
    resize: () => draw(),
  };
}

/** Software drawing pays for every pixel; a real graphics card smooths edges with twice as many. */
function pixelRatio() {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const gl = document.createElement("canvas").getContext("webgl");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software/i.test(name) ? ratio : 2;
}

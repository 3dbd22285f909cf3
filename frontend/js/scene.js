/**
 * The one module that knows the inside of plotly's 3D scene: redrawing a path or the ground alone, and hearing of every
 * frame. Where a Plotly of another make lacks what it reaches for, the public calls do the same more slowly.
 */
import { cameraOf } from "./camera.js";

/** Contour lines take this much of their own colour and the rest of the ground's: plotly itself knows only all or none. */
const CONTOUR_TINT = 0.34;

/** @typedef {import("./camera.js").Camera} Camera */

/**
 * @param {any} Plotly
 * @param {HTMLElement} graph
 * @param {object} config
 * @param {{rendered: () => void, lost: () => void}} on
 */
export function createScene(Plotly, graph, config, on) {
  const gd = /** @type {any} */ (graph);
  let hooked = /** @type {any} */ (null);

  const inner = () => gd._fullLayout?.scene?._scene;

  /** @param {any[]} traces @param {any} layout */
  async function draw(traces, layout) {
    const first = !gd.data;
    await Plotly.react(gd, traces, layout, config);
    if (first) {
      gd.on("plotly_webglcontextlost", on.lost);
      gd.on("plotly_relayouting", on.rendered);
    }
    hook();
    on.rendered();
  }

  function hook() {
    const glplot = inner()?.glplot;
    if (!glplot || glplot === hooked || typeof glplot.onrender !== "function") return;
    hooked = glplot;
    const before = glplot.onrender;
    glplot.onrender = () => {
      before();
      refine(glplot);
      on.rendered();
    };
    glplot.redraw?.();
  }

  /** @param {any} glplot */
  function refine(glplot) {
    for (const object of glplot.objects ?? []) {
      // Nothing is picked here, and the hidden pass for picking costs as much as the picture.
      if (object.drawPick) object.drawPick = null;
      if (Array.isArray(object.contourTint)) object.contourTint = object.contourTint.map(() => CONTOUR_TINT);
    }
  }

  /**
   * Redraws one trace with other data, leaving camera, axes and all the rest alone.
   * @param {string} uid
   * @param {Record<string, any>} changes
   */
  function update(uid, changes) {
    const trace = inner()?.traces?.[uid];
    const index = gd.data.findIndex((/** @type {any} */ data) => data.uid === uid);
    if (index < 0) return;
    if (typeof trace?.update !== "function" || !trace.data) {
      const wrapped = Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, [value]]));
      Plotly.restyle(gd, wrapped, [index]);
      return;
    }
    // What the library shows when asked (gd.data) and what it draws from must stay one.
    Object.assign(gd.data[index], changes);
    Object.assign(trace.data, changes, lengths(changes));
    trace.update(trace.data);
  }

  /** @param {Record<string, any>} changes */
  function lengths({ x, y, z }) {
    const counted = z[0]?.length === undefined ? { _length: z.length } : { _ylength: z.length };
    return { ...counted, _xlength: x.length, ...(counted._length === undefined ? {} : { _ylength: y.length, _zlength: z.length }) };
  }

  /** @returns {Camera|null} The camera of the frame being drawn; its centre is only some point that it looks at. */
  function camera() {
    const view = inner()?.glplot?.cameraParams?.view;
    return view ? cameraOf(view, 1) : settledCamera();
  }

  /** @returns {Camera|null} The camera as the last drag left it, which a frame may not have shown yet. */
  function settledCamera() {
    const now = inner()?.getCamera?.() ?? gd.layout?.scene?.camera;
    if (!now) return null;
    return { eye: [now.eye.x, now.eye.y, now.eye.z], center: [now.center.x, now.center.y, now.center.z] };
  }

  function purge() {
    hooked = null;
    Plotly.purge(gd);
  }

  return { draw, update, camera, settledCamera, purge, drawn: () => Boolean(gd.data) };
}

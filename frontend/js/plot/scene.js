/**
 * The one module that knows the inside of plotly's 3D scene: redrawing a path or the surface alone, and hearing of every
 * frame. Where a Plotly of another make lacks what it reaches for, the public calls do the same more slowly.
 */

import { cameraOf, lightFrom } from "./camera.js";

/** @import { Camera, Vec } from "./camera.js" */

/**
 * One scene, reused for every picture: browsers allow few graphics contexts.
 * @param {any} Plotly
 * @param {() => HTMLElement} newGraph   An empty element in the page, for a first scene or one after a lost context.
 * @param {object} config
 * @param {{rendered: () => void, lost: () => void}} on   `lost` is called when a fresh element waits to be drawn into.
 */
export function createScene(Plotly, newGraph, config, on) {
  let gd = /** @type {any} */ (newGraph());
  let hooked = /** @type {any} */ (null);
  let kept = /** @type {Camera|null} */ (null);

  const inner = () => gd._fullLayout?.scene?._scene;

  /** @param {any[]} traces @param {any} layout */
  async function draw(traces, layout) {
    const first = !gd.data;
    const graph = gd;
    try {
      await Plotly.react(graph, traces, layout, config);
    } catch (fault) {
      // A context that is lost in the middle of a drawing: the event that follows begins again.
      if (graph !== gd || inner()?.glplot?.gl?.isContextLost()) return;
      throw fault;
    }
    if (first) {
      gd.on("plotly_webglcontextlost", replace);
      gd.on("plotly_relayouting", on.rendered);
    }
    hook();
    on.rendered();
  }

  /** plotly's own recovery from a lost context throws: purge, and begin again in a fresh element. */
  function replace() {
    kept = settledCamera();
    const old = gd;
    gd = newGraph();
    Plotly.purge(old);
    old.remove();
    on.lost();
  }

  function hook() {
    const glplot = inner()?.glplot;
    for (const trace of Object.values(inner()?.traces ?? {})) {
      keepGrid(trace);
      keepDigits(trace);
    }
    if (!glplot || glplot === hooked || typeof glplot.onrender !== "function") return;
    hooked = glplot;
    const before = glplot.onrender;
    glplot.oncontextloss = null;
    skipWhenLost(inner());
    pickNothing(glplot);
    glplot.onrender = () => {
      before();
      refine(glplot);
      on.rendered();
    };
    glplot.redraw?.();
  }

  /**
   * Redraws one trace with other data, leaving camera, axes and all the rest alone.
   * @param {string} uid
   * @param {Record<string, any>} changes   x, y, z, and for the surface its colours.
   */
  function update(uid, changes) {
    const index = gd.data.findIndex((/** @type {any} */ data) => data.uid === uid);
    if (index < 0) return;
    const trace = inner()?.traces?.[uid];
    if (typeof trace?.update !== "function" || !trace.data) {
      Plotly.restyle(gd, Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, [value]])), [
        index,
      ]);
      return;
    }
    // What the library shows when asked (gd.data) and what it draws from must stay one.
    Object.assign(gd.data[index], changes);
    Object.assign(trace.data, changes, lengthsOf(changes));
    trace.update(trace.data);
  }

  /** @returns {Camera|null} The camera of the frame being drawn; its centre is only some point that it looks at. */
  function camera() {
    const view = inner()?.glplot?.cameraParams?.view;
    return view ? cameraOf(view, 1) : settledCamera();
  }

  /** @returns {Camera|null} The camera as the last drag left it, which a frame may not have shown yet. */
  function settledCamera() {
    const now = inner()?.getCamera?.() ?? gd.layout?.scene?.camera;
    if (!now) return kept;
    return { eye: [now.eye.x, now.eye.y, now.eye.z], center: [now.center.x, now.center.y, now.center.z] };
  }

  /** @param {Camera} to */
  function look({ eye, center }) {
    const point = (/** @type {Vec} */ [x, y, z]) => ({ x, y, z });
    return Plotly.relayout(gd, {
      "scene.camera": { eye: point(eye), center: point(center), up: { x: 0, y: 0, z: 1 } },
    });
  }

  return { draw, update, look, camera, settledCamera, drawn: () => Boolean(gd.data) };
}

/**
 * Draws a graph’s scene at another number of pixels for one of the page, as the page draws it, and then as it was.
 * @param {any} graph
 * @param {number} ratio
 * @param {(canvas: HTMLCanvasElement) => void} use   Takes what is drawn before that is gone.
 * @returns {boolean}   Whether there is a scene to draw.
 */
export function drawnAtRatio(graph, ratio, use) {
  const glplot = graph._fullLayout?.scene?._scene?.glplot;
  const canvas = glplot?.canvas;
  if (!canvas || typeof glplot.redraw !== "function" || glplot.gl.isContextLost()) return false;
  const { width, height } = canvas;
  const { pixelRatio } = glplot;
  const resize = (/** @type {number} */ wide, /** @type {number} */ tall, /** @type {number} */ pixels) => {
    canvas.width = wide;
    canvas.height = tall;
    glplot.pixelRatio = pixels;
    glplot.redraw();
  };
  resize(Math.round((width / pixelRatio) * ratio), Math.round((height / pixelRatio) * ratio), ratio);
  use(canvas);
  resize(width, height, pixelRatio);
  return true;
}

/** plotly keeps the lengths of a trace's arrays beside them. @param {Record<string, any>} changes */
function lengthsOf({ x, y, z }) {
  const grid = z[0]?.length !== undefined;
  return {
    _xlength: x.length,
    _ylength: y.length,
    ...(grid ? {} : { _zlength: z.length, _length: z.length }),
  };
}

/**
 * plotly redraws a grid of 101 as one of 202, which looks the same lit and shaded and takes four times as long.
 * @param {any} trace
 */
function keepGrid(trace) {
  if (trace.refineData !== true || !trace.data) return;
  trace.refineData = false;
  trace.dataScaleX = 1;
  trace.dataScaleY = 1;
  trace.update(trace.data);
}

/**
 * plotly puts a surface's origin amid all that it ever drew of it. After a path that went far away, which changes
 * the scene's scale, that is so far from the surface that single precision leaves it as stairs.
 * @param {any} trace
 */
function keepDigits(trace) {
  if (!Array.isArray(trace.minValues) || Object.hasOwn(trace, "update")) return;
  const { update } = trace;
  trace.update = (/** @type {any} */ data) => {
    trace.minValues = [Infinity, Infinity, Infinity];
    trace.maxValues = [-Infinity, -Infinity, -Infinity];
    update.call(trace, data);
  };
}

/**
 * Between the loss of its context and the event that tells of it, plotly's own drawing throws.
 * @param {any} scene
 */
function skipWhenLost(scene) {
  const { render } = scene;
  scene.render = () => {
    if (!scene.glplot.gl.isContextLost()) render.call(scene);
  };
}

/**
 * The hidden picture that plotly picks from is drawn and read back with every turn; here nothing is picked.
 * @param {any} glplot
 */
function pickNothing(glplot) {
  const { add, remove } = glplot;
  if (typeof add !== "function" || typeof remove !== "function") return;
  glplot.add = (/** @type {any} */ object) => {
    object.pickSlots = 0;
    add(object);
  };
  for (const object of glplot.objects ?? []) object.pickSlots = 0;
  // Only a change of its objects makes the scene count its picking buffers anew.
  const none = { draw() {} };
  glplot.add(none);
  remove(none);
}

/** @param {any} glplot */
function refine(glplot) {
  for (const object of glplot.objects ?? []) {
    if (!Array.isArray(object.contourTint) || Object.hasOwn(object, "draw")) continue;
    blendContours(object, glplot.gl);
    liftTranslucent(object, glplot.gl);
  }
}

/**
 * plotly draws a surface's contour lines opaque, whatever their colour's alpha: this draws them in a second go, blended.
 * @param {any} surface
 * @param {WebGLRenderingContext} gl
 */
function blendContours(surface, gl) {
  const draw = surface.draw;
  if (typeof draw !== "function") return;
  surface.draw = (/** @type {any} */ cameraParams) => {
    light(surface, cameraParams);
    const lines = surface.showContour;
    surface.showContour = false;
    draw.call(surface, cameraParams);
    surface.showContour = lines;
    surface.showSurface = false;
    gl.enable(gl.BLEND);
    gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    draw.call(surface, cameraParams);
    gl.disable(gl.BLEND);
    surface.showSurface = true;
  };
}

/** So far away that the light falls on all of the scene from one side. */
const LIGHT_FAR = 200;

/**
 * plotly mixes the light's place, which it takes from the picture to the data, with places in the scene: where it comes
 * from changes with the data's scale. This gives it the place that becomes the wanted direction.
 * @param {any} surface
 * @param {{view?: number[], projection?: number[], model?: number[]}} cameraParams
 */
function light(surface, { view, projection, model }) {
  if (!view || !projection || !model || !Array.isArray(surface.lightPosition)) return;
  const to = lightFrom([view[2], view[6], view[10]]).map((part) => LIGHT_FAR * part);
  const [x, y, z, w] = [model, view, projection].reduce(through, [...to, 1]);
  if (Math.abs(w) > 1e-6) surface.lightPosition = [x / w, y / w, z / w];
}

/** @param {number[]} point @param {ArrayLike<number>} matrix   Column by column. */
const through = (point, matrix) =>
  [0, 1, 2, 3].map((row) => point.reduce((sum, part, k) => sum + matrix[4 * k + row] * part, 0));

/**
 * A translucent surface that lies on another one must tint it, not vanish in it: it is drawn a trifle nearer to the eye.
 * @param {any} surface
 * @param {WebGLRenderingContext} gl
 */
function liftTranslucent(surface, gl) {
  const { drawTransparent } = surface;
  if (typeof drawTransparent !== "function") return;
  surface.drawTransparent = (/** @type {any} */ cameraParams) => {
    gl.enable(gl.POLYGON_OFFSET_FILL);
    gl.polygonOffset(-1, -8);
    drawTransparent.call(surface, cameraParams);
    gl.disable(gl.POLYGON_OFFSET_FILL);
  };
}

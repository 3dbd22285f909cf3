/** The surface in 3D with every run's path over it. */

import { basinSurface, basinsOf } from "../plot/basins.js";
import { fromScene, projector, turned } from "../plot/camera.js";
import {
  CONFIG,
  modelTrace,
  pathData,
  pathTraces,
  sceneLayout,
  surfaceData,
  surfaceTrace,
} from "../plot/figure.js";
import { heightFieldOf, seen, strike } from "../plot/height-field.js";
import { marksOf } from "../plot/picture.js";
import { modelData, modelMarks, modelOf } from "../plot/quadratic-model.js";
import { createScene } from "../plot/scene.js";
import { createTracks } from "../plot/track.js";
import { besideControls, firstCamera, linkedCamera, outlineOf, refitCamera } from "../plot/viewpoint.js";
import { createCanvas, inkOf } from "../ui/canvas.js";
import { graphicsCard, pixelRatio } from "../ui/graphics.js";
import { overlayArrows } from "./arrow-pen.js";
import { drawRoom, drawSides, frameOf } from "./frame-3d.js";
import { drawNumbers } from "./numbers-3d.js";
import { createPen } from "./overlay.js";
import { nearestRun, overlayMarks, overlayRuns, projectTrack } from "./overlay-model.js";
import { paintSurface } from "./painted.js";
import { createPointer3d } from "./pointer-3d.js";
import { createOverlayPen } from "./surface-overlays.js";

/** @import { Actions, Store } from "../document/types.js" */
/** @import { Camera, Insets, Projector, Vec } from "../plot/camera.js" */
/** @import { HeightField } from "../plot/height-field.js" */
/** @import { Rect } from "../plot/labels.js" */
/** @import { Mark } from "../plot/overlay-shapes.js" */
/** @import { Picture } from "../plot/picture.js" */
/** @import { Track } from "../plot/track.js" */
/** @import { Pane } from "../plot/viewpoint.js" */
/** @import { Frame } from "./frame-3d.js" */
/** @import { ProjectedTrack, Space, StageSide } from "./overlay-model.js" */

/** @typedef {{picture: Picture, heightField: HeightField}} Drawn */

/** How near to a path the pointer must be to lift its run, in pixels. */
const REACH = 10;
/** The scene takes up a growing path at this pace, in milliseconds: the canvas over it shows every step at once. */
const PATH_PACE = 250;
/** Room between the picture and the pane's rim, in pixels; more where controls lie over the pane. */
const RIM = { side: 30, end: 18 };
/** At the sides stand numbers and titles, where there is room for them. */
const LETTERED_SIDE = 48;
const ROOMY = 480;

/**
 * @param {HTMLElement} host
 * @param {Store} store
 * @param {Actions} actions
 * @param {StageSide} stage
 * @param {Promise<any>} plotly   Until it is there, and where there is no WebGL, the surface is painted.
 */
export function createStage3d(host, store, actions, stage, plotly) {
  const under = createCanvas(host, "stage-under");
  const over = createCanvas(host, "stage-over");
  const pen = createPen();
  const overlayPen = createOverlayPen();
  const tracksOf = createTracks();
  let scene = /** @type {ReturnType<typeof createScene>|null} */ (null);
  const pointer = createPointer3d(host, { moved: keepCamera, point, leave, click });
  let ink = inkOf(host);
  let drawn = /** @type {Drawn|null} */ (null);
  let camera = /** @type {Camera|null} */ (null);
  let drawnAs = "";
  let drawnPane = /** @type {Pane|null} */ (null);
  let later = 0;
  let modelled = false;
  /** @type {Track[]} */
  let tracks = [];
  /** The tracks that the scene has drawn. @type {Track[]} */
  let inScene = [];
  /** @type {Mark[]} */
  let marks = [];
  let projected = {
    from: "",
    of: /** @type {Track[]} */ ([]),
    tracks: /** @type {ProjectedTrack[]} */ ([]),
  };

  plotly.then((Plotly) => {
    const card = graphicsCard();
    if (card === null) return undefined;
    const config = { ...CONFIG, scrollZoom: "gl3d", plotGlPixelRatio: pixelRatio(card) };
    scene = createScene(Plotly, newGraph, config, { rendered: overlay, lost: restore });
    return draw();
  });

  function restore() {
    projected.from = "";
    requestAnimationFrame(draw);
  }

  function newGraph() {
    const graph = document.createElement("div");
    graph.className = "stage-graph";
    host.insertBefore(graph, over.canvas);
    return graph;
  }

  const size = () => ({ width: host.clientWidth, height: host.clientHeight });

  /** @param {Picture} picture @param {boolean} afresh  Whether to choose the camera anew. */
  function show(picture, afresh) {
    drawn = { picture, heightField: heightFieldOf(picture.surface, picture.heights, picture.box) };
    projected.from = "";
    follow();
    if (afresh) camera = null;
    return draw();
  }

  /** Takes up what has arrived of the paths. */
  function follow() {
    if (!drawn) return;
    const { box, heights } = drawn.picture;
    tracks = tracksOf(store.get().runs, box, heights);
    marks = marksOf(store.get());
  }

  /** @returns {Promise<void>|undefined} */
  function draw() {
    if (!drawn || host.clientWidth === 0) return undefined;
    return pointer.whenFree(drawNow);
  }

  async function drawNow() {
    follow();
    const { surface, heights, box } = /** @type {Drawn} */ (drawn).picture;
    const { runs } = store.get();
    const looks = runs.map(({ label, color }) => [label, color]);
    const model = modelOf(store.get());
    const as = (/** @type {boolean} */ seen) =>
      JSON.stringify([box, heights.log, looks, size(), model !== null, seen]);
    if (as(camera !== null) === drawnAs && scene?.drawn()) {
      scene.update("surface", surfaceIn(/** @type {Drawn} */ (drawn)));
      drawPaths();
      return drawModel();
    }
    modelled = model !== null;
    camera = nextCamera(/** @type {Drawn} */ (drawn));
    drawnAs = as(true);
    projected.from = "";
    if (!scene) return overlay();
    inScene = tracks;
    return scene.draw(
      [
        surfaceTrace(surface, heights, surfaceIn(/** @type {Drawn} */ (drawn))),
        ...pathTraces(runs, tracks),
        ...(model ? [modelTrace(modelData(model, heights))] : []),
      ],
      sceneLayout(box, heights, camera, size()),
    );
  }

  /**
   * Chosen for the picture at first; then the learner's, fitted to another size of the pane.
   * @param {Drawn} here
   * @returns {Camera}
   */
  function nextCamera({ picture, heightField }) {
    const { doc, runs } = store.get();
    const pane = { ...size(), insets: insets() };
    const eye = doc?.view?.camera?.eye;
    const outline = outlineOf(heightField, runs, picture.heights);
    const before = drawnPane;
    drawnPane = pane;
    const turned = stage.turned();
    const controls = stage.taken(host).slice(1, 2);
    const beside = (/** @type {(pane: Pane) => Camera} */ fit) =>
      besideControls(controls, outline, pane, fit);
    if (eye && !(camera && turned))
      return beside((free) => linkedCamera([eye.x, eye.y, eye.z], outline, free));
    if (!camera) return firstCamera(heightField, runs, picture.heights, pane, controls);
    const own = camera;
    if (!turned) return beside((free) => refitCamera(own, outline, free));
    const now = scene?.settledCamera() ?? camera;
    return before && (before.width !== pane.width || before.height !== pane.height)
      ? refitCamera(now, outline, pane, before)
      : now;
  }

  /** @returns {Insets} */
  function insets() {
    const [modes, , scale] = stage.taken(host);
    const top = Math.max(RIM.end, modes.y + modes.height + 10);
    const side = host.clientWidth < ROOMY ? RIM.side : LETTERED_SIDE * ink.scale;
    return { top, right: side, bottom: Math.max(RIM.end, host.clientHeight - scale.y - 8), left: side };
  }

  /** The surface in the colours of the basins, where they are shown, or of its heights. @param {Drawn} here */
  function surfaceIn({ picture: { surface, heights } }) {
    const basins = basinsOf(store.get());
    return basins ? basinSurface(surface, heights, basins) : surfaceData(surface, heights);
  }

  /** The quadratic model changes with the cursor, at the pace of its answers. */
  function drawModel() {
    const model = modelOf(store.get());
    if (model && drawn) scene?.update("model", modelData(model, drawn.picture.heights));
  }

  function drawPathsLater() {
    later = 0;
    if (scene?.drawn()) pointer.whenFree(drawPaths);
  }

  function drawPaths() {
    follow();
    store.get().runs.forEach((run, index) => {
      if (tracks[index] !== inScene[index]) scene?.update(`run-${index}`, pathData(run, tracks[index]));
    });
    inScene = tracks;
  }

  /** The camera of the frame that the scene is drawing, or of the painted surface. */
  const cameraNow = () => (scene?.drawn() ? scene.camera() : camera);

  /** Everything on the two canvases. */
  function overlay() {
    const now = cameraNow();
    if (!drawn || !now) return;
    const { picture, heightField } = drawn;
    const state = store.get();
    const view = projector(now, host.clientWidth, host.clientHeight);
    const space = spaceOf(heightField, view);
    const frame = frameOf(picture, heightField, view);
    if (project(view, space)) drawUnder(frame, view);
    const context = over.begin();
    drawSides(context, frame, ink);
    const titles = /** @type {[string, string, string]} */ ([
      ...picture.titles,
      picture.heights.log ? "cost (log)" : "cost",
    ]);
    const taken = drawNumbers(context, frame, titles, ink, { ...size(), taken: stage.taken(host) });
    overlayPen.draw(context, state, picture, space, projected.from);
    pen.draw(context, {
      runs: overlayRuns(state, picture, projected.tracks, space),
      marks: overlayMarks([...marks, ...modelMarks(modelOf(state))], picture, space),
      arrows: overlayArrows(state, picture, space),
      lifted: state.lifted,
      taken,
      frame: frameWithin(size()),
      ink,
    });
  }

  /** @param {Frame} frame @param {Projector} view */
  function drawUnder(frame, view) {
    const context = under.begin();
    drawRoom(context, frame, ink);
    if (!scene?.drawn())
      paintSurface(
        context,
        frame.heightField,
        /** @type {Drawn} */ (drawn).picture.heights,
        view,
        basinsOf(store.get()),
      );
  }

  /**
   * Sees the paths from the place of the camera.
   * @param {Projector} view
   * @param {Space} space
   * @returns {boolean}   Whether that is another place than before.
   */
  function project(view, space) {
    const from = `${view.eye} ${view.ray(0, 0)} ${view.width} ${view.height}`;
    const moved = from !== projected.from;
    if (!moved && tracks === projected.of) return false;
    const { of, tracks: before } = projected;
    const shown = (/** @type {Track} */ track, /** @type {number} */ k) =>
      moved || track !== of[k] ? projectTrack(track, space) : before[k];
    projected = { from, of: tracks, tracks: tracks.map(shown) };
    return moved;
  }

  function keepCamera() {
    const now = scene?.settledCamera();
    if (!now || !camera) return;
    const before = camera;
    camera = now;
    if (now.eye.some((part, k) => Math.abs(part - before.eye[k]) > 1e-6)) stage.cameraMoved(now);
  }

  /** @param {number} x @param {number} y */
  function point(x, y) {
    lift(nearestRun(projected.tracks, [x, y], REACH));
    const at = struck(x, y);
    stage.read(at && { a: at[0], b: at[1], x, y });
  }

  /** @param {number} x @param {number} y */
  function click(x, y) {
    const at = struck(x, y);
    if (at) actions.startAt([at[0], at[1]]);
  }

  /** The place of the surface under a pixel. @param {number} x @param {number} y @returns {Vec|null} */
  function struck(x, y) {
    const now = cameraNow();
    if (!drawn || !now) return null;
    const view = projector(now, host.clientWidth, host.clientHeight);
    const hit = strike(drawn.heightField, view.eye, view.ray(x, y));
    return hit && fromScene(drawn.picture.box, hit);
  }

  function leave() {
    stage.read(null);
    lift(null);
  }

  /** @param {number|null} run */
  function lift(run) {
    if (store.get().lifted !== run) store.set({ lifted: run });
  }

  return {
    show,
    overlay,
    /** Another quadratic model, or none any more. */
    modelled() {
      const model = modelOf(store.get()) !== null;
      if (scene?.drawn() && model === modelled && model) pointer.whenFree(drawModel);
      else if (model !== modelled) draw();
      overlay();
    },
    arrived() {
      follow();
      later ||= window.setTimeout(drawPathsLater, PATH_PACE);
      overlay();
    },
    /** Turns the picture, for those who do not drag. @param {number} angle  Radians. */
    async turn(angle) {
      const now = scene?.settledCamera() ?? camera;
      if (!now) return;
      if (scene?.drawn()) await scene.look(turned(now, angle));
      else camera = turned(now, angle);
      overlay();
      keepCamera();
    },
    repaint() {
      ink = inkOf(host);
      projected.from = "";
      overlay();
    },
  };
}

/** @param {{width: number, height: number}} pane @returns {Rect} */
const frameWithin = ({ width, height }) => ({ x: 4, y: 4, width: width - 8, height: height - 8 });

/** @param {HeightField} heightField @param {Projector} view @returns {Space} */
function spaceOf(heightField, view) {
  const edges = heightField.box.size;
  const scenePoint = (/** @type {Vec} */ [x, y, z]) =>
    /** @type {Vec} */ ([(x - 0.5) * edges[0], (y - 0.5) * edges[1], (z - 0.5) * edges[2]]);
  return {
    flat: false,
    pixel: (place) => view.project(scenePoint(place)),
    seen: (place) => seen(heightField, scenePoint(place), view.eye),
  };
}

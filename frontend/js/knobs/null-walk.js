/** The run's path in its own principal components, and beside it what chance draws: a random walk in its own. */

import { formatPercent } from "../document/number-format.js";
import { looksOf } from "../document/view.js";
import { createCanvas, disc, inkOf, strokeLine } from "../ui/canvas.js";
import { h, refill, setText } from "../ui/dom.js";
import { noteOverlay } from "../ui/overlays.js";

/** @import { Actions, Frame, Store } from "../document/types.js" */
/** @import { Context, Point } from "../ui/canvas.js" */

const SHARES = 6;

/** @param {HTMLElement} captions @param {HTMLElement} stage @param {Store} store @param {Actions} actions */
export function createNullWalk(captions, stage, store, actions) {
  const toggle = h(
    "button",
    {
      class: "quiet null-toggle",
      "aria-pressed": "false",
      "aria-controls": "null-walk",
      on: { click: () => choose(!looksOf(store.get()).random_walk) },
    },
    "Beside chance",
  );
  const own = createPicture();
  const walk = createPicture();
  const said = h("p", { class: "overlays-note" });
  const close = h("button", { class: "quiet", on: { click: () => choose(false) } }, "Close");
  const panel = h(
    "section",
    { class: "null-walk", id: "null-walk", hidden: true, "aria-label": "The path beside a random walk" },
    h("div", { class: "null-pair" }, own.el, walk.el),
    said,
    close,
  );
  captions.prepend(toggle);
  stage.append(panel);

  /** @param {boolean} on */
  function choose(on) {
    actions.change(["view", "overlays", "random_walk"], on);
  }

  function draw() {
    const state = store.get();
    const { found, refusals, runs, problem } = state;
    const on = looksOf(state).random_walk;
    toggle.setAttribute("aria-pressed", String(on));
    toggle.hidden = problem?.exact ?? true;
    if (!on && panel.contains(document.activeElement)) toggle.focus();
    panel.hidden = !on;
    noteOverlay(panel, on, () => choose(false));
    if (panel.hidden) return;
    const frame = found.null;
    setText(said, refusals.null ?? (frame ? saidOf(frame.meta) : "Walking…"));
    if (!frame) return;
    const run = runs[frame.meta.run];
    own.show(
      run?.label ?? "the path",
      pointsOf(frame, "own"),
      frame.meta.own.shares,
      run?.color ?? "--accent",
    );
    walk.show("a random walk", pointsOf(frame, "walk"), frame.meta.walk.shares, "--text-quiet");
  }

  store.watch(["doc", "found", "refusals", "problem", "runs"], draw);
  store.watch(["theme", "presenting"], () => requestAnimationFrame(draw));
}

/** @param {Frame} frame @param {"own"|"walk"} whose @returns {Point[]} */
function pointsOf({ arrays }, whose) {
  const { data, shape } = arrays[whose].path;
  return Array.from({ length: shape[0] }, (_, k) => /** @type {Point} */ ([data[2 * k], data[2 * k + 1]]));
}

/** @param {Record<string, any>} meta */
function saidOf({ steps, dim, own, walk }) {
  const two = (/** @type {number[]} */ shares) => formatPercent((shares[0] ?? 0) + (shares[1] ?? 0));
  return `Each in its own first two principal components, over ${steps} steps in ${dim} dimensions. They hold ${two(own.shares)} of the path’s variance and ${two(walk.shares)} of the walk’s: a smooth arc alone says nothing of a descent.`;
}

function createPicture() {
  const host = h("div", { class: "null-picture", role: "img" });
  const { begin } = createCanvas(host, "plot-canvas");
  const title = h("span", { class: "null-title" });
  const bars = h("div", { class: "share-bar" });
  const el = h("figure", { class: "null-figure" }, host, h("figcaption", {}, title, bars));

  return {
    el,
    /** @param {string} name @param {Point[]} points @param {number[]} shares @param {string} color */
    show(name, points, shares, color) {
      setText(title, name);
      host.setAttribute("aria-label", `${name} in its first two principal components`);
      fillShares(bars, shares);
      const ink = inkOf(host);
      const stroke = color.startsWith("--") ? getComputedStyle(host).getPropertyValue(color).trim() : color;
      drawFitted(begin(), points, { width: host.clientWidth, height: host.clientHeight }, stroke, ink.text);
    },
  };
}

/** The shares of the leading components as one bar. @param {HTMLElement} bar @param {number[]} shares */
export function fillShares(bar, shares) {
  refill(
    bar,
    ...shares.slice(0, SHARES).map((share, k) =>
      h(
        "span",
        {
          class: "share",
          style: { "--share": String(share), "--rank": String(k) },
          title: `PC ${k + 1}: ${formatPercent(share)}`,
        },
        share > 0.12 ? formatPercent(share) : "",
      ),
    ),
  );
  bar.setAttribute(
    "aria-label",
    `Shares of the variance by principal component: ${shares.slice(0, SHARES).map(formatPercent).join(", ")}`,
  );
  bar.setAttribute("role", "img");
}

/**
 * @param {Context} context @param {Point[]} points
 * @param {{width: number, height: number}} size @param {string} color @param {string} mark
 */
function drawFitted(context, points, { width, height }, color, mark) {
  const [low, high] = [0, 1].map((side) =>
    [0, 1].map((axis) =>
      points.reduce(
        (best, point) => (side ? Math.max(best, point[axis]) : Math.min(best, point[axis])),
        side ? -Infinity : Infinity,
      ),
    ),
  );
  const scale = Math.min((width - 16) / (high[0] - low[0] || 1), (height - 16) / (high[1] - low[1] || 1));
  const placed = points.map(
    ([x, y]) =>
      /** @type {Point} */ ([
        width / 2 + scale * (x - (low[0] + high[0]) / 2),
        height / 2 - scale * (y - (low[1] + high[1]) / 2),
      ]),
  );
  strokeLine(context, placed, { color, width: 1.75 });
  context.fillStyle = mark;
  disc(context, ...placed[0], 3);
  context.fill();
}

/** Line icons on a 24-pixel grid, drawn as elements so that they take the text's colour. */

import { svg } from "./dom.js";

const PATHS = {
  toStart: ["M6.5 6v12", "M17.5 6l-6 6 6 6"],
  back: ["M14.5 6l-6 6 6 6"],
  play: ["M8 4.8v14.4L19.5 12z"],
  pause: ["M8 5v14", "M16 5v14"],
  forward: ["M9.5 6l6 6-6 6"],
  toEnd: ["M17.5 6v12", "M6.5 6l6 6-6 6"],
  down: ["M7 10l5 5 5-5"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  grow: ["M9 4.5H4.5V9", "M15 4.5h4.5V9", "M9 19.5H4.5V15", "M15 19.5h4.5V15"],
  shrink: ["M4.5 9H9V4.5", "M19.5 9H15V4.5", "M4.5 15H9v4.5", "M19.5 15H15v4.5"],
  screen: ["M4 5h16v11H4z", "M12 16v4", "M8 20h8"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  near: ["M5 10c2.3-2.6 4.7-2.6 7 0s4.7 2.6 7 0", "M5 15.5c2.3-2.6 4.7-2.6 7 0s4.7 2.6 7 0"],
  plus: ["M12 6v12", "M6 12h12"],
  minus: ["M6 12h12"],
  copy: ["M9 9h10v10H9z", "M15 5H5v10"],
  remove: ["M5 7h14", "M10 7V4.8h4V7", "M7 7l.8 12.2h8.4L17 7"],
  more: ["M6 12h.01", "M12 12h.01", "M18 12h.01"],
  sun: [
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
    "M12 2.8v2",
    "M12 19.2v2",
    "M2.8 12h2",
    "M19.2 12h2",
    "M5.5 5.5l1.4 1.4",
    "M17.1 17.1l1.4 1.4",
    "M5.5 18.5l1.4-1.4",
    "M17.1 6.9l1.4-1.4",
  ],
  moon: ["M20 14.2A8.2 8.2 0 1 1 9.8 4a6.6 6.6 0 0 0 10.2 10.2z"],
  help: ["M9 9.2a3 3 0 1 1 4.6 2.5c-1 .7-1.6 1.2-1.6 2.6", "M12 17.6h.01"],
  dice: ["M5 5h14v14H5z", "M9 9h.01", "M15 9h.01", "M12 12h.01", "M9 15h.01", "M15 15h.01"],
  pen: ["M5 19l1-4.5L15.5 5 19 8.5 9.5 18z", "M13.5 7l3.5 3.5"],
  eraser: ["M4.5 14.5 13 6l5.5 5.5-7 7H8.5z", "M9 10l5.5 5.5", "M11 18.5h8.5"],
  undo: ["M9 6 4.5 10.5 9 15", "M5 10.5h9a5 5 0 0 1 0 10h-3"],
  redo: ["M15 6l4.5 4.5L15 15", "M19 10.5h-9a5 5 0 0 0 0 10h3"],
  search: ["M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12", "M15 15l5 5"],
  lock: ["M6.5 11h11v8.5h-11z", "M9 11V8a3 3 0 0 1 6 0v3"],
  link: [
    "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1.2 1.2",
    "M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1.2-1.2",
  ],
};

const SOLID = new Set(["play"]);

/** @param {keyof typeof PATHS} name @param {string} [className] */
export function icon(name, className = "") {
  const paths = PATHS[name].map((d) => svg("path", { d }));
  const solid = SOLID.has(name) ? " icon--solid" : "";
  return svg(
    "svg",
    { class: `icon${solid} ${className}`.trim(), viewBox: "0 0 24 24", "aria-hidden": "true" },
    ...paths,
  );
}

/** The project's mark: a path that falls into a valley. */
export function mark() {
  return svg(
    "svg",
    { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
    svg("path", { d: "M3 8c3 0 4 15 9 15s5-9 9-9 4 6 8 6" }),
    svg("circle", { cx: "12", cy: "23", r: "3.6" }),
  );
}

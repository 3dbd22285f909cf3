/** Points of one's own: an inline data set of one or two inputs, point by point. Documents in, documents out. Pure. */

import { freshSurface, suitingCost } from "./changes.js";
import { withItem } from "./controls.js";
import { withFittingFeatures } from "./features.js";

/** @import { Catalog, Experiment, Label, Pair, Points } from "./types.js" */

/** Digits of a coordinate that is drawn: finer than a pixel of any screen. */
const DIGITS = 4;
/** Classes that a hand may draw. */
export const MOST_CLASSES = 6;

/** @type {Points} */
export const NO_POINTS = { x: [], y: [], inputs: 2, task: "classes" };

/**
 * The examples as they are drawn, as points: those of the test set too.
 * @param {{places: Pair[], targets: number[], names: string[]|null, inputs: 1|2}} drawn   names: of the classes.
 * @returns {Points}
 */
export function pointsDrawn({ places, targets, names, inputs }) {
  const labels = names && labelsOf(names);
  return {
    x: places.map((place) => place.slice(0, inputs).map(rounded)),
    y: targets.map((target) => (labels ? labels[target] : rounded(target))),
    inputs,
    task: labels ? "classes" : "regression",
  };
}

/**
 * The points of a document that already learns from such, all of them and as they are; else null.
 * @param {Experiment} doc
 * @returns {Points|null}
 */
export function pointsGiven({ problem }) {
  const { kind, x = [], y = [], task, standardize, test_fraction } = Object(problem.dataset);
  const inputs = x[0]?.length;
  if (kind !== "inline" || !task || standardize || test_fraction || inputs > 2 || y[0]?.length !== 1)
    return null;
  return { x, y: y.map((/** @type {Label[]} */ row) => row[0]), inputs, task };
}

/** What a first point is. @param {Points} points @returns {Label} */
export function usualLabel(points) {
  if (points.task === "classes") return classesOf(points)[0];
  const values = points.y.map(Number).sort((one, other) => one - other);
  return values[values.length >> 1] ?? 0;
}

/** Names as labels: numbers, unless one of them is a word. @param {string[]} names @returns {Label[]} */
const labelsOf = (names) => (names.every((name) => /^-?\d+$/.test(name)) ? names.map(Number) : names);

/** @param {number} value */
const rounded = (value) => Number(value.toPrecision(DIGITS));

/**
 * The classes in the order in which the service counts them: ascending; 0 and 1 are two even where one is missing.
 * @param {Points} points
 * @returns {Label[]}
 */
export function classesOf({ y }) {
  const found = [...new Set(y)];
  const all = found.every((label) => label === 0 || label === 1) ? [0, 1] : found;
  return all.sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
}

/** A class that is not there yet. @param {Points} points @returns {Label|null} */
export function nextClass(points) {
  const classes = classesOf(points);
  if (classes.length >= MOST_CLASSES) return null;
  if (classes.every((label) => typeof label === "number")) return Math.max(...classes) + 1;
  const names = Array.from({ length: MOST_CLASSES + 1 }, (_, k) => `class ${k + 1}`);
  return names.find((name) => !classes.includes(name)) ?? null;
}

/**
 * Where each point is drawn, and what it is: the place of its class among the classes, or its value.
 * @param {Points} points
 */
export function placesOf(points) {
  const classes = points.task === "classes" ? classesOf(points) : null;
  const label = points.y.map((own) => (classes ? classes.indexOf(own) : Number(own)));
  return { x: points.x.map(([x]) => x), y: points.x.map((row, k) => row[1] ?? label[k]), label };
}

/**
 * A point more, at a place of the plane. Of one input the place's height is the value.
 * @param {Points} points @param {Pair} at @param {Label} label
 * @returns {Points}
 */
export function withPoint(points, at, label) {
  const { x, y } = pointAt(points, at, label);
  return { ...points, x: [...points.x, x], y: [...points.y, y] };
}

/** @param {Points} points @param {number} which @param {Pair} at @returns {Points} */
export function withPointMoved(points, which, at) {
  const { x, y } = pointAt(points, at, points.y[which]);
  return { ...points, x: withItem(points.x, which, x), y: withItem(points.y, which, y) };
}

/** @param {Points} points @param {number} which @param {Label} label @returns {Points} */
export const withPointLabelled = (points, which, label) => ({
  ...points,
  y: withItem(points.y, which, label),
});

/** @param {Points} points @param {number} which @returns {Points} */
export const withoutPoint = (points, which) => ({
  ...points,
  x: points.x.filter((_, k) => k !== which),
  y: points.y.filter((_, k) => k !== which),
});

/** @param {Points} points @param {Pair} at @param {Label} label @returns {{x: number[], y: Label}} */
function pointAt({ inputs, task }, at, label) {
  const place = at.map(rounded);
  return { x: place.slice(0, inputs), y: inputs === 1 && task === "regression" ? place[1] : label };
}

/** Whether an experiment can learn from them: one point will do, of two classes where they are not 0 and 1. @param {Points} points */
export const mayBeLearnt = ({ x, y, task }) =>
  x.length > 0 && (task === "regression" || classesOf({ ...NO_POINTS, y }).length > 1);

/**
 * The document that learns from the points, with what of it they do not allow left behind: batches larger than all of
 * them, and, where inputs, classes or task are others than they were, a cost, a start and a plane for other parameters.
 * @param {Experiment} doc
 * @param {Catalog} catalog
 * @param {Points} points
 * @param {Points|null} before   The points of the document, if they were points.
 * @returns {Experiment}
 */
export function withOwnPoints(doc, catalog, points, before) {
  const { x, y, task } = points;
  const dataset = { kind: "inline", x, y: y.map((label) => [label]), task };
  const count = classesOf(points).length;
  const changed = withFittingFeatures({ ...doc.problem, dataset }, catalog);
  const fits =
    before !== null &&
    before.task === task &&
    before.inputs === points.inputs &&
    (task === "regression" || classesOf(before).length === count);
  const runs = doc.runs.map((run) =>
    run.batch_size && run.batch_size > x.length ? { ...run, batch_size: null } : run,
  );
  const problem = /** @type {Experiment["problem"]} */ (changed);
  if (fits) return { ...doc, problem, runs };
  const cost = suitingCost({ task, classes: task === "classes" ? count : null }, changed.cost ?? "mse");
  const own = changed.kind === "network" ? { ...changed, output: null, cost } : changed;
  return freshSurface({ ...doc, runs }, own);
}

/**
 * Whether it is these points that a document learns from.
 * @param {Experiment|null} doc
 * @param {Points} points
 */
export function learnsFrom(doc, { x, y }) {
  const dataset = /** @type {Record<string, any>} */ (doc?.problem.dataset ?? {});
  return (
    dataset.kind === "inline" &&
    JSON.stringify([dataset.x, dataset.y]) === JSON.stringify([x, y.map((label) => [label])])
  );
}

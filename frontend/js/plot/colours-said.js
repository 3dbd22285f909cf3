/** What the colours of the surface stand for, in words and as a bar. Pure. */

import { formatNumber } from "../document/number-format.js";
import { basinScale } from "./basins.js";
import { colorscaleOf } from "./figure.js";

/** @import { Heights } from "../document/types.js" */
/** @import { Basins } from "./basins.js" */

/**
 * What the colours stand for: the basins’ where they are shown, else the heights’.
 * @param {Heights} heights
 * @param {Basins|null} basins
 * @returns {{low: string, high: string, words: string, stops: [number, string][]}}
 */
export const scaleSaid = (heights, basins) => (basins ? basinScale(basins) : heightScale(heights));

/** @param {Heights} heights */
function heightScale(heights) {
  return {
    low: formatNumber(heights.lowCost, 2),
    high: formatNumber(heights.highCost, 2),
    words: `${heights.log ? "cost, log" : "cost"}${heights.stops ? ", coloured by rank" : ""}`,
    stops: colorscaleOf(heights),
  };
}

/** How two pictures share the stage: beside each other or one above the other, and how much of it is the map's. Pure. */

import { contourSize } from "../plot/figure.js";

/** @import { Extent } from "../document/types.js" */

/** What of the room may be the map's; halves first, which stay where others are hardly better. */
const SHARES = [0.5, 0.45, 0.55, 0.4, 0.6];
const WORTH = 1.04;
/** A 3D picture fills so much of a pane: as wide as this many times its height. */
const SPACE_WIDE = 1.3;

/** @typedef {{column: boolean, share: number}} Arrangement */

/**
 * The one in which both are large: the product of their areas is.
 * @param {Extent} extent
 * @param {number} width
 * @param {number} height
 * @returns {Arrangement}
 */
export function arrangementOf(extent, width, height) {
  let best = { column: false, share: SHARES[0], worth: -1 };
  for (const column of [false, true]) {
    for (const share of SHARES) {
      const [wide, tall] = column ? [width, share * height] : [share * width, height];
      const [left, rest] = column ? [width, height - tall] : [width - wide, height];
      const worth = mapArea(extent, wide, tall) * spaceArea(left, rest);
      if (worth > WORTH * best.worth) best = { column, share, worth };
    }
  }
  return { column: best.column, share: best.share };
}

/** @param {Extent} extent @param {number} wide @param {number} tall */
function mapArea(extent, wide, tall) {
  const { width, height, margin } = contourSize(extent, wide, tall);
  return Math.max(1, width - margin.l - margin.r) * Math.max(1, height - margin.t - margin.b);
}

/** @param {number} wide @param {number} tall */
const spaceArea = (wide, tall) => Math.min(wide, SPACE_WIDE * tall) ** 2;

/** What draws in 3D here: a graphics card, the processor in its place, or nothing. */

/** Asked for once: every asking takes a context. */
let card = /** @type {string|null|undefined} */ (undefined);

/** The name of what draws in 3D, null where nothing does. @returns {string|null} */
export function graphicsCard() {
  if (card === undefined) card = findCard();
  return card;
}

/** @returns {string|null} */
function findCard() {
  const gl = document.createElement("canvas").getContext("webgl");
  if (!gl) return null;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  // Browsers allow few contexts: this one has said what it was for.
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return name;
}

/** Software drawing pays for every pixel; a real graphics card smooths edges with twice as many. @param {string} card */
export function pixelRatio(card) {
  return /swiftshader|llvmpipe|software/i.test(card) ? Math.min(2, window.devicePixelRatio || 1) : 2;
}

/** What lies over the page and is not in the browser's own top layer: Escape closes the newest of it first. */

/** @type {{element: Element, close: () => void}[]} The newest last. */
const open = [];

/**
 * Says whether an overlay is open; told again, it keeps its place.
 * @param {Element} element
 * @param {boolean} isOpen
 * @param {() => void} close
 */
export function noteOverlay(element, isOpen, close) {
  const at = open.findIndex((overlay) => overlay.element === element);
  if (isOpen && at < 0) open.push({ element, close });
  else if (!isOpen && at >= 0) open.splice(at, 1);
}

/** Closes the newest overlay. */
export const closeTopmost = () => open.at(-1)?.close();

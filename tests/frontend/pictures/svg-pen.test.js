import assert from "node:assert/strict";
import test from "node:test";

import { createSvgPen, escaped, opaque } from "../../../frontend/js/pictures/svg-pen.js";

/** A font as wide as a text has letters, three quarters of it above the line. */
const measure = (/** @type {string} */ font, /** @type {string} */ text) => {
  const size = Number(/([\d.]+)px/.exec(font)?.[1]);
  return {
    width: size * text.length,
    fontBoundingBoxAscent: 0.75 * size,
    fontBoundingBoxDescent: 0.25 * size,
  };
};

/** @param {(context: any) => void} draw */
function drawn(draw) {
  const pen = createSvgPen(/** @type {any} */ (measure));
  draw(pen.context);
  return pen.svg();
}

test("a stroke has its path, and its colour as three channels and a share", () => {
  const svg = drawn((context) => {
    context.globalAlpha = 0.5;
    context.strokeStyle = "rgba(10,12,16,0.8)";
    context.lineWidth = 3;
    context.setLineDash([6, 4]);
    context.beginPath();
    context.moveTo(1, 2);
    context.lineTo(7.66666, 4);
    context.closePath();
    context.stroke();
  });
  assert.equal(
    svg,
    '<path d="M1 2L7.67 4Z" fill="none" stroke="rgb(10,12,16)" stroke-opacity="0.4" stroke-width="3" stroke-linecap="butt" stroke-linejoin="miter" stroke-dasharray="6 4"/>',
  );
});

test("a whole turn is two half ones, a part of it one, and the way is by the larger arc beyond a half", () => {
  const whole = drawn((context) => {
    context.beginPath();
    context.arc(10, 20, 5, 0, 2 * Math.PI);
    context.fill();
  });
  assert.match(whole, /d="M15 20A5 5 0 0 1 5 20A5 5 0 0 1 15 20Z"/);
  const most = drawn((context) => {
    context.beginPath();
    context.arc(0, 0, 2, 0, 1.5 * Math.PI);
    context.fill();
  });
  assert.match(most, /d="M2 0A2 2 0 1 1 0 -2"/);
});

test("letters stand where a canvas puts them, whatever their line is", () => {
  const svg = drawn((context) => {
    context.font = '600 20px "A B", sans-serif';
    context.textBaseline = "top";
    context.fillText("a<b", 1, 2);
    context.font = "10px x";
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.fillText("abcd", 5, 6, 30);
  });
  const [first, second] = svg.split("\n");
  assert.match(
    first,
    /x="1" y="17" font-family="&quot;A B&quot;, sans-serif" font-size="20" font-weight="600"/,
  );
  assert.match(first, />a&lt;b<\/text>$/);
  assert.match(second, /y="8.5" .*text-anchor="end" textLength="30" lengthAdjust="spacingAndGlyphs"/);
});

test("a gradient is defined before the shape that it fills, under a name of its own", () => {
  const svg = drawn((context) => {
    for (const color of ["#ff0000", "#00ff00"]) {
      const glow = context.createRadialGradient(1, 2, 0, 3, 4, 5);
      glow.addColorStop(0, color);
      glow.addColorStop(1, "rgba(0,0,0,0)");
      context.fillStyle = glow;
      context.fillRect(0, 0, 9, 9);
    }
  });
  const names = [...svg.matchAll(/radialGradient id="([^"]+)"/g)].map(([, name]) => name);
  const used = [...svg.matchAll(/url\(#([^)]+)\)/g)].map(([, name]) => name);
  assert.equal(new Set(names).size, 2);
  assert.deepEqual(used, names);
  assert.match(svg, /<stop offset="1" stop-color="rgb\(0,0,0\)" stop-opacity="0"\/>/);
});

test("what is cleared is gone, and what covers nothing is not drawn", () => {
  assert.equal(
    drawn((context) => {
      context.fillRect(0, 0, 1, 1);
      context.clearRect(0, 0, 1, 1);
      context.globalAlpha = 0;
      context.fillRect(0, 0, 1, 1);
      context.globalAlpha = 1;
      context.beginPath();
      context.fill();
    }),
    "",
  );
});

test("colours in either writing, and text that would be markup", () => {
  assert.deepEqual(opaque("rgb(1 2 3)"), ["rgb(1,2,3)", 1]);
  assert.deepEqual(opaque("rgb(1 2 3 / 0.25)"), ["rgb(1,2,3)", 0.25]);
  assert.deepEqual(opaque("#123456"), ["#123456", 1]);
  assert.equal(escaped('<a href="x">&'), "&lt;a href=&quot;x&quot;&gt;&amp;");
  assert.equal(escaped("a\u{FFFE}\u{1}é\u{1F600}"), "a\u{FFFD}\u{FFFD}é\u{1F600}");
});

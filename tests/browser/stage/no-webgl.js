// A browser that draws nothing in 3D.
const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function getContext(kind, ...more) {
  return kind.includes("webgl") ? null : real.call(this, kind, ...more);
};

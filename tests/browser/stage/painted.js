// The share of the canvas under the scene that is covered with solid paint.
(() => {
  const canvas = document.querySelector(".stage-under");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let solid = 0;
  for (let k = 3; k < data.length; k += 4) if (data[k] === 255) solid += 1;
  return solid / (canvas.width * canvas.height);
})();

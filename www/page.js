// @ts-check
"use strict";

/** The page: shows the results. Only a stand-in until the study's own. */
{
  const status = /** @type {HTMLElement} */ (document.querySelector("#status"));

  const draw = () => {
    for (const canvas of document.querySelectorAll("canvas")) {
      const { width, height } = canvas.getBoundingClientRect();
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
      const context = canvas.getContext("2d");
      if (!context) continue;
      context.scale(devicePixelRatio, devicePixelRatio);
      context.fillStyle = getComputedStyle(canvas).color;
      context.fillRect(width / 4, height / 4, width / 2, height / 2);
    }
  };

  const show = async () => {
    const result = await engine.call("replicate");
    status.textContent = result.headline;
    draw();
    new ResizeObserver(draw).observe(document.body);
    redrawWhenMovedToAnotherScreen();
  };

  const redrawWhenMovedToAnotherScreen = () => {
    const same = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const moved = () => (draw(), redrawWhenMovedToAnotherScreen());
    same.addEventListener("change", moved, { once: true });
  };

  show().then(shown, (error) => {
    status.textContent = error.message;
    failed(error);
  });
}

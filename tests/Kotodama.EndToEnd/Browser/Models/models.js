// Shows one model in the real page, beside the page's own character, and looks at its pixels. Loaded by PaintedModel.
window.models = {
  /** The model's canvas covers the host exactly: -1 to 1 of the model, in 600 x 600 pixels. */
  async show(script, manifest) {
    const { loadModel } = await import(script);
    const host = document.createElement('div');
    Object.assign(host.style, { position: 'fixed', left: '0', top: '60px', width: '600px', height: '600px', zIndex: '99' });
    document.body.append(host);
    try {
      this.renderer = await loadModel(manifest, { random: () => 0.5 });
    } catch (error) {
      host.remove();
      return { code: error.code, message: error.message };
    }
    this.renderer.mount(host);
    this.host = host;
    this.step();
    return null;
  },

  step() {
    this.renderer.step(16);
  },

  get canvas() {
    return this.host.querySelector('canvas');
  },

  /** Red, green, blue and alpha, premultiplied, at points of the model: of the picture that is drawn now, before the browser takes it. */
  pixels(points) {
    // A new place makes a new picture.
    this.moved = !this.moved;
    this.renderer.place({ x: this.moved ? 1e-6 : 0, y: 0, scale: 1 });
    this.step();
    const { canvas } = this;
    const gl = canvas.getContext('webgl2');
    const box = canvas.getBoundingClientRect();
    const host = this.host.getBoundingClientRect();
    return points.map(([x, y]) => {
      const pixel = new Uint8Array(4);
      const left = Math.floor(((x + 1) * 300 + host.left - box.left) * canvas.width / box.width);
      const bottom = Math.floor((box.bottom - host.bottom + (y + 1) * 300) * canvas.height / box.height);
      gl.readPixels(left, bottom, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      return [...pixel];
    });
  },

  /** The graphics go away and come back. */
  async lose() {
    const { canvas } = this;
    const extension = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
    const event = (name) => new Promise((done) => canvas.addEventListener(name, done, { once: true }));
    const lost = event('webglcontextlost');
    extension.loseContext();
    await lost;
    this.step();
    // Restoring is allowed once all listeners have heard of the loss: in the next task.
    await new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(null);
    });
    const restored = event('webglcontextrestored');
    extension.restoreContext();
    await restored;
  },
};

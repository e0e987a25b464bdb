registerProcessor('ear', class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Float32Array(1024);
    this.count = 0;
    this.frame = 0;
  }

  process([input]) {
    const block = input[0] ?? new Float32Array(128);

    // Chromium leaves currentFrame as it was while the page holds the lock of its graph: a lower frame than the next one is an old one.
    if (currentFrame > this.frame + this.count) {
      this.send();
      this.frame = currentFrame;
    }
    this.samples.set(block, this.count);
    this.count += block.length;
    if (this.count === this.samples.length) this.send();
    return true;
  }

  send() {
    if (this.count > 0) this.port.postMessage({ frame: this.frame, samples: this.samples.slice(0, this.count) });
    this.frame += this.count;
    this.count = 0;
  }
});

registerProcessor('ear', class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Float32Array(1024);
    this.count = 0;
  }

  process([input]) {
    const block = input[0] ?? new Float32Array(128);
    this.samples.set(block, this.count);
    this.count += block.length;
    if (this.count === this.samples.length) {
      this.port.postMessage({ frame: currentFrame + block.length - this.count, samples: this.samples.slice() });
      this.count = 0;
    }
    return true;
  }
});

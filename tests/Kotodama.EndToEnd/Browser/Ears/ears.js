// Runs before the page: listens to what the page plays, and watches its mouth. Everything stays in window.ears.
(() => {
  const ears = { blocks: [], rate: 0, context: null, watched: [], stoppedAt: null, told: [], got: [], microphone: [], states: [] };
  window.ears = ears;

  // The page says nothing before it is listened to: a reply that waits for it would begin unheard.
  let opening = null;

  const connect = AudioNode.prototype.connect;
  const listen = (source, blocks) => {
    const ear = new AudioWorkletNode(ears.context, 'ear', { channelCount: 1, channelCountMode: 'explicit' });
    ear.port.onmessage = ({ data }) => blocks.push(data);
    connect.call(source, ear);

    // It plays nothing, but what leads to the loudspeaker is never left out of a turn of the audio thread.
    connect.call(ear, ears.context.destination);
  };

  // What the microphone hears, on the clock of what is played.
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices?.getUserMedia.bind(mediaDevices);
  if (mediaDevices !== undefined)
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await getUserMedia(wanted);
      if (ears.blocks.length > 0) listen(ears.context.createMediaStreamSource(stream), ears.microphone);
      return stream;
    };

  // What the companion did, as the page showed it.
  new MutationObserver((changes) => {
    for (const { target, oldValue } of changes)
      if (target.matches('.turn-state'))
        for (const state of [oldValue, target.dataset.state]) if (state !== null && state !== ears.states.at(-1)) ears.states.push(state);
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-state'], attributeOldValue: true });
  AudioNode.prototype.connect = function (target, ...rest) {
    // What hears the microphone plays nothing.
    if (target instanceof AudioDestinationNode && this.context instanceof AudioContext && !(this instanceof AudioWorkletNode)) {
      const { context } = this;
      ears.context = context;
      ears.rate = context.sampleRate;
      opening = context.audioWorklet.addModule(URL.createObjectURL(new Blob([window.earSource], { type: 'text/javascript' }))).then(() => {
        listen(this, ears.blocks);
        opening = null;
      });
    }
    return connect.call(this, target, ...rest);
  };

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string') return;
        const message = JSON.parse(data);
        ears.got.push({ at: ears.context?.currentTime ?? 0, message });
        if (message.type === 'stop' || message.type === 'speech_stop') ears.stoppedAt = ears.context?.currentTime ?? 0;
      });
    }

    send(data) {
      if (typeof data === 'string') ears.told.push({ at: ears.context?.currentTime ?? 0, message: JSON.parse(data) });
      if (opening === null) super.send(data);
      else opening.then(() => super.send(data));
    }
  };

  const now = () => ears.context.currentTime - (ears.context.outputLatency || 0);

  ears.watch = () => {
    ears.watching ??= setInterval(() => {
      const { avatar, speech } = window.kotodama.inspect();
      ears.watched.push({ at: ears.context === null ? 0 : now(), clock: Date.now(), mouth: avatar.parameters.ParamMouthOpenY, position: speech.position });
    }, 16);
  };

  // All that was played: the frame it began with, and the frames.
  ears.sound = () => {
    const first = ears.blocks[0]?.frame ?? 0;
    const last = ears.blocks.at(-1);
    const frames = new Float32Array(last === undefined ? 0 : last.frame + last.samples.length - first);
    for (const { frame, samples } of ears.blocks) frames.set(samples, frame - first);
    return { first, frames };
  };

  // What can be heard of it, from the first frame that is not silent to the last one.
  ears.heard = () => {
    const { first, frames } = ears.sound();
    let from = 0;
    let to = frames.length;
    while (from < to && Math.abs(frames[from]) < 1e-4) from++;
    while (to > from && Math.abs(frames[to - 1]) < 1e-4) to--;
    return { from: (first + from) / ears.rate, to: (first + to) / ears.rate, frames: frames.subarray(from, to) };
  };

  // When the microphone first heard the user, in seconds.
  ears.onset = () => {
    for (const { frame, samples } of ears.microphone) {
      const at = samples.findIndex((sample) => Math.abs(sample) > 0.02);
      if (at >= 0) return (frame + at) / ears.rate;
    }
    return null;
  };

  // The first moment after another one from which nothing is heard for so many seconds; null while there is none.
  ears.silentFrom = (after, seconds) => {
    const { first, frames } = ears.sound();
    let from = Math.max(0, Math.round(after * ears.rate) - first);
    for (let i = from; i < frames.length; i++) {
      if (Math.abs(frames[i]) >= 1e-3) from = i + 1;
      else if (i - from >= seconds * ears.rate) return (first + from) / ears.rate;
    }
    return null;
  };

  // What can be heard, as samples of 16 bits in base64, and the Unix milliseconds at which it began.
  ears.recording = (until = Infinity, since = 0) => {
    const heard = ears.heard();
    const from = Math.max(heard.from, since);
    const place = (at) => Math.max(0, Math.min(heard.frames.length, Math.round((at - heard.from) * ears.rate)));
    const frames = heard.frames.subarray(place(from), place(until));
    const bytes = new Uint8Array(Int16Array.from(frames, (value) => Math.max(-1, Math.min(1, value)) * 32767).buffer);
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return { samples: btoa(text), rate: ears.rate, clock: Date.now() - (ears.context.currentTime - from) * 1000 };
  };

  // How often a sine of this frequency jumps: against what two frames foretell of the third, in steps of 16 bits.
  ears.jumps = (hertz, threshold) => {
    const { frames } = ears.heard();
    const k = 2 * Math.cos((2 * Math.PI * hertz) / ears.rate);
    let jumps = 0;
    let worst = 0;
    for (let i = 1000; i < frames.length - 1000; i++) {
      const error = Math.abs(frames[i] - k * frames[i - 1] + frames[i - 2]) * 32768;
      worst = Math.max(worst, error);
      if (error > threshold) jumps++;
    }
    return { jumps, worst, seconds: frames.length / ears.rate };
  };

  ears.loudness = ({ first, frames }, at, seconds) => {
    const middle = Math.round(at * ears.rate) - first;
    const half = Math.round((seconds * ears.rate) / 2);
    const part = frames.subarray(Math.max(0, middle - half), Math.max(0, middle + half));
    return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / Math.max(1, part.length));
  };

  const correlation = (a, b) => {
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [x, y] = [mean(a), mean(b)];
    const product = (p, q, i, j) => p.reduce((sum, value, n) => sum + (value - i) * (q[n] - j), 0);
    return product(a, b, x, y) / Math.sqrt(product(a, a, x, x) * product(b, b, y, y));
  };
  ears.correlation = correlation;

  // How the mouth follows what is heard: the best correlation with a delay of at most 100 ms.
  ears.mouth = () => {
    const sound = ears.sound();
    const { from, to } = ears.heard();
    const seen = ears.watched.filter(({ at }) => at > from && at < to);
    const mouths = seen.map(({ mouth }) => mouth);
    let best = { r: -1, delay: 0 };
    for (let delay = 0; delay <= 0.1; delay += 0.01) {
      const r = correlation(mouths, seen.map(({ at }) => ears.loudness(sound, at - delay, 0.05)));
      if (r > best.r) best = { r, delay };
    }
    const closed = ears.watched.find(({ at, mouth }) => at >= to && mouth < 0.05);
    return { ...best, samples: seen.length, widest: Math.max(...mouths), closedAfter: closed === undefined ? null : (closed.at - to) * 1000 };
  };
})();

// Runs before the page: notes when sound arrives, when the page's own audio thread makes the first sample after a silence and the last one
// before, when the microphone hears the first sound after a silence, what the page reports, and what it is told of a conversation; and says things on
// its connection. All in milliseconds since 1970.
(() => {
  const ear = { begins: [], ends: [], voices: [], pieces: [], reports: [], heard: [] };
  window.ear = ear;

  const processor = `registerProcessor('ear', class extends AudioWorkletProcessor {
    last = 0;
    loud = false;
    constructor({ processorOptions }) {
      super();
      this.least = processorOptions.least;
    }
    process([[block]]) {
      const now = Date.now();
      if (block?.some((sample) => Math.abs(sample) > this.least)) {
        if (!this.loud) this.port.postMessage({ begins: now });
        this.loud = true;
        this.last = now;
      } else if (this.loud && now - this.last > 300) {
        this.loud = false;
        this.port.postMessage({ ends: this.last });
      }
      return true;
    }
  });`;
  const address = URL.createObjectURL(new Blob([processor], { type: 'text/javascript' }));

  const connect = AudioNode.prototype.connect;

  const listen = (source, least, begins, ends) => source.context.audioWorklet.addModule(address).then(() => {
    const node = new AudioWorkletNode(source.context, 'ear', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit', processorOptions: { least } });
    node.port.onmessage = ({ data }) => ('begins' in data ? begins.push(data.begins) : ends.push(data.ends));
    connect.call(source, node);
  });

  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode && this.context instanceof AudioContext) listen(this, 1e-4, ear.begins, ear.ends);
    return connect.call(this, target, ...rest);
  };

  const microphone = AudioContext.prototype.createMediaStreamSource;
  AudioContext.prototype.createMediaStreamSource = function (stream) {
    const source = microphone.call(this, stream);
    listen(source, 0.02, ear.voices, []);
    return source;
  };

  const now = () => performance.timeOrigin + performance.now();

  const Native = WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string') ear.pieces.push(now());
        else if (/"type":"(?:companion|turn)"/.test(data)) ear.heard.push(JSON.parse(data));
      });
      ear.say = (message) => {
        this.send(JSON.stringify(message));
        return now();
      };
    }
  };

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (typeof data === 'string' && data.includes('"playback"')) ear.reports.push({ event: JSON.parse(data).event, at: now() });
    return send.call(this, data);
  };
})();

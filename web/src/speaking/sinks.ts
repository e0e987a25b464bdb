import type { Sink } from './output';
import { fadeSeconds, type RingOrder, type RingReport } from './ring';

/** Time that a browser needs to get a buffer under way. */
const lead = 0.015;

/** When the sound of this moment leaves the loudspeaker, in the context's own time. */
const heardUntil = (context: AudioContext): number =>
  context.currentTime - (Number.isFinite(context.outputLatency) ? context.outputLatency : 0);

/** Plays in the audio thread. `onChange` is called when it begins and when it has run dry. */
export function ringSink(context: AudioContext, target: AudioNode, onChange: () => void): Sink {
  const node = new AudioWorkletNode(context, 'kotodama-ring', { numberOfInputs: 0, outputChannelCount: [1] });
  let report: RingReport = { frames: 0, time: 0, running: false, held: false };
  let running = false;
  let pushed = 0;
  let heard = 0;

  const order = (message: RingOrder, transfer: Transferable[] = []): void => node.port.postMessage(message, transfer);

  node.port.onmessage = ({ data }: MessageEvent<RingReport>) => {
    const changed = data.running !== report.running;
    report = data;
    running = data.running;
    if (changed) onChange();
  };
  node.connect(target);

  return {
    rate: context.sampleRate,
    push(frames) {
      pushed += frames.length;
      order({ type: 'frames', frames }, [frames.buffer]);
    },
    go(soft) {
      running = true;
      order({ type: 'go', soft });
    },
    running: () => running,
    pending: () => pushed - report.frames,
    heard() {
      const since = (heardUntil(context) - report.time) * context.sampleRate;
      const passed = report.running && !report.held ? since : Math.min(0, since);
      if (report.frames > 0) heard = Math.max(heard, Math.min(pushed, report.frames + passed));
      return heard;
    },
    hold: (on) => order({ type: 'hold', on }),
    stop() {
      node.port.onmessage = null;
      order({ type: 'stop' });
    },
  };
}

/** For browsers without worklets, as on plain http in a local network: buffers that are set to play one right after the other. */
export function bufferSink(context: AudioContext, target: AudioNode, onChange: () => void): Sink {
  const rate = context.sampleRate;
  const gate = context.createGain();
  let waiting: Float32Array<ArrayBuffer>[] = [];
  const runs: { readonly frame: number; readonly first: number; length: number }[] = [];
  let count = 0;
  let sources: { readonly node: AudioBufferSourceNode; readonly frame: number; readonly frames: Float32Array<ArrayBuffer> }[] = [];
  /** While it pauses: whether it was playing. */
  let held: { readonly running: boolean } | null = null;
  gate.connect(target);

  const run = () => runs.at(-1);
  const running = (): boolean => {
    const last = run();
    return last !== undefined && context.currentTime * rate < last.frame + last.length;
  };

  const schedule = (frames: Float32Array<ArrayBuffer>): void => {
    const last = run()!;
    const buffer = context.createBuffer(1, frames.length, rate);
    buffer.copyToChannel(frames, 0);
    const node = context.createBufferSource();
    const frame = last.frame + last.length;
    node.buffer = buffer;
    node.connect(gate);
    node.onended = () => {
      sources = sources.filter((other) => other.node !== node);
      if (sources.length === 0) onChange();
    };
    node.start(frame / rate);
    sources.push({ node, frame, frames });
    last.length += frames.length;
    count += frames.length;
  };

  const go = (soft: boolean): void => {
    const frame = Math.ceil((context.currentTime + lead) * rate);
    runs.push({ frame, first: count, length: 0 });
    gate.gain.cancelScheduledValues(0);
    gate.gain.setValueAtTime(soft ? 0 : 1, context.currentTime);
    if (soft) {
      gate.gain.setValueAtTime(0, frame / rate);
      gate.gain.linearRampToValueAtTime(1, frame / rate + fadeSeconds);
    }
    for (const frames of waiting.splice(0)) schedule(frames);
    onChange();
  };

  /** Fades out from a frame on, and takes back what was to be played from there: all of it comes again, faded in. */
  const takeBack = (): void => {
    const last = run()!;
    const frame = Math.min(Math.ceil((context.currentTime + lead) * rate), last.frame + last.length);
    gate.gain.setValueAtTime(1, frame / rate);
    gate.gain.linearRampToValueAtTime(0, frame / rate + fadeSeconds);
    const rest = sources.filter((one) => one.frame + one.frames.length > frame);
    for (const one of rest) {
      one.node.onended = null;
      one.node.stop(frame / rate + fadeSeconds);
    }
    waiting.unshift(...rest.map((one) => one.frames.slice(Math.max(0, frame - one.frame))));
    sources = sources.filter((one) => !rest.includes(one));
    count -= last.frame + last.length - frame;
    last.length = frame - last.frame;
  };

  return {
    rate,
    push(frames) {
      if (held === null && running()) schedule(frames);
      else waiting.push(frames);
    },
    go,
    running,
    pending() {
      const last = run();
      const scheduled = last === undefined ? 0 : Math.max(0, last.frame + last.length - context.currentTime * rate);
      return scheduled + waiting.reduce((sum, { length }) => sum + length, 0);
    },
    heard() {
      const frame = heardUntil(context) * rate;
      const last = runs.filter((one) => one.frame <= frame).at(-1);
      return last === undefined ? 0 : last.first + Math.min(last.length, frame - last.frame);
    },
    hold(on) {
      if (on === (held !== null)) return;
      const was = held;
      held = on ? { running: running() } : null;
      if (held?.running === true) takeBack();
      if (was?.running === true) go(true);
    },
    stop() {
      const now = context.currentTime;
      gate.gain.cancelScheduledValues(now);
      gate.gain.setValueAtTime(gate.gain.value, now);
      gate.gain.linearRampToValueAtTime(0, now + fadeSeconds);
      for (const { node } of sources) {
        node.onended = null;
        node.stop(now + fadeSeconds);
      }
      sources = [];
      waiting = [];
    },
  };
}

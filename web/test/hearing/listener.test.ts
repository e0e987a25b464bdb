import { describe, expect, it } from 'vitest';
import { decideWithin, loudness, mostPending, silentAfter, startHearing, type HearingChoice } from '../../src/hearing/listener';
import { faultOf, MicrophoneRefusal, type MicrophoneFault, type MicrophoneOptions } from '../../src/hearing/microphone';
import type { MicReport, VadReport } from '../../src/protocol/hearing';
import { ManualClock } from '../base/manualclock';

const loud = (): Int16Array<ArrayBuffer> => new Int16Array(512).fill(8_000);
const quiet = (): Int16Array<ArrayBuffer> => new Int16Array(512).fill(3);

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

interface Setting extends Partial<HearingChoice> {
  readonly fault?: MicrophoneFault;
  readonly noModel?: boolean;
}

async function page({ fault, noModel = false, mode = 'hands_free', bargeIn = true, device = '' }: Setting = {}) {
  const clock = new ManualClock();
  const said: string[] = [];
  const frames: DataView[] = [];
  const gains: number[] = [];
  const devices: { readonly options: MicrophoneOptions; stopped: boolean }[] = [];
  const network = { pending: 0, up: true };
  let loads = 0;
  const hearing = startHearing({
    channel: 'c', clock, choice: { mode, bargeIn, device },
    async open(options) {
      if (fault !== undefined) throw new MicrophoneRefusal(fault);
      const one = { options, stopped: false };
      devices.push(one);
      return {
        device: 'built in', devices: async () => [{ id: 'a', name: 'A' }, { id: 'b', name: 'B' }],
        stop: () => void (one.stopped = true),
      };
    },
    async load() {
      loads++;
      if (noModel) throw new Error('404');
      return { probability: (block) => (block[0]! > 1_000 ? 0.9 : 0), reset() {} };
    },
    send(message: MicReport | VadReport) {
      const told = message.type === 'mic'
        ? `mic ${message.state} ${message.mode} ${message.lang}`
        : `${message.event} ${message.utterance}`;
      if (network.up) said.push(told);
      return network.up;
    },
    sendBytes(bytes) {
      frames.push(new DataView(bytes));
      return network.up;
    },
    pending: () => network.pending, duck: (gain) => gains.push(gain), language: () => 'en', onChange() {}, onLevel() {},
  });
  const hear = (count: number, block: () => Int16Array<ArrayBuffer>): void => {
    for (let i = 0; i < count; i++) devices.at(-1)!.options.onBlock(block());
  };
  hearing.connected(true);
  await hearing.on();
  return { hearing, clock, said, frames, gains, devices, network, hear, loads: () => loads };
}

describe('switched on', () => {
  it('says so, sends what is said, and says when it is off', async () => {
    const { hearing, said, frames, hear, devices } = await page();
    expect([hearing.state(), hearing.notice()]).toEqual(['listening', null]);
    hear(20, quiet);
    hear(10, loud);
    expect(hearing.state()).toBe('hearing');
    hear(20, quiet);
    expect(hearing.state()).toBe('listening');
    hearing.off();
    expect(said).toEqual(['mic on hands_free en', 'start 1', 'real 1', 'end 1', 'mic off hands_free en']);
    expect([hearing.state(), devices[0]!.stopped]).toEqual(['off', true]);
    expect(frames.map((frame) => [frame.getUint8(1), frame.getUint32(4, true), frame.getUint32(8, true), frame.getUint32(12, true)]))
      .toEqual(Array.from({ length: 10 + 10 + 13 }, (_, i) => [2, 1, i, i * 512]));
    expect(frames.map((frame) => frame.getInt16(16, true)))
      .toEqual([...Array<number>(10).fill(3), ...Array<number>(10).fill(8_000), ...Array<number>(13).fill(3)]);
  });

  it('loads the model once, and not for a button', async () => {
    const { hearing, loads, hear, said } = await page({ mode: 'push_to_talk' });
    hear(50, loud);
    expect([loads(), said]).toEqual([0, ['mic on push_to_talk en']]);
    hearing.choose({ mode: 'hands_free', bargeIn: true, device: '' });
    await settled();
    hear(10, loud);
    expect([loads(), said.slice(1)]).toEqual([1, ['mic on hands_free en', 'start 1', 'real 1']]);
    hearing.off();
    await hearing.on();
    expect(loads()).toBe(1);
  });

  it('talks with a button', async () => {
    const { hearing, hear, said, frames } = await page({ mode: 'push_to_talk' });
    hear(30, quiet);
    hearing.press();
    expect(said.slice(1)).toEqual(['start 1', 'real 1']);
    hear(10, quiet);
    hearing.release();
    expect(said.slice(3)).toEqual(['end 1']);
    expect(frames).toHaveLength(20);
  });

  it('can be cancelled while the browser asks', async () => {
    const { hearing, devices } = await page();
    hearing.off();
    const coming = hearing.on();
    hearing.off();
    await coming;
    expect([hearing.state(), devices.map(({ stopped }) => stopped)]).toEqual(['off', [true, true]]);
  });

  it('takes another device when it is chosen', async () => {
    const { hearing, devices } = await page();
    expect(hearing.devices().map(({ id }) => id)).toEqual(['a', 'b']);
    hearing.choose({ mode: 'hands_free', bargeIn: true, device: 'b' });
    await settled();
    expect([hearing.state(), devices.map(({ options, stopped }) => [options.device, stopped])])
      .toEqual(['listening', [['', true], ['b', false]]]);
  });
});

describe('what goes wrong', () => {
  it.each(['insecure', 'denied', 'missing', 'busy', 'failed'] as const)('%s is said', async (fault) => {
    const { hearing, said } = await page({ fault });
    expect([hearing.state(), hearing.notice(), said]).toEqual(['off', fault, []]);
    hearing.dismiss();
    expect(hearing.notice()).toBe(null);
  });

  it('falls back to a button without the model, and tries again when hands-free is chosen', async () => {
    const { hearing, said, hear, loads } = await page({ noModel: true });
    expect([hearing.state(), hearing.notice(), hearing.settings().mode, said])
      .toEqual(['listening', 'detector', 'push_to_talk', ['mic on push_to_talk en']]);
    hearing.press();
    hear(10, loud);
    hearing.release();
    expect(said.slice(1)).toEqual(['start 1', 'real 1', 'end 1']);
    hearing.choose({ mode: 'hands_free', bargeIn: true, device: '' });
    await settled();
    expect(loads()).toBe(2);
  });

  it('is off when nothing is heard for two seconds', async () => {
    const { hearing, clock, hear, said } = await page();
    clock.advance(silentAfter - 1);
    hear(1, quiet);
    clock.advance(silentAfter - 1);
    expect(hearing.state()).toBe('listening');
    clock.advance(1);
    expect([hearing.state(), hearing.notice(), said.at(-1)]).toEqual(['off', 'silent', 'mic off hands_free en']);
  });

  it('is off when the device is gone, and what was said is given up', async () => {
    const { hearing, hear, devices, said, clock } = await page();
    hear(10, loud);
    devices[0]!.options.onEnded();
    expect([hearing.state(), hearing.notice(), said.slice(-2)]).toEqual(['off', 'ended', ['misfire 1', 'mic off hands_free en']]);
    hear(10, loud);
    expect([said, clock.waits]).toEqual([said.slice(0, 5), []]);
  });

  it('gives an utterance up when the network is behind, and says so until the next one', async () => {
    const { hearing, hear, network, said, frames } = await page();
    hear(10, loud);
    network.pending = mostPending;
    hear(10, loud);
    expect([hearing.notice(), said.at(-1), frames.length]).toEqual(['slow', 'misfire 1', 10]);
    network.pending = 0;
    hear(20, quiet);
    hear(6, loud);
    expect([hearing.notice(), said.slice(-2)]).toEqual([null, ['start 2', 'real 2']]);
  });

  it('sends nothing without a connection, nor the rest of a sentence after it, and says that it is lost', async () => {
    const { hearing, hear, network, said, frames } = await page();
    hear(10, loud);
    network.up = false;
    hearing.connected(false);
    hear(50, loud);
    network.up = true;
    hearing.connected(true);
    hear(6, loud);
    expect([said, frames.length, hearing.notice()])
      .toEqual([['mic on hands_free en', 'start 1', 'real 1', 'mic on hands_free en'], 10, 'cut']);
    hear(20, quiet);
    hear(6, loud);
    expect([said.slice(4), hearing.notice()]).toEqual([['start 2', 'real 2'], null]);
  });

  it('hears at once after a connection that was lost longer than the sentence', async () => {
    const { hearing, hear, said } = await page();
    hear(10, loud);
    hearing.connected(false);
    hear(20, quiet);
    hearing.connected(true);
    hear(6, loud);
    expect(said.slice(-2)).toEqual(['start 2', 'real 2']);
  });

  it('says when nothing but zeros comes, until there is a sound', async () => {
    const { hearing, hear } = await page();
    hear(156, () => new Int16Array(512));
    expect(hearing.notice()).toBe(null);
    hear(1, () => new Int16Array(512));
    expect([hearing.notice(), hearing.state()]).toEqual(['muted', 'listening']);
    hear(1, quiet);
    expect(hearing.notice()).toBe(null);
    hear(400, () => new Int16Array(512));
    expect(hearing.notice()).toBe(null);
  });
});

describe('while the character speaks', () => {
  it('pauses it and lets it go on when no companion decides', async () => {
    const { hearing, hear, gains, clock } = await page();
    hearing.speaking(true);
    hear(10, loud);
    hear(20, quiet);
    expect(gains).toEqual([0.2, 0]);
    clock.advance(1_000);
    hear(1, quiet);
    clock.advance(decideWithin - 1_001);
    expect(gains).toEqual([0.2, 0]);
    clock.advance(1);
    expect(gains).toEqual([0.2, 0, 1]);
  });

  it('leaves it to the companion', async () => {
    const { hearing, hear, gains, clock } = await page();
    hearing.speaking(true);
    hear(10, loud);
    hear(20, quiet);
    hearing.decided();
    clock.advance(1_000);
    hear(1, quiet);
    clock.advance(decideWithin);
    expect(gains).toEqual([0.2, 0]);
  });
});

describe('loudness', () => {
  it('is what an ear makes of it', () => {
    expect(loudness(new Int16Array(512))).toBe(0);
    expect(loudness(new Int16Array(512).fill(33))).toBeCloseTo(0, 1);
    expect(loudness(new Int16Array(512).fill(1_036))).toBeCloseTo(0.5, 2);
    expect(loudness(new Int16Array(512).fill(-32_768))).toBe(1);
  });
});

describe('the reasons of browsers', () => {
  it.each([
    ['NotAllowedError', 'denied'], ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'], ['NotReadableError', 'busy'], ['TypeError', 'failed'],
  ])('%s', (name, fault) => {
    expect(faultOf(new DOMException('', name))).toBe(fault);
  });
});

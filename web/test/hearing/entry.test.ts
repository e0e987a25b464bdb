import { describe, expect, it } from 'vitest';
import { startHearingPart } from '../../src/hearing/entry';
import type { HearingControl } from '../../src/hearing/hearing';
import { ManualClock } from '../base/manualclock';
import { settled } from '../settled';

const companion = (on: boolean, hears: boolean, channel = 'left') =>
  ({ type: 'companion', channel, on, hears, demo: false, bargeIn: true } as const);

function start({ fails = 0, browserHears = false } = {}) {
  const clock = new ManualClock();
  const told: string[] = [];
  let loads = 0;
  const control: HearingControl = {
    companion: ({ on, hears }) => told.push(`companion ${on} ${hears}`),
    turn: (state) => told.push(state), connected: (on) => told.push(`connected ${on}`),
    ducked: (gain) => told.push(`duck ${gain}`), snapshot: () => ({ state: 'listening' }), stop() {},
  };
  const microphone = startHearingPart({
    channel: 'left', clock, browserHears,
    async load() {
      if (++loads <= fails) throw new Error('404');
      return control;
    },
  });
  return { clock, microphone, told, loads: () => loads };
}

describe('the place of the microphone', () => {
  it('is empty until a companion understands speech', async () => {
    const { microphone, told, loads } = start();
    microphone.connected();
    microphone.take(companion(true, false));
    microphone.take(companion(true, true, 'right'));
    expect([loads(), microphone.snapshot()]).toEqual([0, { state: 'off' }]);
    microphone.take(companion(true, true));
    await settled();
    expect([loads(), told]).toEqual([1, ['connected true', 'companion true true']]);
    microphone.take({ type: 'turn', channel: 'left', turn: 1, state: 'transcribing' });
    microphone.take({ type: 'duck', channel: 'left', gain: 1 });
    microphone.take(companion(false, false));
    expect(told.slice(2)).toEqual(['transcribing', 'duck 1', 'companion false false']);
  });

  it('is there for any user when the browser understands speech', async () => {
    const { clock, microphone, told, loads } = start({ browserHears: true });
    microphone.connected();
    microphone.take(companion(false, false));
    expect(loads()).toBe(0);
    microphone.take(companion(true, false));
    await settled();
    expect([loads(), told]).toEqual([1, ['connected true', 'companion true false']]);
    microphone.lost();
    microphone.connected();
    clock.advance(2_000);
    expect(told.at(-1)).toBe('companion false false');
  });

  it('is empty again when a new connection knows of no companion', async () => {
    const { clock, microphone, told } = start();
    microphone.connected();
    microphone.take(companion(true, true));
    await settled();
    microphone.lost();
    microphone.connected();
    clock.advance(1_999);
    microphone.take(companion(true, true));
    clock.advance(5_000);
    expect(told.at(-1)).toBe('companion true true');
    microphone.lost();
    microphone.connected();
    clock.advance(2_000);
    expect(told.at(-1)).toBe('companion false false');
  });

  it('is tried again with the next companion when it could not be loaded', async () => {
    const { microphone, told } = start({ fails: 1 });
    microphone.take(companion(true, true));
    await settled();
    expect(told).toEqual([]);
    microphone.take(companion(true, true));
    await settled();
    expect(told).toEqual(['connected false', 'companion true true']);
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { begin, curve, holding, motion, motionNamed, stage, type Model } from './fakes';

afterEach(() => void vi.restoreAllMocks());

const parameters = { ParamAngleX: [-30, 0, 30], ParamAngleY: [-30, 0, 30] } as const;
const turned = (value: number, meta: Record<string, unknown> = {}): unknown => holding('ParamAngleX', value, 10, meta);

describe('fades of a motion (pitfall 1)', () => {
  const half = async (model: Omit<Model, 'parameters'>): Promise<number> => {
    const at = stage({ parameters, ...model });
    await begin(at, 'turn');
    // One long frame: what is left of the way is what one second of frames would leave.
    at.pass(0.25);
    return at.value('ParamAngleX');
  };

  it('last a second where nothing says otherwise', async () => {
    const absent = await half({ motions: { turn: turned(20, { FadeInTime: undefined }) } });
    expect(absent).toBeCloseTo(await half({ motions: { turn: turned(20, { FadeInTime: 1 }) } }), 5);
    expect(absent).toBeGreaterThan(1);
    expect(absent).toBeLessThan(19);
    expect(await half({ motions: { turn: turned(20, { FadeInTime: -1 }) } })).toBeCloseTo(absent, 5);
  });

  it('of the model stand above those of the motion, those of a curve above both, and -1 there means those of the motion', async () => {
    const manifest = { motions: [motionNamed('turn', { fadeIn: 0 })] };
    expect(await half({ motions: { turn: turned(20, { FadeInTime: 9 }) }, manifest })).toBe(20);
    const curves = (fade: number): unknown =>
      motion(10, [curve('ParamAngleX', [0, 20, 0, 10, 20], { FadeInTime: fade })], { FadeInTime: 9 });
    expect(await half({ motions: { turn: curves(0) } })).toBe(20);
    expect(await half({ motions: { turn: curves(-1) } })).toBeLessThan(1);
  });

  it('rise as half a cosine does', async () => {
    const at = stage({ parameters, motions: { turn: turned(20, { FadeInTime: 1 }) } });
    await begin(at, 'turn');
    let left = 20;
    for (let frame = 1; frame <= 30; frame++) {
      at.pass(1 / 60);
      left *= 1 - (0.5 - 0.5 * Math.cos((Math.PI * frame) / 60));
      expect(at.value('ParamAngleX')).toBeCloseTo(20 - left, 3);
    }
  });

  it('take about the same time at 30, 60 and 144 frames a second', async () => {
    const after = async (hertz: number): Promise<number> => {
      const at = stage({ parameters, motions: { turn: turned(20, { FadeInTime: 1 }) } });
      await begin(at, 'turn');
      at.pass(0.25, hertz);
      return at.value('ParamAngleX');
    };
    const [slow, usual, fast] = [await after(30), await after(60), await after(144)];
    for (const other of [slow, fast]) expect(Math.abs(other - usual)).toBeLessThan(2.5);
  });

  it('let go towards the end, and what no motion moves goes back to rest', async () => {
    const at = stage({ parameters, motions: { turn: holding('ParamAngleX', 20, 2, { FadeOutTime: 0.5 }) } });
    const { end } = await begin(at, 'turn');
    at.pass(2.1);
    expect(await end).toBe('done');
    expect(at.value('ParamAngleX')).toBeGreaterThan(5);
    at.pass(0.6);
    expect(at.value('ParamAngleX')).toBe(0);
    expect(at.life.step(16)).toBe(false);
  });
});

describe('a motion', () => {
  it('plays whatever its counts say', async () => {
    const at = stage({ parameters, motions: { turn: turned(12, { CurveCount: 99, TotalSegmentCount: -1, TotalPointCount: 'many' }) } });
    await begin(at, 'turn');
    expect(at.value('ParamAngleX')).toBe(12);
  });

  it('multiplies and opens the parameters of its groups, alone where they have no curve (pitfall 4)', async () => {
    const model = { L: [0, 1, 1], R: [0, 1, 1], M: [0, 0, 1], N: [0, 0, 1] } as const;
    const at = stage({
      parameters: model, manifest: { motions: [motionNamed('wink')], eyeBlink: ['L', 'R'], lipSync: ['M', 'N'] },
      motions: {
        wink: motion(5, [
          curve('EyeBlink', [0, 0.5, 0, 5, 0.5], { Target: 'Model' }), curve('LipSync', [0, 0.25, 0, 5, 0.25], { Target: 'Model' }),
          curve('L', [0, 0.8, 0, 5, 0.8]), curve('M', [0, 0.5, 0, 5, 0.5]),
        ]),
      },
    });
    await begin(at, 'wink');
    expect(['L', 'R', 'M', 'N'].map(at.value)).toEqual([0.4, 0.5, 0.75, 0.25].map((v) => expect.closeTo(v, 5)));
  });

  it('keeps the director from blinking while it moves the eyes, but not from narrowing them (pitfall 4)', async () => {
    const eyes = { ParamEyeLOpen: [0, 1, 1], ParamEyeROpen: [0, 1, 1] } as const;
    const at = stage({ parameters: eyes, motions: { look: holding('ParamEyeLOpen', 0.9) } });
    await begin(at, 'look');
    const blink = (): number => {
      at.life.set('ParamEyeLOpen', 0);
      at.pass(0.2);
      const shut = at.value('ParamEyeLOpen');
      at.life.set('ParamEyeLOpen', 1);
      at.pass(0.1);
      return shut;
    };
    expect(blink()).toBeCloseTo(0.9, 5);
    at.life.set('ParamEyeLOpen', 0.5);
    at.pass(1);
    expect(at.value('ParamEyeLOpen')).toBeCloseTo(0.45, 5);
    at.life.set('ParamEyeLOpen', 1);
    at.life.stop();
    at.pass(1.2);
    expect(blink()).toBe(0);
  });

  it('says by the id of a part which part of a pose shows (pitfall 5)', async () => {
    const pose = { FadeInTime: 0.5, Groups: [[{ Id: 'ArmA', Link: ['HandA'] }, { Id: 'ArmB' }]] };
    const Target = 'PartOpacity';
    const wave = motion(9, [curve('ArmA', [0, 0, 0, 9, 0], { Target }), curve('ArmB', [0, 1, 0, 9, 1], { Target })]);
    const at = stage({ parameters, parts: ['ArmA', 'HandA', 'ArmB', 'Bow'], pose, motions: { wave } });
    at.life.step(0);
    expect(['ArmA', 'HandA', 'ArmB', 'Bow'].map(at.opacity)).toEqual([1, 1, 0, 1]);
    await begin(at, 'wave');
    for (let frame = 0; frame < 29; frame++) {
      at.pass(1 / 60);
      expect((1 - at.opacity('ArmA')) * (1 - at.opacity('ArmB'))).toBeLessThan(0.1501);
      expect(at.opacity('HandA')).toBe(at.opacity('ArmA'));
    }
    at.pass(0.1);
    expect(['ArmA', 'HandA', 'ArmB', 'Bow'].map(at.opacity)).toEqual([0, 0, 1, 1]);
  });

  it('gives parts that no pose decides about their opacity, and the model its own', async () => {
    const fade = motion(4, [
      curve('Bow', [0, 0, 0, 4, 1], { Target: 'PartOpacity' }), curve('Opacity', [0, 1, 0, 4, 0], { Target: 'Model' }),
    ]);
    const at = stage({ parameters, parts: ['Bow'], motions: { fade } });
    await begin(at, 'fade');
    at.pass(1);
    expect(at.opacity('Bow')).toBeCloseTo(0.25, 5);
    expect(at.life.opacity).toBeCloseTo(0.75, 5);
    at.life.stop();
    at.pass(1);
    expect(at.life.opacity).toBe(1);
  });

  it('tells its events once each, also those at its start, and plays its sound until it is interrupted', async () => {
    const UserData = [{ Time: 0, Value: 'start' }, { Time: 0.5, Value: 'middle' }, { Time: 1, Value: 'end' }, { Time: 'x', Value: 1 }];
    const at = stage({
      parameters, motions: { say: motion(1, [curve('ParamAngleX', [0, 0, 0, 1, 1])], {}, { UserData }) },
      manifest: { motions: [motionNamed('say', { sound: 'sounds/say.mp3' })] },
    });
    await begin(at, 'say');
    at.pass(1.1, 50);
    expect(at.events).toEqual(['start', 'middle', 'end']);
    expect(at.sounds).toEqual(['models/paper/sounds/say.mp3']);
    await begin(at, 'say');
    at.life.stop();
    expect(at.sounds.slice(1)).toEqual(['models/paper/sounds/say.mp3', 'silence models/paper/sounds/say.mp3']);
  });

  it('tells the events of each round of a loop', async () => {
    const UserData = [{ Time: 0.1, Value: 'a' }, { Time: 0.9, Value: 'b' }];
    const idle = motion(1, [curve('ParamAngleX', [0, 0, 0, 1, 1])], { Loop: true }, { UserData });
    const at = stage({ parameters, motions: { idle }, manifest: { idle: ['idle'] } });
    at.life.step(0);
    await at.settle();
    at.life.step(0);
    at.pass(2.5, 50);
    expect(at.events.join('')).toBe('ababa');
  });
});

describe('motions beside each other', () => {
  const motions = { small: turned(5), large: turned(25), up: holding('ParamAngleY', 9, 1), idle: turned(-3, { Loop: true }) };

  it('yield to the same or a higher priority', async () => {
    const at = stage({ parameters, motions });
    const first = await begin(at, 'small');
    expect(at.life.busy).toBe(true);
    expect(await at.life.play('large', 'idle')).toBe('interrupted');
    const second = await begin(at, 'LARGE', 'force');
    expect(await first.end).toBe('interrupted');
    expect(at.value('ParamAngleX')).toBe(25);
    expect(await at.life.play('small', 'normal')).toBe('interrupted');
    at.life.stop();
    expect(await second.end).toBe('interrupted');
    expect(at.life.busy).toBe(false);
    expect(await at.life.play('nothing of this name', 'force')).toBe('unknown');
  });

  it('let idle motions play while nothing else does', async () => {
    const at = stage({ parameters, motions, manifest: { idle: ['Idle'] } });
    at.life.step(0);
    await at.settle();
    at.pass(0.1);
    expect(at.value('ParamAngleX')).toBe(-3);
    expect(at.life.busy).toBe(false);
    const { end } = await begin(at, 'up');
    at.pass(1.1);
    expect(await end).toBe('done');
    await at.settle();
    at.pass(1.5);
    expect([at.value('ParamAngleX'), at.value('ParamAngleY')]).toEqual([-3, 0]);
    at.life.stop();
    at.pass(0.1);
    expect(at.value('ParamAngleX')).toBe(-3);
  });

  it('give each idle motion its turn, and none twice in a row', async () => {
    const played: string[] = [];
    const idle = ['a', 'b', 'c'];
    let chance = 0.1;
    const at = stage({
      parameters, motions: Object.fromEntries(idle.map((name, k) =>
        [name, motion(1, [curve('ParamAngleX', [0, k, 0, 1, k])], { Loop: true }, { UserData: [{ Time: 0, Value: name }] })])),
      manifest: { idle }, options: { random: () => (chance = (chance * 7.3) % 1), onEvent: (name) => played.push(name) },
    });
    for (let k = 0; k < 1000 && played.length < 12; k++) {
      at.pass(0.05);
      await at.settle();
    }
    expect(played).toHaveLength(12);
    for (let k = 0; k < 12; k += 3) expect(played.slice(k, k + 3).sort()).toEqual(idle);
    expect(played.some((name, k) => name === played[k + 1])).toBe(false);
  });

  it('do not begin by themselves while the user wants less motion', async () => {
    let calm = false;
    const at = stage({ parameters, motions, manifest: { idle: ['idle'] }, options: { reducedMotion: () => calm } });
    const frames = async (): Promise<number> => {
      for (let k = 0; k < 5; k++) {
        at.pass(0.1);
        await at.settle();
      }
      return at.value('ParamAngleX');
    };
    expect(await frames()).toBe(-3);
    calm = true;
    expect(await frames()).toBe(0);
    expect(at.life.step(16)).toBe(false);
    await begin(at, 'small');
    expect(at.value('ParamAngleX')).toBe(5);
    at.life.stop();
    calm = false;
    expect(await frames()).toBe(-3);
  });

  it('follow each other without a gap, however far apart frames are', async () => {
    const half = (value: number): unknown => holding('ParamAngleX', value, 0.5, { FadeOutTime: 0.1 });
    const at = stage({ parameters, motions: { a: half(20), b: half(20) }, manifest: { idle: ['a', 'b'] } });
    for (let k = 0; k < 12; k++) {
      at.pass(0.25, 4);
      await at.settle();
    }
    for (let k = 0; k < 12; k++) {
      at.pass(0.25, 4);
      expect(at.value('ParamAngleX')).toBe(20);
    }
  });

  it('do not jump when one takes over from another', async () => {
    const at = stage({ parameters, motions: { small: turned(-20, { FadeInTime: 0.5 }), large: turned(20, { FadeInTime: 0.5 }) } });
    await begin(at, 'small');
    at.pass(1);
    await begin(at, 'large');
    let before = at.value('ParamAngleX');
    expect(before).toBeCloseTo(-20, 3);
    for (let frame = 0; frame < 60; frame++) {
      at.pass(1 / 60);
      expect(Math.abs(at.value('ParamAngleX') - before)).toBeLessThan(6);
      before = at.value('ParamAngleX');
    }
    expect(before).toBeCloseTo(20, 3);
  });
});

describe('a model that leaves', () => {
  it('takes the sound of its idle motion along, and begins none whose file comes later', async () => {
    const come: ((file: unknown) => void)[] = [];
    const manifest = { motions: [motionNamed('hum', { sound: 'hum.mp3' })], idle: ['hum'] };
    const at = stage({ parameters, manifest, load: () => new Promise((done) => come.push(done)) });
    at.life.step(16);
    come[0]!(turned(4));
    await at.settle();
    at.life.stop();
    expect(at.sounds).toEqual(['models/paper/hum.mp3']);
    at.life.end();
    expect(at.sounds).toEqual(['models/paper/hum.mp3', 'silence models/paper/hum.mp3']);

    const late = stage({ parameters, manifest, load: () => new Promise((done) => come.push(done)) });
    late.life.step(16);
    late.life.end();
    come[1]!(turned(4));
    await late.settle();
    expect(late.sounds).toEqual([]);
  });
});

describe('files of motions', () => {
  it('are read when they are first played, and once', async () => {
    const load = vi.fn(async () => turned(7));
    const at = stage({ parameters, load, manifest: { motions: [motionNamed('turn')] } });
    at.pass(0.5);
    expect(load).not.toHaveBeenCalled();
    await begin(at, 'turn');
    await begin(at, 'turn');
    expect(load.mock.calls).toEqual([['turn.motion3.json']]);
  });

  it('that are broken end as unknown, and are told once with their name and the reason', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const at = stage({ parameters, motions: { bad: { Curves: 5 } }, manifest: { motions: [motionNamed('bad'), motionNamed('gone')] } });
    for (let k = 0; k < 2; k++) {
      expect(await at.life.play('bad', 'normal')).toBe('unknown');
      expect(await at.life.play('gone', 'normal')).toBe('unknown');
    }
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      'Model paper: bad.motion3.json cannot be used: it has no curve that can be read',
      'Model paper: gone.motion3.json cannot be used: 404',
    ]);
  });

  it('that never come are given up, and one that comes too late does not play', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    let come = (_: unknown): void => {};
    const load = (): Promise<unknown> => new Promise((resolve) => { come = resolve; });
    const at = stage({ parameters, load, manifest: { motions: [motionNamed('slow')] } });
    const end = at.life.play('slow', 'normal');
    await at.settle();
    at.pass(21, 10);
    expect(await end).toBe('unknown');
    expect(warn).toHaveBeenCalledOnce();
    come(turned(9));
    await at.settle();
    at.pass(0.5);
    expect(at.value('ParamAngleX')).toBe(0);
  });

  it('of idle motions are asked for again later when the hub was away, and left out when they are broken', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const load = vi.fn<(file: string) => Promise<unknown>>()
      .mockRejectedValueOnce(new Error('503')).mockResolvedValue(turned(4, { Loop: true }));
    const at = stage({ parameters, load, manifest: { motions: [motionNamed('idle')], idle: ['idle'] } });
    at.life.step(16);
    await at.settle();
    at.pass(5, 10);
    expect(load).toHaveBeenCalledTimes(1);
    at.pass(26, 10);
    await at.settle();
    at.pass(0.2);
    expect(at.value('ParamAngleX')).toBe(4);

    const broken = vi.fn(async () => null);
    const other = stage({ parameters, load: broken, manifest: { motions: [motionNamed('idle')], idle: ['idle'] } });
    for (let k = 0; k < 50; k++) {
      other.pass(1, 10);
      await other.settle();
    }
    expect(broken).toHaveBeenCalledTimes(1);
  });
});

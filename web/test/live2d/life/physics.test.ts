import { describe, expect, it } from 'vitest';
import { intoRange } from '../../../src/live2d/life/physics';
import { stage, type Stage } from './fakes';

interface Setup {
  readonly fps?: number;
  readonly radius?: number;
  readonly mobility?: number;
  readonly delay?: number;
  readonly acceleration?: number;
  readonly segments?: number;
  readonly type?: 'X' | 'Y' | 'Angle';
  readonly reflect?: boolean;
  readonly weight?: number;
  readonly highest?: number;
}

const range = { Minimum: -10, Default: 0, Maximum: 10 };

function chain(setup: Setup, from: string, to: readonly (readonly [id: string, vertex: number, type?: string, more?: object])[]): unknown {
  const { radius = 100, mobility = 1, delay = 1, acceleration = 1, segments = 1, highest = 10 } = setup;
  const { type = 'X', reflect = true, weight = 100 } = setup;
  const bob = { Mobility: mobility, Delay: delay, Acceleration: acceleration, Radius: radius };
  return {
    Input: [{ Source: { Target: 'Parameter', Id: from }, Weight: weight, Type: type, Reflect: reflect }],
    Output: to.map(([id, vertex, axis = 'Angle', more = {}]) =>
      ({ Destination: { Target: 'Parameter', Id: id }, VertexIndex: vertex, Scale: 1, Weight: 100, Type: axis, Reflect: false, ...more })),
    Vertices: [{ ...bob, Radius: 0 }, ...Array.from({ length: segments }, () => bob)],
    Normalization: { Position: { ...range, Maximum: highest }, Angle: { Minimum: -90, Default: 0, Maximum: 90 } },
  };
}

const file = (fps: number | undefined, chains: readonly unknown[]): unknown => ({
  Meta: { Fps: fps, EffectiveForces: { Gravity: { X: 0, Y: -1 }, Wind: { X: 0, Y: 0 } } }, PhysicsSettings: chains,
});

/** The model's own input is moved by holding it. */
function swinging(chains: readonly unknown[], fps: number | undefined): Stage {
  const parameters = { In: [-1, 0, 1], Out: [-4, 0, 4], Next: [-4, 0, 4], Wide: [0, 2, 10], Far: [-200, 0, 200] } as const;
  return stage({ parameters, physics: file(fps, chains) });
}

const single = (setup: Setup = {}): Stage => swinging([chain(setup, 'In', [['Out', 1]])], setup.fps);

describe('a chain', () => {
  it('swings as the equation of a pendulum says', () => {
    const [radius, acceleration, hertz] = [1000, 10, 240];
    // What stands still is a part of the upper half of the range; none, so that nothing is taken for still.
    const at = single({ fps: hertz, radius, acceleration, highest: 1e-4 });
    at.life.hold({ In: -1 });
    at.life.step(0);
    // The root jumps to the middle by a hundredth of the length: at 0.01 rad sine and angle are the same.
    at.life.hold({ In: 0 });
    at.pass(3 / hertz, hertz);
    const angles = Array.from({ length: 3 * hertz * 3 }, () => {
      at.life.step(1000 / hertz);
      return at.value('Out');
    });
    // x'' = -a x / r, in units of 1/30 s, from the first two angles: the jump gave it a speed too.
    const omega = (30 * Math.sqrt(acceleration / radius)) / hertz;
    // A step that looks ahead damps by half of its square, whatever the pendulum.
    const kept = Math.sqrt(1 - omega ** 2);
    const cosine = angles[0]!;
    const sine = (angles[1]! / kept - cosine * Math.cos(omega)) / Math.sin(omega);
    expect(Math.hypot(cosine, sine)).toBeGreaterThan(0.009);
    angles.forEach((angle, k) => {
      expect(Math.abs(angle - kept ** k * (cosine * Math.cos(omega * k) + sine * Math.sin(omega * k)))).toBeLessThan(0.0001);
    });
  });

  it('swings faster when it is shorter or its acceleration greater, by the square root', () => {
    const quarter = (setup: Setup): number => {
      const at = single({ fps: 240, ...setup });
      at.life.step(0);
      at.life.hold({ In: 1 });
      at.life.step(1000 / 240);
      let steps = 0;
      do {
        at.life.step(1000 / 240);
        steps++;
      } while (at.value('Out') > 0 && steps < 10000);
      return steps;
    };
    const usual = quarter({});
    expect(quarter({ radius: 25 }) / usual).toBeCloseTo(0.5, 1);
    expect(quarter({ acceleration: 4 }) / usual).toBeCloseTo(0.5, 1);
    expect(quarter({ delay: 2 }) / usual).toBeCloseTo(0.5, 1);
  });

  it('comes to rest when its bobs are not quite mobile, and says until when it moves', () => {
    const at = single({ fps: 60, mobility: 0.9 });
    at.life.step(0);
    at.life.hold({ In: 1 });
    let peak = Infinity;
    for (let second = 0; second < 8; second++) {
      let largest = 0;
      for (let step = 0; step < 60; step++) {
        at.life.step(1000 / 60);
        largest = Math.max(largest, Math.abs(at.value('Out')));
      }
      expect(largest).toBeLessThanOrEqual(peak);
      peak = largest;
    }
    expect(peak).toBeLessThan(0.001);
    expect(at.life.step(16)).toBe(false);
    at.life.hold({ In: -1 });
    at.life.step(16);
    expect(at.life.step(16)).toBe(true);
  });

  it('swings to both sides alike', () => {
    const left = single({ fps: 60, mobility: 0.95, segments: 3 });
    const right = single({ fps: 60, mobility: 0.95, segments: 3 });
    for (const at of [left, right]) at.life.step(0);
    for (let step = 0; step < 200; step++) {
      left.life.hold({ In: Math.sin(step / 9) });
      right.life.hold({ In: -Math.sin(step / 9) });
      for (const at of [left, right]) at.life.step(1000 / 60);
      expect(left.value('Out')).toBeCloseTo(-right.value('Out'), 5);
    }
  });
});

describe('time in physics (pitfall 8)', () => {
  /** Outputs at every half second while the head moves smoothly. */
  const course = (hertz: number, fps: number): readonly number[] => {
    const at = single({ fps, radius: 20, mobility: 0.92, acceleration: 1.5 });
    at.life.step(0);
    const values: number[] = [];
    for (let frame = 1; frame <= hertz * 4; frame++) {
      at.life.hold({ In: Math.sin((frame / hertz) * 5) });
      at.life.step(1000 / hertz);
      if (frame % (hertz / 2) === 0) values.push(at.value('Out'));
    }
    return values;
  };

  it.each([30, 60, 144, 10])('runs in steps of the file, whatever the frames do: %i Hz', (hertz) => {
    for (const fps of [30, 60]) {
      const exact = course(fps * 4, fps);
      expect(Math.max(...exact.map(Math.abs))).toBeGreaterThan(0.2);
      // The output's range is 8; at 10 Hz the line between two frames is no sine any more.
      course(hertz, fps).forEach((value, k) => expect(Math.abs(value - exact[k]!)).toBeLessThan(hertz === 10 ? 0.08 : 0.04));
    }
  });

  it('takes outputs from the line between two steps', () => {
    const at = single({ fps: 10, radius: 20 });
    at.life.step(0);
    at.life.hold({ In: 1 });
    at.pass(0.35, 100);
    const values = Array.from({ length: 4 }, () => {
      at.life.step(10);
      return at.value('Out');
    });
    const [a, b, c, d] = values as [number, number, number, number];
    expect(b - a).not.toBe(0);
    expect(c - b).toBeCloseTo(b - a, 5);
    expect(d - c).toBeCloseTo(b - a, 5);
  });

  it('begins anew after a gap of more than five seconds, at rest', () => {
    const at = single({ fps: 60 });
    at.life.step(0);
    at.life.hold({ In: 1 });
    at.pass(0.2);
    expect(Math.abs(at.value('Out'))).toBeGreaterThan(0.05);
    at.life.hold({ In: -1 });
    at.life.step(3_600_000);
    expect(at.value('Out')).toBe(0);
    at.pass(1);
    expect(at.value('Out')).toBe(0);
  });

  it('divides long frames where the file has no rate', () => {
    const long = single({ radius: 20, mobility: 0.9 });
    const short = single({ radius: 20, mobility: 0.9 });
    for (const at of [long, short]) {
      at.life.step(0);
      at.life.hold({ In: 0.5 });
      at.life.step(1000 / 30);
    }
    long.life.step(500);
    short.pass(0.5, 30);
    expect(long.value('Out')).toBeCloseTo(short.value('Out'), 4);
    expect(Math.abs(long.value('Out'))).toBeGreaterThan(0.001);
  });
});

describe('inputs of physics (pitfall 9)', () => {
  it('are measured from the middle of a range, not from its default', () => {
    const chainRange = { low: -10, middle: 2, high: 30 };
    expect([0, 2.5, 5, 7.5, 10, 99].map((value) => intoRange(value, 0, 10, chainRange))).toEqual([-10, -4, 2, 16, 30, 30]);
    expect(intoRange(3, 3, 3, chainRange)).toBe(2);
    // The default of this parameter is 2 of 0 to 10: far left of the middle, so the root stands left.
    const at = swinging([chain({}, 'Wide', [['Far', 1, 'Angle', { Scale: 100 }], ['Out', 1, 'X']])], 60);
    at.life.step(0);
    at.life.hold({ Wide: 5 });
    at.pass(2 / 60);
    expect(Math.abs(at.value('Far'))).toBeGreaterThan(5);
  });

  it('are turned round unless they are reflected', () => {
    const towards = (reflect: boolean): number => {
      const at = single({ fps: 60, reflect });
      at.life.step(0);
      at.life.hold({ In: 1 });
      at.pass(0.1);
      return at.value('Out');
    };
    expect(towards(true)).toBeGreaterThan(0.05);
    expect(towards(false)).toBeCloseTo(-towards(true), 5);
  });

  it('are what the chains before them made of them, in the order of the file', () => {
    const first = chain({}, 'In', [['Out', 1]]);
    const second = chain({ radius: 10 }, 'Out', [['Next', 1]]);
    const after = (chains: readonly unknown[]): number => {
      const at = swinging(chains, 60);
      at.life.step(0);
      at.life.hold({ In: 1 });
      at.pass(2 / 60);
      return Math.abs(at.value('Next'));
    };
    expect(after([first, second])).toBeGreaterThan(1e-4);
    expect(after([second, first])).toBe(0);
  });

  it('count by their weight, and outputs leave the rest of theirs to what was there', () => {
    const at = swinging([chain({ type: 'Angle', weight: 50 }, 'In', [['Out', 1], ['Far', 1, 'Angle', { Weight: 25, Scale: 40 }]])], 60);
    at.life.hold({ In: 1 });
    at.life.step(0);
    const hanging = at.value('Out');
    expect(Math.abs(hanging)).toBeCloseTo(Math.PI / 4, 4);
    expect(at.value('Far')).toBeCloseTo(hanging * 40 * 0.25, 4);
  });
});

describe('outputs of physics (pitfall 10)', () => {
  it('are angles against the segment before, the first one against gravity, and stand still from the first frame on', () => {
    const at = swinging([chain({ type: 'Angle', segments: 2, mobility: 0.9 }, 'In', [['Out', 1], ['Next', 2], ['Far', 2, 'Y']])], 60);
    at.life.hold({ In: 0.5 });
    at.life.step(0);
    const first = ['Out', 'Next', 'Far'].map(at.value);
    expect(first).toEqual([expect.closeTo(Math.PI / 4, 4), expect.closeTo(0, 5), expect.closeTo(100 * Math.SQRT1_2, 3)].map((v, k) =>
      (k === 0 ? expect.toSatisfy((angle: number) => Math.abs(Math.abs(angle) - Math.PI / 4) < 1e-4) : v)));
    at.pass(2);
    ['Out', 'Next', 'Far'].forEach((id, k) => expect(at.value(id)).toBeCloseTo(first[k]!, 2));
    at.life.hold({ In: -0.5 });
    at.pass(0.2);
    expect(Math.abs(at.value('Next'))).toBeGreaterThan(0.01);
  });

  it('are valid for segments that are shorter than 1', () => {
    const at = single({ fps: 60, radius: 0.3, mobility: 0.8 });
    at.life.step(0);
    at.life.hold({ In: 1 });
    at.pass(0.05);
    expect(Math.abs(at.value('Out'))).toBeGreaterThan(0.1);
    at.pass(5);
    expect(Math.abs(at.value('Out'))).toBeLessThan(0.02);
  });
});

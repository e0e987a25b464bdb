import { describe, expect, test } from 'vitest';
import { emotions } from '../../src/avatar/emotions';
import { parameters } from '../../src/avatar/parameters';
import { learnReactions } from '../../src/avatar/reactions';
import { Scene } from './fakes';

describe('emotions', () => {
  test('an emotion fades in and stays', () => {
    const scene = new Scene();
    expect(scene.director.express('happy')).toBe(true);
    scene.run(100);
    expect(scene.value('ParamMouthForm')).toBeLessThan(emotions.joy.ParamMouthForm ?? 0);
    scene.run(5000);
    expect(scene.value('ParamMouthForm')).toBeCloseTo(1);
    expect(scene.director.snapshot().emotion).toBe('joy');
  });

  test('the weight scales the way from rest', () => {
    const scene = new Scene();
    scene.director.express('sad', { weight: 0.5 });
    scene.run(1000);
    expect(scene.value('ParamTear')).toBeCloseTo(0.5);
  });

  test('an unknown name is neutral and says so', () => {
    const scene = new Scene();
    scene.director.express('joy');
    scene.run(1000);
    expect(scene.director.express('no such feeling')).toBe(false);
    scene.run(1000);
    expect(scene.director.snapshot().emotion).toBe('neutral');
    expect(scene.value('ParamSparkle')).toBeCloseTo(0);
  });

  test('null is neutral', () => {
    const scene = new Scene();
    scene.director.express('joy');
    expect(scene.director.express(null)).toBe(true);
    expect(scene.director.snapshot().emotion).toBe('neutral');
  });
});

describe('motions', () => {
  test('a wave lifts the hand, ends done and gives the arm back', async () => {
    const scene = new Scene();
    const end = scene.director.move('wave');
    scene.run(1000);
    expect(scene.value('ParamArmRA')).toBeGreaterThan(90);
    expect(scene.director.snapshot().motion).toBe('wave');
    scene.run(2000);
    expect(await end).toBe('done');
    expect(scene.value('ParamArmRA')).toBeCloseTo(parameters.ParamArmRA.rest);
    expect(scene.director.snapshot().motion).toBeNull();
  });

  test('an unknown motion says so', async () => {
    expect(await new Scene().director.move('fly')).toBe('unknown');
  });

  test('the next motion interrupts one of the same priority without a jump', async () => {
    const scene = new Scene();
    const wave = scene.director.move('wave');
    scene.run(1000);
    const before = scene.value('ParamArmRA');
    const nod = scene.director.move('nod');
    expect(await wave).toBe('interrupted');
    scene.run(20);
    expect(Math.abs(scene.value('ParamArmRA') - before)).toBeLessThan(15);
    scene.run(2000);
    expect(await nod).toBe('done');
  });

  test('a lower priority never interrupts', async () => {
    const scene = new Scene();
    void scene.director.move('wave', 'force');
    expect(await scene.director.move('nod', 'normal')).toBe('interrupted');
    expect(await scene.director.move('tilt', 'idle')).toBe('interrupted');
    expect(scene.director.snapshot().motion).toBe('wave');
    void scene.director.move('shake', 'force');
    expect(scene.director.snapshot().motion).toBe('shake');
  });

  test('left alone, the character does something of itself', () => {
    learnReactions();
    const scene = new Scene();
    const seen = new Set<string>();
    scene.run(400_000, () => seen.add(scene.director.snapshot().motion ?? ''));
    expect(seen.size).toBeGreaterThan(2);
  });
});

describe('mouth', () => {
  test('speech beats motions and emotions', () => {
    const scene = new Scene();
    scene.director.express('joy');
    void scene.director.move('bounce');
    scene.director.mouth({ open: 0 });
    scene.run(600);
    expect(scene.value('ParamMouthOpenY')).toBeLessThan(0.02);
    scene.director.mouth({ open: 0.9, form: -1 });
    scene.run(400);
    expect(scene.value('ParamMouthOpenY')).toBeCloseTo(0.9, 1);
    expect(scene.value('ParamMouthRound')).toBeGreaterThan(0.8);
  });

  test('null gives the mouth back to the emotion', () => {
    const scene = new Scene();
    scene.director.express('joy');
    scene.director.mouth({ open: 0 });
    scene.run(500);
    scene.director.mouth(null);
    scene.run(1500);
    expect(scene.value('ParamMouthOpenY')).toBeCloseTo(emotions.joy.ParamMouthOpenY ?? 0, 1);
  });

  test('a neutral mouth is closed after speech', () => {
    const scene = new Scene();
    scene.director.mouth({ open: 1 });
    scene.run(300);
    scene.director.mouth(null);
    scene.run(1500);
    expect(scene.value('ParamMouthOpenY')).toBeLessThan(0.01);
  });
});

describe('surroundings', () => {
  test('the pointer turns head and eyes', () => {
    const scene = new Scene();
    scene.run(1000);
    scene.surroundings?.pointerAt(1, 0);
    scene.run(1500);
    expect(scene.value('ParamAngleX')).toBeGreaterThan(10);
    expect(scene.value('ParamEyeBallX')).toBeGreaterThan(0.5);
    scene.surroundings?.pointerLeft();
    scene.run(2500);
    expect(Math.abs(scene.value('ParamEyeBallX'))).toBeLessThan(0.05);
  });

  test('a touch is answered by a motion, and by a face that passes', () => {
    const scene = new Scene();
    scene.director.react('head', ['nod', 'shy', 0.7]);
    scene.run(900);
    expect(scene.director.snapshot()).toMatchObject({ emotion: 'shy', motion: 'nod' });
    expect(scene.value('ParamCheek')).toBeCloseTo(0.3 + 0.7 * 0.7, 1);
    scene.run(5000);
    expect(scene.director.snapshot()).toMatchObject({ emotion: 'neutral', motion: null });
    expect(scene.value('ParamCheek')).toBeCloseTo(0.3, 1);
  });

  test('a touch leaves the face alone that a publisher asked for', () => {
    const scene = new Scene();
    scene.director.express('sad');
    scene.director.react('head', ['nod', 'shy', 0.7]);
    scene.run(100);
    expect(scene.director.snapshot()).toMatchObject({ emotion: 'sad', motion: 'nod' });
  });

  test('what lies under a point is what the renderer says', () => {
    const scene = new Scene();
    expect(scene.director.areaAt(1, 1)).toBeNull();
    scene.renderer.area = 'head';
    expect(scene.director.areaAt(1, 1)).toBe('head');
  });

  test('left alone it is sleepy where it would be neutral', () => {
    const scene = new Scene();
    scene.director.doze(true);
    scene.run(5000);
    expect(scene.director.snapshot().emotion).toBe('sleepy');
    scene.director.express('joy');
    expect(scene.director.snapshot().emotion).toBe('joy');
    scene.director.express(null);
    expect(scene.director.snapshot().emotion).toBe('sleepy');
    scene.director.doze(false);
    scene.run(1000);
    expect(scene.director.snapshot().emotion).toBe('neutral');
    expect(scene.value('ParamEyeLOpen')).toBeGreaterThan(0.5);
  });

  test('a placement goes to the renderer', () => {
    const scene = new Scene();
    scene.director.place({ x: 0.2, y: 0, scale: 2 });
    expect(scene.renderer.placement).toEqual({ x: 0.2, y: 0, scale: 2 });
    expect(scene.surroundings?.placement()).toEqual({ x: 0.2, y: 0, scale: 2 });
  });

  test('a hidden page draws nothing and goes on where it was', () => {
    const scene = new Scene();
    scene.run(500);
    scene.hidden = true;
    scene.surroundings?.sightChanged();
    const drawn = scene.renderer.steps.length;
    scene.run(3_600_000);
    scene.director.express('joy');
    expect(scene.waiting).toBe(false);
    expect(scene.renderer.steps.length).toBe(drawn);
    scene.hidden = false;
    scene.surroundings?.sightChanged();
    scene.run(100);
    expect(Math.max(...scene.renderer.steps)).toBeLessThanOrEqual(300);
    expect(scene.renderer.steps.length).toBeGreaterThan(drawn);
  });

  test('a still page is drawn seldom, a moving one at every frame', () => {
    const scene = new Scene();
    scene.run(10_000);
    expect(scene.renderer.steps.length).toBeLessThan(80);
    const drawn = scene.renderer.steps.length;
    void scene.director.move('wave');
    scene.run(1000);
    expect(scene.renderer.steps.length - drawn).toBeGreaterThan(55);
  });

  test('with reduced motion head and arms hold still, eyes blink and the mouth speaks', () => {
    const scene = new Scene();
    scene.calm = true;
    scene.run(100);
    const moved = new Set<number>();
    let blinked = false;
    void scene.director.move('bounce');
    scene.surroundings?.pointerAt(1, 1);
    scene.director.mouth({ open: 0.8 });
    scene.run(60_000, () => {
      for (const id of ['ParamAngleX', 'ParamAngleY', 'ParamAngleZ', 'ParamFloat', 'ParamBodyAngleX', 'ParamBreath']) {
        moved.add(scene.value(id));
      }
      blinked ||= scene.value('ParamEyeLOpen') < 0.2;
    });
    expect([...moved]).toEqual([0]);
    expect(blinked).toBe(true);
    expect(scene.value('ParamMouthOpenY')).toBeCloseTo(0.8, 1);
  });

  test('stop ends everything once', async () => {
    const scene = new Scene();
    const wave = scene.director.move('wave');
    scene.run(100);
    scene.director.stop();
    scene.director.stop();
    expect(await wave).toBe('interrupted');
    expect(scene.waiting).toBe(false);
    expect(scene.surroundings).toBeNull();
    expect(scene.renderer).toMatchObject({ mounted: 1, disposed: 1 });
    scene.director.express('joy');
    expect(await scene.director.move('nod')).toBe('interrupted');
    expect(scene.waiting).toBe(false);
  });
});

test.each([Number.NaN, Infinity, -Infinity, 1e308, -5])('hostile numbers (%d) never reach the drawing', (bad) => {
  const scene = new Scene();
  scene.director.express('joy', { weight: bad });
  scene.director.react('head', ['nod', 'shy', bad]);
  scene.director.mouth({ open: bad, form: bad });
  scene.surroundings?.pointerAt(bad, bad);
  scene.run(3000, () => {
    for (const [id, value] of Object.entries(scene.director.snapshot().parameters)) expect(Number.isFinite(value), id).toBe(true);
  });
  expect(scene.value('ParamMouthOpenY')).toBeLessThanOrEqual(1);
});

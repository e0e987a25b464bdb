import { describe, expect, test } from 'vitest';
import type { AvatarRenderer } from '../../src/avatar/avatar';
import { parameters } from '../../src/avatar/parameters';
import { startRepertoire } from '../../src/avatar/repertoire';
import { ManualClock } from '../base/manualclock';
import { settled } from '../settled';
import { FakeActs, FakeRenderer, manifestOf, Scene } from './fakes';

/** A model that takes the part in a scene. */
function model(part: Parameters<typeof manifestOf>[0] = {}, expressions = ['Glasses', 'F05'], motions = ['Tap_0', 'Idle_0']) {
  const scene = new Scene();
  const clock = new ManualClock();
  const own = new FakeActs(expressions, motions);
  const renderer = new FakeRenderer(own);
  const repertoire = startRepertoire(own, manifestOf(part), clock.after);
  scene.run(500);
  const enter = (): void => scene.director.cast(renderer, repertoire);
  return { scene, clock, own, renderer, repertoire, enter };
}

describe('another character', () => {
  test('is drawn before the one before leaves, with its emotion, motion, attention, mouth and place', () => {
    const { scene, renderer, enter } = model();
    scene.director.express('angry');
    void scene.director.move('nod', 'force');
    scene.director.attend('listening');
    scene.director.mouth({ open: 0.8 });
    scene.director.place({ x: 0.1, y: 0, scale: 1.5 });
    scene.run(400);
    const order: string[] = [];
    renderer.step = (dtMs) => {
      order.push('drawn');
      renderer.steps.push(dtMs);
      return false;
    };
    scene.renderer.dispose = () => void order.push('left');
    enter();
    expect(order).toEqual(['drawn', 'left']);
    expect(renderer.mounted).toBe(1);
    expect(renderer.placement).toEqual({ x: 0.1, y: 0, scale: 1.5 });
    expect(renderer.get('ParamMouthOpenY')).toBeCloseTo(0.8, 1);
    expect(renderer.get('ParamBrowLAngle')).toBeCloseTo(-1, 0);
    expect(scene.director.snapshot()).toMatchObject({ emotion: 'angry', motion: 'nod', attending: 'listening' });
    scene.run(1000);
    expect(order.filter((what) => what === 'drawn').length).toBeGreaterThan(20);
    expect(scene.renderer.steps.length).toBeLessThan(200);
  });

  test('that cannot be drawn is disposed of, and the one before plays on', () => {
    const { scene, renderer, own, enter } = model({ emotions: { joy: { expressions: ['F05'] } } });
    scene.director.express('joy');
    renderer.mount = () => {
      throw new Error('no WebGL');
    };
    expect(enter).toThrow('no WebGL');
    expect(renderer.disposed).toBe(1);
    expect(scene.renderer.disposed).toBe(0);
    expect(own.shown).toEqual([]);
    const drawn = scene.renderer.steps.length;
    scene.run(1000);
    expect(scene.renderer.steps.length).toBeGreaterThan(drawn);
    expect(scene.value('ParamMouthForm')).toBeCloseTo(1);
  });

  test('is given only the parameters that it has', () => {
    const { scene, renderer, enter } = model();
    (renderer as { parameters: AvatarRenderer['parameters'] }).parameters = { ParamAngleX: parameters.ParamAngleX };
    enter();
    scene.run(200);
    expect([...renderer.values.keys()]).toEqual(['ParamAngleX']);
  });

  test('comes too late after a stop and is disposed of', () => {
    const { scene, renderer, enter } = model();
    scene.director.stop();
    enter();
    expect(renderer).toMatchObject({ mounted: 0, disposed: 1 });
    expect(scene.waiting).toBe(false);
  });

  test('fifty times in a row leaves one of them', () => {
    const scene = new Scene();
    const all = Array.from({ length: 50 }, () => new FakeRenderer());
    for (const renderer of all) scene.director.cast(renderer);
    scene.run(100);
    expect(all.filter(({ disposed }) => disposed === 0)).toEqual([all.at(-1)]);
    expect(all.every(({ mounted }) => mounted === 1)).toBe(true);
  });
});

describe('a face of a model', () => {
  test('is what the manifest has for the emotion, and none of ours lies over it', () => {
    const { scene, own, renderer, enter } = model({ emotions: { joy: { expressions: ['f05'], parameters: { ParamHairStyle: 1 } } } });
    enter();
    expect(scene.director.express('happy', { weight: 0.5 })).toBe(true);
    scene.run(2000);
    expect(own.shown.map((name) => name.toLowerCase())).toEqual(['f05']);
    expect([own.weight, own.held]).toEqual([0.5, { ParamHairStyle: 1 }]);
    expect(renderer.get('ParamMouthForm')).toBeCloseTo(parameters.ParamMouthForm.rest);
    expect(scene.director.snapshot().emotion).toBe('joy');
    scene.director.express(null);
    expect([own.shown, own.held]).toEqual([[], {}]);
  });

  test('is made of standard parameters where the manifest has none', () => {
    const { scene, own, renderer, enter } = model({ emotions: { joy: { expressions: ['gone'] } } });
    enter();
    expect(scene.director.express('joy')).toBe(true);
    scene.run(2000);
    expect(own.shown).toEqual([]);
    expect(renderer.get('ParamMouthForm')).toBeCloseTo(1);
  });

  test('by the name of an expression of its own is that one, in any case', () => {
    const { scene, own, enter } = model();
    enter();
    expect(scene.director.express(' glasses ')).toBe(true);
    expect(own.shown).toEqual(['Glasses']);
    expect(scene.director.express('no such thing')).toBe(false);
    expect(own.shown).toEqual([]);
  });

  test('that a publisher asks for by name comes before the emotion of that name, and at a reply the emotion does', () => {
    const { scene, own, enter } = model({ emotions: { angry: { expressions: ['F05'] } } }, ['angry', 'F05']);
    enter();
    scene.director.express('angry', { worn: 'angry' });
    expect(own.shown).toEqual(['angry']);
    scene.director.express('angry', { worn: null });
    expect(own.shown).toEqual(['F05']);
  });

  test('that a publisher asked for stays on below the emotions of replies', () => {
    const { scene, own, enter } = model({ emotions: { joy: { expressions: ['F05'] } } });
    enter();
    scene.director.express('glasses', { worn: 'glasses' });
    scene.director.express('joy', { worn: 'glasses' });
    expect(own.shown).toEqual(['F05', 'Glasses']);
    scene.director.express('sad', { worn: 'glasses' });
    expect(own.shown).toEqual(['Glasses']);
    scene.director.express(null);
    expect(own.shown).toEqual([]);
  });

  test('brings its motion, which waits for none that a publisher asked for', async () => {
    const { scene, own, enter } = model({ emotions: { joy: { motion: 'Tap_0' } } });
    enter();
    scene.director.express('joy');
    expect(own.playing?.name).toBe('Tap_0');
    own.end('done');
    await settled();
    scene.director.express(null);
    void scene.director.move('nod');
    scene.director.express('joy');
    expect(own.playing).toBeNull();
    expect(scene.director.snapshot().motion).toBe('nod');
  });

  test('goes on when the model comes', () => {
    const { scene, own, enter } = model({ emotions: { joy: { expressions: ['F05'], motion: 'Tap_0' } } });
    scene.director.express('joy');
    enter();
    expect(own.shown).toEqual(['F05']);
    expect(own.playing).toBeNull();
  });
});

describe('a motion of a model', () => {
  test('plays by its name in any case, alone, and ends as the model says', async () => {
    const { scene, own, enter } = model();
    enter();
    const end = scene.director.move('tap_0');
    expect(own.playing).toMatchObject({ name: 'Tap_0', priority: 'normal' });
    expect(scene.director.snapshot().motion).toBe('Tap_0');
    own.end('done');
    expect(await end).toBe('done');
    expect(scene.director.snapshot().motion).toBeNull();
  });

  test('and one of ours interrupt each other by their priority', async () => {
    const { scene, own, enter } = model();
    enter();
    const tap = scene.director.move('Tap_0', 'force');
    expect(await scene.director.move('nod')).toBe('interrupted');
    expect(own.playing?.name).toBe('Tap_0');
    const shake = scene.director.move('shake', 'force');
    expect(await tap).toBe('interrupted');
    expect(own.playing).toBeNull();
    expect(await scene.director.move('Tap_0', 'normal')).toBe('interrupted');
    void scene.director.move('Tap_0', 'force');
    expect(await shake).toBe('interrupted');
    expect(own.playing?.name).toBe('Tap_0');
    scene.director.rest();
    expect(own.playing).toBeNull();
  });

  test('stands for a motion of ours where the manifest says so, by its aliases too', async () => {
    const { scene, own, enter } = model({ gestures: { wave: { motion: 'Tap_0', expressions: ['F05'] } } });
    enter();
    const end = scene.director.move('hello');
    expect(own.playing?.name).toBe('Tap_0');
    expect(own.shown).toEqual(['F05']);
    own.end('done');
    expect(await end).toBe('done');
    expect(own.shown).toEqual([]);
  });

  test('may be expressions alone, for their time', async () => {
    const { scene, clock, own, enter } = model({ gestures: { wave: { expressions: ['F05'] } } });
    enter();
    const end = scene.director.move('wave');
    expect(own.shown).toEqual(['F05']);
    clock.advance(10_000);
    expect(await end).toBe('done');
    expect(own.shown).toEqual([]);
  });

  test('that fails is unknown, and the next one plays', async () => {
    const { scene, own, enter } = model();
    enter();
    const end = scene.director.move('Tap_0');
    own.end('unknown');
    expect(await end).toBe('unknown');
    void scene.director.move('nod');
    expect(scene.director.snapshot().motion).toBe('nod');
    expect(await scene.director.move('no such motion')).toBe('unknown');
  });

  test('of its own idles: none of ours are added', () => {
    const { scene, enter } = model({ idle: ['idle_0'] });
    enter();
    const seen = new Set<string | null>();
    scene.run(400_000, () => seen.add(scene.director.snapshot().motion));
    expect([...seen]).toEqual([null]);
  });

  test('ends with the model that plays it', async () => {
    const { scene, own, enter } = model();
    enter();
    const end = scene.director.move('Tap_0', 'force');
    scene.director.cast(new FakeRenderer());
    expect(await end).toBe('interrupted');
    expect(own.playing).toBeNull();
    void scene.director.move('nod');
    expect(scene.director.snapshot().motion).toBe('nod');
  });
});

test('a touch does what the manifest says for the area', () => {
  const { scene, own, enter } = model({ touches: { Body: { motion: 'Tap_0', expressions: ['F05'] } } });
  enter();
  scene.director.react('body', ['nod', 'joy', 1]);
  expect(own.playing?.name).toBe('Tap_0');
  expect(scene.director.snapshot().emotion).toBe('neutral');
  scene.director.react('head', ['nod', 'shy', 1]);
  expect(scene.director.snapshot()).toMatchObject({ motion: 'nod', emotion: 'shy' });
});

test('a trial lies over all faces until it ends', () => {
  const { scene, own, repertoire, enter } = model({ emotions: { joy: { expressions: ['F05'] } } });
  enter();
  repertoire.try({ expressions: ['Glasses'], parameters: { ParamX: 2 } });
  scene.director.express('joy');
  expect([own.shown, own.held]).toEqual([['Glasses'], { ParamX: 2 }]);
  repertoire.try(null);
  expect([own.shown, own.held]).toEqual([['F05'], {}]);
});

test('a model that swings is drawn at 30 frames a second, at most 60 while it moves, and seldom when it is still', () => {
  const { scene, renderer, enter } = model();
  enter();
  renderer.swings = true;
  scene.run(2000);
  const count = (ms: number): number => {
    const before = renderer.steps.length;
    scene.run(ms);
    return renderer.steps.length - before;
  };
  const idle = count(5000);
  expect(idle).toBeGreaterThan(120);
  expect(idle).toBeLessThan(165);
  void scene.director.move('wave');
  const moving = count(1000);
  expect(moving).toBeGreaterThan(55);
  expect(moving).toBeLessThan(65);
  renderer.swings = false;
  scene.run(4000);
  expect(count(5000)).toBeLessThan(60);
});

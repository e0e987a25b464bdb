import { describe, expect, test } from 'vitest';
import { Scene } from './fakes';

/** A character without its small movements of chance: what is left is attention. */
function attending(to: Parameters<Scene['director']['attend']>[0], ms: number, prepare: (scene: Scene) => void = () => {}): Scene {
  const scene = new Scene();
  prepare(scene);
  scene.director.attend(to);
  scene.run(ms);
  return scene;
}

describe('attention', () => {
  test('listening tilts the head and nods now and then', () => {
    const scene = attending('listening', 1_000);
    expect(scene.value('ParamBrowLY')).toBeCloseTo(0.3, 1);
    const before = scene.value('ParamAngleY');
    let lowest = 0;
    scene.run(3_000, () => (lowest = Math.min(lowest, scene.value('ParamAngleY') - before)));
    expect(lowest).toBeLessThan(-3);
    expect(scene.director.snapshot().attending).toBe('listening');
  });

  test('a listener looks at who speaks, not at the pointer', () => {
    const scene = attending('listening', 1_000, (page) => page.run(10));
    scene.surroundings?.pointerAt(1, 1);
    scene.run(600);
    expect(Math.abs(scene.value('ParamEyeBallX'))).toBeLessThan(0.2);
    scene.director.attend('idle');
    scene.surroundings?.pointerAt(1, 1);
    scene.run(1_000);
    expect(scene.value('ParamEyeBallX')).toBeGreaterThan(0.5);
  });

  test('thinking looks up, and does something about it from a second and a half on', () => {
    const scene = attending('thinking', 1_400);
    expect(scene.value('ParamEyeBallY')).toBeGreaterThan(0.6);
    expect(scene.director.snapshot().motion).toBeNull();
    scene.run(400);
    expect(scene.director.snapshot().motion).toBe('ponder');
    scene.director.attend('speaking');
    scene.run(1_200);
    expect(scene.director.snapshot().motion).toBeNull();
    expect(Math.abs(scene.value('ParamEyeBallY'))).toBeLessThan(0.1);
  });

  test('a motion that was asked for is not disturbed', async () => {
    const scene = new Scene();
    scene.director.attend('thinking');
    scene.run(1_000);
    const wave = scene.director.move('wave');
    scene.run(2_400);
    expect(await wave).toBe('done');
  });

  test('an emotion and the lips come first', () => {
    const calm = attending('thinking', 1_000).value('ParamEyeBallY');
    const sad = attending('thinking', 1_000, (scene) => scene.director.express('angry')).value('ParamEyeBallY');
    const speaks = attending('thinking', 1_000, (scene) => scene.director.mouth({ open: 0.5 })).value('ParamEyeBallY');
    expect(sad).toBeLessThan(calm * 0.6);
    expect(speaks).toBeLessThan(calm * 0.2);
  });

  test('with reduced motion only eyes and brows move', () => {
    const scene = new Scene();
    scene.calm = true;
    scene.director.attend('thinking');
    scene.run(4_000);
    expect(scene.value('ParamEyeBallY')).toBeGreaterThan(0.6);
    expect([scene.value('ParamAngleX'), scene.value('ParamAngleY'), scene.value('ParamArmRA')]).toEqual([0, 0, 16]);
    expect(scene.director.snapshot().motion).toBeNull();
  });
});

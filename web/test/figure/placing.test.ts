import { describe, expect, it } from 'vitest';
import type { Placement } from '../../src/avatar/manifest';
import { startPlacing } from '../../src/figure/placing';
import type { Wishes } from '../../src/figure/placement';

function placed(wishes: Partial<Wishes> = {}, kept = new Map<string, string>(), view = 'stage') {
  const places: Placement[] = [];
  const boxes = {
    stage: { left: 0, width: 1600, height: 1000, bottom: 1000 }, host: { left: 600, width: 400, height: 900, bottom: 1000 },
  };
  const placing = startPlacing({
    view, wishes: { avatar: null, ...wishes },
    storage: { read: (key) => kept.get(key) ?? null, write: (key, value) => void kept.set(key, value) },
    boxes: () => boxes,
    director: { place: (placement) => void places.push(placement) },
  });
  return { placing, places, kept, boxes };
}

describe('the place of a character', () => {
  it('is kept for each avatar and view', () => {
    const { placing, places, kept } = placed();
    placing.enter('hiyori', null);
    placing.move(100, -50);
    expect(places.at(-1)).toEqual({ x: 0.1, y: 0.05, scale: 1 });
    expect(placing.of('mao', null)).toEqual({ x: 0, y: 0, scale: 1 });
    const again = placed({}, kept).placing;
    again.enter('hiyori', null);
    expect(again.now()).toEqual({ x: 0.1, y: 0.05, scale: 1 });
    expect(placed({}, kept, 'obs').placing.of('hiyori', null)).toEqual({ x: 0, y: 0, scale: 1 });
  });

  it('is that of its author until the user moves it, and again after a reset', () => {
    const { placing, places, kept } = placed();
    const own = { x: 0.2, y: 0, scale: 1.5 };
    expect(placing.of('hiyori', own)).toEqual(own);
    placing.enter('hiyori', own);
    placing.scale(2, null);
    expect(placing.of('hiyori', own).scale).toBe(3);
    placing.reset();
    expect(places.at(-1)).toEqual(own);
    expect(placed({}, kept).placing.of('hiyori', own)).toEqual(own);
  });

  it('is that of the address, which keeps nothing', () => {
    const kept = new Map([['kotodama.place.stage.hiyori', '{"x":1,"y":0,"scale":2}']]);
    const { placing, places } = placed({ x: 0.3, scale: 2 }, kept);
    expect(placing.of('hiyori', { x: 0, y: 0.1, scale: 1 })).toEqual({ x: 0.3, y: 0.1, scale: 2 });
    placing.enter('hiyori', null);
    placing.move(100, 0);
    expect(places.at(-1)?.x).toBeCloseTo(0.4);
    expect(kept.get('kotodama.place.stage.hiyori')).toBe('{"x":1,"y":0,"scale":2}');
  });

  it('is scaled about the pointer', () => {
    const { placing } = placed();
    placing.enter('koto', null);
    // 200 pixels beside the middle of the host, and 500 above its lower edge.
    placing.scale(2, { x: 1000, y: 500 });
    expect(placing.now()).toEqual({ x: -0.2, y: -0.5, scale: 2 });
  });

  it('is in sight in a smaller window too, and as before in the larger one', () => {
    const kept = new Map([['kotodama.place.stage.hiyori', '{"x":0.7,"y":0,"scale":1}']]);
    const { placing, places, boxes } = placed({}, kept);
    placing.enter('hiyori', null);
    expect(placing.now().x).toBe(0.7);
    // A phone, turned upright.
    boxes.stage = { left: 0, width: 400, height: 1000, bottom: 1000 };
    boxes.host = { left: 50, width: 300, height: 400, bottom: 1000 };
    placing.fit();
    expect(places.at(-1)!.x).toBeCloseTo(0.2 + 0.06 * 0.4);
    expect(placing.of('hiyori', null).x).toBeCloseTo(0.2 + 0.06 * 0.4);
    expect(placing.of('mao', { x: 5, y: -5, scale: 1 })).toMatchObject({ y: -0.8 * 0.4 });
    boxes.stage = { left: 0, width: 1600, height: 1000, bottom: 1000 };
    boxes.host = { left: 600, width: 400, height: 900, bottom: 1000 };
    placing.fit();
    expect(places.at(-1)!.x).toBe(0.7);
  });

  it('is kept where the stage is not to be seen', () => {
    const { placing, boxes } = placed();
    boxes.host = { left: 0, width: 0, height: 0, bottom: 0 };
    expect(placing.of('hiyori', { x: 1, y: 0, scale: 1 })).toEqual({ x: 1, y: 0, scale: 1 });
  });
});

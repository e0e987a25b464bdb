import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AvatarRenderer } from '../../../src/avatar/avatar';
import { emotions } from '../../../src/avatar/emotions';
import { parameters } from '../../../src/avatar/parameters';
import { createKoto } from '../../../src/avatar/vector/koto';
import { choices, colourNames } from '../../../src/avatar/vector/look';
import { createDrawn, lookOf, readLook, type Look } from '../../../src/avatar/vector/looks';
import { lightness } from '../../../src/avatar/vector/shade';
import { tones } from '../../../src/avatar/vector/tones';
import { Tree, type Node } from './tree';

let tree: Tree;
beforeEach(() => {
  tree = new Tree();
  vi.stubGlobal('document', tree);
});
afterEach(() => void vi.unstubAllGlobals());

type Pose = Readonly<Record<string, number>>;

function mount(avatar: AvatarRenderer): { readonly host: Node; readonly svg: Node } {
  const host = tree.createElement('div');
  avatar.mount(host as unknown as HTMLElement);
  return { host, svg: [...host.all()].find(({ name }) => name === 'svg')! };
}

function strike(avatar: AvatarRenderer, pose: Pose, seconds = 2): void {
  for (const [id, value] of Object.entries(pose)) avatar.set(id, value);
  for (let i = 0; i < seconds * 10; i++) avatar.step(100);
}

/** The drawing after two seconds in a pose. */
function draw(look: Look, pose: Pose = {}): Node {
  const avatar = createDrawn(look, 'it');
  const { svg } = mount(avatar);
  strike(avatar, pose);
  return svg;
}

const values = (svg: Node): readonly string[] => [...svg.all()].flatMap(({ attributes }) => attributes.map(([, value]) => value));
const colours = (svg: Node): ReadonlySet<string> => new Set(values(svg).filter((value) => /^#[0-9a-f]{6}$/.test(value)));
const text = (svg: Node): string => values(svg).join(' ');
const looks = (['koto', 'kitsu', 'nagi'] as const).map((base) => [base, lookOf(base)] as const);

/** Every way to choose one thing differently. */
const variants: readonly (readonly [string, Look])[] = looks.flatMap(([base, look]) => Object.entries(choices)
  .flatMap(([name, among]) => among.map((choice) => [`${base} with ${name} ${choice}`, { ...look, [name]: choice }] as const)));

describe('a drawn character', () => {
  test('that looks like Koto is Koto', () => {
    const koto = createKoto('it');
    const { svg } = mount(koto);
    strike(koto, emotions.joy);
    expect(text(draw(lookOf('koto'), emotions.joy))).toBe(text(svg));
  });

  test.each(looks)('%s differs from the others in lines and colours', (base, look) => {
    for (const [other, compared] of looks) {
      if (other === base) continue;
      const theirs = new Set(values(draw(compared)).filter((value) => value.startsWith('M')));
      const mine = values(draw(look)).filter((value) => value.startsWith('M'));
      expect(mine.filter((d) => !theirs.has(d)).length).toBeGreaterThan(20);
      expect(colours(draw(look))).not.toEqual(colours(draw(compared)));
    }
  });

  test.each(variants)('%s is drawn with finite numbers in every emotion and at every limit', (_, look) => {
    const avatar = createDrawn(look, 'it');
    const { svg } = mount(avatar);
    const limits = (which: 'min' | 'max'): Pose => Object.fromEntries(Object.entries(parameters).map(([id, range]) => [id, range[which]]));
    for (const pose of [limits('min'), limits('max'), emotions.sad, emotions.fun]) {
      strike(avatar, pose, 0.4);
      expect(text(svg)).not.toMatch(/NaN|undefined|Infinity/);
    }
    avatar.step(3_600_000);
    avatar.step(Number.NaN);
    expect(text(svg)).not.toMatch(/NaN|undefined|Infinity/);
  });

  test.each(variants)('%s keeps its gradients and clips within its prefix, and has all that it refers to', (_, look) => {
    const svg = draw(look);
    const ids = new Set([...svg.all()].map(({ id }) => id).filter((id) => id !== ''));
    for (const id of ids) expect(id).toMatch(/^it-/);
    for (const [, id] of text(svg).matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(id);
  });

  test.each(looks)('%s stands, is told where, and leaves nothing behind', (_, look) => {
    const avatar = createDrawn(look);
    avatar.place({ x: 0.25, y: 0.1, scale: 2 });
    const { host, svg } = mount(avatar);
    expect(svg.style).toMatchObject({ width: '200%', height: '200%', transform: 'translate(-50cqw,-100cqh)translate(25dvh,-10dvh)' });
    expect(svg.parent!.style['cssText']).toContain('container-type:size');
    avatar.place({ x: 0, y: 0, scale: 1 });
    expect(svg.style).toMatchObject({ width: '100%', height: '100%', transform: 'translate(0cqw,0cqh)translate(0dvh,0dvh)' });
    avatar.dispose();
    expect(host.children).toEqual([]);
    expect(() => avatar.place({ x: 1, y: 1, scale: 3 })).not.toThrow();
  });

  test.each(looks)('%s is touched at head, face and body, and beside them nowhere', (_, look) => {
    const avatar = createDrawn(look);
    const { host, svg } = mount(avatar);
    avatar.step(16);
    const areas = new Set([...svg.all()].map((node) => {
      tree.under = node;
      return avatar.hitTest(1, 1);
    }));
    expect(areas).toEqual(new Set(['head', 'face', 'body', null]));
    tree.under = host;
    expect(avatar.hitTest(1, 1)).toBeNull();
    // Something else lies over the character: a button, for example.
    const button = tree.createElement('button');
    button.setAttribute('data-area', 'head');
    tree.under = button;
    expect(avatar.hitTest(1, 1)).toBeNull();
  });
});

describe('feelings', () => {
  /** The outline of a part. */
  const partOf = (svg: Node, name: string): Node => [...svg.all()].find((node) => node.getAttribute('data-part') === name)!.children[0]!;

  /** How far down the highest point of an ear is. */
  const height = (look: Look, pose: Pose): number => {
    const numbers = (partOf(draw(look, pose), 'ears').getAttribute('d')!.match(/-?[\d.]+/g) ?? []).map(Number);
    return Math.min(...numbers.filter((_, i) => i % 2 === 1));
  };

  test.each(['fox', 'cat'] as const)('show in the ears of a %s', (ears) => {
    const look = { ...lookOf('kitsu'), ears };
    const calm = height(look, {});
    expect(height(look, { ParamAhoge: -1 })).toBeGreaterThan(calm + 20);
    expect(height(look, { ParamAnger: 1 })).toBeGreaterThan(calm + 8);
    expect(height(look, { ParamAhoge: 1 })).toBeLessThan(calm + 4);
  });

  test('let the tail wag, and ask for frames as long as it does', () => {
    const avatar = createDrawn(lookOf('kitsu'));
    const { svg } = mount(avatar);
    strike(avatar, {}, 6);
    expect(avatar.step(16)).toBe(false);
    strike(avatar, { ParamSparkle: 1 });
    const tail = partOf(svg, 'tail');
    const before = tail.getAttribute('d');
    expect(avatar.step(100)).toBe(true);
    expect(tail.getAttribute('d')).not.toBe(before);
    strike(avatar, { ParamSparkle: 0 }, 8);
    expect(avatar.step(16)).toBe(false);
  });
});

describe('colours', () => {
  test('that a look may change are all in the drawing, so that none is dyed in vain', () => {
    const drawn = new Set([...colours(draw(lookOf('koto'))), ...looks.flatMap(([, look]) => values(draw(look)))]);
    const unused = Object.entries(tones).filter(([, tone]) => !drawn.has(tone) && !text(draw(lookOf('koto'))).includes(tone));
    expect(unused.map(([name]) => name)).toEqual([]);
  });

  test.each(colourNames)('%s changes the figure of Koto, and nothing that has to do with another colour', (name) => {
    const svg = draw({ ...lookOf('koto'), colours: { [name]: '#12a05e' } });
    const plain = values(draw(lookOf('koto')));
    const changed = values(svg).filter((value, i) => value !== plain[i]);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every((value) => /^#[0-9a-f]{6}$/.test(value))).toBe(true);
    if (name !== 'skin') expect(colours(svg)).toContain(tones.skinShade);
    if (name !== 'dress') expect(colours(svg)).toContain(tones.clothLine);
  });

  test('of hair are followed by tips, shade and shine, which a look may name as well', () => {
    const dark = draw(readLook({ hair: '#1d1a24' }));
    const shine = [...dark.all()].find((node) => node.getAttribute('opacity') === '0.75' && node.name === 'path');
    expect(shine).toBeDefined();
    expect(text(dark)).not.toContain('#8af0ea');
    expect(text(draw(readLook({ hair: '#1d1a24', hairTips: '#ff3366' })))).toContain('#ff3366');
    expect(text(draw(readLook({ hair: '#1d1a24', hairShine: '#ffcc00' })))).toContain('#ffcc00');
  });

  test.each(['#000000', '#ffffff', '#ff00ff', '#7a7a7a'])('of any kind keep lines darker than what they are around: %s', (colour) => {
    const all = Object.fromEntries(colourNames.map((name) => [name, colour]));
    const stroke = (node: Node): string | null => node.getAttribute('stroke');
    for (const [base] of looks) {
      const svg = draw(readLook({ base, ...all }));
      const hair = [...svg.all()].find((node) => node.getAttribute('fill')?.endsWith('-backHair)') && stroke(node) !== null)!;
      expect(lightness(stroke(hair)!)).toBeLessThanOrEqual(Math.max(0.001, lightness(colour) * 0.75));
    }
  });
});

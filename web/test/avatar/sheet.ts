import { emotions, type Emotion } from '../../src/avatar/emotions';
import { Expression } from '../../src/avatar/expression';
import { MotionPlayer } from '../../src/avatar/motionplayer';
import { motions, type MotionName } from '../../src/avatar/motions';
import type { ParameterId, Pose } from '../../src/avatar/parameters';
import { learnReactions } from '../../src/avatar/reactions';
import { createDrawn, lookOf, readLook, type Look } from '../../src/avatar/vector/looks';

declare global {
  interface Window {
    /** Draws one picture of the character for each cell, `width` pixels wide. A browser test or a person calls it. */
    showSheet(cells: readonly Cell[], columns: number, width: number): void;
  }
}

interface Cell {
  readonly label: string;
  readonly look?: Look;
  readonly emotion?: Emotion;
  readonly pose?: Pose;
  /** A moment of a motion. */
  readonly motion?: { readonly name: MotionName; readonly ms: number };
  readonly dark?: boolean;
  /** Height for each pixel of width. */
  readonly shape?: number;
}

learnReactions();

window.showSheet = (cells, columns, width) => {
  document.body.replaceChildren();
  Object.assign(document.body.style, {
    margin: '0', display: 'grid', gridTemplateColumns: `repeat(${columns}, ${width}px)`, font: width < 300 ? '10.5px sans-serif' : '12px sans-serif',
  });
  cells.forEach((cell, i) => showCell(cell, `cell${i}`, width));
};

function showCell({ label, look = lookOf('koto'), emotion = 'neutral', pose = {}, motion, dark = false, shape = 1.3 }: Cell,
  prefix: string, width: number): void {
  const frame = document.createElement('div');
  Object.assign(frame.style, {
    width: `${width}px`, height: `${Math.round(width * shape)}px`, position: 'relative', overflow: 'hidden',
    background: dark ? '#1d1b2e' : '#f4f5fb', color: dark ? '#fff' : '#000',
  });
  const text = document.createElement('div');
  text.textContent = label;
  Object.assign(text.style, { position: 'absolute', left: '4px', top: '2px' });
  const host = document.createElement('div');
  Object.assign(host.style, { position: 'absolute', inset: width < 100 ? '0' : '18px 8px 6px' });
  frame.append(host, text);
  document.body.append(frame);

  const avatar = createDrawn(look, prefix);
  avatar.mount(host);
  const expression = new Expression();
  expression.show(emotion, 1, 1, Infinity);
  const player = new MotionPlayer();
  if (motion) void player.play(motion.name, 'force');
  // In steps, so that hair and cloth show how they follow.
  const stepMs = motion ? 40 : 200;
  for (let ms = 0; ms < (motion?.ms ?? 4000); ms += stepMs) {
    player.step(stepMs);
    const values: Record<ParameterId, number> = { ...expression.step(1000), ...pose };
    player.apply(values, 1);
    for (const [id, value] of Object.entries(values)) avatar.set(id, value);
    avatar.step(stepMs);
  }
}

const bases = ['koto', 'kitsu', 'nagi'] as const;
const names = { koto: 'Koto', kitsu: 'Kitsu', nagi: 'Nagi' };
const looks = bases.map(lookOf);
const talking: Pose = { ParamMouthOpenY: 0.6, ParamVoice: 1, ParamMouthForm: 0.6 };

/** Looks that users might write: each names few colours. */
const own: readonly (readonly [label: string, look: object])[] = [
  ['koto, hair #3b3a44, eyes #c2405a', { base: 'koto', hair: '#3b3a44', eyes: '#c2405a' }],
  ['koto, cat, hair #f2c9dd, eyes #4d8f6f', { base: 'koto', ears: 'cat', tail: 'cat', hair: '#f2c9dd', eyes: '#4d8f6f' }],
  ['kitsu, hair #e9ecf5, eyes #d24b4b, dress #2d2a3e', { base: 'kitsu', hair: '#e9ecf5', eyes: '#d24b4b', dress: '#2d2a3e' }],
  ['nagi, hair #5a3d2e, skin #c98f6b, dress #e7d3a8', { base: 'nagi', hair: '#5a3d2e', skin: '#c98f6b', dress: '#e7d3a8' }],
];

const sheets: Readonly<Record<string, () => void>> = {
  /** The one of the documentation. */
  looks: () => window.showSheet([
    ...looks.map((look) => ({ label: names[look.base], look, shape: 1.25 })),
    ...looks.map((look, i) => ({
      label: '', look, shape: 1.25, emotion: (['joy', 'smug', 'sleepy'] as const)[i]!, dark: true,
    })),
    ...own.slice(1).map(([label, look]) => ({ label, look: readLook(look), shape: 1.25 })),
  ], 3, 260),
  figures: () => window.showSheet(looks.map((look) => ({ label: names[look.base], look })), 3, 520),
  emotions: () => window.showSheet(
    looks.flatMap((look) => (Object.keys(emotions) as Emotion[]).map((emotion) => ({ label: emotion, look, emotion }))), 11, 200),
  poses: () => window.showSheet(looks.flatMap((look) => [
    { label: 'wave', look, motion: { name: 'wave', ms: 800 } as const },
    { label: 'stretch', look, motion: { name: 'stretch', ms: 1500 } as const },
    { label: 'blink', look, pose: { ParamEyeLOpen: 0.25, ParamEyeROpen: 0 } },
    { label: 'talk', look, pose: talking },
    { label: 'left', look, pose: { ...talking, ParamAngleX: -30, ParamAngleY: 10, ParamBodyAngleX: -8 } },
    { label: 'right', look, pose: { ParamAngleX: 30, ParamAngleY: -12, ParamAngleZ: 14, ParamBodyAngleZ: 6 } },
    {
      label: 'tilted', look, dark: true, pose: { ParamAngleZ: -26, ParamBodyAngleZ: -8, ParamAngleX: 12, ParamEyeBallX: 1, ParamEyeBallY: 1 },
    },
    { label: 'up', look, dark: true, pose: { ParamAngleY: 28, ParamMouthOpenY: 0.5, ParamMouthRound: 1, ParamFloat: 1 } },
  ]), 8, 240),
  motions: () => window.showSheet(looks.flatMap((look) => (Object.keys(motions) as MotionName[]).flatMap((name) =>
    [0.25, 0.55].map((part) => ({ label: `${name} ${part}`, look, motion: { name, ms: motions[name].durationMs * part } })))), 14, 140),
  own: () => window.showSheet(own.map(([label, look]) => ({ label, look: readLook(look) })), 4, 360),
  small: () => window.showSheet([64, 64, 64].flatMap((_, i) => looks.map((look) => ({
    label: '', look, dark: i === 1, emotion: i === 2 ? 'joy' as const : 'neutral' as const,
  }))), 9, 64),
  heads: () => window.showSheet(looks.map((look) => ({ label: '', look, shape: 1 })), 3, 900),
};

sheets[location.hash.slice(1)]?.();

import type { Emotion } from '../../src/avatar/emotions';
import { Expression } from '../../src/avatar/expression';
import { MotionPlayer } from '../../src/avatar/motionplayer';
import type { MotionName } from '../../src/avatar/motions';
import type { ParameterId, Pose } from '../../src/avatar/parameters';
import { createKoto } from '../../src/avatar/vector/koto';

declare global {
  interface Window {
    /** Draws one picture of the character for each cell, `width` pixels wide. A browser test or a person calls it. */
    showSheet(cells: readonly Cell[], columns: number, width: number): void;
  }
}

interface Cell {
  readonly label: string;
  readonly emotion?: Emotion;
  readonly pose?: Pose;
  /** A moment of a motion. */
  readonly motion?: { readonly name: MotionName; readonly ms: number };
  readonly dark?: boolean;
}

window.showSheet = (cells, columns, width) => {
  document.body.replaceChildren();
  Object.assign(document.body.style, {
    margin: '0', display: 'grid', gridTemplateColumns: `repeat(${columns}, ${width}px)`, font: '12px sans-serif',
  });
  cells.forEach((cell, i) => showCell(cell, `cell${i}`, width));
};

function showCell({ label, emotion = 'neutral', pose = {}, motion, dark = false }: Cell, prefix: string, width: number): void {
  const frame = document.createElement('div');
  Object.assign(frame.style, {
    width: `${width}px`, height: `${Math.round(width * 1.3)}px`, position: 'relative', overflow: 'hidden',
    background: dark ? '#1d1b2e' : '#f4f5fb', color: dark ? '#fff' : '#000',
  });
  const text = document.createElement('div');
  text.textContent = label;
  Object.assign(text.style, { position: 'absolute', left: '4px', top: '2px' });
  const host = document.createElement('div');
  Object.assign(host.style, { position: 'absolute', inset: '8px' });
  frame.append(host, text);
  document.body.append(frame);

  const avatar = createKoto(prefix);
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

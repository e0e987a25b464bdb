import { emotions } from '../../src/avatar/emotions';
import { createKoto } from '../../src/avatar/vector/koto';

declare global {
  interface Window {
    pose(cells: readonly Cell[], columns: number, width: number): void;
  }
}

/** One picture of the contact sheet. */
interface Cell {
  readonly label: string;
  readonly emotion?: keyof typeof emotions;
  readonly pose?: Readonly<Record<string, number>>;
  readonly dark?: boolean;
}

window.pose = (cells, columns, width) => {
  document.body.replaceChildren();
  Object.assign(document.body.style, { margin: '0', display: 'grid', gridTemplateColumns: `repeat(${columns}, ${width}px)`, font: '12px sans-serif' });
  cells.forEach(({ label, emotion = 'neutral', pose = {}, dark }, i) => {
    const cell = document.createElement('div');
    Object.assign(cell.style, { width: `${width}px`, height: `${Math.round(width * 1.3)}px`, background: dark ? '#1d1b2e' : '#f4f5fb', color: dark ? '#fff' : '#000', position: 'relative', overflow: 'hidden' });
    const text = document.createElement('div');
    text.textContent = label;
    Object.assign(text.style, { position: 'absolute', left: '4px', top: '2px' });
    const host = document.createElement('div');
    Object.assign(host.style, { position: 'absolute', inset: '8px' });
    cell.append(host, text);
    document.body.append(cell);
    const avatar = createKoto(`k${i}`);
    avatar.mount(host);
    for (const [id, value] of Object.entries({ ...emotions[emotion], ...pose })) avatar.set(id, value);
    for (let n = 0; n < 20; n++) avatar.step(200);
  });
};

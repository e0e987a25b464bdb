import { clean } from '../base/text';
import { historyLimit } from './replies';
import type { HistoryEntry, Scene } from './scene';

/** What the user or the character said in a conversation, as the companion has stored it. */
export interface ConversationLine {
  /** Unix milliseconds. */
  readonly at: number;
  readonly user: boolean;
  readonly text: string;
  readonly interrupted: boolean;
}

/** What was sent here comes back from the companion within this. */
const echoWithin = 60_000;

/** Clocks of a page and a companion, and the time a reply takes, may lie this far apart. */
const sameWithin = 600_000;

/** The user said something, here or on another page. */
export function takeSaid(scene: Scene, text: string, sent: boolean, at: number): Scene {
  const words = clean(text).trim();
  if (words === '') return scene;
  const waiting = sent ? [] : scene.history.filter((entry) => entry.id === pending && at - entry.at < echoWithin);
  // Texts that were sent fast become one turn of the companion.
  const echoed = waiting.filter((entry) => entry.text === words).slice(0, 1);
  const joined = echoed.length > 0 ? echoed : waiting.filter((entry) => words.includes(entry.text));
  const [first] = joined;
  if (first !== undefined) {
    const others = scene.history.filter((entry) => entry === first || !joined.includes(entry));
    const history = others.map((entry) => (entry === first ? { ...first, id: null, text: words } : entry));
    return { ...scene, history };
  }
  const entry: HistoryEntry = { key: scene.nextKey, id: sent ? pending : null, text: words, at, lang: null, origin: null, from: 'user' };
  return { ...scene, nextKey: scene.nextKey + 1, history: [...scene.history, entry].slice(-historyLimit) };
}

/** The last reply was cut short by the user. */
export function interruptLast(scene: Scene): Scene {
  const last = lastIndex(scene.history, ({ from }) => from !== 'user');
  const entry = scene.history[last];
  if (entry === undefined || entry.heard !== undefined) return scene;
  const heard = scene.uttered !== null && scene.uttered.reply === entry.id ? pastBlanks(entry.text, scene.uttered.chars) : 0;
  return { ...scene, history: changed(scene.history, last, { heard }) };
}

/**
 * Puts what the companion has stored between what the page has itself; nothing appears twice. `since`: in the place of what
 * came before this key.
 */
export function mergeConversation(scene: Scene, lines: readonly ConversationLine[], since: number | null, at: number): Scene {
  const anew = since !== null;
  let { nextKey } = scene;
  let history = scene.history.filter(({ key }) => since === null || key >= since);
  const known = new Set<number>();
  for (const line of lines.slice(-historyLimit)) {
    const text = clean(line.text).trim();
    if (text === '') continue;
    const place = history.findIndex((entry) => !known.has(entry.key) && isLine(entry, line, text));
    const found = history[place];
    if (found !== undefined) {
      known.add(found.key);
      const heard = pastBlanks(found.text, text.length);
      if (line.interrupted && found.heard !== heard) history = changed(history, place, { heard });
    } else if (anew || line.at > scene.forgotten) {
      const after = lastIndex(history, (entry) => entry.at <= line.at) + 1;
      const entry: HistoryEntry = {
        key: nextKey++, id: null, text, at: line.at, lang: null, origin: null,
        ...(line.user ? { from: 'user' } : {}), ...(line.interrupted ? { heard: text.length } : {}),
      };
      known.add(entry.key);
      history = [...history.slice(0, after), entry, ...history.slice(after)];
    }
  }
  const fresh = { ...scene, nextKey, history: history.slice(-historyLimit), ...(anew ? { forgotten: at, missed: false } : {}) };
  return !anew && nextKey === scene.nextKey && history.every((entry, i) => entry === scene.history[i]) ? scene : fresh;
}

const pending = 'said here';

const changed = (history: readonly HistoryEntry[], place: number, part: Partial<HistoryEntry>): HistoryEntry[] =>
  history.map((entry, i) => (i === place ? { ...entry, ...part } : entry));

function lastIndex(history: readonly HistoryEntry[], is: (entry: HistoryEntry) => boolean): number {
  for (let i = history.length - 1; i >= 0; i--) if (is(history[i]!)) return i;
  return -1;
}

/** A place in a text, or the next one at which a word begins. */
function pastBlanks(text: string, place: number): number {
  let at = Math.min(place, text.length);
  while (/\s/.test(text.charAt(at))) at++;
  return at;
}

/** Of an interrupted reply the companion keeps only what was heard. */
function isLine(entry: HistoryEntry, line: ConversationLine, text: string): boolean {
  if ((entry.from === 'user') !== line.user || Math.abs(entry.at - line.at) > sameWithin) return false;
  return entry.text.trim() === text || (line.interrupted && entry.text.startsWith(text));
}

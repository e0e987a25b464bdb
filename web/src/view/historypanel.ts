import type { I18n } from '../base/i18n';
import { show } from '../base/shown';
import { clean, languageOf } from '../base/text';
import type { HistoryEntry } from '../scene/scene';
import type { Store } from '../scene/store';
import type { Formatting } from './formatting';

interface Row {
  entry: HistoryEntry;
  readonly item: HTMLElement;
  readonly words: HTMLElement;
  readonly time: HTMLTimeElement;
  readonly side: HTMLElement;
}

/** Lists what was said, newest first: the replies, and what the user said to a companion. */
export function startHistoryPanel(
  panel: HTMLElement, clear: HTMLButtonElement, store: Store, i18n: I18n, formatting: Formatting,
): () => void {
  const list = panel.querySelector<HTMLElement>('ol')!;
  const empty = panel.querySelector<HTMLElement>('.history-empty')!;
  const note = panel.querySelector<HTMLElement>('.history-missed')!;
  const rows = new Map<number, Row>();
  let listed: readonly HistoryEntry[] | null = null;

  const add = (entry: HistoryEntry): Row => {
    const item = document.createElement('li');
    const time = document.createElement('time');
    const words = document.createElement('div');
    const side = document.createElement('span');
    side.className = 'history-side';
    item.append(time, side, words);
    const row: Row = { entry, item, words, time, side };
    fillRow(row, i18n, formatting);
    rows.set(entry.key, row);
    return row;
  };

  const unwatch = store.watch(({ history, missed }) => {
    note.hidden = !missed;
    clear.hidden = history.length === 0 && !missed;
    if (history === listed) return;
    listed = history;
    const kept = new Set(history.map((entry) => entry.key));
    for (const [key, row] of rows) {
      if (kept.has(key)) continue;
      row.item.remove();
      rows.delete(key);
    }
    let below: Element | null = null;
    for (const entry of history) {
      const row: Row = rows.get(entry.key) ?? add(entry);
      if (row.entry !== entry) fillRow(Object.assign(row, { entry }), i18n, formatting);
      // What stands in its place already is left alone, with its scroll position and selection.
      if (row.item.parentNode === null || row.item.nextElementSibling !== below) list.insertBefore(row.item, below);
      below = row.item;
    }
    empty.hidden = history.length > 0;
  });

  const refill = (): void => {
    for (const row of rows.values()) fillRow(row, i18n, formatting);
  };
  const unlisten = i18n.watch(refill);
  formatting.watch(refill);

  const forget = (): void => store.happen({ type: 'forget' });
  clear.addEventListener('click', forget);

  return () => {
    unwatch();
    unlisten();
    clear.removeEventListener('click', forget);
    list.replaceChildren();
  };
}

function fillRow({ entry, item, words, time, side }: Row, i18n: I18n, formatting: Formatting): void {
  const at = new Date(entry.at);
  const today = at.toDateString() === new Date().toDateString();
  time.dateTime = at.toISOString();
  show(time, at.toLocaleString(i18n.tag(), {
    hour: '2-digit', minute: '2-digit', ...(today ? {} : { month: 'short', day: 'numeric' }),
  }));
  item.classList.toggle('history-mine', entry.from === 'user');
  show(side, [
    ...(entry.sealed === true ? [i18n.text('sealed.sign')] : []),
    ...(entry.from === 'user' ? [i18n.text('history.you')] : entry.heard !== undefined ? [i18n.text('history.interrupted')] : []),
  ].join(' · '));
  words.lang = entry.lang ?? languageOf(entry.text) ?? '';
  // What the user wrote stands as it was written.
  if (entry.from !== 'user' && formatting.partFor(entry.text)?.fill(words, entry.text, entry.heard) === true) return;
  words.className = '';
  const rest = document.createElement('span');
  rest.className = 'history-unheard';
  show(rest, entry.text.slice(entry.heard ?? entry.text.length));
  words.replaceChildren(clean(entry.text.slice(0, entry.heard ?? entry.text.length)), ...(rest.textContent === '' ? [] : [rest]));
}

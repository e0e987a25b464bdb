/** What a key means while a text is written. */
export type Stroke = 'send' | 'stop' | 'older' | 'newer' | 'write';

export interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly isComposing: boolean;
  /** 229 while an input method is at work, also where `isComposing` comes too late. */
  readonly keyCode: number;
}

export interface Caret {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Enter sends and Shift+Enter breaks the line, but an Enter or Escape that belongs to an input method is left to it. */
export function strokeOf(key: Key, { text, start, end }: Caret, recalling: boolean): Stroke {
  if (key.isComposing || key.keyCode === 229) return 'write';
  if (key.key === 'Enter') return key.shiftKey || key.altKey ? 'write' : 'send';
  if (key.key === 'Escape') return 'stop';
  if (key.shiftKey || key.altKey || key.ctrlKey || key.metaKey || start !== end) return 'write';
  if (key.key === 'ArrowUp' && (text === '' || (recalling && start === text.length))) return 'older';
  if (key.key === 'ArrowDown' && recalling && end === text.length) return 'newer';
  return 'write';
}

const sentLimit = 20;

/** What was sent, oldest first, and which of it has been brought back; -1: none of it. */
export interface Sent {
  readonly texts: readonly string[];
  readonly shown: number;
}

export const nothingSent: Sent = { texts: [], shown: -1 };

export const sentAlso = ({ texts }: Sent, text: string): Sent =>
  ({ texts: [...texts.filter((old) => old !== text), text].slice(-sentLimit), shown: -1 });

/** The one before, or after the newest one nothing. */
export function recalled({ texts, shown }: Sent, which: 'older' | 'newer'): { readonly sent: Sent; readonly text: string } {
  const from = shown < 0 ? texts.length : shown;
  const to = which === 'older' ? Math.max(0, from - 1) : from + 1;
  const text = texts[to];
  return text === undefined ? { sent: { texts, shown: -1 }, text: '' } : { sent: { texts, shown: to }, text };
}

export function readSent(text: string | null): Sent {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? { texts: value.filter((one) => typeof one === 'string').slice(-sentLimit), shown: -1 } : nothingSent;
  } catch {
    return nothingSent;
  }
}

/** How a text stands to the limit: what is left once it is nearly reached, below zero when it is passed. */
export function roomIn(text: string, limit: number): number | null {
  const left = limit - text.trim().length;
  return left <= Math.min(200, limit / 10) ? left : null;
}

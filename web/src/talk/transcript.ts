import type { Clock } from '../base/clock';
import { show } from '../base/shown';
import { clean, languageOf, readingTime } from '../base/text';
import type { Transcript } from '../protocol/talk';

/** What was understood stays at least so long; what is not final yet, when no more of it comes. */
const shortest = 5_000;
const unfinished = 10_000;

export interface TranscriptLine {
  /** Just sent from here. */
  sent(text: string): void;
  take(transcript: Pick<Transcript, 'content' | 'final'>): void;
  hide(): void;
  stop(): void;
}

/** Shows what the user said for a while, paler until it is final. */
export function startTranscript(line: HTMLElement, clock: Clock): TranscriptLine {
  const words = line.querySelector<HTMLElement>('.heard-words')!;
  let cancel = (): void => {};

  const hide = (): void => {
    cancel();
    line.dataset['state'] = 'hidden';
  };

  const draw = (content: string, final: boolean): void => {
    const text = clean(content).trim();
    if (text === '') {
      hide();
      return;
    }
    show(words, text);
    words.lang = languageOf(text) ?? '';
    line.dataset['state'] = final ? 'final' : 'interim';
    // What is still being said is read aloud once it is complete.
    line.setAttribute('aria-busy', String(!final));
    cancel();
    cancel = clock.after(final ? Math.max(shortest, readingTime(text)) : unfinished, hide);
  };

  return { sent: (text) => draw(text, false), take: ({ content, final }) => draw(content, final), hide, stop: hide };
}

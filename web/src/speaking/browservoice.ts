import type { SpokenWord } from './lips';
import type { Output } from './output';
import type { Clause } from './turn';

export interface BrowserVoiceOptions {
  readonly synthesis: SpeechSynthesis;
  readonly clause: Clause;
  readonly reply: string;
  /** Where the clause begins in the turn. */
  readonly start: number;
  readonly volume: number;
  readonly now: () => number;
  readonly onWord: (word: SpokenWord) => void;
  /** It is over; `heard` is false when the browser could not. */
  readonly onEnd: (heard: boolean) => void;
}

/** Lets the browser say a clause with a voice of its own. How long that takes is known only afterwards. */
export function browserVoiceOutput({ synthesis, clause, reply, start, volume, now, onWord, onEnd }: BrowserVoiceOptions): Output {
  const { text, lang, voice, at, length } = clause.said;
  const utterance = new SpeechSynthesisUtterance(text);
  let began = now();
  let heldAt: number | null = null;
  let over = false;
  if (lang !== undefined) utterance.lang = lang;
  utterance.voice = synthesis.getVoices().find(({ name }) => name === voice) ?? null;
  utterance.volume = volume;

  const end = (heard: boolean): void => {
    if (over) return;
    over = true;
    if (heard) clause.last(said());
    onEnd(heard);
  };

  utterance.onend = () => end(true);
  utterance.onerror = () => end(false);
  utterance.onboundary = ({ name, charIndex, charLength }) => {
    // Only where nothing was left out of the reply are its places those of the text.
    if (!over && name === 'word' && text.length === length) onWord({ reply, at: at + charIndex, length: charLength || 1 });
  };
  synthesis.speak(utterance);

  const said = (): number => (heldAt ?? now()) - began;

  const position = (): number => {
    if (over) return start + clause.ms;
    // The next clause may not begin while this one is still being said.
    if (said() >= clause.ms - 100) clause.last(said() + 200);
    return start + said();
  };

  const hold = (on: boolean): void => {
    if (on === (heldAt !== null)) return;
    if (on) synthesis.pause();
    else synthesis.resume();
    if (heldAt !== null) began += now() - heldAt;
    heldAt = on ? now() : null;
  };

  return {
    position,
    feed() {},
    limit: () => (over ? start + clause.ms : Infinity),
    hold,
    stop() {
      over = true;
      synthesis.cancel();
      // What is said next would be silent, too.
      hold(false);
    },
  };
}

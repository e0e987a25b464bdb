import type { Clock } from '../base/clock';
import { languageOf } from '../base/text';
import type { LlmResponse, Position } from '../protocol/messages';
import { localTurn, type SpeechMessage } from '../protocol/speech';
import { positionFor, samePosition, type Scene } from '../scene/scene';
import type { Store } from '../scene/store';

/** The voices of a browser and the words of a reply may come so long after the reply. */
export const saidWithin = 1_500;

/** Replies that wait to be said, the oldest of more are not. */
const most = 32;

/** Browsers break off what takes very long to say. */
const longestClause = 200;

/** A reply that may be said. */
interface Offer {
  readonly message: LlmResponse;
  readonly sound: Uint8Array<ArrayBuffer> | null;
  /** It has waited for voice and words. */
  late: boolean;
}

/** A piece of a text, by its place. */
interface Piece {
  readonly at: number;
  readonly text: string;
}

export interface Saying {
  /** A reply was opened; `sound`: what its publisher brings. */
  offer(message: LlmResponse, sound: Uint8Array<ArrayBuffer> | null): void;
  /** The speech of a reply was heard here. */
  heard(position: Position): void;
}

export interface SayingOptions {
  readonly channel: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly synthesis: SpeechSynthesis | null;
  /** The words of a reply as they are said; null while that is not known yet. */
  readonly words: (text: string) => string | null;
  /** Calls back when it may be known. */
  readonly onWords: (see: () => void) => void;
  /** Gets the loudspeaker ready. */
  readonly prepare: () => void;
  /** Plays a speech that this page makes itself. */
  readonly say: (message: SpeechMessage) => void;
  /** A reply that was to be spoken was not heard here. */
  readonly onUnheard: (position: Position) => void;
}

/**
 * Says replies that no voice behind the hub can read: with the sound that their publisher brings, or with a voice of the browser. The
 * speech takes the way of any other, so lips, words, pauses and receipts are the same.
 */
export function startSaying({ channel, store, clock, synthesis, words, onWords, prepare, say, onUnheard }: SayingOptions): Saying {
  const offers = new Map<string, Offer>();
  let turn = localTurn;
  let said: { readonly id: string; began: boolean; heard: boolean; position: Position | null } | null = null;

  synthesis?.getVoices();
  synthesis?.addEventListener?.('voiceschanged', () => look(store.scene()));
  onWords(() => look(store.scene()));

  const silent = (id: string): void => {
    const position = positionFor(store.scene(), id);
    if (position !== null) onUnheard(position);
  };

  const speak = (id: string, { message, sound }: Offer, spoken: string, voice?: string): void => {
    const number = turn++;
    const { content, lang } = message;
    const pieces = sound === null ? piecesOf(spoken) : [{ at: 0, text: content }];
    said = { id, began: false, heard: false, position: positionFor(store.scene(), id) };
    for (const [clause, { at, text }] of pieces.entries()) {
      // Where words were left out of the content, a piece has the same share of both.
      const place = spoken === content || sound !== null ? at : Math.floor((at / spoken.length) * content.length);
      const end = sound !== null || clause === pieces.length - 1
        ? content.length
        : spoken === content ? at + text.length : Math.floor(((at + text.length) / spoken.length) * content.length);
      say({
        type: 'speech_start', channel, turn: number, clause, reply: id, at: place, length: end - place, rate: 0, text,
        format: sound === null ? 'browser' : 'encoded', ...(lang === undefined ? {} : { lang }), ...(voice === undefined ? {} : { voice }),
      });
      if (sound !== null) say({ type: 'audio', kind: 'file', turn: number, clause, offset: 0, data: sound.buffer });
      say({ type: 'speech_end', channel, turn: number, clause, duration: 0, final: clause === pieces.length - 1 } satisfies SpeechMessage);
    }
  };

  /** Said when it has the bubble, and nothing else is being said. */
  function look(scene: Scene): void {
    if (said !== null) {
      if (scene.speaking === said.id) said.began = true;
      else if (said.began) {
        const { heard, position } = said;
        said = null;
        if (!heard && position !== null) onUnheard(position);
      }
    }
    const id = scene.reply?.phase === 'whole' ? scene.reply.id : null;
    const offer = id === null ? undefined : offers.get(id);
    if (id === null || offer === undefined || scene.speaking !== null || said !== null) return;
    const speaks = scene.reply?.speak === true;
    const { content, lang } = offer.message;
    const voice = offer.sound === null ? voiceFor(synthesis?.getVoices() ?? [], lang ?? languageOf(content)) : null;
    const hasVoice = offer.sound !== null || voice !== null;
    const spoken = offer.sound === null ? words(content) : content;
    if (speaks && !offer.late && synthesis !== null && (!hasVoice || spoken === null)) return;
    offers.delete(id);
    if (speaks && hasVoice) speak(id, offer, spoken ?? content, voice?.name);
    else silent(id);
  }

  store.watch(look);
  prepare();

  return {
    offer(message, sound) {
      if (message.id === undefined) return;
      const offer: Offer = { message, sound, late: false };
      offers.set(message.id, offer);
      words(message.content);
      clock.after(saidWithin, () => {
        offer.late = true;
        look(store.scene());
      });
      for (const id of offers.keys()) if (offers.size > most) offers.delete(id);
    },
    heard(position) {
      if (said !== null && samePosition(said.position, position)) said.heard = true;
    },
  };
}

/**
 * A voice of the machine itself that speaks a language: others send the text to their makers, and then it was encrypted for nothing.
 * @param lang null: whatever the user's voice speaks.
 */
export function voiceFor(voices: readonly SpeechSynthesisVoice[], lang: string | null): SpeechSynthesisVoice | null {
  const able = voices.filter((voice) => voice.localService && (lang === null || primary(voice.lang) === primary(lang)));
  return able.find((voice) => voice.default) ?? able[0] ?? null;
}

const primary = (lang: string): string => lang.split(/[-_]/, 1)[0]!.toLowerCase();

/** Cuts a text behind its sentences, and where one is too long, behind a comma or a blank. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const { index, 0: sentence } of text.matchAll(/[^.!?。！？\n]+(?:[.!?。！？\n]+["'”’」』)）]*\s*|$)|[.!?。！？\n]+/g)) {
    for (let from = 0; from < sentence.length;) {
      const rest = sentence.slice(from);
      const room = rest.slice(0, longestClause);
      const cut = Math.max(room.lastIndexOf(' '), room.search(/[,，、;；][^,，、;；]*$/));
      const piece = rest === room ? rest : room.slice(0, cut > 0 ? cut + 1 : wholeCharacters(room));
      if (/[\p{L}\p{N}]/u.test(piece)) pieces.push({ at: index + from, text: piece });
      from += piece.length;
    }
  }
  return pieces.length === 0 ? [{ at: 0, text }] : pieces;
}

/** As much of a text as ends with no half of a character. */
const wholeCharacters = (text: string): number => (/[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length);

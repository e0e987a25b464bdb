import type { Connection } from '../link/socket';
import type { Position, StageMessage } from '../protocol/messages';
import { faceOf, type Scene } from '../scene/scene';

const kept = 20;

interface MessageLine {
  readonly type: string;
  readonly id: string | null;
  readonly seq: number | null;
  readonly epoch: string | null;
  /** Unix milliseconds of its arrival. */
  readonly at: number;
}

export interface Inspected {
  readonly scene: () => Scene;
  readonly connection: () => Connection;
  /** Of the channel: the last kept message taken. */
  readonly position: () => Position | null;
  /** What never came, oldest first. */
  readonly gaps: () => readonly object[];
  readonly avatar: () => object;
  readonly speech: () => object;
  readonly microphone: () => object;
  readonly talk: () => object;
  readonly channel: string;
  readonly language: () => string;
  readonly now: () => number;
}

declare global {
  interface Window {
    /** For tests, tools and the curious. */
    kotodama?: { inspect(): unknown };
  }
}

/** Offers `window.kotodama.inspect()`: a plain snapshot of what is shown and why. Call `note` for each message. */
export function startInspector(page: Window, inspected: Inspected) {
  const { scene, connection, position, gaps, avatar, speech, talk, microphone, channel, language, now } = inspected;
  const lines: MessageLine[] = [];

  const inspect = () => {
    const { reply, held, status, tip, history } = scene();
    const { state, attempts, reason } = connection();
    return {
      bubble: {
        state: reply === null ? 'hidden' : 'shown',
        text: reply?.text ?? '',
        id: reply?.id ?? null,
        until: reply?.until ?? null,
        streaming: reply?.phase === 'streaming',
        held,
      },
      status: { text: status?.text ?? '', until: status?.until ?? null },
      tip: tip?.text ?? '',
      connection: { state, attempts, reason },
      position: position(),
      gaps: gaps().slice(-kept),
      messages: [...lines],
      history: history.slice(-kept).map(({ id, text, at, from, heard }) => (
        { id, text, at, from: from ?? 'character', heard: heard ?? null }
      )),
      // An unknown face differs from the emotion that is shown instead.
      avatar: { asked: faceOf(scene())?.name ?? null, ...avatar() },
      speech: speech(),
      microphone: microphone(),
      talk: talk(),
      channel,
      language: language(),
    };
  };

  page.kotodama = { inspect };

  return {
    note({ type, id, seq, epoch }: StageMessage): void {
      lines.push({ type, id: id ?? null, seq: seq ?? null, epoch: epoch ?? null, at: now() });
      if (lines.length > kept) lines.shift();
    },
    stop(): void {
      delete page.kotodama;
    },
  };
}

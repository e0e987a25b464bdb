import { startLazy } from '../base/lazy';
import type { Message } from '../protocol/messages';
import type { Figure } from './figure';

/** What of the figure its place calls. */
export interface PlacedFigure extends Pick<Figure, 'take' | 'snapshot'> {
  readonly casting: Pick<Figure['casting'], 'loading'>;
}

export interface FigurePart {
  take(message: Message): void;
  /** A character is on its way to the stage, or may be. */
  awaits(): boolean;
  snapshot(): object;
}

/**
 * The place of the figure's part, which is loaded as soon as the page stands: a drawn character plays until then, and if it never comes.
 * `onSettled`: it has come, and no other character is on its way.
 */
export function startFigurePart(load: () => Promise<PlacedFigure>, onSettled: () => void): FigurePart {
  /** The last word of each type. */
  const said = new Map<string, Message>();
  const figure = startLazy(load, (part) => {
    for (const message of said.values()) part.take(message);
    if (part.casting.loading === null) onSettled();
  });

  figure.fetch();
  return {
    take(message) {
      if (message.type !== 'avatar' && message.type !== 'companion') return;
      said.set(message.type, message);
      figure.part()?.take(message);
      figure.fetch();
    },
    awaits: () => figure.part()?.casting.loading !== null,
    snapshot: () => figure.part()?.snapshot() ?? {},
  };
}

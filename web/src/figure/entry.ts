import type { Message } from '../protocol/messages';
import type { Figure } from './figure';

export interface FigurePart {
  take(message: Message): void;
  /** A character is on its way to the stage, or may be. */
  awaits(): boolean;
  /** @throws When it cannot be loaded; the next call is another attempt. */
  loaded(): Promise<Figure>;
  snapshot(): object;
}

/**
 * The place of the figure's part, which is loaded as soon as the page stands: a drawn character plays until then, and if it never comes.
 * `onSettled`: it has come, and no other character is on its way.
 */
export function startFigurePart(load: () => Promise<Figure>, onSettled: () => void): FigurePart {
  /** The last word of each type. */
  const said = new Map<string, Message>();
  let figure: Figure | null = null;
  let loading: Promise<Figure> | null = null;

  const fetch = async (): Promise<Figure> => {
    try {
      figure = await load();
    } catch (error) {
      loading = null;
      throw error;
    }
    for (const message of said.values()) figure.take(message);
    if (figure.casting.loading === null) onSettled();
    return figure;
  };

  const loaded = (): Promise<Figure> => (loading ??= fetch());

  // A server of another version has other files: the next message is another attempt.
  const attempt = (): void => void loaded().catch(() => undefined);

  attempt();
  return {
    take(message) {
      if (message.type !== 'avatar' && message.type !== 'companion') return;
      said.set(message.type, message);
      if (figure === null) attempt();
      else figure.take(message);
    },
    awaits: () => figure?.casting.loading !== null,
    loaded,
    snapshot: () => figure?.snapshot() ?? {},
  };
}

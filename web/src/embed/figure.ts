import type { Director } from '../avatar/director';
import type { Address } from '../base/address';
import { browserClock as clock } from '../base/clock';
import { startCasting, type CastingRun } from '../figure/casting';
import type { PlacedFigure } from '../figure/entry';
import { standing } from '../figure/placement';
import { startTroupe } from '../figure/troupe';
import type { Message } from '../protocol/messages';
import type { Store } from '../scene/store';
import type { ActingOptions } from '../view/acting';
import { startCharacter } from '../view/character';

export interface EmbeddedFigureOptions extends Pick<ActingOptions, 'applied' | 'failed'> {
  readonly host: HTMLElement;
  readonly store: Store;
  readonly address: Pick<Address, 'root' | 'channel'>;
  /** This one plays, whatever the channel shows; null: as the channel shows. */
  readonly character: string | null;
  readonly token: string | null;
}

export interface EmbeddedFigure extends PlacedFigure {
  readonly mouth: Director['mouth'];
  stop(): void;
}

/** The character of an embedded stage: it acts, and cannot be touched or placed. */
export function startEmbeddedFigure(options: EmbeddedFigureOptions): EmbeddedFigure {
  const { host, store, address, character, token, applied, failed } = options;
  let casting: CastingRun | null = null;
  const { director, again, stop } = startCharacter(host, store, clock, {
    applied, failed, awaits: () => casting === null || casting.loading !== null,
  });
  const run = casting = startCasting({
    fixed: character, director, after: clock.after, placementOf: () => standing, onCast: again,
    troupe: startTroupe({
      root: address.root, fetch: (url) => fetch(url, token === null ? {} : { headers: { Authorization: `Bearer ${token}` } }),
      environment: {
        random: Math.random, reducedMotion: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
        // Motions of models may bring sounds; a page of others makes none that it did not ask for.
        playSound: () => {},
      },
    }),
    choose: () => false,
    warn: (text, error) => console.warn(`<kotodama-stage>: ${text}`, error),
  });
  let settled = true;
  run.watch(() => {
    const was = settled;
    settled = run.loading === null;
    if (settled && !was) again();
  });
  run.chose(null);
  if (settled) again();

  return {
    take(message: Message) {
      if (message.type === 'avatar' && message.channel === address.channel) run.chose(message.name);
      if (message.type === 'companion' && message.channel === address.channel && message.on) {
        run.wish(message.avatar ?? null, message.look);
      }
    },
    casting: run,
    snapshot: () => ({ ...director.snapshot(), name: run.shown, loading: run.loading, failure: run.failure?.code ?? null }),
    mouth: director.mouth,
    stop() {
      run.stop();
      stop();
    },
  };
}

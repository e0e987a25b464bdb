import type { Clock } from '../base/clock';
import { show } from '../base/shown';
import type { Companion } from '../protocol/talk';
import { offerOf, readModelChoice } from './answers';
import { AskError, type Asks } from './asks';
import type { TalkWords } from './talkwords';

/** A server that is started later is found too. */
const lookEvery = 20_000;

/** A model may have to be loaded first. */
const chooseWithin = 120_000;

export interface BadgeOptions {
  readonly box: HTMLElement;
  readonly words: TalkWords;
  readonly clock: Clock;
  readonly asks: Asks;
  /** Opens the settings where a model is chosen. */
  readonly connect: () => void;
}

export interface Badge {
  meet(companion: Companion): void;
  connection(online: boolean): void;
  draw(): void;
  stop(): void;
}

type Offer = ReturnType<typeof offerOf>;

/** Says which companion answers, and plainly when it is the built-in demo; offers a language model that was found. */
export function startBadge({ box, words, clock, asks, connect }: BadgeOptions): Badge {
  const name = box.querySelector<HTMLElement>('.companion-name')!;
  const note = box.querySelector<HTMLElement>('.companion-note')!;
  const connector = box.querySelector<HTMLButtonElement>('.companion-connect')!;
  const chooser = box.querySelector<HTMLButtonElement>('.companion-offer')!;
  const outcome = box.querySelector<HTMLElement>('.companion-outcome')!;
  const ends = new AbortController();
  let companion: Companion | null = null;
  let offer: Offer = null;
  let busy = false;
  let failure: string | null = null;
  let cancel = (): void => {};

  const isDemo = (): boolean => companion?.on === true && companion.demo;

  const offering = ({ server, model }: NonNullable<Offer>): string =>
    (busy ? words('demo.choosing', { model }) : words('demo.found', { server, model }));

  const draw = (): void => {
    const demo = isDemo();
    box.toggleAttribute('data-demo', demo);
    show(name, companion?.name ?? '');
    show(note, demo ? words('demo.label') : companion?.model ?? '');
    connector.textContent = words('demo.connect');
    connector.hidden = !demo || offer !== null;
    chooser.hidden = !demo || offer === null;
    chooser.disabled = busy;
    show(chooser, offer === null ? '' : offering(offer));
    show(outcome, demo && failure !== null ? words('demo.failed', { reason: failure }) : '');
  };

  const look = async (): Promise<void> => {
    cancel();
    if (!isDemo()) return;
    cancel = clock.after(lookEvery, () => void look());
    if (busy) return;
    const answer = await asks.ask('llm').catch(() => null);
    if (answer === null || busy) return;
    offer = offerOf(readModelChoice(answer));
    draw();
  };

  const choose = async (chosen: NonNullable<Offer>): Promise<void> => {
    busy = true;
    failure = null;
    draw();
    try {
      await asks.ask('choose_llm', { url: chosen.url, model: chosen.model }, chooseWithin);
    } catch (error) {
      failure = reasonOf(error, words);
    }
    busy = false;
    draw();
  };

  chooser.addEventListener('click', () => offer !== null && !busy && void choose(offer), { signal: ends.signal });
  connector.addEventListener('click', connect, { signal: ends.signal });

  return {
    meet(next) {
      companion = next;
      if (!next.demo) failure = null;
      draw();
      void look();
    },
    connection(online) {
      if (online) void look();
      else cancel();
    },
    draw,
    stop() {
      cancel();
      ends.abort();
    },
  };
}

/** Why a question failed, for the user: in the companion's own words where there are some. */
export function reasonOf(error: unknown, words: TalkWords): string {
  if (!(error instanceof AskError)) return words('ask.timeout');
  if (error.code === 'timeout' || error.code === 'offline') return words(`ask.${error.code}`);
  return [error.message, error.hint].filter((part) => part !== '').join(' ') || error.code;
}

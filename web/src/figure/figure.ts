import './figure.css';
import type { AvatarRenderer } from '../avatar/avatar';
import type { Director } from '../avatar/director';
import type { Placement } from '../avatar/manifest';
import { learnReactions } from '../avatar/reactions';
import type { Casting } from '../avatar/rehearsal';
import type { Address } from '../base/address';
import type { Clock } from '../base/clock';
import { label, type I18n } from '../base/i18n';
import type { TextStorage } from '../base/storage';
import type { AvatarChoice, Touch } from '../protocol/avatar';
import type { Message } from '../protocol/messages';
import type { Store } from '../scene/store';
import { startArranging } from './arranging';
import { startBeside } from './beside';
import { startCasting } from './casting';
import { wordsForFigure, type FigureWords } from './figurewords';
import { startGestures, type GestureOptions } from './gestures';
import { startGreeting } from './greeting';
import { startKeyboard } from './keyboard';
import { startMotionSounds } from './motionsounds';
import { openAvatars, startNotice } from './notice';
import { readWishes } from './placement';
import { startPlacing, type Boxes, type Placing } from './placing';
import { startPointers } from './pointers';
import { reactionTo } from './reacting';
import { startSolitude } from './solitude';
import { startTips } from './tips';
import { isLook, startTroupe } from './troupe';

/** The longest name of an area that the wire takes. */
const longestArea = 64;

export interface FigureOptions {
  readonly page: Document;
  readonly address: Address;
  readonly i18n: I18n;
  /** Remembers what the user chose, beyond this visit. */
  readonly storage: TextStorage;
  readonly store: Store;
  readonly clock: Clock;
  readonly director: Director;
  /** Returns false when there is no connection. */
  readonly send: (message: AvatarChoice | Touch) => boolean;
  /** The character on the stage is another one, or the one that was wanted does not come. */
  readonly onCast: () => void;
}

/** The figure on the page: who plays it, where it stands, what it does when it is touched or left alone. */
export interface Figure {
  take(message: Message): void;
  /** Which avatar the channel shows, for the settings. */
  readonly casting: Casting;
  /** Lets the user place the figure, from now on or no longer. */
  arrange(on: boolean): void;
  /** A drawn character to be seen elsewhere on the page; null for a name that is none. */
  portrait(look: string): Promise<AvatarRenderer | null>;
  snapshot(): object;
  stop(): void;
}

export function startFigure({ page, address, i18n, storage, store, clock, director, send, onCast }: FigureOptions): Figure {
  const host = page.querySelector<HTMLElement>('#avatar')!;
  const stage = page.querySelector<HTMLElement>('.stage')!;
  const { channel, view } = address;
  learnReactions();
  const words = wordsForFigure(i18n);
  const wishes = readWishes(page.location.href, (text) => console.warn(text));
  const boxes = (): Boxes => ({ stage: stage.getBoundingClientRect(), host: host.getBoundingClientRect() });
  const moveBubble = startBeside(page.documentElement, boxes);
  const place = (placement: Placement): void => {
    director.place(placement);
    moveBubble(placement);
  };
  const placing = startPlacing({ view, storage, wishes, boxes, director: { place } });
  const troupe = startTroupe({
    root: address.root, fetch: (url) => fetch(url),
    environment: {
      random: Math.random, reducedMotion: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
      playSound: startMotionSounds(page, storage, address.sound === 'off'),
    },
  });
  const casting = startCasting({
    fixed: wishes.avatar, director, after: clock.after, placementOf: placing.of,
    onCast(avatar, own) {
      placing.enter(avatar, own);
      moveBubble(placing.now());
    },
    troupe,
    choose: (name) => send({ type: 'avatar', channel, name }),
    warn: (text, error) => console.warn(text, error),
  });
  const solitude = startSolitude(store, clock, director);

  const touch = (area: string, gesture: Touch['gesture'], isFirst = true): void => {
    const named = area.slice(0, longestArea) || 'body';
    director.react(named, reactionTo(named, gesture));
    if (isFirst) send({ type: 'touch', channel, area: named, gesture, avatar: casting.shown });
  };

  const { arranging, stop: stopHandling } = startHandling({
    page, stage, host, i18n, words, placing, areaAt: director.areaAt, after: clock.after, touch,
  });
  const ends = new AbortController();
  startKeyboard({ host, signal: ends.signal, arranging, tap: () => touch('head', 'tap') });
  page.defaultView?.addEventListener('resize', placing.fit, { signal: ends.signal });
  startSenses({ page, signal: ends.signal, stir: solitude.stir, look: director.look });
  const stopTips = view === 'stage'
    ? startTips({ bubble: page.querySelector<HTMLElement>('.tip')!, store, words, clock, random: Math.random, asleep: solitude.asleep })
    : () => {};
  const stopNotice = view === 'stage'
    ? startNotice({ stage, i18n, words, casting, after: clock.after, onAvatars: () => openAvatars(page) })
    : () => {};
  const stopGreeting = view === 'stage' ? startGreeting(storage, store, clock, director) : () => {};
  const unlisten = i18n.watch(() => label(host, words('label')));

  let settled = casting.loading === null;
  placing.enter(casting.shown, null);
  place(placing.now());
  const unwatch = casting.watch(() => {
    const was = settled;
    settled = casting.loading === null;
    if (settled && !was) onCast();
  });
  casting.chose(null);

  return {
    take(message) {
      if (message.type === 'avatar' && message.channel === channel) casting.chose(message.name);
      // The one that comes back is most often the one that left.
      if (message.type === 'companion' && message.channel === channel && message.on) casting.wish(message.avatar ?? null, message.look);
    },
    casting,
    arrange: arranging.set,
    portrait: async (look) => (isLook(look) ? (await troupe.load(look, null)).renderer : null),
    snapshot: () => ({
      name: casting.shown, loading: casting.loading, failure: casting.failure?.code ?? null, placement: placing.now(),
      arranging: arranging.on(), asleep: solitude.asleep(),
    }),
    stop() {
      ends.abort();
      unwatch();
      unlisten();
      stopHandling();
      stopTips();
      stopNotice();
      stopGreeting();
      solitude.stop();
      casting.stop();
    },
  };
}

interface HandlingOptions extends Pick<GestureOptions, 'areaAt' | 'after'> {
  readonly page: Document;
  readonly stage: HTMLElement;
  readonly host: HTMLElement;
  readonly i18n: I18n;
  readonly words: FigureWords;
  readonly placing: Placing;
  readonly touch: GestureOptions['onTouch'];
}

/** Everything that hands do to the figure: touch it, or place it. */
function startHandling({ page, stage, host, i18n, words, placing, areaAt, after, touch }: HandlingOptions) {
  const arranging = startArranging({ page, stage, i18n, words, placing });
  const onScale = (factor: number, x: number, y: number): void => placing.scale(factor, { x, y });
  const stopPointers = startPointers({
    stage, host, arranging: arranging.on, areaAt, onScale, onReset: placing.reset,
    gestures: startGestures({
      after, areaAt, arranging: arranging.on, onTouch: touch, onMove: placing.move, onScale, onArrange: () => arranging.set(true),
    }),
  });
  return {
    arranging,
    stop(): void {
      stopPointers();
      arranging.stop();
    },
  };
}

interface SensesOptions {
  readonly page: Document;
  readonly signal: AbortSignal;
  readonly stir: () => void;
  readonly look: Director['look'];
}

/** Notices the user, and looks at where one writes. */
function startSenses({ page, signal, stir, look }: SensesOptions): void {
  for (const type of ['pointermove', 'pointerdown', 'keydown', 'wheel']) page.addEventListener(type, stir, { signal, passive: true });
  page.addEventListener('visibilitychange', () => {
    if (!page.hidden) stir();
  }, { signal });
  page.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLTextAreaElement)) return;
    const figure = page.querySelector('#avatar')!.getBoundingClientRect();
    const box = target.getBoundingClientRect();
    look((box.left + box.width / 2 - figure.left - figure.width / 2) / Math.max(1, figure.width), -0.8);
  }, { signal, passive: true });
}

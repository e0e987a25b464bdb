import { nameIt } from '../base/shown';
import type { TextStorage } from '../base/storage';
import type { Connection } from '../link/socket';
import type { ServerError, StageMessage } from '../protocol/messages';
import { createCard, type CardText } from './card';
import { wordsForEmbed } from './embedwords';
import { schemeOf } from './scheme';
import type { Seats } from './seats';
import { playKey, type Settings } from './settings';
import { buildSkeleton } from './skeleton';
import type { Stage, StageOptions } from './stage';
import { isAboutSocket, troubleOf, type Signs, type Trouble } from './trouble';

export interface RunOptions {
  readonly root: ShadowRoot;
  readonly page: Document;
  readonly seats: Seats;
  /** What lasts over a reload of the page. */
  readonly storage: TextStorage;
  /** Loads everything that plays. */
  readonly load: () => Promise<{ startStage(options: StageOptions): Promise<Stage> }>;
  /** The connection, or what is wrong with it, has changed. */
  readonly onState: (state: StageState) => void;
  readonly onMessage: (message: StageMessage) => void;
  readonly warn: (text: string) => void;
}

/** What `kotodama-state` tells. */
export interface StageState {
  readonly state: Connection['state'];
  /** Why there is no connection; null while there is one, or may soon be. */
  readonly trouble: Trouble['kind'] | null;
  /** The same in words of the element's language. */
  readonly text: string;
  readonly line: string | null;
}

/** One `<kotodama-stage>` from when it comes into a document until it goes. */
export interface Run {
  adapt(settings: Settings): void;
  state(): StageState;
  stop(): void;
}

/** The user mends these elsewhere: when they come back to the page, another attempt may help. */
const mendedElsewhere: readonly (Trouble['kind'] | null)[] = ['origin', 'rejected'];

export function startRun(options: RunOptions, first: Settings): Run {
  const { root, page, onState, warn } = options;
  const view = page.defaultView!;
  let settings = first;
  let playing: Playing | null = null;
  let signs: Signs = begin(first, view.location);
  let told: StageState = { state: 'connecting', trouble: null, text: '', line: null };
  let isSeen = false;

  const words = wordsForEmbed(() => settings.language);
  const card = createCard(words, () => playing?.stage?.retry());
  const parts = buildSkeleton(card.element);
  root.replaceChildren(parts.box);
  const dark = view.matchMedia('(prefers-color-scheme: dark)');

  const tell = (): void => {
    const trouble = troubleOf(signs);
    if (trouble?.kind === 'mixed' || trouble?.kind === 'blocked') playing?.stage?.giveUp();
    const text = trouble === null ? null : textOf(trouble, signs, words, settings.hub);
    card.show(settings.quiet ? null : text);
    const next: StageState = {
      state: signs.connection?.state ?? (trouble === null ? 'connecting' : 'closed'), trouble: trouble?.kind ?? null,
      text: text === null ? '' : `${text.title}. ${text.text}`, line: text?.line ?? null,
    };
    if (JSON.stringify(next) === JSON.stringify(told)) return;
    if (text !== null && next.text !== told.text) warn([next.text, next.line ?? ''].join(' ').trim());
    told = next;
    onState(next);
  };

  const learn = (news: Partial<Signs>): void => {
    signs = { ...signs, ...news };
    tell();
  };

  const draw = (): void => {
    const { box, bubble } = parts;
    const { side, inline, subtitles, theme, size, language } = settings;
    Object.assign(box.dataset, { side, scheme: schemeOf(theme, dark.matches), place: inline ? 'inline' : 'corner' });
    box.dataset['subtitles'] = subtitles ?? 'on';
    box.style.setProperty('--asked', `${size}px`);
    box.lang = language;
    nameIt(box, words('label'));
    nameIt(bubble, words('bubble'));
  };

  const play = (): void => {
    playing?.stop();
    signs = begin(settings, view.location);
    playing = settings.address === null ? null : startPlaying(options, settings, {
      parts, words, visible: () => isSeen && !page.hidden, learn,
    });
    tell();
  };

  const ends = new AbortController();
  const { signal } = ends;
  const come = (): void => {
    if (page.hidden) return;
    playing?.stage?.seen();
    if (mendedElsewhere.includes(told.trouble)) playing?.stage?.retry();
    else playing?.stage?.nudge();
  };
  dark.addEventListener('change', draw, { signal });
  page.addEventListener('visibilitychange', come, { signal });
  view.addEventListener('focus', come, { signal });
  view.addEventListener('online', () => playing?.stage?.nudge(), { signal });
  view.addEventListener('pagehide', () => playing?.stage?.save(), { signal });
  page.addEventListener('securitypolicyviolation', (violation) => {
    if (signs.hub !== null && isAboutSocket(signs.hub.socket, violation)) learn({ blocked: true });
  }, { signal });
  const sight = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)?.isIntersecting === true;
    if (isSeen) playing?.stage?.seen();
  });
  sight.observe(parts.box);

  draw();
  play();

  return {
    adapt(next) {
      const before = settings;
      settings = next;
      draw();
      if (playKey(next) === playKey(before)) tell();
      else play();
    },
    state: () => told,
    stop() {
      ends.abort();
      sight.disconnect();
      playing?.stop();
      root.replaceChildren();
    },
  };
}

/** The stage of a run, which comes a moment later. */
interface Playing {
  readonly stage: Stage | null;
  stop(): void;
}

interface Surroundings extends Pick<StageOptions, 'parts' | 'words' | 'visible'> {
  readonly learn: (news: Partial<Signs>) => void;
}

function startPlaying(
  { root, seats, storage, load, onMessage }: RunOptions, settings: Settings, { parts, words, visible, learn }: Surroundings,
): Playing {
  const address = settings.address!;
  // Two elements for one channel are two pages to the hub.
  const seat = seats.take(`${address.root} ${address.channel}`);
  const prefix = `kotodama-stage ${address.root} ${seat.number} `;
  let stage: Stage | null = null;
  let stopped = false;

  const start = async (): Promise<void> => {
    try {
      const { startStage } = await load();
      if (stopped) return;
      const started = await startStage({
        root, parts, words, visible, address, settings, language: () => settings.language, onMessage,
        storage: { read: (key) => storage.read(prefix + key), write: (key, value) => storage.write(prefix + key, value) },
        onConnection: (connection: Connection) => learn(connection.state === 'open' ? { connection, refusal: null } : { connection }),
        onRefused: (refusal: ServerError) => learn({ refusal }),
      });
      if (stopped) started.stop();
      else stage = started;
    } catch (error) {
      if (stopped) return;
      console.warn('<kotodama-stage>:', error);
      learn({ scriptFailed: true });
    }
  };

  void start();
  return {
    get stage() {
      return stage;
    },
    stop() {
      stopped = true;
      stage?.stop();
      seat.leave();
    },
  };
}

function begin({ address }: Settings, { protocol, hostname, origin }: Location): Signs {
  return {
    page: { protocol, hostname, origin }, hub: address, connection: null, refusal: null, blocked: false, scriptFailed: false,
  };
}

function textOf({ kind, line, detail }: Trouble, { page, hub }: Signs, words: StageOptions['words'], given: string): CardText {
  const values = { hub: hub?.root.replace(/\/$/, '') ?? given, origin: page.origin, detail };
  const text = kind === 'origin' && line === null ? words('origin.other', values) : words(`${kind}.text`, values);
  return {
    title: words(`${kind}.title`), text, line: kind === 'hub' ? 'hub="http://localhost:8765"' : line,
    again: mendedElsewhere.includes(kind),
  };
}

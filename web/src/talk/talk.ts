import './talk.css';
import type { Clock } from '../base/clock';
import { label, type I18n } from '../base/i18n';
import type { TextStorage } from '../base/storage';
import type { Metrics, TalkMessage, TalkRequest, TalkTurn } from '../protocol/talk';
import type { Store } from '../scene/store';
import { startPanel } from '../view/panel';
import { readLines } from './answers';
import { startAsks } from './asks';
import { startBadge } from './badge';
import { startComposer } from './composer';
import { startPondering } from './pondering';
import { wordsForTalk } from './talkwords';
import { startHeard } from './transcript';

/** As many lines of a conversation are asked for. */
const linesAsked = 200;

const metricsLimit = 8;

export interface TalkOptions {
  readonly page: Document;
  readonly channel: string;
  readonly i18n: I18n;
  readonly store: Store;
  readonly clock: Clock;
  /** Keeps the unsent text over a reload. */
  readonly storage: TextStorage;
  /** Returns false when there is no connection. */
  readonly send: (message: TalkRequest) => boolean;
  /** Longest text that the server takes, in characters. */
  readonly longest: () => number;
  /** Somebody is there to talk with. */
  readonly onMeet: () => void;
  /** The settings open, where something else may be in their place. */
  readonly onSettings: () => void;
}

/** The panel in which a person chooses, once it is loaded. */
export interface Settings {
  /** The panel was opened: everything is asked for anew. */
  open(): void;
  /** There are other metrics. */
  measured(): void;
}

/** Everything on the page that belongs to a conversation. */
export interface Talk {
  take(message: TalkMessage): void;
  connection(online: boolean): void;
  stop(): void;
}

export function startTalk({ page, channel, i18n, store, clock, storage, send, longest, onMeet, onSettings }: TalkOptions): Talk {
  const find = <E extends HTMLElement>(selector: string): E => page.querySelector<E>(selector)!;
  const words = wordsForTalk(i18n);
  const gear = find<HTMLButtonElement>('#settings-button');
  const panel = startPanel(find('#settings'), gear);
  const asks = startAsks(channel, i18n.tag, clock, send);
  const heard = startHeard(find('#heard'), clock);
  const pondering = startPondering({ cloud: find('#pondering'), state: find('.turn-state') }, store, words);
  const ends = new AbortController();
  let settings: Promise<Settings> | null = null;
  let metrics: readonly Metrics[] = [];
  let met = false;
  let online = false;

  const recall = async (since: number | null): Promise<void> => {
    const answer = await asks.ask('conversation', { limit: linesAsked }).catch(() => null);
    if (answer !== null) store.happen({ type: 'conversation', lines: readLines(answer), since });
  };

  const openSettings = async (): Promise<void> => {
    onSettings();
    settings ??= import('../settings/settings').then(({ startSettings }) => startSettings({
      panel: find('#settings'), i18n, asks, metrics: () => metrics, change() {
        // A greeting may come before the answer that tells of the change.
        const since = store.scene().nextKey;
        return () => void recall(since);
      },
    }));
    try {
      (await settings).open();
    } catch {
      settings = null;
      panel.close();
    }
  };

  const badge = startBadge({
    box: find('.companion'), words, clock, asks,
    connect() {
      panel.open();
      void openSettings();
    },
  });
  const composer = startComposer({
    form: find<HTMLFormElement>('#composer'), words, storage, channel, longest,
    send(content) {
      if (!send({ type: 'user_text', channel, content, lang: i18n.tag() })) return false;
      heard.sent(content);
      store.happen({ type: 'said', text: content, sent: true });
      store.happen({ type: 'notice', text: null });
      return true;
    },
    cancel: () => void send({ type: 'cancel', channel }),
  });
  gear.addEventListener('click', () => panel.isOpen && void openSettings(), { signal: ends.signal });
  find('#help-button').addEventListener('click', panel.close, { signal: ends.signal });

  const show = (turn: TalkTurn | null): void => {
    pondering.turn(turn);
    composer.turn(turn?.state ?? 'idle');
  };

  const unlisten = i18n.watch(() => {
    label(gear, words('composer.settings'));
    find('#heard .unseen').textContent = words('heard.you');
    composer.draw();
    badge.draw();
    pondering.draw();
  });

  return {
    take(message) {
      switch (message.type) {
        case 'companion':
          composer.meet(message.on ? message.name ?? '' : null);
          badge.meet(message);
          if (message.on && !met) {
            onMeet();
            if (online) void recall(null);
          }
          met = message.on;
          if (message.on) return;
          show(null);
          heard.hide();
          panel.close();
          return;
        case 'turn':
          show(message);
          return;
        case 'transcript':
          heard.take(message);
          return;
        case 'metrics':
          metrics = [...metrics.filter(({ turn }) => turn !== message.turn), message].slice(-metricsLimit);
          void settings?.then((shown) => shown.measured());
          return;
        case 'answer':
          asks.take(message);
          return;
        case 'duck':
      }
    },
    connection(on) {
      if (on === online) return;
      online = on;
      composer.connection(on);
      badge.connection(on);
      if (on) return;
      // Whoever is there then is asked anew.
      met = false;
      asks.lost();
      show(null);
    },
    stop() {
      ends.abort();
      unlisten();
      composer.stop();
      badge.stop();
      heard.stop();
      panel.stop();
    },
  };
}

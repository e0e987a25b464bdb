import './talk.css';
import type { Clock } from '../base/clock';
import { label, type I18n } from '../base/i18n';
import type { TextStorage } from '../base/storage';
import type { Companion, TalkMessage, TalkRequest, TalkTurn } from '../protocol/talk';
import type { Store } from '../scene/store';
import { readLines } from './answers';
import { startAsks } from './asks';
import { startBadge } from './badge';
import { startComposer } from './composer';
import { startPondering } from './pondering';
import { startSettingsSlot, type LoadSettings } from './settingsslot';
import { wordsForTalk } from './talkwords';
import { startTranscript } from './transcript';

/** As many lines of a conversation are asked for. */
const linesAsked = 200;

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
  /** A companion is there to talk with. */
  readonly onMeet: () => void;
  /** The settings open, where something else may be in their place. */
  readonly onSettings: () => void;
  readonly loadSettings: LoadSettings;
}

/** Everything on the page that belongs to a conversation. */
export interface Talk {
  take(message: TalkMessage): void;
  connected(): void;
  lost(): void;
  stop(): void;
}

export function startTalk(options: TalkOptions): Talk {
  const { page, channel, i18n, store, clock, storage, send, longest, onMeet, onSettings, loadSettings } = options;
  const find = <E extends HTMLElement>(selector: string): E => page.querySelector<E>(selector)!;
  const words = wordsForTalk(i18n);
  const asks = startAsks(channel, i18n.tag, clock, send);
  const transcript = startTranscript(find('#heard'), clock);
  const pondering = startPondering({ cloud: find('#pondering'), state: find('.turn-state') }, store, words);
  const gear = find<HTMLButtonElement>('#settings-button');
  const ends = new AbortController();
  let met = false;
  let online = false;

  const loadConversation = async (since: number | null): Promise<void> => {
    const answer = await asks.ask('conversation', { limit: linesAsked }).catch(() => null);
    if (answer !== null) store.happen({ type: 'conversation', lines: readLines(answer), since });
  };

  const settings = startSettingsSlot({
    panel: find('#settings'), button: gear, i18n, asks, load: loadSettings, onOpen: onSettings,
    change() {
      // A greeting may come before the answer that tells of the change.
      const since = store.scene().nextKey;
      return () => void loadConversation(since);
    },
  });
  const badge = startBadge({ box: find('.companion'), words, clock, asks, connect: settings.open });
  const composer = startComposer({
    form: find<HTMLFormElement>('#composer'), words, storage, channel, longest,
    send(content) {
      if (!send({ type: 'user_text', channel, content, lang: i18n.tag() })) return false;
      transcript.sent(content);
      store.happen({ type: 'said', text: content, sent: true });
      store.happen({ type: 'notice', text: null });
      return true;
    },
    cancel: () => void send({ type: 'cancel', channel }),
  });
  find('#help-button').addEventListener('click', settings.close, { signal: ends.signal });

  const show = (turn: TalkTurn | null): void => {
    pondering.turn(turn);
    composer.turn(turn?.state ?? 'idle');
  };

  const meet = (companion: Companion): void => {
    composer.meet(companion.on ? companion.name ?? '' : null);
    badge.meet(companion);
    if (companion.on && !met) {
      onMeet();
      if (online) void loadConversation(null);
    }
    met = companion.on;
    if (companion.on) return;
    show(null);
    transcript.hide();
    settings.close();
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
          return meet(message);
        case 'turn':
          return show(message);
        case 'transcript':
          return transcript.take(message);
        case 'metrics':
          return settings.measured(message);
        case 'answer':
          return asks.take(message);
        case 'duck':
      }
    },
    connected() {
      if (online) return;
      online = true;
      composer.connection(true);
      badge.connection(true);
    },
    lost() {
      if (!online) return;
      online = false;
      composer.connection(false);
      badge.connection(false);
      // The companion that is there after that is asked anew.
      met = false;
      asks.lost();
      show(null);
    },
    stop() {
      ends.abort();
      unlisten();
      composer.stop();
      badge.stop();
      transcript.stop();
      settings.stop();
    },
  };
}

import { version } from '../../package.json';
import type { Director } from '../avatar/director';
import type { Address } from '../base/address';
import { browserClock as clock } from '../base/clock';
import type { Language } from '../base/languages';
import type { TextStorage } from '../base/storage';
import { startDelivery } from '../delivery/entry';
import { startFigurePart } from '../figure/entry';
import { startLink } from '../link/entry';
import type { Part } from '../link/router';
import type { Connection } from '../link/socket';
import type { ServerError, StageMessage } from '../protocol/messages';
import { emptyTab } from '../scene/scene';
import { startStore } from '../scene/store';
import { startAnnouncer } from '../view/announcer';
import { startBubble } from '../view/bubble';
import { startFormatting } from '../view/formatting';
import { startStatus } from '../view/status';
import { startWords } from '../view/words';
import type { EmbedWords } from './embedwords';
import type { Settings } from './settings';
import { adopt } from './sheets';
import type { Skeleton } from './skeleton';
import bubbleStyles from '../view/styles/bubble.css?inline';

export interface StageOptions {
  readonly root: ShadowRoot;
  readonly parts: Skeleton;
  readonly address: Address;
  readonly settings: Pick<Settings, 'character' | 'sound' | 'markdown' | 'token'>;
  readonly language: () => Language;
  readonly words: EmbedWords;
  /** Keeps over a reload what this element has shown. */
  readonly storage: TextStorage;
  /** Whether the user can see the element. */
  readonly visible: () => boolean;
  readonly onConnection: (connection: Connection) => void;
  readonly onRefused: (error: ServerError) => void;
  readonly onMessage: (message: StageMessage) => void;
}

/** Everything inside the element that lives: connection, bubble, character. */
export interface Stage {
  /** The user can see the element from now on. */
  seen(): void;
  /** There is hope: the network is back, or the user looks. */
  nudge(): void;
  /** The user wants a connection now. */
  retry(): void;
  /** No more attempts: they cannot succeed. */
  giveUp(): void;
  /** The page goes, and may come back. */
  save(): void;
  /** Ends everything. What was shown stays known in the storage. */
  stop(): void;
}

/** A viewer: it shows what is published on its channel, and acknowledges it. It never says anything of its own. */
export async function startStage(options: StageOptions): Promise<Stage> {
  const { root, parts, address, settings, storage, words, visible, onConnection, onRefused, onMessage } = options;
  const { channel } = address;
  adopt(root, bubbleStyles);
  // Before anything runs that would have to be ended again if it does not come.
  const loud = settings.sound ? await import('./loud') : null;

  const store = startStore(emptyTab, clock);
  const formatting = startFormatting(async () => {
    const { startEmbeddedMarkdown } = await import('./markdown');
    const markdown = startEmbeddedMarkdown(root, parts.box, options.language);
    ends.push(markdown.stop);
    return markdown;
  }, { read: () => null, write() {} }, settings.markdown);
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const ends: (() => void)[] = [
    startBubble(parts.bubble, parts.words, startWords(parts.words, formatting), formatting, store, still),
    startStatus(parts.status, store),
    startAnnouncer(parts.replies, parts.statuses, formatting, store),
  ];
  const delivery = startDelivery({
    channel, visible, store, clock, storage, history: null,
    send: (message) => link.send(message), reconnect: () => link.renew(), onShown: onMessage,
  });
  let stopped = false;
  let mouth: Director['mouth'] = () => {};
  const figure = startFigurePart(async () => {
    const { startEmbeddedFigure } = await import('./figure');
    const part = startEmbeddedFigure({
      host: parts.avatar, store, address, character: settings.character, token: settings.token,
      applied: delivery.applied, failed: delivery.failed,
    });
    mouth = part.mouth;
    if (stopped) part.stop();
    else ends.push(part.stop);
    return part;
  }, () => {});
  const speaking = loud?.startLoud({
    channel, store, prompt: parts.soundPrompt, label: () => words('sound'), director: { mouth: (shape) => mouth(shape) },
    send: (message) => link.send(message), onHeard: delivery.spoken,
  }) ?? null;
  const telling: Part = {
    changed: onConnection,
    take(message) {
      if (message.type === 'error') onRefused(message);
    },
  };
  const link = startLink({
    address, clock, storage, client: `kotodama-embed/${version}`, caps: speaking === null ? ['display'] : ['display', 'speak'],
    connect: (url) => (settings.token === null ? new WebSocket(url) : new WebSocket(url, ['kotodama.v1', `bearer.${settings.token}`])),
    asker: null, parts: [telling, figure, ...(speaking === null ? [] : [speaking]), delivery],
  });

  return {
    seen: delivery.seen, save: delivery.save, nudge: link.nudge, retry: link.retry, giveUp: link.stop,
    stop() {
      stopped = true;
      link.stop();
      delivery.save();
      delivery.stop();
      speaking?.stop();
      for (const end of ends) end();
      store.stop();
    },
  };
}

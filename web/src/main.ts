import { version } from '../package.json';
import { readAddress } from './base/address';
import { browserClock as clock } from './base/clock';
import { startI18n } from './base/i18n';
import { textStorage } from './base/storage';
import { startDelivery } from './delivery/entry';
import { fetchHistory, startHistoryLoader } from './delivery/historyload';
import { startFigurePart } from './figure/entry';
import { startHearingPart } from './hearing/entry';
import { browserWorker, startAsker } from './link/asker';
import { startLink } from './link/entry';
import { historyLimit } from './scene/replies';
import { startStore } from './scene/store';
import { readTab, startTabStore } from './scene/tabstore';
import { startSpeakingPart } from './speaking/entry';
import { startTalkPart } from './talk/entry';
import { startCharacter } from './view/character';
import { startView } from './view/entry';
import { startInspector } from './view/inspector';

const page = document;
const root = page.documentElement;
const address = readAddress(location.href);
const { channel } = address;
const controls = address.view === 'stage';
const storage = textStorage(() => localStorage);
const session = textStorage(() => sessionStorage);

root.dataset['view'] = address.view;
if (address.subtitles !== null) root.dataset['subtitles'] = address.subtitles;
const i18n = startI18n(page, navigator.languages, storage, address.language);
const store = startStore(readTab(session, channel), clock);
const view = startView({
  page, address, i18n, storage, store, clock, retry: () => link.retry(),
  loadMarkdown: async () => (await import('./markdown/markdown')).startMarkdown({
    root: page, dialogs: page.body, i18n, copy: (text) => navigator.clipboard.writeText(text), after: clock.after,
    open: (named) => void window.open(named, '_blank', 'noopener'),
  }),
});
const delivery = startDelivery({
  channel, visible: () => !page.hidden, store, clock, storage: session,
  history: startHistoryLoader(store, fetchHistory(`${address.root}api/history?channel=${channel}&limit=${historyLimit}`)),
  send: (message) => link.send(message), reconnect: () => link.renew(),
  onShown(message) {
    inspector.note(message);
    view.help.note();
  },
});
const tab = startTabStore(session, channel, store, clock);
const { director, again } = startCharacter(page.querySelector<HTMLElement>('#avatar')!, store, clock, {
  applied: delivery.applied, failed: delivery.failed, awaits: () => figure.awaits(),
});
const figure = startFigurePart(async () => {
  const [{ startFigure }, slot] = await Promise.all([import('./figure/figure'), controls ? import('./view/wardrobeslot') : null]);
  const part = startFigure({
    page, address, i18n, storage, store, clock, director, send: (message) => link.send(message), onCast: again,
  });
  slot?.startWardrobeSlot(page, async (panel) => (await import('./wardrobe/wardrobe')).startWardrobe({
    ...part, page, panel, root: address.root, i18n, clock, onOpen: view.help.close,
  }));
  return part;
}, again);
const speaking = startSpeakingPart({
  page, address, i18n, storage, store, clock, director,
  send: (message) => link.send(message), onHeard: delivery.spoken, onWord: view.showWord,
});
const talk = startTalkPart({
  channel, store, clock, director,
  load: controls ? async () => (await import('./talk/talk')).startTalk({
    page, channel, i18n, store, clock, storage: session, send: (message) => link.send(message), longest: () => link.longest(),
    onMeet: view.help.giveWay, onSettings: view.help.close, loadSettings: async () => {
      const { startSettings } = await import('./settings/settings');
      return (context) => startSettings({ ...context, formatting: view.formatting });
    },
  }) : null,
});
const hearing = startHearingPart({
  channel, clock, browserHears: 'SpeechRecognition' in window || 'webkitSpeechRecognition' in window,
  load: controls ? async () => (await import('./hearing/hearing')).startHearingControl({
    page, channel, i18n, storage, store, clock,
    // Where another page is heard, the companion makes all of them quieter together.
    duck(gain) {
      if (gain === 1 || speaking.isHeard()) speaking.duck(gain);
    },
    send: (message) => link.send(message), sendBytes: (bytes) => link.sendBytes(bytes), pending: () => link.pending(),
  }) : null,
});
const inspector = startInspector(window, {
  scene: store.scene, connection: () => link.connection(), position: delivery.position, gaps: delivery.gaps,
  avatar: () => ({ ...director.snapshot(), ...figure.snapshot() }),
  speech: speaking.snapshot, microphone: hearing.snapshot, talk: talk.snapshot,
  channel, language: i18n.language, now: clock.now,
});
const link = startLink({
  address, clock, storage: session, client: `kotodama-page/${version}`, caps: ['display', 'speak'],
  connect: (url) => new WebSocket(url), asker: startAsker(`${address.root}healthz`, browserWorker),
  parts: [view, figure, speaking, talk, hearing, delivery],
});

addEventListener('online', link.nudge);
addEventListener('pagehide', tab.save);
addEventListener('pagehide', delivery.save);
page.addEventListener('visibilitychange', () => {
  if (page.hidden) return;
  link.nudge();
  delivery.seen();
});
root.dataset['ready'] = '';

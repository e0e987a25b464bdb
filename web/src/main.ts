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
import { takeFromFragment } from './link/fragment';
import { startSession } from './link/session';
import { historyLimit } from './scene/replies';
import { startStore } from './scene/store';
import { readTab, startTabStore } from './scene/tabstore';
import { startSealed } from './sealed/entry';
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

// The key is not sent anywhere: only this tab keeps it, also over a reload.
const takeKey = (): string | null => {
  const taken = takeFromFragment(window, 'k');
  if (taken !== null) session.write('kotodama.key', taken);
  return taken;
};
const key = takeKey() ?? session.read('kotodama.key');

root.dataset['view'] = address.view;
if (address.subtitles !== null) root.dataset['subtitles'] = address.subtitles;
const i18n = startI18n(page, navigator.languages, storage, address.language);
const store = startStore(readTab(session, channel), clock);
const view = startView({
  page, address, i18n, storage, store, clock, retry: () => link.retry(), signIn: (token) => signing.signIn(token),
  loadMarkdown: async () => (await import('./markdown/markdown')).startMarkdown({
    root: page, dialogs: page.body, i18n, copy: (text) => navigator.clipboard.writeText(text), after: clock.after,
    open: (named) => void window.open(named, '_blank', 'noopener'),
  }),
});
const askHistory = fetchHistory(`${address.root}api/history?channel=${channel}&limit=${historyLimit}`);
const delivery = startDelivery({
  channel, visible: () => !page.hidden, store, clock, storage: session,
  history: startHistoryLoader(store, async () => sealed.openHistory(await askHistory())),
  send: (message) => link.send(message), reconnect: () => link.renew(),
  onShown(message) {
    inspector.note(message);
    view.help.note();
    sealed.shown(message);
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
  send: (message) => link.send(message), onWord: view.showWord,
  onHeard(position, heard, whole) {
    delivery.spoken(position, heard, whole);
    sealed.heard(position);
  },
});
const sealed = startSealed({
  hasKey: key !== null, clock, deliver: (message) => link.take(message),
  load: async () => (await import('./sealed/sealed')).startSealedPart({
    key: key!, channel, storage: session, store, clock, crypto: isSecureContext ? crypto : null,
    synthesis: 'speechSynthesis' in window ? speechSynthesis : null,
    words: view.formatting.saidOf, onWords: view.formatting.watch,
    prepare: speaking.prepare, say: speaking.take,
    onUnheard: (position) => delivery.spoken(position, { ms: 0, chars: 0 }, false),
  }),
  onProblem(problem, origin) {
    delivery.failed(origin, problem);
    void import('./sealed/sealedwords').then(({ wordsForSealed }) => (
      store.happen({ type: 'notice', text: wordsForSealed(i18n)(problem) })
    ));
  },
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
if (controls && address.near) {
  void import('./view/phoneslot').then(({ startPhoneSlot }) => startPhoneSlot(page, async (panel) => {
    view.help.close();
    return (await import('./phone/phone')).startPhone({ panel, root: address.root, i18n });
  }), () => {});
}
const inspector = startInspector(window, {
  scene: store.scene, connection: () => link.connection(), position: delivery.position, gaps: delivery.gaps,
  avatar: () => ({ ...director.snapshot(), ...figure.snapshot() }),
  speech: speaking.snapshot, microphone: hearing.snapshot, talk: talk.snapshot,
  channel, language: i18n.language, now: clock.now,
});
const signing = startSession(async (token) => (await import('./link/exchange')).exchange(address.root, token), window, () => link.retry());
const link = startLink({
  address, clock, storage: session, client: `kotodama-page/${version}`, caps: ['display', 'speak'],
  connect: (url) => new WebSocket(url), asker: startAsker(`${address.root}healthz`, browserWorker),
  parts: [view, figure, speaking, talk, hearing, delivery],
  admitted: signing.admitted, open: sealed.take,
});

// A browser that is given the address of an open page loads nothing.
addEventListener('hashchange', () => {
  if (takeKey() !== null) location.reload();
});
addEventListener('online', link.nudge);
addEventListener('pagehide', tab.save);
addEventListener('pagehide', delivery.save);
addEventListener('pagehide', sealed.save);
page.addEventListener('visibilitychange', () => {
  if (page.hidden) return;
  link.nudge();
  delivery.seen();
});
root.dataset['ready'] = '';

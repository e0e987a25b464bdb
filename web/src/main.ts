import { version } from '../package.json';
import { startDirector } from './avatar/director';
import { createKoto } from './avatar/vector/koto';
import { readAddress } from './base/address';
import { browserClock as clock } from './base/clock';
import { startI18n } from './base/i18n';
import { textStorage } from './base/storage';
import { startAcks } from './delivery/acks';
import { askHistory, startPast } from './delivery/historyload';
import { startReception } from './delivery/reception';
import { startMicrophone } from './hearing/entry';
import { makeViewer, startIdentity } from './link/identity';
import { askServer, startProbe } from './link/probe';
import { startSocket } from './link/socket';
import { maxContent, protocolVersion } from './protocol/messages';
import { isSpeech } from './protocol/speech';
import { isTalk } from './protocol/talk';
import { historyLimit } from './scene/replies';
import { startStore } from './scene/store';
import { recall, startMemory } from './scene/tabstore';
import { decodeFile } from './speaking/decode';
import { startSpeaking } from './speaking/player';
import { startSound } from './speaking/sound';
import { startSoundControl } from './speaking/soundcontrol';
import { startVoiceless } from './speaking/voiceless';
import { startConversation } from './talk/entry';
import { startActing } from './view/acting';
import { startAnnouncer } from './view/announcer';
import { startBubble } from './view/bubble';
import { startConnectionView } from './view/connection';
import { startFirstRun } from './view/firstrun';
import { startHistory } from './view/historypanel';
import { startInspector } from './view/inspector';
import { startLanguagePicker } from './view/languagepicker';
import { startPanel } from './view/panel';
import { startSpeech } from './view/silentlips';
import { startStatus } from './view/status';
import { startSubtitles } from './view/subtitles';
import { startTheme } from './view/theme';
import { startTips } from './view/tips';

const $ = <E extends HTMLElement>(selector: string): E => document.querySelector<E>(selector)!;

const root = document.documentElement;
const address = readAddress(location.href);
const settings = textStorage(() => localStorage);
const session = textStorage(() => sessionStorage);

root.dataset['view'] = address.view;
const i18n = startI18n(document, navigator.languages, settings, address.language);
startLanguagePicker($<HTMLSelectElement>('#language'), i18n);
startTheme({
  button: $<HTMLButtonElement>('#theme-button'), root, i18n, storage: settings, systemDark: matchMedia('(prefers-color-scheme: dark)'), fixed: address.theme,
});

let longest = maxContent;
const store = startStore(recall(session, address.channel), clock);
const still = matchMedia('(prefers-reduced-motion: reduce)');
startBubble($('.bubble'), store, still);
const subtitles = startSubtitles($('.bubble-text'), store, still);
startStatus($('.status'), store);
const acks = startAcks({ store, channel: address.channel, clock, storage: session, visible: () => !document.hidden, send: (ack) => socket.send(ack) });
startAnnouncer($('#announce-reply'), $('#announce-status'), store);
startHistory($('#history'), $<HTMLButtonElement>('#history-clear'), store, i18n);
startPanel($('#history'), $<HTMLButtonElement>('#history-button'));
const memory = startMemory(session, address.channel, store, clock);

const director = startDirector($('#avatar'), createKoto());
startActing(director, store, acks.applied);
startSpeech(director, store, clock);
const sound = startSound({ storage: address.view === 'stage' ? settings : null, never: address.sound === 'off', page: window, after: clock.after });
startSoundControl(
  { box: $('.sound'), button: $<HTMLButtonElement>('#sound-button'), slider: $<HTMLInputElement>('#volume'), prompt: $<HTMLButtonElement>('#sound-prompt') },
  sound, store, i18n, address.sound === 'off',
);
const speaking = startSpeaking({
  channel: address.channel, mode: address.sound, store, clock, now: () => performance.now(), director, sound,
  synthesis: 'speechSynthesis' in window ? speechSynthesis : null, decode: decodeFile,
  send: (message) => socket.send(message), onHeard: acks.spoken, onWord: subtitles.show,
  onPlace: (reply, chars) => store.happen({ type: 'uttered', reply, chars }),
});
const voiceless = startVoiceless({
  channel: address.channel, isHeard: () => address.view === 'stage' && speaking.isHeard(),
  tell: (lang) => store.happen({ type: 'notice', text: i18n.text('sound.voiceless', { language: i18n.nameOf(lang) }) }),
});
const conversation = startConversation({
  channel: address.channel, store, clock, director,
  load: address.view === 'stage' ? async () => (await import('./talk/talk')).startTalk({
    page: document, channel: address.channel, i18n, store, clock, storage: session, send: (message) => socket.send(message), longest: () => longest, onMeet: () => firstRun.giveWay(), onSettings: () => firstRun.close(),
  }) : null,
});
const microphone = startMicrophone({
  channel: address.channel, clock, browserHears: 'SpeechRecognition' in window || 'webkitSpeechRecognition' in window,
  load: address.view === 'stage' ? async () => (await import('./hearing/hearing')).startHearingControl({
    page: document, channel: address.channel, i18n, storage: settings, store, clock, duck: (gain) => {
      // Where another page is heard, the companion makes all of them quieter together.
      if (gain === 1 || speaking.isHeard()) speaking.duck(gain);
    },
    send: (message) => socket.send(message), sendBytes: (bytes) => socket.sendBytes(bytes), pending: () => socket.pending(),
  }) : null,
});
if (address.view === 'stage') startTips($('.tip'), store, i18n, clock, Math.random);
const firstRun = startFirstRun({
  panel: $('#first-run'), button: $<HTMLButtonElement>('#help-button'), i18n, storage: settings, target: address,
  windows: navigator.userAgent.includes('Windows'), narrow: matchMedia('(max-aspect-ratio: 11/10)'), copy: (text) => navigator.clipboard.writeText(text), after: clock.after,
});

const view = startConnectionView($('.pill'), $('.banner'), i18n, () => socket.retry());
const inspector = startInspector(window, {
  scene: store.scene, connection: () => socket.connection(), avatar: () => director.snapshot(), speech: speaking.snapshot, talk: conversation.snapshot, microphone: microphone.snapshot,
  position: () => reception.position(), gaps: () => reception.gaps(),
  channel: address.channel, language: i18n.language, now: clock.now,
});
const past = startPast(store, askHistory(`${address.root}api/history?channel=${address.channel}&limit=${historyLimit}`));
const reception = startReception({
  channel: address.channel, store, clock, storage: session, send: (message) => void socket.send(message),
  reconnect: () => socket.renew(), onReceived: acks.received, onGap: past.gap, notes: [inspector.note, firstRun.note],
});
const identity = startIdentity(session, makeViewer);
const socket = startSocket({
  ...clock, url: address.socket, random: Math.random, connect: (url) => new WebSocket(url),
  hello: () => ({
    type: 'hello', v: protocolVersion, role: 'viewer', channels: [address.channel], caps: ['display', 'speak'], viewer: identity.viewer(), ...reception.resume(), ...speaking.has(),
    client: `kotodama-page/${version}`,
  }),
  onReplaced: identity.renew,
  onMessage(message) {
    if (isSpeech(message)) {
      speaking.take(message);
      voiceless(message);
    }
    if (isTalk(message)) {
      conversation.take(message);
      microphone.take(message);
    } else if (!isSpeech(message)) reception.take(message);
    acks.heard();
    if (message.type !== 'welcome') return;
    longest = message.longest ?? maxContent;
    speaking.connected();
    conversation.connected();
    microphone.connected(true);
    acks.flush();
    past.load();
  },
  onChange(connection) {
    view.show(connection);
    if (connection.state === 'open') return;
    reception.lost();
    acks.lost();
    speaking.lost();
    conversation.lost();
    microphone.connected(false);
  },
});

if (address.near) startProbe(clock, () => socket.connection().state === 'closed', askServer(`${address.root}healthz`), socket.nudge);

addEventListener('online', socket.nudge);
addEventListener('pagehide', memory.save);
addEventListener('pagehide', acks.save);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  socket.nudge();
  acks.seen();
});
root.dataset['ready'] = '';

import { show } from '../base/shown';
import type { Store } from '../scene/store';
import type { Formatting } from './formatting';

/** Lets screen readers hear each reply once, when it is complete, and each status. */
export function startAnnouncer(replies: HTMLElement, statuses: HTMLElement, formatting: Formatting, store: Store): () => void {
  let lastReply = -1;
  let lastStatus: unknown = null;

  return store.watch(({ reply, status }) => {
    if (reply !== null && reply.phase !== 'streaming' && reply.key !== lastReply) {
      lastReply = reply.key;
      say(replies, formatting.partFor(reply.text)?.spoken(reply.text) ?? reply.text, reply.lang);
    }
    if (status !== lastStatus && status !== null) say(statuses, status.text, null);
    lastStatus = status;
  });
}

// A new element is read even when its words are those of the last one.
function say(region: HTMLElement, text: string, lang: string | null): void {
  const words = document.createElement('p');
  show(words, text);
  if (lang !== null) words.lang = lang;
  region.replaceChildren(words);
}

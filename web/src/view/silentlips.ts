import type { Director } from '../avatar/director';
import { createMouthTrack, type MouthTrack } from '../avatar/lipsync';
import type { Clock } from '../base/clock';
import type { Reply } from '../scene/scene';
import type { Store } from '../scene/store';

// As often as the character redraws its lips.
const step = 33;

interface Saying {
  readonly key: number;
  readonly track: MouthTrack;
  said: string;
  start: number;
}

/** Moves the mouth to the text of the reply in the bubble, where no voice speaks it: until it is said, silenced, or gone. */
export function startSilentLips(director: Pick<Director, 'mouth'>, store: Store, clock: Clock): () => void {
  let saying: Saying | null = null;
  let cancel: (() => void) | null = null;

  const rest = (): void => {
    cancel?.();
    cancel = null;
    director.mouth(null);
  };

  const move = (): void => {
    const elapsed = saying === null ? 0 : clock.now() - saying.start;
    if (saying === null || elapsed >= saying.track.endMs) {
      rest();
      return;
    }
    director.mouth(saying.track.shapeAt(elapsed));
    cancel = clock.after(step, move);
  };

  const begin = ({ key, text, at, until }: Reply): void => {
    saying = { key, track: createMouthTrack(text, until === null ? Infinity : until - at), said: text, start: clock.now() };
  };

  const extend = (now: Saying, text: string): void => {
    // A closing message may correct its stream; what was said cannot be unsaid.
    if (!text.startsWith(now.said)) return;
    // Words that come late are said from now on, not from when there was nothing to say.
    now.start = Math.max(now.start, clock.now() - now.track.endMs);
    now.track.extend(text.slice(now.said.length));
    now.said = text;
  };

  const unwatch = store.watch(({ reply, speaking }) => {
    if (reply === null || !reply.speak || reply.awaits !== null || speaking !== null) {
      if (saying !== null) rest();
      saying = null;
      return;
    }
    if (saying?.key === reply.key && saying.said === reply.text) return;
    if (saying?.key === reply.key) extend(saying, reply.text);
    else begin(reply);
    if (cancel === null) move();
  });

  return () => {
    unwatch();
    rest();
  };
}

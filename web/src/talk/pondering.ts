import { show } from '../base/shown';
import type { TalkTurn } from '../protocol/talk';
import type { Store } from '../scene/store';
import { reasonIn, type TalkWords } from './talkwords';

export interface Pondering {
  turn(turn: TalkTurn | null): void;
  draw(): void;
}

export interface PonderingParts {
  /** The cloud beside the head. */
  readonly cloud: HTMLElement;
  /** The word for what the companion does. */
  readonly state: HTMLElement;
}

/** Says what the companion does: a cloud while it thinks, a word all the while, and a notice when a turn came to nothing. */
export function startPondering({ cloud, state }: PonderingParts, store: Store, words: TalkWords): Pondering {
  const tool = cloud.querySelector<HTMLElement>('.pondering-tool')!;
  let turn: TalkTurn | null = null;
  /** The last turn that came to nothing. */
  let failed: number | null = null;
  cloud.hidden = false;

  const draw = (): void => {
    const now = turn?.state ?? 'idle';
    const using = turn?.tool === undefined ? '' : words('turn.tool', { tool: turn.tool.slice(0, 40) });
    cloud.dataset['state'] = now === 'thinking' || now === 'transcribing' ? 'shown' : 'hidden';
    state.dataset['state'] = now;
    const word = now === 'idle' ? '' : using || words(`turn.${now}`);
    show(state, word);
    if (cloud.dataset['state'] === 'shown') show(tool, using);
  };

  return {
    turn(next) {
      const repeated = next !== null && turn?.turn === next.turn && turn.reason === next.reason;
      turn = next;
      draw();
      if (next === null) return;
      const notice = next.reason === undefined || repeated ? null : reasonIn(words, next.reason);
      if (notice !== null) {
        failed = next.turn;
        store.happen({ type: 'notice', text: notice });
      } else if (failed !== null && next.turn !== failed && next.reason === undefined && next.state !== 'idle') {
        failed = null;
        store.happen({ type: 'notice', text: null });
      }
    },
    draw,
  };
}

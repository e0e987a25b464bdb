import type { LlmDelta, LlmResponse, StageMessage } from '../../src/protocol/messages';
import { nextChange, nextScene, type SceneEvent } from '../../src/scene/rules';
import { emptyTab, openingScene, type TabState, type Scene } from '../../src/scene/scene';

export const start = 1_000_000;

/**
 * A scene with a clock that is moved by hand. Time passes in it as it does on the page: the scene is asked when it changes
 * by itself, and is told then.
 */
export class Play {
  now = start;
  scene: Scene;
  private seq = 0;

  constructor(memory: TabState = emptyTab) {
    this.scene = openingScene(memory);
  }

  /** A message as the server numbers it. */
  kept(message: StageMessage): this {
    return this.take({ ...message, epoch: 'e1', seq: ++this.seq });
  }

  take(message: StageMessage): this {
    return this.happen({ type: 'message', message, at: this.now });
  }

  tip(text: string): this {
    return this.happen({ type: 'tip', text, at: this.now });
  }

  hold(on: boolean): this {
    return this.happen({ type: 'hold', on, at: this.now });
  }

  happen(event: SceneEvent): this {
    this.scene = nextScene(this.scene, event);
    return this;
  }

  /** Lets `ms` pass. */
  wait(ms: number): this {
    const end = this.now + ms;
    for (let change = nextChange(this.scene); change !== null && change <= end; change = nextChange(this.scene)) {
      this.now = Math.max(this.now, change);
      this.happen({ type: 'tick', at: this.now });
    }
    this.now = end;
    return this.happen({ type: 'tick', at: end });
  }

  get bubble(): string | null {
    return this.scene.reply?.text ?? null;
  }

  get history(): readonly string[] {
    return this.scene.history.map((entry) => entry.text);
  }
}

export const reply = (content: string, more: Partial<LlmResponse> = {}): LlmResponse =>
  ({ type: 'llm_response', content, duration: 8_000, speak: true, mode: 'queue', ...more });

export const delta = (id: string, part: number, content: string): LlmDelta => ({ type: 'llm_delta', id, part, content });

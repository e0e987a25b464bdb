import type { Attending } from './attention';
import type { AvatarRenderer, HitArea } from './avatar';
import { startBody } from './body';
import { findEmotion } from './emotions';
import { browserEnvironment, type Environment } from './environment';
import { startFrames } from './frames';
import type { MotionEnd, Priority } from './motionplayer';
import type { MouthShape } from './talkinghead';

/** Decides what the character does. It owns the only clock of the avatar; every method may be called at any time until {@link stop}. */
export interface Director {
  /**
   * Shows an emotion by name or alias until the next one, or for `durationMs`; null is neutral. `weight` is its strength, 0..1.
   * @returns false when there is no emotion of this name; the face is neutral then.
   */
  express(name: string | null, options?: { readonly durationMs?: number; readonly weight?: number }): boolean;

  /** Plays a motion. The promise says how it ended: `interrupted` also when something more important plays already. */
  move(name: string, priority?: Priority): Promise<MotionEnd>;

  /** Interrupts the motion that plays. */
  rest(): void;

  /** Holds the mouth against motions and emotions until null gives it back. Values outside their range are limited. */
  mouth(shape: MouthShape | null): void;

  /** Shows what it does in a conversation, below emotions, motions and lips. */
  attend(to: Attending): void;

  /** What is shown: the values by Cubism id are those of the last frame that was really drawn. */
  snapshot(): {
    readonly emotion: string;
    readonly attending: Attending;
    readonly motion: string | null;
    readonly parameters: Readonly<Record<string, number>>;
  };

  /** Ends all movement and removes the character from its host. */
  stop(): void;
}

export interface DirectorOptions extends Partial<Environment> {
  /** The user tapped the character; it has reacted already. */
  onTouch?(area: HitArea): void;
}

/** Puts the renderer's character into `host` and brings it to life. */
export function startDirector(host: HTMLElement, renderer: AvatarRenderer, options: DirectorOptions = {}): Director {
  const env: Environment = { ...browserOrNothing(host, options), ...options };
  const body = startBody(env, renderer);
  const { expression, player, voice, gaze, attention } = body;
  const frames = startFrames(env, body.step);
  let stopped = false;

  const wake = (): void => {
    if (!stopped) frames.wake();
  };

  const touch = (area: HitArea): void => {
    void player.play(area === 'head' ? 'flinch' : 'bounce', 'normal');
    if (expression.emotion === 'neutral') expression.show(area === 'head' ? 'shy' : 'joy', area === 'head' ? 0.7 : 0.8, fadeMs, 1600);
    options.onTouch?.(area);
    wake();
  };

  const deafen = env.listen({
    pointerAt(x, y) {
      const was = gaze.moving;
      gaze.at(x, y);
      if (!was) wake();
    },
    pointerLeft: () => gaze.leave(),
    tapped(clientX, clientY) {
      const area = renderer.hitTest(clientX, clientY);
      if (area) touch(area);
    },
    sightChanged: frames.restart,
  });

  renderer.mount(host);
  body.compose(0);
  renderer.step(0);
  wake();

  return {
    express(name, { durationMs = Infinity, weight = 1 } = {}) {
      const found = name === null ? 'neutral' : findEmotion(name);
      const strength = Number.isFinite(weight) ? Math.min(1, Math.max(0, weight)) : 1;
      const lasts = durationMs > 0 ? durationMs : Infinity;
      expression.show(found ?? 'neutral', strength, env.reducedMotion() ? calmFadeMs : fadeMs, found === 'neutral' ? Infinity : lasts);
      wake();
      return found !== undefined;
    },

    move(name, priority = 'normal') {
      if (stopped) return Promise.resolve('interrupted');
      const end = player.play(name, priority);
      wake();
      return end;
    },

    rest() {
      player.stop();
      wake();
    },

    mouth(shape) {
      const was = voice.speaking;
      voice.hold(shape);
      if (!was) wake();
    },

    attend(to) {
      if (to === attention.to) return;
      attention.turn(to);
      if (player.idling && to !== 'thinking') player.stop();
      wake();
    },

    snapshot: () => ({
      emotion: expression.emotion,
      attending: attention.to,
      motion: player.name,
      parameters: Object.fromEntries(Object.keys(renderer.parameters).map((id) => [id, renderer.get(id)])),
    }),

    stop() {
      if (stopped) return;
      stopped = true;
      frames.stop();
      deafen();
      player.stop();
      renderer.dispose();
    },
  };
}

const fadeMs = 280;
const calmFadeMs = 140;

/** Tests give a whole environment and have no window to ask. */
function browserOrNothing(host: HTMLElement, options: DirectorOptions): Environment {
  return options.listen ? (options as Environment) : browserEnvironment(host);
}

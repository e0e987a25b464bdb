import { Attention, type Attending } from './attention';
import type { AvatarRenderer, HitArea } from './avatar';
import { findEmotion } from './emotions';
import { browserEnvironment, type Environment } from './environment';
import { Expression } from './expression';
import { Gaze } from './gaze';
import { Blink, Sway } from './idle';
import { idleMotions, smooth } from './motions';
import { parameters, type ParameterId } from './parameters';
import { MotionPlayer, type MotionEnd, type Priority } from './motionplayer';
import { TalkingHead, type MouthShape } from './talkinghead';

/** Decides what the character does. It owns the only clock of the avatar; every method may be called at any time until {@link stop}. */
export interface Director {
  /**
   * Shows an emotion by name or alias until the next one, or for `durationMs`; null is neutral. `weight` is its strength, 0..1.
   * @returns false when nobody knows the name; the face is neutral then.
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
  snapshot(): { readonly emotion: string; readonly attending: Attending; readonly motion: string | null; readonly parameters: Readonly<Record<string, number>> };

  /** Ends all movement and removes the character from its host. */
  stop(): void;
}

export interface DirectorOptions extends Partial<Environment> {
  /** Somebody tapped the character; it has reacted already. */
  onTouch?(area: HitArea): void;
}

/**
 * Milliseconds between frames: `lively` follows the display, `speaking` is enough for lips, the rest moves so slowly that
 * a step stays below a pixel. A page that only waits then costs well below a tenth of a core, painted without a GPU.
 */
const pace = { lively: 0, speaking: 33, blinking: 50, idling: 66, drifting: 120, calm: 500 } as const;

/** How long hair swings on at a good rate after something lively. */
const afterglowMs = 1500;

/** A longer gap means that the page slept; the character then goes on as if nothing had been. */
const longestStepMs = 600;

/** Puts the renderer's character into `host` and brings it to life. */
export function startDirector(host: HTMLElement, renderer: AvatarRenderer, options: DirectorOptions = {}): Director {
  const env: Environment = { ...browserOrNothing(host, options), ...options };
  const ids = (Object.keys(parameters) as ParameterId[]).filter((id) => Object.hasOwn(renderer.parameters, id));
  const values = Object.fromEntries(Object.keys(parameters).map((id) => [id, 0])) as Record<ParameterId, number>;
  const expression = new Expression();
  const player = new MotionPlayer();
  const voice = new TalkingHead();
  const blink = new Blink(env.random);
  const sway = new Sway(env.random);
  const gaze = new Gaze();
  const attention = new Attention();
  let idleInMs = 24000;
  let breathMs = 0;
  let driftMs = 0;
  let quietMs = 0;
  let last = env.now();
  let cancel: (() => void) | null = null;
  let stopped = false;

  const compose = (dtMs: number): void => {
    const calm = env.reducedMotion();
    Object.assign(values, expression.step(dtMs));
    player.step(dtMs);
    player.apply(values, calm ? 0 : 1);

    const lids = blink.step(dtMs);
    values.ParamEyeLOpen *= lids;
    values.ParamEyeROpen *= lids;

    gaze.step(dtMs);
    attention.apply(values, dtMs, { calm, speaking: voice.speaking, feeling: expression.emotion !== 'neutral' });
    // Emotions that look away keep most of their gaze: a shy face that stares at the pointer is not shy.
    const free = attention.free * (1 - 0.6 * Math.min(1, Math.abs(values.ParamEyeBallX) + Math.abs(values.ParamEyeBallY)));
    values.ParamEyeBallX += gaze.eyes.x * 0.8 * free;
    values.ParamEyeBallY += gaze.eyes.y * 0.75 * free;
    if (!calm) {
      values.ParamAngleX += gaze.head.x * 20 * free;
      values.ParamAngleY += gaze.head.y * 15 * free;
      values.ParamAngleZ -= gaze.head.x * gaze.head.y * 5;
      values.ParamBodyAngleX += gaze.head.x * 4;
      // Drift advances in coarse steps of its own: a blink or a syllable in between then repaints a small part only.
      driftMs += dtMs;
      if (driftMs >= (sway.moving ? pace.drifting : pace.calm) - 20) {
        sway.step(driftMs);
        breathMs = (breathMs + driftMs) % breathPeriodMs;
        driftMs = 0;
      }
      const { stance } = sway;
      values.ParamAngleX += stance.x;
      values.ParamAngleY += stance.y;
      values.ParamAngleZ += stance.z;
      values.ParamBodyAngleX += stance.x * 0.35;
      values.ParamBodyAngleZ += stance.z * 0.25;
      values.ParamBreath = breathAt(breathMs / breathPeriodMs);
    }
    voice.apply(values, dtMs, calm);
    for (const id of ids) renderer.set(id, values[id]);
  };

  const idle = (dtMs: number): void => {
    const filler = attention.filler(dtMs, player.busy || voice.speaking);
    if (filler !== null && !env.reducedMotion()) void player.play(filler, 'idle');
    if (attention.to !== 'idle') idleInMs = Math.max(idleInMs, 8000);
    if (player.busy || voice.speaking || expression.emotion !== 'neutral') idleInMs = Math.max(idleInMs, 4000);
    idleInMs -= dtMs;
    if (idleInMs > 0 || env.reducedMotion()) return;
    idleInMs = 45000 + env.random() * 45000;
    void player.play(idleMotions[Math.floor(env.random() * idleMotions.length)] ?? 'tilt', 'idle');
  };

  const tick = (): void => {
    const now = env.now();
    const dtMs = Math.min(longestStepMs, Math.max(0, now - last));
    last = now;
    idle(dtMs);
    compose(dtMs);
    const swinging = renderer.step(dtMs);
    quietMs = player.busy || gaze.moving ? 0 : quietMs + dtMs;
    cancel = env.frame(tick, Math.min(nextPace(swinging), blink.quietMs, attention.quietMs));
  };

  const nextPace = (swinging: boolean): number => {
    if ((player.busy && !player.idling) || gaze.moving) return pace.lively;
    if (voice.busy || expression.fading || attention.moving) return pace.speaking;
    if (blink.busy) return pace.blinking;
    if (player.busy || (swinging && quietMs < afterglowMs)) return pace.idling;
    return swinging || (sway.moving && !env.reducedMotion()) ? pace.drifting : pace.calm;
  };

  const wake = (): void => {
    if (stopped || env.hidden()) return;
    cancel?.();
    cancel = env.frame(tick, 0);
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
    sightChanged() {
      cancel?.();
      cancel = null;
      last = env.now();
      wake();
    },
  });

  renderer.mount(host);
  compose(0);
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
      cancel?.();
      deafen();
      player.stop();
      renderer.dispose();
    },
  };
}

const breathPeriodMs = 4400;

/** In, more slowly out, and a rest before the next breath. */
const breathAt = (phase: number): number => smooth(phase / 0.34) - smooth((phase - 0.34) / 0.42);

const fadeMs = 280;
const calmFadeMs = 140;

/** Tests give a whole environment and have no window to ask. */
function browserOrNothing(host: HTMLElement, options: DirectorOptions): Environment {
  return options.listen ? (options as Environment) : browserEnvironment(host);
}

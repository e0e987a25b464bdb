import { Attention } from './attention';
import type { AvatarRenderer, Repertoire } from './avatar';
import type { Environment } from './environment';
import { Expression } from './expression';
import { Gaze } from './gaze';
import { Blink, Sway } from './idle';
import { idleMotions, smooth } from './motions';
import { parameters, type ParameterId } from './parameters';
import { MotionPlayer } from './motionplayer';
import { TalkingHead } from './talkinghead';

/**
 * Milliseconds between frames: `lively` follows the display, `speaking` is enough for lips, the rest moves so slowly that
 * a step stays below a pixel. A page that only waits then costs well below a tenth of a core, painted without a GPU. A model whose
 * physics swing or whose own idle motion plays shows every step: it is drawn at `swinging`, and at `physical` while it is lively.
 */
const pace = { lively: 0, physical: 16, speaking: 33, swinging: 33, blinking: 50, idling: 66, drifting: 120, calm: 500 } as const;

/** How long hair swings on at a good rate after something lively. */
const afterglowMs = 1500;

const breathPeriodMs = 4400;

/** In, more slowly out, and a rest before the next breath. */
const breathAt = (phase: number): number => smooth(phase / 0.34) - smooth((phase - 0.34) / 0.42);

/** Everything about the character that moves, layer upon layer. */
export interface Body {
  readonly renderer: AvatarRenderer;
  readonly expression: Expression;
  readonly player: MotionPlayer;
  readonly voice: TalkingHead;
  readonly gaze: Gaze;
  readonly attention: Attention;
  /** Moves another character from now on. All that the body does goes on in it. */
  enter(renderer: AvatarRenderer, repertoire: Repertoire | null): void;
  /** Puts the layers together, after `dtMs` more. */
  compose(dtMs: number): void;
  /** Lets time pass and draws; returns the milliseconds until the next frame is worth it. */
  step(dtMs: number): number;
}

/** Its steps run in every frame, so they write into the same values and make no new ones. */
export function startBody(env: Pick<Environment, 'random' | 'reducedMotion'>, first: AvatarRenderer): Body {
  const known = Object.keys(parameters) as ParameterId[];
  const values = Object.fromEntries(known.map((id) => [id, 0])) as Record<ParameterId, number>;
  const expression = new Expression();
  const player = new MotionPlayer();
  const voice = new TalkingHead();
  const blink = new Blink(env.random);
  const sway = new Sway(env.random);
  const gaze = new Gaze();
  const attention = new Attention();
  let renderer = first;
  let ids: readonly ParameterId[];
  let idles = false;
  let idleInMs = 24000;
  let breathMs = 0;
  let driftMs = 0;
  let quietMs = 0;

  const enter = (next: AvatarRenderer, repertoire: Repertoire | null): void => {
    renderer = next;
    ids = known.filter((id) => Object.hasOwn(next.parameters, id));
    idles = repertoire?.idles === true;
    player.stopOwn();
    player.own = (name) => repertoire?.motion(name);
  };

  /** Weight and breath. They advance in coarse steps of their own: a blink or a syllable in between then repaints a small part only. */
  const drift = (dtMs: number): void => {
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
  };

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
      drift(dtMs);
    }
    voice.apply(values, dtMs, calm);
    for (const id of ids) renderer.set(id, values[id]);
  };

  /** Does something of its own accord now and then. */
  const idle = (dtMs: number): void => {
    const filler = attention.filler(dtMs, player.busy || voice.speaking);
    if (filler !== null && !env.reducedMotion()) void player.play(filler, 'idle');
    if (attention.to !== 'idle') idleInMs = Math.max(idleInMs, 8000);
    if (player.busy || voice.speaking || expression.emotion !== 'neutral') idleInMs = Math.max(idleInMs, 4000);
    idleInMs -= dtMs;
    if (idleInMs > 0 || idles || env.reducedMotion()) return;
    idleInMs = 45000 + env.random() * 45000;
    void player.play(idleMotions[Math.floor(env.random() * idleMotions.length)] ?? 'tilt', 'idle');
  };

  const nextPace = (swinging: boolean): number => {
    const isModel = renderer.own !== null;
    if ((player.busy && !player.idling) || gaze.moving) return isModel ? pace.physical : pace.lively;
    if (voice.busy || expression.fading || attention.moving) return pace.speaking;
    if (isModel && swinging) return pace.swinging;
    if (blink.busy) return pace.blinking;
    if (player.busy || (swinging && quietMs < afterglowMs)) return pace.idling;
    return swinging || (sway.moving && !env.reducedMotion()) ? pace.drifting : pace.calm;
  };

  enter(first, null);
  return {
    get renderer() {
      return renderer;
    },
    expression, player, voice, gaze, attention, enter, compose,
    step(dtMs) {
      idle(dtMs);
      compose(dtMs);
      const swinging = renderer.step(dtMs);
      quietMs = player.busy || gaze.moving ? 0 : quietMs + dtMs;
      return Math.min(nextPace(swinging), blink.quietMs, attention.quietMs);
    },
  };
}

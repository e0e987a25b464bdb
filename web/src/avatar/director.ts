import type { Attending } from './attention';
import type { AvatarRenderer, HitArea, Repertoire } from './avatar';
import { startBody } from './body';
import type { Emotion } from './emotions';
import { browserEnvironment, type Environment } from './environment';
import { startFaces, type FaceOptions } from './faces';
import { startFrames } from './frames';
import type { Placement } from './manifest';
import type { MotionEnd, Priority } from './motionplayer';
import { startPart } from './part';
import type { MouthShape } from './talkinghead';

/** What a touch does: a motion, a face for a moment and its strength, 0..1. */
export type Reaction = readonly [motion: string, face: Emotion, weight: number];

/** Decides what the character does. It owns the only clock of the avatar; every method may be called at any time until {@link stop}. */
export interface Director {
  /**
   * Shows an emotion by name or alias, or an expression of the character's own, until the next one; null is neutral.
   * `weight` is its strength, 0..1. `worn` is what a publisher asked for last: if that is an expression of the character's own it stays on;
   * and if it is the name itself, expressions come before emotions of the same name.
   * @returns false when nothing has this name; the face is neutral then.
   */
  express(name: string | null, options?: FaceOptions): boolean;

  /**
   * Plays a motion: the character's own one of this name, or one of ours. The promise says how it ended: `interrupted` also when something
   * more important plays already.
   */
  move(name: string, priority?: Priority): Promise<MotionEnd>;

  /** Interrupts the motion that plays. */
  rest(): void;

  /** Holds the mouth against motions and emotions until null gives it back. Values outside their range are limited. */
  mouth(shape: MouthShape | null): void;

  /** Shows what it does in a conversation, below emotions, motions and lips. */
  attend(to: Attending): void;

  /** Looks at a point for a while: -1..1 from the face to the edges of the view, y up. */
  look(x: number, y: number): void;

  /** Answers a touch: as the character itself does there, else by a motion and, where the face shows nothing else, by a face. */
  react(area: HitArea, reaction: Reaction): void;

  /** What lies under a point of the viewport (CSS pixels), null beside the character. */
  areaAt(clientX: number, clientY: number): HitArea | null;

  /** Left alone, the character is sleepy where it would be neutral, until false wakes it. */
  doze(on: boolean): void;

  /** Moves and scales the character on its stage. */
  place(placement: Placement): void;

  /**
   * Gives the part to another character, which goes on as the one before: with its emotion, motion, attention and mouth. That one is
   * disposed of once the new one is drawn. `repertoire` is what the new one brings along.
   * @throws When the new one cannot be drawn; it is disposed of, and the one before plays on.
   */
  cast(renderer: AvatarRenderer, repertoire?: Repertoire | null, placement?: Placement): void;

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

/** Puts the renderer's character into `host` and brings it to life. */
export function startDirector(host: HTMLElement, first: AvatarRenderer, options: Partial<Environment> = {}): Director {
  const env: Environment = { ...browserOrNothing(host, options), ...options };
  const body = startBody(env, first);
  const { player, voice, gaze, attention } = body;
  const frames = startFrames(env, body.step);
  let stopped = false;

  const wake = (): void => {
    if (!stopped) frames.wake();
  };

  const faces = startFaces(env, body, () => part.repertoire(), wake);
  const part = startPart(host, body, faces.again);

  const look = (x: number, y: number): void => {
    const was = gaze.moving;
    gaze.at(x, y);
    if (!was) wake();
  };

  const deafen = env.listen({ placement: part.placed, pointerAt: look, pointerLeft: () => gaze.leave(), sightChanged: frames.restart });

  part.begin();
  wake();

  return {
    express: faces.express,

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

    look,

    react(area, [motion, face, weight]) {
      const own = part.repertoire()?.touch(area);
      void player.play(motion, 'normal', own);
      if (own === undefined) faces.pass(face, weight, touchedMs);
      wake();
    },

    areaAt: (clientX, clientY) => body.renderer.hitTest(clientX, clientY),
    doze: faces.doze,

    place(placement) {
      part.place(placement);
      wake();
    },

    cast(renderer, acts = null, placement = part.placed()) {
      part.cast(renderer, acts, placement);
      wake();
    },

    snapshot: () => ({
      emotion: body.expression.emotion,
      attending: attention.to,
      motion: player.name,
      parameters: Object.fromEntries(Object.keys(body.renderer.parameters).map((id) => [id, body.renderer.get(id)])),
    }),

    stop() {
      if (stopped) return;
      stopped = true;
      frames.stop();
      deafen();
      player.stop();
      part.stop();
    },
  };
}

const touchedMs = 1600;

/** Tests give a whole environment and have no window to ask. */
function browserOrNothing(host: HTMLElement, options: Partial<Environment>): Environment {
  return options.listen ? (options as Environment) : browserEnvironment(host);
}

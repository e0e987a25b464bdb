import type { AvatarRenderer, HitArea } from '../avatar';
import type { Placement } from '../manifest';
import { parameters, type ParameterId } from '../parameters';
import { createArm, type Sleeve } from './arm';
import { createCollar, createSkirt, drawRobe } from './body';
import { createBrows, createFace } from './face';
import type { Frame, Part } from './frame';
import { createBackHair, createFrontHair } from './hair';
import { HeadTurn } from './head';
import { createHeadset } from './headset';
import { createAura, createMarks } from './marks';
import { createPaints, type Paints } from './palette';
import { add, rotate, round, translate, writer } from './svg';

/** Draws one part into `parent`. */
export type Make = (parent: Element, paint: Paints) => Part;

/** What a figure is made of: the rig is always the same, the parts are not. */
export interface Outfit {
  /** Changes the colours of the drawing once it is there. */
  readonly dye?: (svg: Element) => void;
  readonly aura: Make;
  /** Behind all else, moved with the body. */
  readonly tail?: Make | undefined;
  /** Behind the body, moved with the head. */
  readonly behind: Make;
  readonly skirt: Make;
  /** The torso below the arms. */
  readonly robe: (parent: Element, paint: Paints) => void;
  /** What lies over the upper arms. */
  readonly collar: Make;
  readonly sleeve?: Sleeve;
  readonly face: (parent: Element, paint: Paints, prefix: string) => Part;
  /** From the hair before the face to what floats before the head. */
  readonly head: readonly Make[];
}

const kotos: Outfit = {
  aura: createAura, behind: createBackHair, skirt: createSkirt, robe: drawRobe, collar: createCollar,
  face: createFace, head: [createFrontHair, createHeadset, createBrows, createMarks],
};

/**
 * Koto, the built-in character: a spirit who lives in words, drawn as vectors and rigged by code. It needs no file, no
 * font and no GPU. `prefix` keeps the ids of two characters on one page apart; another `outfit` makes another figure of the rig.
 */
export function createKoto(prefix = 'koto', outfit = kotos): AvatarRenderer {
  const ids = Object.keys(parameters) as ParameterId[];
  const wanted = Object.fromEntries(ids.map((id) => [id, parameters[id].rest])) as Record<ParameterId, number>;
  const drawn = { ...wanted };
  const known = (id: string): id is ParameterId => Object.hasOwn(wanted, id);
  const turn = new HeadTurn();
  let stage: HTMLElement | undefined;
  let svg: SVGSVGElement | undefined;
  let placement: Placement = { x: 0, y: 0, scale: 1 };
  let rig: Part = () => false;
  let time = 0;

  /** Scaled by its size and not by a transform, which would enlarge the painted layer and blur it. The stage is the whole view. */
  const lay = (): void => {
    if (!svg) return;
    const { x, y, scale } = placement;
    const percent = (of: number): number => round(of * 100);
    svg.style.width = svg.style.height = `${percent(scale)}%`;
    const rest = percent(1 - scale);
    svg.style.transform = `translate(${rest / 2}cqw,${rest}cqh)translate(${percent(x)}dvh,${percent(-y)}dvh)`;
  };

  return {
    parameters,
    own: null,

    mount(host) {
      // The measure of what scales: a box as large as the host.
      stage = document.createElement('div');
      stage.style.cssText = 'width:100%;height:100%;container-type:size';
      host.appendChild(stage);
      svg = add(stage, 'svg', {
        viewBox: '-20 -30 640 820', preserveAspectRatio: 'xMidYMax meet', 'aria-hidden': 'true', focusable: 'false',
      }) as SVGSVGElement;
      svg.style.display = 'block';
      // Raised hands and jumps may leave the frame; the page decides whether there is room for them.
      svg.style.overflow = 'visible';
      // A layer of its own: the page behind the character is not painted again with every breath.
      svg.style.willChange = 'transform';
      rig = assemble(svg, prefix, outfit);
      lay();
    },

    place(to) {
      placement = to;
      lay();
    },

    set(id, value) {
      if (!known(id) || Number.isNaN(value)) return;
      wanted[id] = Math.min(parameters[id].max, Math.max(parameters[id].min, value));
    },

    get: (id) => (known(id) ? drawn[id] : Number.NaN),

    step(dtMs) {
      const seconds = Number.isFinite(dtMs) ? Math.max(0, dtMs) / 1000 : 0;
      time += Math.min(seconds, 1);
      Object.assign(drawn, wanted);
      turn.turn(drawn.ParamAngleX, drawn.ParamAngleY);
      const frame: Frame = { values: drawn, turn, seconds, time };
      return rig(frame) === true;
    },

    hitTest(clientX, clientY) {
      const hit = svg?.ownerDocument.elementFromPoint(clientX, clientY);
      const area = hit && svg?.contains(hit) ? hit.closest('[data-area]')?.getAttribute('data-area') : null;
      return area ?? null;
    },

    dispose() {
      stage?.remove();
      stage = svg = undefined;
      rig = () => false;
    },
  };
}

/** The head is drawn in its own measure and set a little larger on the body, around the chin. */
const larger = 'translate(300 412) scale(1.1) translate(-300 -412)';

/** Stacks the parts from back to front. */
function assemble(svg: Element, prefix: string, outfit: Outfit): Part {
  const paint = createPaints(svg, prefix);
  const group = (parent: Element, area: HitArea): SVGElement =>
    add(parent, 'g', { 'data-area': area, 'stroke-miterlimit': 2 });

  const aura = outfit.aura(add(svg, 'g'), paint);
  const figure = add(svg, 'g');
  const tail = outfit.tail ? [outfit.tail(group(figure, 'body'), paint)] : [];
  const hairBehind = group(figure, 'head');
  const body = group(figure, 'body');
  const head = group(figure, 'head');
  const hands = group(figure, 'body');

  const parts: readonly Part[] = [
    aura,
    ...tail,
    outfit.behind(hairBehind, paint),
    outfit.skirt(body, paint),
    ...createUpperBody(body, hands, paint, outfit),
    outfit.face(head, paint, prefix),
    ...outfit.head.map((make) => make(head, paint)),
  ];

  outfit.dye?.(svg);

  const floating = writer(figure, 'transform');
  const headPlaces = [writer(hairBehind, 'transform'), writer(head, 'transform')];
  return (frame) => {
    const { values: v } = frame;
    floating(translate(0, -v.ParamFloat * 22));
    const shift = translate(v.ParamBodyAngleX * 1.1 + v.ParamBodyAngleZ * 3 + v.ParamAngleX * 0.2, 10 - v.ParamBodyAngleY * 0.6);
    const place = `${shift} ${rotate(v.ParamAngleZ, 300, 424)} ${larger}`;
    for (const write of headPlaces) write(place);
    return parts.reduce((moving, part) => part(frame) === true || moving, false);
  };
}

/** Torso and arms lean and breathe together; the forearms do so in the layer before the head. */
function createUpperBody(body: Element, hands: Element, paint: Paints, { robe, collar, sleeve }: Outfit): readonly Part[] {
  const chest = add(body, 'g');
  robe(chest, paint);
  const upperArms = add(chest, 'g');
  const over = collar(chest, paint);
  const arms = [false, true].map((left) => createArm(upperArms, hands, paint, left, sleeve));
  const places = [writer(chest, 'transform'), writer(hands, 'transform')];
  const lean: Part = ({ values: v }) => {
    const shift = translate(v.ParamBodyAngleX * 0.5, -v.ParamBreath * 1.6 - v.ParamBodyAngleY * 0.4);
    const place = `${shift} ${rotate(v.ParamBodyAngleZ + v.ParamBodyAngleX * 0.2, 300, 580)}`;
    for (const write of places) write(place);
  };
  return [lean, over, ...arms];
}

import type { AvatarRenderer, HitArea } from '../avatar';
import { parameters, type ParameterId } from '../parameters';
import { createArm } from './arm';
import { createCollar, createSkirt, drawRobe } from './body';
import { createBrows, createFace } from './face';
import type { Frame, Part } from './frame';
import { createBackHair, createFrontHair } from './hair';
import { HeadTurn } from './head';
import { createHeadset } from './headset';
import { createAura, createMarks } from './marks';
import { createPaints } from './palette';
import { add, rotate, translate, writer } from './svg';

/**
 * Koto, the built-in character: a spirit who lives in words, drawn as vectors and rigged by code. It needs no file, no
 * font and no GPU. `prefix` keeps the ids of two characters on one page apart.
 */
export function createKoto(prefix = 'koto'): AvatarRenderer {
  const ids = Object.keys(parameters) as ParameterId[];
  const wanted = Object.fromEntries(ids.map((id) => [id, parameters[id].rest])) as Record<ParameterId, number>;
  const drawn = { ...wanted };
  const known = (id: string): id is ParameterId => Object.hasOwn(wanted, id);
  const turn = new HeadTurn();
  let svg: SVGSVGElement | undefined;
  let rig: Part = () => false;
  let time = 0;

  return {
    parameters,
    own: null,

    mount(host) {
      svg = add(host, 'svg', {
        viewBox: '-20 -30 640 820', preserveAspectRatio: 'xMidYMax meet', 'aria-hidden': 'true', focusable: 'false',
      }) as SVGSVGElement;
      svg.style.display = 'block';
      svg.style.width = '100%';
      svg.style.height = '100%';
      // Raised hands and jumps may leave the frame; the page decides whether there is room for them.
      svg.style.overflow = 'visible';
      // A layer of its own: the page behind the character is not painted again with every breath.
      svg.style.willChange = 'transform';
      rig = assemble(svg, prefix);
    },

    place({ x, y, scale }) {
      if (!svg) return;
      svg.style.transformOrigin = '50% 100%';
      svg.style.transform = `translate(calc(${x} * 100cqh), calc(${-y} * 100cqh)) scale(${scale})`;
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
      svg?.remove();
      svg = undefined;
      rig = () => false;
    },
  };
}

/** The head is drawn in its own measure and set a little larger on the body, around the chin. */
const larger = 'translate(300 412) scale(1.1) translate(-300 -412)';

/** Stacks the parts from back to front. */
function assemble(svg: Element, prefix: string): Part {
  const paint = createPaints(svg, prefix);
  const group = (parent: Element, area: HitArea): SVGElement =>
    add(parent, 'g', { 'data-area': area, 'stroke-miterlimit': 2 });

  const aura = createAura(add(svg, 'g'), paint);
  const figure = add(svg, 'g');
  const hairBehind = group(figure, 'head');
  const body = group(figure, 'body');
  const head = group(figure, 'head');
  const hands = group(figure, 'body');

  const parts: readonly Part[] = [
    aura,
    createBackHair(hairBehind, paint),
    createSkirt(body, paint),
    ...createUpperBody(body, hands, paint),
    createFace(head, paint, prefix),
    createFrontHair(head, paint),
    createHeadset(head, paint),
    createBrows(head),
    createMarks(head, paint),
  ];

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
function createUpperBody(body: Element, hands: Element, paint: ReturnType<typeof createPaints>): readonly Part[] {
  const chest = add(body, 'g');
  drawRobe(chest, paint);
  const upperArms = add(chest, 'g');
  const collar = createCollar(chest, paint);
  const arms = [createArm(upperArms, hands, paint, false), createArm(upperArms, hands, paint, true)];
  const places = [writer(chest, 'transform'), writer(hands, 'transform')];
  const lean: Part = ({ values: v }) => {
    const shift = translate(v.ParamBodyAngleX * 0.5, -v.ParamBreath * 1.6 - v.ParamBodyAngleY * 0.4);
    const place = `${shift} ${rotate(v.ParamBodyAngleZ + v.ParamBodyAngleX * 0.2, 300, 580)}`;
    for (const write of places) write(place);
  };
  return [lean, collar, ...arms];
}

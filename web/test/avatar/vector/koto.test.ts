import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createKoto } from '../../../src/avatar/vector/koto';
import { Tree, type Node } from './tree';

beforeEach(() => void vi.stubGlobal('document', new Tree()));
afterEach(() => void vi.unstubAllGlobals());

const poses: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  rest: {},
  turned: {
    ParamAngleX: 26, ParamAngleY: -12, ParamAngleZ: 9, ParamBodyAngleX: 6, ParamBodyAngleY: 3, ParamBodyAngleZ: -5, ParamBreath: 0.7,
  },
  away: { ParamAngleX: -24, ParamAngleY: 14, ParamAngleZ: -12, ParamBodyAngleX: -7, ParamBodyAngleZ: 4, ParamFloat: 0.8 },
  talking: {
    ParamMouthOpenY: 0.7, ParamVoice: 1, ParamMouthForm: 0.2, ParamEyeLOpen: 0.7, ParamEyeROpen: 1.2, ParamEyeBallX: 0.5, ParamEyeBallY: -0.6,
  },
  rounded: {
    ParamMouthOpenY: 0.5, ParamMouthRound: 1, ParamEyeBallForm: -0.6, ParamBrowLY: 1, ParamBrowRY: 0.5, ParamBrowLAngle: 1, ParamBrowRForm: -1,
  },
  smiling: {
    ParamEyeLOpen: 0, ParamEyeROpen: 0, ParamEyeLSmile: 1, ParamMouthForm: 1, ParamMouthSkew: 0.6, ParamCheek: 1, ParamAhoge: -0.7,
  },
  raised: { ParamArmLA: 120, ParamArmLB: 20, ParamArmRA: 40, ParamArmRB: 160, ParamHandL: 30, ParamHandLOpen: 1, ParamHandR: -20 },
  folded: { ParamArmLA: 16, ParamArmLB: -150, ParamArmRA: -30, ParamArmRB: -98, ParamHandROpen: 0.5 },
  marks: {
    ParamTear: 1, ParamAnger: 1, ParamSweat: 0.8, ParamHeart: 1, ParamSparkle: 0.6, ParamStartle: 1, ParamQuestion: 1, ParamSleep: 0.9,
    ParamEyeBallForm: 0.6,
  },
};

/** What is painted, without groups that only name an area. */
function painted(node: Node): string {
  const attributes = node.attributes.filter(([name]) => name !== 'data-area').map(([name, value]) => ` ${name}="${value}"`).join('');
  const within = node.children.map(painted).join('');
  return node.name === 'g' && attributes === '' ? within : `<${node.name}${attributes}>${within}</${node.name}>`;
}

/** FNV-1a over the text. */
function print(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** The drawing after two seconds in a pose. */
function draw(pose: Readonly<Record<string, number>>): Node {
  const host = new Tree().createElementNS('', 'div');
  const koto = createKoto('koto');
  koto.mount(host as unknown as HTMLElement);
  for (let i = 0; i < 20; i++) {
    for (const [id, value] of Object.entries(pose)) koto.set(id, value);
    koto.step(100);
  }
  return [...host.all()].find(({ name }) => name === 'svg')!;
}

/** Prints of the drawing of version 0.1.0. A change on purpose is looked at before its new prints are written here. */
const prints: Readonly<Record<string, string>> = {
  rest: '4d09268c599de332', turned: '25a2750848d03453', away: '9aa266eaa5620d8b',
  talking: '6a8610ced054d552', rounded: '020d508326aeb427', smiling: 'd59aa80f798ccae7',
  raised: '4ae2593043e9e878', folded: '71ced71923acefb5', marks: '4c1224df95dbd0fa',
};

test.each(Object.entries(poses))('Koto is drawn as ever: %s', (name, pose) => {
  expect(print(painted(draw(pose)))).toBe(prints[name]);
});

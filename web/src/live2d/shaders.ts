/** One way to draw; a program is compiled for each that a model needs. */
export interface Look {
  /** What is drawn: a drawable's triangles, a layer over the whole target, or coverage of a mask. */
  readonly source: 'mesh' | 'layer' | 'coverage';
  readonly masked: boolean;
  /** Opacity and colours of the Core count; most drawables have none, and a processor that plays GPU feels it. */
  readonly tinted: boolean;
  /** Modes that read what lies below; null where the hardware blends. */
  readonly blend: { readonly colour: number; readonly alpha: number } | null;
}

export const uniforms = [
  'view', 'image', 'mask', 'below', 'multiply', 'screen', 'opacity', 'channel', 'box', 'shift', 'inverted',
] as const;

export type Uniform = (typeof uniforms)[number];

const meshVertex = `#version 300 es
in vec2 position;
in vec2 uv;
uniform vec4 view;
out vec2 place;
void main() {
  place = vec2(uv.x, 1.0 - uv.y);
  gl_Position = vec4(position * view.xy + view.zw, 0.0, 1.0);
}`;

/** One triangle that covers the target. */
const layerVertex = `#version 300 es
void main() {
  gl_Position = vec4(vec2((gl_VertexID << 1) & 2, gl_VertexID & 2) * 2.0 - 1.0, 0.0, 1.0);
}`;

/**
 * The mixing of colours that are not premultiplied: 5 to 14, 16 and 17 as W3C's "Compositing and Blending" has them, 3, 8 and 15 as paint
 * programs do. 4 is 3 without the bound, so that half transparent light still glows.
 */
const mixing: Readonly<Record<number, string>> = {
  0: 's', 1: 'min(d + s, 1.0)', 2: 'd * s', 3: 'min(d + s, 1.0)', 4: 'd + s', 5: 'min(d, s)', 6: 'd * s', 7: 'each(burn)',
  8: 'max(d + s - 1.0, 0.0)', 9: 'max(d, s)', 10: 'd + s - d * s', 11: 'each(dodge)', 12: 'each(overlay)', 13: 'each(softLight)',
  14: 'each(hardLight)', 15: 'clamp(d + 2.0 * s - 1.0, 0.0, 1.0)',
  16: 'withLight(withSaturation(s, saturation(d)), light(d))', 17: 'withLight(s, light(d))',
};

/** How much of the pixel is covered by both, by the source alone and by what lies below alone, where s and d are their alphas. */
const covering: Readonly<Record<number, string>> = {
  0: 'vec3(s * d, s * (1.0 - d), d * (1.0 - s))',
  1: 'vec3(s * d, 0.0, d * (1.0 - s))',
  2: 'vec3(0.0, 0.0, d * (1.0 - s))',
  3: 'vec3(min(s, d), max(s - d, 0.0), max(d - s, 0.0))',
  4: 'vec3(max(s + d - 1.0, 0.0), min(s, 1.0 - d), min(d, 1.0 - s))',
};

const functions: Readonly<Record<string, string>> = {
  burn: 'float burn(float d, float s) { return d >= 1.0 ? 1.0 : s <= 0.0 ? 0.0 : 1.0 - min(1.0, (1.0 - d) / s); }',
  dodge: 'float dodge(float d, float s) { return d <= 0.0 ? 0.0 : s >= 1.0 ? 1.0 : min(1.0, d / (1.0 - s)); }',
  hardLight: 'float hardLight(float d, float s) { return s <= 0.5 ? 2.0 * d * s : d + (2.0 * s - 1.0) - d * (2.0 * s - 1.0); }',
  overlay: 'float overlay(float d, float s) { return d <= 0.5 ? 2.0 * d * s : s + (2.0 * d - 1.0) - s * (2.0 * d - 1.0); }',
  softLight: `float softLight(float d, float s) {
    float e = d <= 0.25 ? ((16.0 * d - 12.0) * d + 4.0) * d : sqrt(d);
    return s <= 0.5 ? d - (1.0 - 2.0 * s) * d * (1.0 - d) : d + (2.0 * s - 1.0) * (e - d);
  }`,
  light: `float light(vec3 c) { return dot(c, vec3(0.3, 0.59, 0.11)); }
  vec3 withLight(vec3 c, float l) {
    c += l - light(c);
    float low = min(c.r, min(c.g, c.b)), high = max(c.r, max(c.g, c.b));
    if (low < 0.0) c = l + (c - l) * l / (l - low);
    if (high > 1.0) c = l + (c - l) * (1.0 - l) / (high - l);
    return c;
  }`,
  saturation: `float saturation(vec3 c) { return max(c.r, max(c.g, c.b)) - min(c.r, min(c.g, c.b)); }
  vec3 withSaturation(vec3 c, float s) {
    float low = min(c.r, min(c.g, c.b)), range = saturation(c);
    return range > 0.0 ? (c - low) * s / range : vec3(0.0);
  }`,
};

function mixOf({ colour, alpha }: { readonly colour: number; readonly alpha: number }): string {
  // What a later version brings is drawn normally.
  const rule = mixing[colour] ?? mixing[0]!;
  const each = /^each\((\w+)\)$/.exec(rule)?.[1];
  const value = each ? `vec3(${['r', 'g', 'b'].map((c) => `${each}(d.${c}, s.${c})`).join(', ')})` : rule;
  return `${Object.entries(functions).filter(([name]) => rule.includes(name)).map(([, text]) => text).join('\n')}
vec3 mixed(vec3 d, vec3 s) { return ${value}; }
vec3 covered(float d, float s) { return ${covering[alpha] ?? covering[0]!}; }
vec3 straight(vec4 c) { return c.a > 0.0 ? c.rgb / c.a : vec3(0.0); }`;
}

/** Colours are premultiplied throughout; masks and what lies below have the target's own pixels. */
export function shadersOf({ source, masked, tinted, blend }: Look): readonly [vertex: string, fragment: string] {
  if (source === 'coverage') {
    return [meshVertex, `#version 300 es
precision highp float;
in vec2 place;
uniform sampler2D image;
out vec4 color;
void main() { color = vec4(texture(image, place).a); }`];
  }
  const fragment = `#version 300 es
precision highp float;
${source === 'mesh' ? 'in vec2 place;' : ''}
uniform sampler2D image, mask, below;
uniform vec3 multiply, screen;
uniform vec4 channel, box;
uniform vec2 shift;
uniform float opacity, inverted;
out vec4 color;
${blend ? mixOf(blend) : ''}
void main() {
  vec4 c = ${source === 'mesh' ? 'texture(image, place)' : 'texelFetch(image, ivec2(gl_FragCoord.xy), 0)'};
${tinted ? `
  c.rgb *= multiply;
  c.rgb += screen * (c.a - c.rgb);
  c *= opacity;` : ''}
${masked ? `
  vec2 p = gl_FragCoord.xy;
  bool inside = all(greaterThanEqual(p, box.xy)) && all(lessThan(p, box.zw));
  float m = inside ? dot(texelFetch(mask, ivec2(p + shift), 0), channel) : 0.0;
  c *= abs(inverted - m);` : ''}
${blend ? `
  vec4 b = texelFetch(below, ivec2(gl_FragCoord.xy), 0);
  vec3 s = straight(c), d = straight(b), part = covered(b.a, c.a);
  c = vec4(mixed(d, s) * part.x + s * part.y + d * part.z, part.x + part.y + part.z);` : ''}
  color = c;
}`;
  return [source === 'mesh' ? meshVertex : layerVertex, fragment];
}

/** A motion3.json of what a `.mtn` says, as much of it as a motion needs. */
export interface PlainMotion {
  readonly Meta: { readonly Duration: number; readonly FadeInTime: number; readonly FadeOutTime: number; readonly Loop: boolean };
  readonly Curves: readonly PlainCurve[];
}

export interface PlainCurve {
  readonly Target: 'Parameter' | 'PartOpacity';
  readonly Id: string;
  /** In seconds; absent: as the motion. */
  readonly FadeInTime?: number;
  readonly FadeOutTime?: number;
  readonly Segments: readonly number[];
}

const usualFade = 1000;
const usualRate = 30;
/** No motion has more frames a second; a rate of nonsense would have no length. */
const fastestRate = 1000;

/**
 * Reads a motion of Cubism 2: lines of `NAME=value,value,…`, one value for each frame. `$fps`, `$fadein` and `$fadeout` (in milliseconds,
 * also for a single parameter as `$fadein:NAME`) speak of the motion, `VISIBLE:NAME` of a part; `LAYOUT:` is for other programs.
 */
export function readMotionText(source: string): PlainMotion {
  const settings = new Map<string, number>();
  const frames: [name: string, values: readonly number[]][] = [];
  for (const line of source.replace(/^\uFEFF/, '').split(/[\r\n]+/)) {
    const [, name, rest] = /^\s*([^#=\s][^=]*?)\s*=(.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) continue;
    if (name.startsWith('$')) settings.set(name.toLowerCase(), Number(rest));
    else if (!name.startsWith('LAYOUT:')) frames.push([name, readValues(rest)]);
  }
  const setting = (name: string): number | undefined => {
    const value = settings.get(name.toLowerCase());
    return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const fade = (name: string): { [key: string]: number } | undefined => {
    const value = setting(name);
    return value === undefined ? undefined : { [name.startsWith('$fadein') ? 'FadeInTime' : 'FadeOutTime']: value / 1000 };
  };
  const rate = Math.min(setting('$fps') || usualRate, fastestRate);
  const curves = frames.filter(([, values]) => values.length > 0).map(([name, values]): PlainCurve => ({
    Target: name.startsWith('VISIBLE:') ? 'PartOpacity' : 'Parameter', Id: name.replace('VISIBLE:', ''),
    ...fade(`$fadein:${name}`), ...fade(`$fadeout:${name}`),
    Segments: values.flatMap((value, frame) => (frame === 0 ? [0, value] : [0, frame / rate, value])),
  }));
  return {
    Meta: {
      Duration: frames.reduce((most, [, values]) => Math.max(most, values.length), 0) / rate, Loop: true,
      FadeInTime: (setting('$fadein') ?? usualFade) / 1000, FadeOutTime: (setting('$fadeout') ?? usualFade) / 1000,
    },
    Curves: curves,
  };
}

/** Up to the first thing that is no number: shipped files have lines that ran together. */
function readValues(text: string): readonly number[] {
  const values: number[] = [];
  for (const one of text.split(/[\s,]+/).filter((piece) => piece !== '')) {
    const value = Number.parseFloat(one);
    if (!Number.isFinite(value)) break;
    values.push(value);
    if (!/^[-+.\deE]+$/.test(one)) break;
  }
  return values;
}

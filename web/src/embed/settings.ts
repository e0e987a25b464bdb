import { readAddress, type Address } from '../base/address';
import { preferredLanguage, type Language } from '../base/languages';

/** The attributes of `<kotodama-stage>`. */
export const attributeNames = [
  'hub', 'channel', 'size', 'side', 'inline', 'theme', 'character', 'lang', 'sound', 'subtitles', 'markdown', 'token', 'quiet',
] as const;
export type AttributeName = (typeof attributeNames)[number];

/** What a page asks of one `<kotodama-stage>`. */
export interface Settings {
  /** null: it is not known where the hub is, see {@link Settings.hub}. */
  readonly address: Address | null;
  /** What was given as the hub, for who has to mend it. */
  readonly hub: string;
  /** Height of the character in CSS pixels, where the window has room for it. */
  readonly size: number;
  readonly side: 'left' | 'right';
  /** It stands in the text of the page and not in a corner of the window. */
  readonly inline: boolean;
  readonly theme: 'light' | 'dark' | 'auto';
  /** null: whichever the channel shows. */
  readonly character: string | null;
  readonly language: Language;
  readonly sound: boolean;
  /** `only` shows no character, `off` no bubble; null shows both. */
  readonly subtitles: 'only' | 'off' | null;
  readonly markdown: 'off' | null;
  readonly token: string | null;
  /** What is wrong is told to the console and to listeners, not to visitors. */
  readonly quiet: boolean;
}

export interface SettingsSource {
  /** null when the attribute is absent. */
  readonly attribute: (name: AttributeName) => string | null;
  /** Where the script came from; null when that is not known. */
  readonly script: string | null;
  /** What the hub's address may be relative to. */
  readonly base: string;
  /** Languages of the page and of its reader, the most wanted one first. */
  readonly languages: readonly string[];
  /** Told of each value that is not used. */
  readonly warn: (text: string) => void;
}

const sizes: Readonly<Record<string, number>> = { small: 170, medium: 250, large: 360 };
const smallest = 80;
const largest = 1_200;

/** A name of a hub without a scheme, such as `localhost:8765`, would be taken for a scheme. */
const bareHost = /^[\w.-]+:\d+(\/|$)|^\[[\da-f:.]+\]/i;
const channelName = /^[a-z0-9._-]{1,64}$/;
const longestShown = 40;

/** Reads the attributes. What makes no sense is told, and left at what it is without. */
export function readSettings(source: SettingsSource): Settings {
  const { attribute, warn } = source;
  const wrong = (name: AttributeName, must: string): null => {
    warn(`${name}=${JSON.stringify(attribute(name)?.slice(0, longestShown))} must be ${must}: it is ignored.`);
    return null;
  };
  const oneOf = <T extends string>(name: AttributeName, values: readonly T[]): T | null => {
    const text = attribute(name)?.trim().toLowerCase() ?? '';
    if (text === '') return null;
    return values.find((value) => value === text) ?? wrong(name, values.join(' or '));
  };
  // As HTML has them, but for the spelling that frameworks write.
  const flag = (name: AttributeName): boolean => attribute(name) !== null && attribute(name) !== 'false';

  return {
    address: addressOf(source, wrong),
    hub: attribute('hub') ?? '',
    size: sizeOf(attribute('size')) ?? wrong('size', `small, medium, large or a number from ${smallest} to ${largest}`) ?? sizes['medium']!,
    side: oneOf('side', ['left', 'right']) ?? 'right',
    inline: flag('inline'),
    theme: oneOf('theme', ['light', 'dark', 'auto']) ?? 'auto',
    character: attribute('character')?.trim() || null,
    language: preferredLanguage(source.languages),
    sound: flag('sound'),
    subtitles: oneOf('subtitles', ['only', 'off']),
    markdown: oneOf('markdown', ['off']),
    token: attribute('token')?.trim() || null,
    quiet: flag('quiet'),
  };
}

/** Of two settings with the same key, one can become the other while it plays. */
export const playKey = ({ address, character, sound, markdown, token }: Settings): string =>
  JSON.stringify([address?.root, address?.channel, character, sound, markdown, token]);

function sizeOf(text: string | null): number | null {
  const name = text?.trim().toLowerCase() ?? '';
  if (name === '') return sizes['medium']!;
  if (Object.hasOwn(sizes, name)) return sizes[name]!;
  const pixels = /^\d+(\.\d+)?(px)?$/.test(name) ? Number.parseFloat(name) : Number.NaN;
  return pixels >= smallest && pixels <= largest ? pixels : null;
}

function addressOf(
  { attribute, script, base }: SettingsSource, wrong: (name: AttributeName, must: string) => null,
): Address | null {
  const given = attribute('hub')?.trim() || script;
  if (given === null) return null;
  const url = webAddress(given, base);
  if (url === null) return wrong('hub', 'the address of a hub, such as https://hub.example');
  if (!url.pathname.endsWith('/')) url.pathname = given === script ? url.pathname.replace(/[^/]*$/, '') : `${url.pathname}/`;
  const channel = attribute('channel')?.trim().toLowerCase() ?? '';
  if (channel !== '' && !channelName.test(channel)) wrong('channel', '1 to 64 characters of a-z 0-9 . _ -');
  url.search = channel === '' ? '' : `?channel=${encodeURIComponent(channel)}`;
  url.hash = '';
  return readAddress(url.href);
}

function webAddress(text: string, base: string): URL | null {
  try {
    const url = new URL(bareHost.test(text) ? `http://${text}` : text.replace(/^ws(s?):/i, 'http$1:'), base);
    // What is left of a name and a password would go into every request, and into texts.
    url.username = url.password = '';
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}

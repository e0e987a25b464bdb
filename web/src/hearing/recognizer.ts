/** The part of the Web Speech API that is used. https://webaudio.github.io/web-speech-api/ */
export interface Recognizer {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  /** Only on this computer. Where a browser does not know it, it means nothing. */
  processLocally?: boolean;
  onstart: (() => void) | null;
  onresult: ((event: { readonly results: ArrayLike<Result> }) => void) | null;
  onerror: ((event: { readonly error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
  abort(): void;
}

export interface Result {
  readonly isFinal: boolean;
  readonly 0?: { readonly transcript: string };
}

export interface Recognizers {
  new (): Recognizer;
  /** Newer browsers can tell whether they need no service for a language. */
  available?(options: { readonly langs: readonly string[]; readonly processLocally: boolean }): Promise<string>;
}

/** How this browser recognizes speech; null when it does not, as Firefox. */
export function findRecognizers(window: Window): Recognizers | null {
  const { SpeechRecognition, webkitSpeechRecognition } = window as {
    SpeechRecognition?: Recognizers; webkitSpeechRecognition?: Recognizers;
  };
  return SpeechRecognition ?? webkitSpeechRecognition ?? null;
}

/** The language of the page as the browser's user speaks it, with a region, which recognizers want. */
export function spokenTag(tag: string, wanted: readonly string[]): string {
  const { language, region } = new Intl.Locale(tag).maximize();
  return wanted.find((each) => each.toLowerCase().startsWith(`${language.toLowerCase()}-`)) ?? `${language}-${region}`;
}

/** Whether the browser understands a language without sending the sound to a service. */
export async function isLocal(recognizers: Recognizers, tag: string): Promise<boolean> {
  if (typeof recognizers.available !== 'function') return false;
  try {
    return (await recognizers.available({ langs: [tag], processLocally: true })) === 'available';
  } catch {
    // A page's policy may forbid the question: then a service of the browser's maker has to be assumed.
    return false;
  }
}

import type { SpeechMessage } from '../protocol/speech';

export interface VoicelessOptions {
  readonly channel: string;
  /** Whether the speech is heard here. */
  readonly isHeard: () => boolean;
  /** Once for each language. */
  readonly tell: (lang: string) => void;
}

/** Notices clauses that should be heard here and that no voice can say. */
export function startVoiceless({ channel, isHeard, tell }: VoicelessOptions): (message: SpeechMessage) => void {
  const told = new Set<string>();

  return (message) => {
    if (message.type !== 'speech_start' || message.channel !== channel || message.format !== 'silent' || message.text.trim() === '') return;
    const { lang } = message;
    if (lang === undefined || told.has(lang) || !isHeard()) return;
    told.add(lang);
    tell(lang);
  };
}

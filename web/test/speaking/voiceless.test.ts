import { expect, it } from 'vitest';
import { startVoiceless } from '../../src/speaking/voiceless';
import { begins } from './sounds';

it('tells once that nothing speaks a language, and only of what should be heard', () => {
  const told: string[] = [];
  let heard = false;
  const take = startVoiceless({ channel: 'default', isHeard: () => heard, tell: (lang) => void told.push(lang) });
  const silent = (text: string, lang: string, channel = 'default'): void => take(begins(0, { format: 'silent', text, lang, channel }));
  silent('こんにちは', 'ja');
  heard = true;
  silent('', 'ja');
  silent('こんにちは', 'ja', 'other');
  take(begins(0, { text: 'Hello', lang: 'en' }));
  expect(told).toEqual([]);
  silent('こんにちは', 'ja');
  silent('またね', 'ja');
  silent('你好', 'zh');
  expect(told).toEqual(['ja', 'zh']);
});

import { describe, expect, test } from 'vitest';
import { emotionNames, emotions, findEmotion } from '../../src/avatar/emotions';
import { parameters, type ParameterId } from '../../src/avatar/parameters';

describe('emotions', () => {
  test('there are at least eight besides neutral, and no two look the same', () => {
    const looks = Object.values(emotions).map((pose) => JSON.stringify(Object.entries(pose).sort()));
    expect(looks.length).toBeGreaterThanOrEqual(9);
    expect(new Set(looks).size).toBe(looks.length);
  });

  test('every value lies within its parameter', () => {
    for (const pose of Object.values(emotions)) {
      for (const [id, value] of Object.entries(pose)) {
        const { min, max } = parameters[id as ParameterId];
        expect(value, id).toBeGreaterThanOrEqual(min);
        expect(value, id).toBeLessThanOrEqual(max);
      }
    }
  });

  test('every name and alias resolves', () => {
    for (const name of emotionNames()) expect(findEmotion(name), name).toBeDefined();
    for (const name of Object.keys(emotions)) expect(findEmotion(name)).toBe(name);
  });

  test.each([
    ['happy', 'joy'], ['sadness', 'sad'], ['anger', 'angry'], ['surprise', 'surprised'], ['embarrassed', 'shy'], ['think', 'thinking'],
    ['开心', 'joy'], ['悲伤', 'sad'], ['生气', 'angry'], ['惊讶', 'surprised'], ['害羞', 'shy'], ['思考', 'thinking'], ['困', 'sleepy'],
    ['嬉しい', 'joy'], ['悲しい', 'sad'], ['怒り', 'angry'], ['驚き', 'surprised'], ['照れ', 'shy'], [' HAPPY ', 'joy'],
  ])('%s means %s', (alias, emotion) => expect(findEmotion(alias)).toBe(emotion));

  test.each(['', 'constructor', '__proto__', 'toString', 'x'.repeat(10_000)])('a foreign name means nothing', (name) => {
    expect(findEmotion(name)).toBeUndefined();
  });
});

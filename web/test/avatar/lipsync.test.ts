import { describe, expect, test } from 'vitest';
import { createMouthTrack, type MouthTrack } from '../../src/avatar/lipsync';

const closed = { open: 0, form: 0 };

function widest(track: MouthTrack, from = 0, to = track.endMs): number {
  let open = 0;
  for (let ms = from; ms < to; ms += 5) open = Math.max(open, track.shapeAt(ms).open);
  return open;
}

/** The shape at the moment the mouth is widest. */
function peak(text: string): { open: number; form: number } {
  const track = createMouthTrack(text);
  let best = { ...closed };
  for (let ms = 0; ms < track.endMs; ms += 5) {
    const shape = track.shapeAt(ms);
    if (shape.open > best.open) best = shape;
  }
  return best;
}

describe('speed', () => {
  test.each([
    ['Latin letters', 'the quick brown fox jumps over the lazy dog again', 10, 16],
    ['Han', '今天天气很好我们一起去公园散步吧', 4, 5],
    ['kana', 'おはようございますきょうもいいてんきですね', 6.5, 8.5],
    ['Hangul', '안녕하세요반갑습니다', 4, 6],
  ])('%s are read at a natural pace', (_, text, low, high) => {
    const perSecond = ([...text].length / createMouthTrack(text).endMs) * 1000;
    expect(perSecond).toBeGreaterThan(low);
    expect(perSecond).toBeLessThan(high);
  });

  test('a duration caps a long text and does not stretch a short one', () => {
    expect(createMouthTrack('很长的一段话'.repeat(20), 1500).endMs).toBeCloseTo(1500);
    expect(createMouthTrack('好', 60_000).endMs).toBeLessThan(500);
  });

  test.each([Number.NaN, Infinity, -1, 0])('a duration of %d is no cap', (durationMs) => {
    expect(createMouthTrack('你好世界', durationMs).endMs).toBe(createMouthTrack('你好世界').endMs);
  });
});

describe('shapes', () => {
  test('vowels look different', () => {
    expect(peak('あ').open).toBeGreaterThan(peak('い').open);
    expect(peak('い').form).toBeGreaterThan(0.5);
    expect(peak('う').form).toBeLessThan(-0.5);
    expect(peak('お').form).toBeLessThan(-0.3);
    expect(peak('see').form).toBeGreaterThan(0.3);
    expect(peak('kana').open).toBeCloseTo(peak('カナ').open, 1);
    expect(peak('moon').form).toBeLessThan(-0.5);
  });

  test.each(['ama', 'あま', '아마'])('lips meet for the m of %s', (text) => {
    const track = createMouthTrack(text);
    expect(widest(track)).toBeGreaterThan(0.5);
    const middle: number[] = [];
    for (let ms = track.endMs * 0.25; ms < track.endMs * 0.7; ms += 2) middle.push(track.shapeAt(ms).open);
    expect(Math.min(...middle)).toBeLessThan(0.03);
  });

  test('a full stop is a longer silence than a comma', () => {
    const silence = (text: string): number => {
      const track = createMouthTrack(text);
      let ms = 0;
      for (let t = 0; t < track.endMs; t += 5) if (track.shapeAt(t).open < 0.01) ms += 5;
      return ms;
    };
    expect(silence('你好。你好')).toBeGreaterThan(silence('你好，你好') + 100);
  });

  test('the mouth moves smoothly', () => {
    const track = createMouthTrack('Hello world! 你好，世界。こんにちは');
    for (let ms = 0; ms < track.endMs; ms += 4) expect(Math.abs(track.shapeAt(ms + 4).open - track.shapeAt(ms).open)).toBeLessThan(0.25);
  });

  test('it is closed before the start, at the end and at any odd time', () => {
    const track = createMouthTrack('Hello!');
    for (const ms of [-1, 0, track.endMs, track.endMs + 1, Number.NaN, Infinity, -Infinity]) expect(track.shapeAt(ms)).toEqual(closed);
    expect(track.shapeAt(track.endMs - 1).open).toBeLessThan(0.05);
  });

  test('questions may come in any order', () => {
    const text = 'The quick brown fox. 你好世界。'.repeat(20);
    const [inOrder, backwards] = [createMouthTrack(text), createMouthTrack(text)];
    const times = Array.from({ length: 300 }, (_, i) => i * 41);
    const forward = times.map((ms) => inOrder.shapeAt(ms));
    expect([...times].reverse().map((ms) => backwards.shapeAt(ms)).reverse()).toEqual(forward);
  });
});

describe('what is not spoken', () => {
  test.each(['', '   ', '😀🎉', '***', '__', '# ', '👩‍👩‍👧‍👦'])('%j needs no mouth', (text) => {
    expect(widest(createMouthTrack(text))).toBeLessThan(0.1);
  });

  test.each([
    'https://example.com/a/very/long/path?with=query', '```js\nconst answer = 42;\n```', '```\nunfinished',
  ])('%j is a short silence', (text) => {
    const track = createMouthTrack(text);
    expect(widest(track)).toBe(0);
    expect(track.endMs).toBeLessThan(500);
  });

  test('Markdown marks and link targets take no time', () => {
    expect(createMouthTrack('**bold** and [link](https://example.com/x)').endMs).toBeLessThan(createMouthTrack('bold and link').endMs + 60);
  });
});

describe('streaming', () => {
  const text = 'Hello there! See https://example.com/a/b for more. 你好，我是小言。```code\nx``` こんにちは。';

  test('a text in pieces ends as the whole text does', () => {
    const whole = createMouthTrack(text);
    const track = createMouthTrack('');
    for (const piece of text) track.extend(piece);
    expect(track.endMs).toBeCloseTo(whole.endMs, 3);
    for (let ms = 0; ms < whole.endMs; ms += 97) expect(track.shapeAt(ms).open).toBeCloseTo(whole.shapeAt(ms).open, 3);
  });

  test('more text does not change what was said already', () => {
    const track = createMouthTrack('你好，我是小言。');
    const before = [100, 300, 500, 900].map((ms) => track.shapeAt(ms));
    track.extend('今天天气很好。');
    expect([100, 300, 500, 900].map((ms) => track.shapeAt(ms))).toEqual(before);
  });
});

test('ten times the text takes some ten times as long', () => {
  createMouthTrack('warm up 热身');
  const best = (text: string): number => Math.min(...Array.from({ length: 5 }, () => {
    const start = performance.now();
    expect(Number.isFinite(createMouthTrack(text).endMs)).toBe(true);
    return performance.now() - start;
  }));
  for (const piece of ['The quick brown fox. 你好世界。', 'a', '`', '.', '[](', 'www.', 'm']) {
    const of = (length: number): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
    // What grows with the square of the text takes a hundred times as long.
    expect(best(of(20_000))).toBeLessThan(40 * best(of(2_000)) + 5);
  }
});

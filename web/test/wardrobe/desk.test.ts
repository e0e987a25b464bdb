import { describe, expect, it } from 'vitest';
import { emotions } from '../../src/avatar/emotions';
import { motions } from '../../src/avatar/motions';
import { wardrobe as english } from '../../src/base/locales/en/wardrobe';
import { licenceAt } from '../../src/wardrobe/coredialog';
import { describe as inWords, keyName, keysOf, saveDesk, startDesk } from '../../src/wardrobe/desk';
import { readModelParts } from '../../src/wardrobe/reading';
import { keyText } from '../../src/wardrobe/trying';

const parts = readModelParts({ name: 'mao', hitAreas: [{ name: 'Hat', id: 'h' }], gestures: { salute: { motion: 's' } } });
const words = (key: string, values: object = {}): string => `${key}${'count' in values ? String(values.count) : ''}`;

describe('a desk', () => {
  it('knows whether something is not saved', () => {
    const desk = startDesk(parts, { title: 'Mao' });
    let seen = 0;
    desk.watch(() => seen++);
    desk.change({ title: 'M' });
    expect(desk.isChanged()).toBe(true);
    desk.change({ title: 'Mao' });
    expect(desk.isChanged()).toBe(false);
    desk.change({ title: 'M' });
    desk.settled({ title: 'M' }, { ...parts, title: 'M' });
    expect([desk.isChanged(), desk.parts().title, seen]).toEqual([false, 'M', 4]);
  });

  it('keeps what was changed while it was saved', () => {
    const desk = startDesk(parts, {});
    desk.change({ title: 'a' });
    const sent = desk.mapping();
    desk.change({ title: 'ab' });
    desk.settled(sent, parts);
    expect([desk.isChanged(), desk.mapping()]).toEqual([true, { title: 'ab' }]);
  });
});

describe('saving', () => {
  const save = (refused: boolean, gone: boolean) => {
    const desk = startDesk(parts, {});
    desk.change({ title: 'a' });
    return { desk, done: saveDesk({
      save: () => (refused ? Promise.reject(new Error('refused')) : Promise.resolve()),
      parts: () => (gone ? Promise.reject(new Error('gone')) : Promise.resolve({ ...parts, title: 'a' })),
    }, desk) };
  };

  it('is done once the hub has it, whatever can be told of the model then', async () => {
    for (const gone of [false, true]) {
      const { desk, done } = save(false, gone);
      await done;
      expect([desk.isChanged(), desk.saved(), desk.parts().title]).toEqual([false, { title: 'a' }, gone ? 'mao' : 'a']);
    }
  });

  it('that was refused leaves the desk as it was', async () => {
    const { desk, done } = save(true, false);
    await expect(done).rejects.toThrow('refused');
    expect([desk.isChanged(), desk.saved()]).toEqual([true, {}]);
  });
});

describe('what a model may have acts for', () => {
  it('is ours, the model’s and what the user wrote by hand', () => {
    expect(keysOf('touches', parts, { touches: { Tail: null } })).toEqual(['head', 'face', 'body', 'Hat', 'Tail']);
    expect(keysOf('gestures', parts, {})).toEqual([...Object.keys(motions), 'salute']);
    expect(keysOf('emotions', parts, { emotions: 7 })).toEqual(Object.keys(emotions));
  });

  it('is one place where the model calls it as we do, in another case', () => {
    const own = readModelParts({ name: 'haru', hitAreas: [{ name: 'Head', id: 'h' }, { name: 'Body', id: 'b' }] });
    expect(keysOf('touches', own, {})).toEqual(['Head', 'face', 'Body']);
    expect(keysOf('touches', own, { touches: { head: null } })).toEqual(['Head', 'face', 'Body', 'head']);
    expect(keyName(words, 'touches', 'Head')).toBe('touch.head');
    expect(keyName(words, 'touches', 'Hat')).toBe('Hat');
  });

  it('has words in the page', () => {
    const missing = [...Object.keys(emotions).map((name) => `emotion.${name}`), ...Object.keys(motions).map((name) => `gesture.${name}`)]
      .filter((key) => !Object.hasOwn(english, key));
    expect(missing).toEqual([]);
  });
});

describe('an act', () => {
  it('is told in a few words', () => {
    expect(inWords(words, { expressions: ['smile', 'blush'], motion: 'wave', parameters: { A: 1, B: 2 } })).toBe('smile · blush · wave · try.values2');
    expect(inWords(words, { parameters: { A: 1 } })).toBe('try.value');
    expect(inWords(words, {})).toBe('edit.ours');
  });
});

describe('a hotkey', () => {
  it.each([['LeftControl', 'Ctrl'], ['RightShift', 'Shift'], ['N1', '1'], ['Numpad7', '7'], ['F', 'F'], ['N', 'N'], ['F1', 'F1'], ['Space', '␣']])(
    '%s is shown as %s', (key, text) => {
      expect(keyText(key)).toBe(text);
    });
});

describe('the licence of the Core', () => {
  it('is linked in the language of the page, at Live2D', () => {
    expect((['en', 'zh', 'ja'] as const).map(licenceAt)).toEqual(['en', 'cn', 'jp'].map(
      (language) => `https://www.live2d.com/eula/live2d-proprietary-software-license-agreement_${language}.html`));
  });
});

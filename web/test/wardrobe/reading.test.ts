import { describe, expect, it } from 'vitest';
import { grouped, textOf } from '../../src/wardrobe/findings';
import { readAct, readFindings, readModelParts, readShelf } from '../../src/wardrobe/reading';

const nonsense = [null, 7, 'x', [], {}, { models: 7, looks: {}, core: [] }, { models: [null, 7, { name: 3 }, { name: '' }], looks: [null] }];

describe('the list of models', () => {
  it.each(nonsense)('of %j is empty', (value) => {
    expect(readShelf(value)).toMatchObject({ looks: [], models: [], core: false, core2: false });
  });

  it('has what users choose by', () => {
    const shelf = readShelf({
      models: [
        { name: 'mao', title: '真央', kind: 'cubism', expressions: ['a'], motions: [], problems: 2 }, { name: 'old', title: '', kind: 'cubism2' },
        { name: 'junk', title: 'junk', kind: null, problems: 1 },
      ],
      core: { present: true, bytes: 200 }, core2: { present: false }, looks: ['koto'], limits: { bytes: 10, files: 5 },
    });
    expect(shelf).toEqual({
      models: [
        { name: 'mao', title: '真央', kind: 'cubism', problems: 2 }, { name: 'old', title: 'old', kind: 'cubism2', problems: 0 },
        { name: 'junk', title: 'junk', kind: null, problems: 1 },
      ],
      core: true, core2: false, looks: ['koto'], limits: { bytes: 10, files: 5 },
    });
    expect(readShelf({}).limits).toEqual({ bytes: Infinity, files: Infinity });
  });
});

describe('a model', () => {
  it.each(nonsense)('of %j has nothing to set up', (value) => {
    expect(readModelParts(value)).toMatchObject({ expressions: [], motions: [], hotkeys: [], idle: [], areas: [], emotions: {}, parameterNames: {} });
  });

  it('has its parts by name, without what cannot be played', () => {
    const parts = readModelParts({
      name: 'mao', expressions: [{ name: 'smile', file: 'f' }, { file: 'f' }, null], motions: [{ name: 'wave', group: null }], idle: ['wave', 3],
      hitAreas: [{ name: 'Hat', id: 'h' }], names: { parameters: { A: 'Angle', B: 3 } },
      hotkeys: [{ name: '', action: 'expression', target: 'smile', keys: ['N1', 2] }, { name: 'x', action: 'motion', target: null }, { action: 'clear' }],
      emotions: { joy: { expressions: ['smile'], motion: 'wave', parameters: { A: 1, B: 'x', C: null } }, sad: 7 },
    });
    expect(parts).toEqual({
      name: 'mao', title: 'mao', kind: 'cubism', expressions: ['smile'], motions: ['wave'], idle: ['wave'], areas: ['Hat'],
      parameterNames: { A: 'Angle' }, gestures: {}, touches: {},
      hotkeys: [
        { name: 'smile', action: 'expression', target: 'smile', keys: ['N1'] }, { name: '', action: 'clear', target: null, keys: [] },
      ],
      emotions: { joy: { expressions: ['smile'], motion: 'wave', parameters: { A: 1 } } },
    });
  });

  it('has acts that say only what they do', () => {
    expect(readAct({ expressions: [], motion: '', parameters: {} })).toEqual({});
    expect(readAct(null)).toBeNull();
  });
});

describe('the doctor', () => {
  const findings = readFindings({
    findings: [
      { code: 'a', severity: 'mended', file: 'f', text: { en: 'A', ja: 'あ' } }, { code: 'b', severity: 'error', text: { zh: '乙' } }, null,
      { code: 'c', severity: 'error', file: null, text: 7 },
    ],
  });

  it('says the worst first', () => {
    expect(grouped(findings).map(([severity, found]) => [severity, found.map(({ code }) => code)]))
      .toEqual([['error', ['b', 'c']], ['mended', ['a']]]);
  });

  it('speaks the language of the page, else English, else in codes', () => {
    const [a, b] = findings;
    expect([textOf(a!, 'ja'), textOf(a!, 'zh'), textOf(b!, 'zh'), textOf(b!, 'en')]).toEqual(['あ', 'A', '乙', 'b']);
  });
});

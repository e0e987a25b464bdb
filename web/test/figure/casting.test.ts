import { describe, expect, it } from 'vitest';
import type { AvatarRenderer, Repertoire } from '../../src/avatar/avatar';
import type { Placement } from '../../src/avatar/manifest';
import { startCasting } from '../../src/figure/casting';
import { startFigurePart } from '../../src/figure/entry';
import type { Figure } from '../../src/figure/figure';
import { faultText } from '../../src/figure/notice';
import { startTroupe, type Actor } from '../../src/figure/troupe';
import { figure as english } from '../../src/base/locales/en/figure';
import { fill } from '../../src/base/i18n';
import type { Message } from '../../src/protocol/messages';
import { FakeActs, FakeRenderer, manifestOf } from '../avatar/fakes';
import { ManualClock } from '../base/manualclock';
import { settled } from '../settled';

/** Actors come when a test says so. */
function company(fixed: string | null = null) {
  const clock = new ManualClock();
  const asked: { name: string; look: unknown; come: (actor?: Actor) => Promise<void>; fail: (error: unknown) => Promise<void> }[] = [];
  const stage: { renderer: AvatarRenderer; repertoire: Repertoire | null; placement: Placement | undefined }[] = [];
  const entered: string[] = [];
  const sent: (string | null)[] = [];
  const warnings: string[] = [];
  const motions: string[] = [];
  const trouble = { onStage: null as Error | null };
  const casting = startCasting({
    fixed, after: clock.after, placementOf: (avatar) => ({ x: avatar.length, y: 0, scale: 1 }),
    onCast: (avatar) => entered.push(avatar), choose: (name) => sent.push(name) > 0, warn: (text) => warnings.push(text),
    troupe: {
      load: (name, look) => new Promise((done, failed) => {
        asked.push({
          name, look,
          come(actor = { renderer: new FakeRenderer(), manifest: null }) {
            done(actor);
            return settled();
          },
          fail(error) {
            failed(error);
            return settled();
          },
        });
      }),
    },
    director: {
      cast(renderer, repertoire = null, placement = undefined) {
        if (trouble.onStage !== null) throw trouble.onStage;
        stage.push({ renderer, repertoire, placement });
      },
      move(name) {
        motions.push(name);
        return Promise.resolve('done');
      },
      rest: () => void motions.push('rest'),
    },
  });
  return { casting, asked, stage, entered, sent, warnings, motions, trouble };
}

describe('the avatar', () => {
  it('is Koto, who is there, until something else is wanted', () => {
    const { casting, asked } = company();
    casting.chose(null);
    casting.chose('koto');
    casting.wish(null, undefined);
    expect([casting.shown, asked]).toEqual(['koto', []]);
  });

  it('is what the channel chose, else what the character says, else Koto', async () => {
    const { casting, asked, stage } = company();
    casting.wish('kitsu', null);
    await asked[0]!.come();
    expect([casting.shown, casting.wished, casting.chosen]).toEqual(['kitsu', 'kitsu', null]);
    casting.chose('hiyori');
    expect([casting.shown, casting.loading]).toEqual(['kitsu', 'hiyori']);
    await asked[1]!.come();
    expect([casting.shown, casting.loading, stage.at(-1)?.placement?.x]).toEqual(['hiyori', null, 6]);
    casting.chose(null);
    await asked[2]!.come();
    casting.wish(null, null);
    await asked[3]!.come();
    expect(asked.map(({ name }) => name)).toEqual(['kitsu', 'hiyori', 'kitsu', 'koto']);
    expect(casting.shown).toBe('koto');
  });

  it('is what the address says, whatever is chosen', async () => {
    const { casting, asked } = company('mao');
    casting.chose(null);
    casting.chose('hiyori');
    casting.wish('kitsu', null);
    await asked[0]!.come();
    expect([casting.shown, asked.length]).toEqual(['mao', 1]);
  });

  it('has the look of the character, which is not the look of what was chosen', async () => {
    const { casting, asked } = company();
    const look = { base: 'nagi', hair: '#334455' };
    casting.wish(null, look);
    expect(asked.at(-1)).toMatchObject({ name: 'nagi', look });
    await asked.at(-1)!.come();
    casting.wish(null, { ...look });
    expect(asked).toHaveLength(1);
    casting.wish('kitsu', look);
    expect(asked.at(-1)).toMatchObject({ name: 'kitsu', look });
    casting.chose('kitsu');
    expect(asked.at(-1)).toMatchObject({ name: 'kitsu', look: null });
    casting.chose('hiyori');
    expect(asked.at(-1)).toMatchObject({ name: 'hiyori', look: null });
    for (const odd of [7, 'red', { base: 'no such one' }, []]) {
      casting.chose(null);
      casting.wish(null, odd);
      expect(asked.at(-1)).toMatchObject({ name: 'koto', look: odd });
    }
  });

  it('whose description cannot be followed is given back whole', async () => {
    const { casting, asked, stage } = company();
    casting.chose('mao');
    const odd = new FakeRenderer(new FakeActs([], []));
    await asked[0]!.come({ renderer: odd, manifest: { ...manifestOf({ name: 'mao' }), emotions: null as never } });
    expect([odd.disposed, stage.length, casting.failure?.code]).toEqual([1, 0, 'failed']);
  });

  it('that comes too late is disposed of, and the last wish counts', async () => {
    const { casting, asked, stage } = company();
    const late = new FakeRenderer();
    casting.chose('hiyori');
    casting.chose('mao');
    await asked[0]!.come({ renderer: late, manifest: null });
    expect([late.disposed, stage.length, casting.loading]).toEqual([1, 0, 'mao']);
    casting.chose('koto');
    expect(casting.loading).toBeNull();
    await asked[1]!.fail(new Error('late too'));
    expect([casting.shown, casting.failure]).toEqual(['koto', null]);
  });

  it('brings its repertoire and where its author has put it', async () => {
    const { casting, asked, stage, entered } = company();
    casting.chose('hiyori');
    const own = new FakeActs(['Glasses'], []);
    await asked[0]!.come({ renderer: new FakeRenderer(own), manifest: manifestOf({ emotions: { joy: { expressions: ['Glasses'] } } }) });
    expect(stage[0]!.repertoire).not.toBeNull();
    expect(entered).toEqual(['hiyori']);
    casting.rehearsal.show({ expressions: ['Glasses'] });
    expect(own.shown).toEqual(['Glasses']);
    expect(casting.rehearsal.manifest?.name).toBe('hiyori');
    expect(casting.rehearsal.own).toBe(own);
    casting.chose('koto');
    expect(casting.rehearsal.manifest).toBeNull();
    await asked[1]!.come();
    expect(casting.rehearsal.own).toBeNull();
    expect(casting.rehearsal.parameters()).toEqual([]);
  });
});

describe('an avatar that cannot be shown', () => {
  const tooOld = Object.assign(new Error('too old'), { code: 'core_too_old', need: 6, have: 5, file: null });

  it('leaves the stage to the one before, says why, and is not asked for again until something is different', async () => {
    const { casting, asked, warnings } = company();
    const changes: (string | null)[] = [];
    casting.watch(() => changes.push(casting.failure?.code ?? null));
    casting.chose('ren');
    await asked[0]!.fail(tooOld);
    expect([casting.shown, casting.loading]).toEqual(['koto', null]);
    expect(casting.failure).toEqual({ name: 'ren', code: 'core_too_old', file: null, need: 6, have: 5 });
    expect(changes.at(-1)).toBe('core_too_old');
    expect(warnings).toHaveLength(1);
    casting.chose('ren');
    expect(asked).toHaveLength(1);
    casting.reload();
    expect([asked.length, casting.failure]).toEqual([2, null]);
    await asked[1]!.come();
    expect(casting.shown).toBe('ren');
  });

  it('because the hub was away is asked for again when the hub speaks again', async () => {
    const { casting, asked } = company();
    casting.chose('hiyori');
    await asked[0]!.fail(Object.assign(new Error('away'), { code: 'unreachable' }));
    expect(casting.failure?.code).toBe('unreachable');
    casting.chose('hiyori');
    casting.wish(null, null);
    expect([asked.length, casting.loading, casting.failure]).toEqual([2, 'hiyori', null]);
    await asked[1]!.fail(Object.assign(new Error('still'), { code: 'core_missing' }));
    casting.wish('kitsu', null);
    expect(asked).toHaveLength(3);
    await asked[2]!.come();
    expect(casting.shown).toBe('hiyori');
  });

  it('that cannot be drawn is the same', async () => {
    const { casting, asked, trouble } = company();
    trouble.onStage = Object.assign(new Error('no'), { code: 'no_webgl' });
    casting.chose('hiyori');
    await asked[0]!.come();
    expect([casting.shown, casting.failure?.code]).toEqual(['koto', 'no_webgl']);
  });

  it('is forgotten when the one that is there is wanted', async () => {
    const { casting, asked } = company();
    casting.chose('ren');
    await asked[0]!.fail(new Error('odd'));
    expect(casting.failure?.code).toBe('failed');
    casting.chose('koto');
    expect(casting.failure).toBeNull();
    casting.chose('ren');
    expect(asked).toHaveLength(2);
  });

  it('is told in words with what is known of it', () => {
    const words = (key: keyof typeof english, values = {}): string => fill(english[key], values);
    const told = (code: string): string => faultText({ name: 'ren', code, file: 'a.png', need: 6, have: 5 }, words);
    expect(told('core_too_old')).toContain('format 6');
    expect(told('texture_failed')).toContain('a.png');
    expect(told('who knows')).toContain('who knows');
    const codes = Object.keys(english).filter((key) => key.startsWith('fault.')).map((key) => key.slice('fault.'.length));
    for (const code of codes) expect(told(code)).not.toMatch(/[{}]/);
  });
});

describe('the troupe', () => {
  const troupe = (answer: () => Promise<Response>) => {
    const urls: string[] = [];
    return {
      urls,
      troupe: startTroupe({
        root: 'http://localhost/', environment: { random: () => 0 },
        fetch(url) {
          urls.push(url);
          return answer();
        },
      }),
    };
  };

  it.each([
    [404, 'not_found'], [500, 'unreachable'], [401, 'unreachable'],
  ])('that is answered %d says %s', async (status, code) => {
    const { troupe: one, urls } = troupe(() => Promise.resolve(new Response('{}', { status })));
    await expect(one.load('日和 2', null)).rejects.toMatchObject({ code });
    expect(urls).toEqual(['http://localhost/api/models/%E6%97%A5%E5%92%8C%202']);
  });

  it('without a hub says so', async () => {
    const { troupe: one } = troupe(() => Promise.reject(new TypeError('offline')));
    await expect(one.load('x', null)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('has the drawn ones without asking the hub', async () => {
    const { troupe: one, urls } = troupe(() => Promise.reject(new Error('asked')));
    for (const name of ['koto', 'kitsu', 'nagi']) expect(await one.load(name, null)).toMatchObject({ manifest: null });
    expect(await one.load('koto', { hair: '#ff0000' })).toMatchObject({ manifest: null });
    expect(urls).toEqual([]);
  });
});

describe('the place of the figure', () => {
  const avatar = (name: string | null): Message => ({ type: 'avatar', channel: 'default', name });

  it('keeps what was said until the figure is there, and says when no other character is on its way', async () => {
    const taken: Message[] = [];
    let settles = 0;
    let loads = 0;
    const part = startFigurePart(() => {
      loads++;
      if (loads === 1) return Promise.reject(new Error('another version'));
      return Promise.resolve({ take: (message) => void taken.push(message), casting: { loading: null } } as Figure);
    }, () => settles++);
    expect(part.awaits()).toBe(true);
    part.take(avatar('a'));
    await settled();
    part.take(avatar('b'));
    await settled();
    part.take({ type: 'ping', tops: new Map() });
    expect(taken).toEqual([avatar('b')]);
    expect([part.awaits(), settles, loads]).toEqual([false, 1, 2]);
    part.take(avatar(null));
    expect(taken).toHaveLength(2);
  });
});

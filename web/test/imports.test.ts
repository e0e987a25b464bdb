import { describe, expect, it } from 'vitest';
import page from '../index.html?raw';

/** Each file imports only from files further down. Files of one row do not know each other. */
const rows: readonly (readonly string[])[] = [
  ['main'],
  ['conversation', 'microphone'],
  ['settings'],
  ['talk'],
  ['acks', 'acting', 'announce', 'bubble', 'connection', 'firstrun', 'history', 'identity', 'inspect', 'language', 'memory', 'past', 'probe', 'reception', 'soundcontrol', 'speech', 'status', 'subtitles', 'theme', 'tips'],
  ['speaking', 'hearing', 'showing'],
  ['address', 'panel', 'snippets', 'socket', 'store'],
  ['clock', 'i18n'],
  ['locales/ja', 'locales/zh', 'storage', 'avatar', 'stage', 'intake'],
  ['locales/en', 'delivery', 'dialogue', 'line', 'lipsync', 'recall'],
  ['replies', 'feelings'],
  ['scene', 'text'],
  ['protocol'],
  ['speechwire', 'talkwire', 'hearwire'],
  ['fields', 'sinc'],
];

const raw = import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true });
const sources = new Map(Object.entries(raw).map(([path, text]) => [path.slice('../src/'.length), text]));
const files = [...sources.keys()];

/** All of the avatar is one stone of this wall, and so is everything that speaks or hears, that belongs to a conversation, or to its settings. */
const stone = (file: string): string => /^(avatar|speaking|hearing|talk|settings)\//.exec(file)?.[1] ?? file.replace(/\.ts$/, '');
const row = (name: string): number => rows.findIndex((names) => names.includes(name));

function importsOf(file: string): readonly string[] {
  const statements = sources.get(file)!.matchAll(/^(?:import|export)\b[^;]*?from '(\.[^']+)';$/gms);
  const here = new URL(file, 'file:///src/');
  return [...statements].map(([, path]) => new URL(path!, here).pathname).filter((path) => path.startsWith('/src/')).map((path) => path.slice('/src/'.length));
}

describe('the source files', () => {
  it.each(files)('%s has a place', (file) => {
    expect(row(stone(file))).toBeGreaterThanOrEqual(0);
  });

  it('are read with their imports', () => {
    expect(importsOf('main.ts')).toContain('socket');
    expect(importsOf('avatar/vector/koto.ts')).toContain('avatar/parameters');
  });

  it.each(files)('%s imports downwards only', (file) => {
    const from = stone(file);
    for (const path of importsOf(file)) {
      const to = stone(path);
      if (to !== from) expect([to, row(to)]).toEqual([to, expect.toSatisfy((below: number) => below > row(from))]);
    }
  });

  it.each(files.filter((file) => !file.startsWith('avatar/') && file !== 'lipsync.ts'))('%s stays short', (file) => {
    expect(sources.get(file)!.split('\n').length).toBeLessThan(300);
  });

  it('never make elements from text', () => {
    const dangerous = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|setAttribute\('(style|on\w+)'|\beval\(|new Function/;
    expect(files.filter((file) => dangerous.test(sources.get(file)!))).toEqual([]);
  });

  it('have a page without inline script or style', () => {
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|data:|https?:/);
  });
});

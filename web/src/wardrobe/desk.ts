import type { Act } from '../avatar/manifest';
import { emotions } from '../avatar/emotions';
import { motions } from '../avatar/motions';
import { isSame, type ActTable, type Mapping } from './mapping';
import type { Models } from './models';
import type { ModelParts } from './reading';
import { wordFor, type WardrobeWords } from './wardrobewords';

/** A model that is being set up: what was saved and what the user made of it since. */
export interface Desk {
  parts(): ModelParts;
  saved(): Mapping;
  mapping(): Mapping;
  isChanged(): boolean;
  change(next: Mapping): void;
  /** The hub has what stands here now, and tells these parts of the model. */
  settled(saved: Mapping, parts: ModelParts): void;
  /** Calls back after each change, until the next {@link hand}. */
  watch(see: () => void): void;
  /** Another editor takes it: the one before hears nothing more. */
  hand(): void;
}

export function startDesk(firstParts: ModelParts, firstSaved: Mapping): Desk {
  let [parts, saved, mapping] = [firstParts, firstSaved, firstSaved];
  const watchers: (() => void)[] = [];
  const tell = (): void => {
    for (const see of watchers) see();
  };
  return {
    parts: () => parts,
    saved: () => saved,
    mapping: () => mapping,
    isChanged: () => !isSame(saved, mapping),
    change(next) {
      mapping = next;
      tell();
    },
    settled(now, newParts) {
      saved = now;
      parts = newParts;
      tell();
    },
    watch: (see) => void watchers.push(see),
    hand: () => void watchers.splice(0),
  };
}

/** Saves what is on the desk; what the user changes meanwhile stays changed. Rejects where the hub refuses. */
export async function saveDesk(models: Pick<Models, 'save' | 'parts'>, desk: Desk): Promise<void> {
  const { name } = desk.parts();
  const mapping = desk.mapping();
  await models.save(name, mapping);
  // It is saved, whether or not the hub can say what it makes of it.
  desk.settled(mapping, await models.parts(name).catch(() => desk.parts()));
}

/** Where every character is touched. */
const places: readonly string[] = ['head', 'face', 'body'];

/** For what a model may have acts: our emotions and gestures, and the places where it is touched. */
export function keysOf(table: ActTable, parts: ModelParts, mapping: Mapping): readonly string[] {
  const known = table === 'emotions' ? Object.keys(emotions)
    : table === 'gestures' ? Object.keys(motions)
    // Most models have a "Head" of their own: touched there, it is the same place.
    : [...places.map((place) => parts.areas.find((area) => area.toLowerCase() === place) ?? place), ...parts.areas];
  const mapped = mapping[table];
  const more = [...Object.keys(parts[table]), ...Object.keys(typeof mapped === 'object' && mapped !== null ? mapped : {})];
  return [...new Set([...known, ...more])];
}

const groups: Readonly<Record<ActTable, 'emotion' | 'gesture' | 'touch'>> = { emotions: 'emotion', gestures: 'gesture', touches: 'touch' };

/** How users see a key of a table named. */
export const keyName = (words: WardrobeWords, table: ActTable, key: string): string =>
  wordFor(words, groups[table], key.toLowerCase()) ?? key;

/** An act in a few words. */
export function describe(words: WardrobeWords, act: Act): string {
  const count = Object.keys(act.parameters ?? {}).length;
  const values = count === 0 ? '' : count === 1 ? words('try.value') : words('try.values', { count });
  const parts = [...act.expressions ?? [], act.motion ?? '', values].filter((part) => part !== '');
  return parts.length === 0 ? words('edit.ours') : parts.join(' · ');
}

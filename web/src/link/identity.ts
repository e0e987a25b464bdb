import type { TextStorage } from '../base/storage';

const name = 'kotodama.viewer';

export interface Identity {
  /** Who this page says it is. */
  viewer(): string;
  /** Another page is that one, too: from now on this one is another. */
  renew(): void;
}

/** Makes a name that no other page has. */
export function makeViewer(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Who this tab is, over connections and reloads. A duplicated tab is given the same name by the browser and loses it to the other one. */
export function startIdentity(storage: TextStorage, make: () => string): Identity {
  const kept = storage.read(name) ?? '';
  let viewer = /^[\w.:-]{1,64}$/.test(kept) ? kept : '';

  const renew = (): void => {
    viewer = make();
    storage.write(name, viewer);
  };

  if (viewer === '') renew();
  return { viewer: () => viewer, renew };
}

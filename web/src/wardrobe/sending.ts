import type { Clock } from '../base/clock';
import { HubError, refusalOf } from './models';
import type { Parcel } from './parcels';
import { partsOf } from './reading';

/** What the hub made of a parcel: names of models, or which Core it was. */
export interface Added {
  readonly names: readonly string[];
  readonly core: 'core' | 'core2' | null;
}

export interface Sending {
  /** Rejects with a {@link HubError}; its code is `cancelled` after {@link cancel}. */
  readonly done: Promise<Added>;
  cancel(): void;
}

/** The program of Cubism 2, as the hub keeps it. */
const core2File = 'live2d.min.js';

/** An upload that gets nowhere has failed after this; the hub may unpack as long. */
const stallsAfter = 120_000;

export function readAdded(text: string): Added {
  let answer: Readonly<Record<string, unknown>>;
  try {
    answer = partsOf(JSON.parse(text));
  } catch {
    throw new HubError('bad_answer');
  }
  const { added, models, core } = answer;
  const names = (Array.isArray(models) ? models : [added]).filter((name) => typeof name === 'string');
  const file = partsOf(core)['file'];
  return { names, core: typeof file !== 'string' ? null : file === core2File ? 'core2' : 'core' };
}

function bodyOf({ kind, files }: Parcel): { readonly body: Blob | FormData; readonly type: string | null } {
  if (kind === 'zip') return { body: files[0]!.file, type: 'application/zip' };
  const form = new FormData();
  // The name of a part is its way below the folder.
  for (const { path, file } of files) form.append('files', file, path);
  return { body: form, type: null };
}

/** Sends a parcel to the hub and tells how far it is. The browser's `fetch` does not tell that, so an older interface is used. */
export function send(
  root: string, parcel: Parcel, clock: Pick<Clock, 'after'>, progress: (bytes: number) => void, make = () => new XMLHttpRequest(),
): Sending {
  const request = make();
  let cancelled = false;

  const done = new Promise<Added>((added, fail) => {
    let unwatch = (): void => {};
    const watch = (): void => {
      unwatch();
      unwatch = clock.after(stallsAfter, () => {
        fail(new HubError('timeout'));
        request.abort();
      });
    };
    const end = (error: HubError): void => {
      unwatch();
      fail(error);
    };

    request.upload.onprogress = ({ loaded, total }) => {
      watch();
      // What surrounds the files on their way counts too.
      progress(total > 0 ? Math.round((loaded / total) * parcel.bytes) : loaded);
    };
    request.upload.onload = () => {
      watch();
      progress(parcel.bytes);
    };
    request.onload = () => {
      unwatch();
      if (request.status < 200 || request.status > 299) return fail(refusalOf(request.status, request.responseText));
      try {
        added(readAdded(request.responseText));
      } catch (error) {
        fail(error as HubError);
      }
    };
    request.onerror = () => end(new HubError('offline'));
    request.onabort = () => end(new HubError(cancelled ? 'cancelled' : 'offline'));

    const { body, type } = bodyOf(parcel);
    // A folder has its name in the ways of its files; the body of a zip file has none.
    const name = parcel.kind === 'zip' ? `?name=${encodeURIComponent(parcel.name.replace(/\.zip$/i, ''))}` : '';
    request.open('POST', `${root}api/models${name}`);
    if (type !== null) request.setRequestHeader('Content-Type', type);
    watch();
    request.send(body);
  });

  return {
    done,
    cancel() {
      cancelled = true;
      request.abort();
    },
  };
}

import type { Told } from './context';
import { GatheringError } from './gathering';
import { HubError } from './models';
import { parcelsOf, type Gathered, type Parcel } from './parcels';
import type { AddingLimits, Finding } from './reading';
import type { Added, Sending } from './sending';

/** What became of something that was dropped, for the user. */
export type Notice =
  | { readonly kind: 'model'; readonly name: string; readonly title: string; readonly findings: readonly Finding[] }
  | { readonly kind: 'core'; readonly text: Told }
  | { readonly kind: 'quiet'; readonly text: Told }
  | { readonly kind: 'bad'; readonly text: Told };

export interface Busy {
  /** Which of how many parcels. */
  readonly number: number;
  readonly count: number;
  /** null as long as the user's files are looked for. */
  readonly name: string | null;
  readonly done: number;
  readonly all: number;
}

export interface AddingState {
  readonly busy: Busy | null;
  readonly notices: readonly Notice[];
}

export interface AddingOptions {
  readonly limits: () => AddingLimits;
  readonly send: (parcel: Parcel, progress: (bytes: number) => void) => Sending;
  /** The title of a model that was just added, and what the doctor says of it. */
  readonly look: (name: string) => Promise<{ readonly title: string; readonly findings: readonly Finding[] }>;
  readonly size: (bytes: number) => string;
  readonly reason: (error: unknown) => string;
  /** There is something new on the shelf. */
  readonly onAdded: (added: Added) => void;
  readonly draw: (state: AddingState) => void;
}

/** Takes what the user dropped or chose, one after another. */
export interface Adding {
  take(gather: () => Promise<readonly Gathered[]>): void;
  /** Ends what is under way and forgets what waits. */
  cancel(): void;
  dismiss(notice: Notice): void;
  state(): AddingState;
}

const bad = (key: Told['key'], values: Told['values'] = {}): Notice => ({ kind: 'bad', text: { key, values } });

export function startAdding({ limits, send, look, size, reason, onAdded, draw }: AddingOptions): Adding {
  let state: AddingState = { busy: null, notices: [] };
  let gathers: readonly (() => Promise<readonly Gathered[]>)[] = [];
  let sending: Sending | null = null;
  /** Grows with each cancel: what began before is over. */
  let round = 0;

  const set = (change: Partial<AddingState>): void => {
    state = { ...state, ...change };
    draw(state);
  };
  const note = (...more: readonly Notice[]): void => set({ notices: [...state.notices, ...more] });

  const tooMuch = ({ name, bytes, files }: Parcel): Notice | null => {
    const limit = limits();
    if (files.length > limit.files) return bad('add.tooMany', { name, limit: limit.files });
    return bytes > limit.bytes ? bad('add.tooLarge', { name, size: size(bytes), limit: size(limit.bytes) }) : null;
  };

  const whatCame = async (added: Added): Promise<readonly Notice[]> => {
    const core: readonly Notice[] = added.core === null ? [] : [
      { kind: 'core', text: { key: added.core === 'core' ? 'add.coreDone' : 'add.core2Done' } },
    ];
    const models = added.names.map(async (name): Promise<Notice> => {
      // It is there, whatever can be told of it.
      const { title, findings } = await look(name).catch(() => ({ title: name, findings: [] }));
      return { kind: 'model', name, title, findings };
    });
    return [...core, ...await Promise.all(models)];
  };

  const deliver = async (parcel: Parcel, number: number, count: number, mine: number): Promise<void> => {
    const refused = tooMuch(parcel);
    if (refused !== null) return note(refused);
    const busy = { number, count, name: parcel.name, done: 0, all: parcel.bytes };
    set({ busy });
    const own = sending = send(parcel, (done) => mine === round && set({ busy: { ...busy, done } }));
    try {
      const added = await own.done;
      if (mine !== round) return;
      onAdded(added);
      const notices = await whatCame(added);
      if (mine === round) note(...notices);
    } catch (error) {
      if (mine !== round || (error instanceof HubError && error.code === 'cancelled')) return;
      note(bad('add.refused', { name: parcel.name, reason: reason(error) }));
    } finally {
      // After a cancel another one may be on its way.
      if (sending === own) sending = null;
    }
  };

  const work = async (): Promise<void> => {
    const mine = round;
    while (gathers.length > 0 && mine === round) {
      const [gather, ...rest] = gathers;
      gathers = rest;
      set({ busy: { number: 1, count: 1, name: null, done: 0, all: 0 } });
      try {
        const { parcels, refused } = parcelsOf(await gather!());
        if (mine !== round) return;
        note(...refused.map(({ name, why }) => bad(`add.${why}`, { name })));
        for (const [i, parcel] of parcels.entries()) {
          if (mine === round) await deliver(parcel, i + 1, parcels.length, mine);
        }
      } catch (error) {
        if (mine !== round) return;
        note(error instanceof GatheringError
          ? bad(`add.${error.why}`, { name: error.of, ...(error.why === 'tooMany' ? { limit: error.limit } : {}) })
          : bad('add.refused', { name: '?', reason: reason(error) }));
      }
    }
    if (mine === round) set({ busy: null });
  };

  return {
    take(gather) {
      gathers = [...gathers, gather];
      if (state.busy !== null) return;
      // What was told of an earlier one is old.
      set({ notices: [] });
      void work();
    },
    cancel() {
      if (state.busy === null) return;
      round++;
      gathers = [];
      sending?.cancel();
      set({ busy: null, notices: [...state.notices, { kind: 'quiet', text: { key: 'add.cancelled' } }] });
    },
    dismiss(notice) {
      set({ notices: state.notices.filter((one) => one !== notice) });
    },
    state: () => state,
  };
}

/** How a phone comes to this page. */
export interface Invitation {
  /** The address without the pass. */
  readonly address: string;
  readonly others: readonly string[];
  /** Until when the pass holds. */
  readonly until: Date;
  /** SHA-256 of the root certificate; null where phones know it. */
  readonly fingerprint: string | null;
  /** Modules on each side of the code, with its empty edge. */
  readonly size: number;
  /** The dark modules, as the path of an SVG drawing. */
  readonly path: string;
}

/** `off`: the hub does not listen for phones. `nowhere`: it does, and the machine is in no network. */
export type Outcome = Invitation | 'off' | 'nowhere' | { readonly reason: string | null };

const answerWithin = 10_000;

/** The largest QR code has 177 modules on each side, and an edge of four. */
const mostModules = 185;

const drawn = /^(M\d+ \d+h\d+v1h-\d+z)+$/;

/** Reads what the hub answers; null: it is no invitation. */
export function readInvitation(value: unknown): Invitation | null {
  if (typeof value !== 'object' || value === null) return null;
  const { address, others, until, fingerprint = null, qrSize, qrPath } = value as Record<string, unknown>;
  const date = new Date(typeof until === 'string' ? until : NaN);
  const isOne = typeof address === 'string' && Array.isArray(others) && others.every((other) => typeof other === 'string')
    && !Number.isNaN(date.getTime()) && (fingerprint === null || typeof fingerprint === 'string')
    && Number.isInteger(qrSize) && (qrSize as number) > 0 && (qrSize as number) <= mostModules
    && typeof qrPath === 'string' && drawn.test(qrPath);
  return isOne ? { address, others: others as string[], until: date, fingerprint, size: qrSize as number, path: qrPath } : null;
}

/** Asks the hub for an invitation. It never rejects. */
export async function askForInvitation(root: string, ask: typeof fetch = (...of) => fetch(...of)): Promise<Outcome> {
  let status: number;
  let said: unknown;
  try {
    const answer = await ask(`${root}api/phone`, { method: 'POST', cache: 'no-store', signal: AbortSignal.timeout(answerWithin) });
    status = answer.status;
    said = await answer.json().catch(() => null);
  } catch {
    return { reason: null };
  }
  if (status === 404) return 'off';
  if (status === 409) return 'nowhere';
  const message = (said as { message?: unknown } | null)?.message;
  return (status === 200 ? readInvitation(said) : null) ?? { reason: typeof message === 'string' ? message : `HTTP ${status}` };
}

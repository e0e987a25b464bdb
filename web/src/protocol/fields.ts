/** Numbers of messages and what is counted in them. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Reads typed fields and remembers the first one that did not fit. `null` counts as absent. */
export class Fields {
  wrong: string | null = null;

  constructor(private readonly source: Record<string, unknown>) {}

  text(name: string): string {
    const value = this.maybeText(name);
    return value ?? this.miss(name, '');
  }

  maybeText(name: string): string | undefined {
    const value = this.own(name);
    return value === undefined || typeof value === 'string' ? value : this.reject(name);
  }

  /** Clamped, because a server of a later version may allow more. Without `fallback` the field is required. */
  number(name: string, min: number, max: number, fallback?: number): number {
    return this.maybeNumber(name, min, max) ?? fallback ?? this.miss(name, min);
  }

  maybeNumber(name: string, min: number, max: number): number | undefined {
    const value = this.own(name);
    if (value === undefined) return undefined;
    return typeof value === 'number' && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : this.reject(name);
  }

  /** Numbers of messages: a fraction or a negative one is no number at all, and no other one can stand in for it. */
  count(name: string): number {
    return this.maybeCount(name, 0) ?? this.miss(name, 0);
  }

  maybeCount(name: string, min: number): number | undefined {
    const value = this.own(name);
    return value === undefined || (isCount(value) && value >= min) ? value : this.reject(name);
  }

  countUpTo(name: string, max: number): number {
    const value = this.count(name);
    return value <= max ? value : this.reject(name) ?? 0;
  }

  /** A list of counts; absent is empty. */
  counts(name: string): readonly number[] {
    const value = this.own(name);
    if (value === undefined) return [];
    return Array.isArray(value) && value.every(isCount) ? value : this.reject(name) ?? [];
  }

  /** An object by name; entries that `read` cannot use are left out. */
  map<T>(name: string, read: (value: unknown) => T | null): ReadonlyMap<string, T> {
    const value = this.own(name) ?? {};
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return new Map(entries.flatMap(([key, inner]): [string, T][] => {
      const known = read(inner);
      return known === null ? [] : [[key, known]];
    }));
  }

  /** A list; absent is empty, and entries that `read` cannot use are left out. */
  list<T>(name: string, read: (value: unknown) => T | null): readonly T[] {
    const value = this.own(name);
    if (value === undefined) return [];
    return Array.isArray(value) ? value.flatMap((inner) => read(inner) ?? []) : this.reject(name) ?? [];
  }

  /** Whatever it is; undefined when absent. */
  any(name: string): unknown {
    return this.own(name);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.own(name);
    if (value === undefined) return fallback;
    return typeof value === 'boolean' ? value : this.reject(name) ?? fallback;
  }

  /** The first of `values` is the default; a word from a later version means the default too. */
  oneOf<T extends string>(name: string, values: readonly [T, ...T[]]): T {
    const value = this.maybeText(name);
    return values.find((known) => known === value) ?? values[0];
  }

  private own(name: string): unknown {
    return Object.hasOwn(this.source, name) ? this.source[name] ?? undefined : undefined;
  }

  private miss<T>(name: string, standIn: T): T {
    this.wrong ??= `${name} is missing`;
    return standIn;
  }

  private reject(name: string): undefined {
    this.wrong ??= `${name} has the wrong type`;
    return undefined;
  }
}

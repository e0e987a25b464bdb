/** Tells several elements on one page apart, in the same way after a reload. */
export interface Seats {
  /** The lowest number, from 0, that no other element with the same key has; `leave` gives it back. */
  take(key: string): { readonly number: number; leave(): void };
}

export function startSeats(): Seats {
  const taken = new Map<string, Set<number>>();

  return {
    take(key) {
      const numbers = taken.get(key) ?? new Set();
      taken.set(key, numbers);
      let number = 0;
      while (numbers.has(number)) number++;
      numbers.add(number);
      return {
        number,
        leave() {
          numbers.delete(number);
          if (numbers.size === 0 && taken.get(key) === numbers) taken.delete(key);
        },
      };
    },
  };
}

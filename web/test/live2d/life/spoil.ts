const odd: readonly unknown[] = [
  null, undefined, Number.NaN, Infinity, -Infinity, 1e308, -1e308, 1e-9, 0, -0, -1, 0.5, 3, 1e6, '', 'ParamAngleX', '1', true, false, [],
  {}, [[]], [1e308, 1e308], { Id: 'ParamAngleX' }, { X: 1e308, Y: Number.NaN }, '__proto__', 'constructor', 2 ** 53,
];

/** A copy of `value` in which some places hold something else, are gone, stand twice or have changed places. */
export function spoil(value: unknown, random: () => number, chance: number): unknown {
  const pick = (): unknown => odd[Math.floor(random() * odd.length)];
  if (random() < chance) return pick();
  if (Array.isArray(value)) {
    const list = value.map((one) => spoil(one, random, chance));
    if (random() < chance * 2) list.splice(Math.floor(random() * list.length), Math.floor(random() * 4));
    if (random() < chance * 2) list.splice(Math.floor(random() * list.length), 0, pick());
    if (random() < chance) list.reverse();
    return list;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).flatMap(([key, one]) =>
      (random() < chance ? [] : [[random() < chance / 2 ? String(pick()) : key, spoil(one, random, chance)]])));
  }
  return typeof value === 'number' && random() < chance * 2 ? value * (random() - 0.5) * 10 ** Math.floor(random() * 40) : value;
}

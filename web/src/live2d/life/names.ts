/** Cubism 2 named a few parameters by other words. */
const olderNames: Readonly<Record<string, string>> = {
  PARAMCHEEK: 'PARAMTERE', PARAMBODYANGLEX: 'PARAMBODYX', PARAMBODYANGLEY: 'PARAMBODYY', PARAMBODYANGLEZ: 'PARAMBODYZ',
};

/** `ParamAngleX` and `PARAM_ANGLE_X` are the same. */
const plain = (id: string): string => id.replaceAll('_', '').toUpperCase();

/** Finds the parameters of a model by today's or by the old names. */
export class Names {
  private readonly places = new Map<string, number>();

  constructor(private readonly ids: readonly string[]) {
    ids.forEach((id, at) => {
      if (!this.places.has(plain(id))) this.places.set(plain(id), at);
    });
  }

  /** -1 where the model has none. */
  find(id: string): number {
    const exact = this.ids.indexOf(id);
    if (exact >= 0) return exact;
    const name = plain(id);
    return this.places.get(name) ?? this.places.get(olderNames[name] ?? '') ?? -1;
  }
}

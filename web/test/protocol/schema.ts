interface Schema {
  readonly [keyword: string]: unknown;
}

/** Keywords that only tell something. */
const notes = new Set(['$schema', '$comment', '$defs', 'title', 'description', 'default', 'examples', 'format', 'contentEncoding']);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isA: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  array: Array.isArray,
  object: isObject,
  null: (value) => value === null,
};

/** The first thing of a value that breaks the part of JSON Schema that docs/protocol/schema.json uses; null when it is valid. */
export function wrongWith(root: Schema, value: unknown, schema: Schema = root, path = 'message'): string | null {
  const within = (inner: unknown, part: unknown, step: string): string | null => wrongWith(root, inner, part as Schema, path + step);
  const all = (wrong: readonly (string | null)[]): string | null => wrong.find((one) => one !== null) ?? null;
  const bound = (holds: boolean): string | null =>
    (holds ? null : `${path} is ${JSON.stringify(value)}, not as in ${JSON.stringify(schema)}`);
  const check = (keyword: string, wanted: unknown): string | null => {
    switch (keyword) {
      case 'oneOf': {
        const wrong = (wanted as readonly Schema[]).map((part) => within(value, part, ''));
        return wrong.filter((one) => one === null).length === 1 ? null : wrong.join('\n');
      }
      case '$ref':
        return within(value, (root['$defs'] as Schema)[(wanted as string).slice('#/$defs/'.length)], '');
      case 'properties':
        if (!isObject(value)) return null;
        return all(Object.entries(wanted as Schema).map(([name, part]) =>
          (name in value ? within(value[name], part, `.${name}`) : null)));
      case 'additionalProperties':
        return isObject(value) ? all(Object.values(value).map((inner) => within(inner, wanted, '{}'))) : null;
      case 'items':
        return Array.isArray(value) ? all(value.map((item) => within(item, wanted, '[]'))) : null;
      case 'type':
        return bound([wanted].flat().some((type) => isA[type as string]!(value)));
      case 'const':
        return bound(value === wanted);
      case 'enum':
        return bound((wanted as readonly unknown[]).includes(value));
      case 'required':
        return bound(!isObject(value) || (wanted as readonly string[]).every((name) => name in value));
      case 'minimum':
        return bound(typeof value !== 'number' || value >= (wanted as number));
      case 'maximum':
        return bound(typeof value !== 'number' || value <= (wanted as number));
      case 'minLength':
      case 'minItems':
        return bound(!(typeof value === 'string' || Array.isArray(value)) || value.length >= (wanted as number));
      case 'maxLength':
      case 'maxItems':
        return bound(!(typeof value === 'string' || Array.isArray(value)) || value.length <= (wanted as number));
      case 'pattern':
        return bound(typeof value !== 'string' || new RegExp(wanted as string, 'u').test(value));
      default:
        throw new Error(`The schema has the keyword ${keyword}, which this validator does not know.`);
    }
  };
  return all(Object.entries(schema).filter(([keyword]) => !notes.has(keyword)).map(([keyword, wanted]) => check(keyword, wanted)));
}

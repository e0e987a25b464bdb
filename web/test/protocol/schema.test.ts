import { describe, expect, it } from 'vitest';
import schema from '../../../docs/protocol/schema.json';
import { wrongWith } from './schema';

const files = import.meta.glob<string>('../../../docs/protocol/examples/*.json', { query: '?raw', import: 'default', eager: true });
const examples = Object.entries(files).map(([path, text]) => [/([^/]+)\.json$/.exec(path)![1]!, text] as const);

describe('the schema of the protocol', () => {
  it.each(examples)('takes the example %s', (_, text) => {
    expect(wrongWith(schema, JSON.parse(text))).toBeNull();
  });

  it.each(examples)('refuses the example %s without its type, and with a type that no message has', (_, text) => {
    const { type, ...rest } = JSON.parse(text) as { readonly type: string };
    expect(wrongWith(schema, rest)).not.toBeNull();
    expect(wrongWith(schema, { ...rest, type: `${type}_` })).not.toBeNull();
  });

  it.each([
    '{"type":"llm_response"}', '{"type":"llm_response","content":""}',
    '{"type":"llm_response","content":7}', '{"type":"llm_response","content":"x","mode":"later"}',
    '{"type":"llm_response","content":"x","duration":600001}',
    '{"type":"llm_response","content":"x","channel":"UPPER"}', '{"type":"llm_delta","content":"x","part":0}',
    '{"type":"llm_response","content":"x","emotion":"a\\u0007b"}', '{"type":"hello","channels":[]}',
    '{"type":"ack","channel":"c","epoch":"e","displayed":["1"]}', '[]', '7',
  ])('refuses %s', (text) => {
    expect(wrongWith(schema, JSON.parse(text))).not.toBeNull();
  });
});

// Makes src/protocol/wire.ts, the types of the messages, of docs/protocol/schema.json. With `--check` it writes nothing, and fails when the
// file is not what it would write.
import { readFileSync, writeFileSync } from 'node:fs';

const schemaFile = new URL('../../docs/protocol/schema.json', import.meta.url);
const typesFile = new URL('../src/protocol/wire.ts', import.meta.url);

const header = `// Made of docs/protocol/schema.json by \`npm run generate\`: do not edit.
//
// These are the messages as they are on the wire when their sender leaves nothing out: a field with a default is always there.
// What this page reads and keeps of them is in the files beside this one.
`;

const { oneOf, $defs } = JSON.parse(readFileSync(schemaFile, 'utf8'));

const nameOf = (reference) => reference.slice('#/$defs/'.length);

const longestLine = 140;

const literals = (values) => values.map((value) => `'${value}'`);

function typeOf(schema) {
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if (schema.const !== undefined) return `'${schema.const}'`;
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case undefined:
      return 'unknown';
    case 'integer':
      return 'number';
    case 'array':
      return `readonly ${wrapped(typeOf(schema.items))}[]`;
    case 'object':
      return `Readonly<Record<string, ${typeOf(schema.additionalProperties)}>>`;
    default:
      return schema.type;
  }
}

const wrapped = (type) => (type.includes(' ') ? `(${type})` : type);

/** Words in lines of at most 140 characters. */
function lines(text, room) {
  const all = [''];
  for (const word of text.split(' ')) {
    const last = all.length - 1;
    if (all[last] === '') all[last] = word;
    else if (all[last].length + 1 + word.length <= room) all[last] += ` ${word}`;
    else all.push(word);
  }
  return all;
}

function commentOf({ description, default: value }, indent) {
  if (description === undefined) return '';
  const absent = value === undefined || typeof value === 'object' ? '' : ` Default: ${JSON.stringify(value)}.`;
  const text = `${description}${absent}`.replaceAll('*/', '*\\/');
  if (indent.length + text.length + '/**  */'.length <= longestLine) return `${indent}/** ${text} */\n`;
  const wrapped = lines(text, longestLine - indent.length - ' * '.length).map((line) => `${indent} * ${line}\n`);
  return `${indent}/**\n${wrapped.join('')}${indent} */\n`;
}

/** A union of literals, one a line when it is long. */
function unionOf(name, choices) {
  const line = `export type ${name} = ${choices.join(' | ')};\n`;
  return line.length <= longestLine ? line : `export type ${name} =\n${choices.map((choice) => `  | ${choice}`).join('\n')};\n`;
}

function fieldOf(definition, [name, schema]) {
  const isThere = schema.default !== undefined || (definition.required ?? []).includes(name);
  return `${commentOf(schema, '  ')}  readonly ${name}${isThere ? '' : '?'}: ${typeOf(schema)};\n`;
}

function declarationOf([name, definition]) {
  const comment = commentOf(definition, '');
  if (definition.enum !== undefined) return comment + unionOf(name, literals(definition.enum));
  // Codes of later versions and of other programs are texts like any other, but an editor still offers those that are known.
  if (definition.examples !== undefined) return comment + unionOf(name, [...literals(definition.examples), '(string & {})']);
  const fields = Object.entries(definition.properties).map((field) => fieldOf(definition, field));
  return `${comment}export interface ${name} {\n${fields.join('')}}\n`;
}

const messages = oneOf.map(({ $ref }) => nameOf($ref));
const union = `/** Every message that is JSON. */\n${unionOf('WireMessage', messages)}`;
const types = [header, ...Object.entries($defs).map(declarationOf), union].join('\n');

if (!process.argv.includes('--check')) {
  writeFileSync(typesFile, types);
} else if (readFileSync(typesFile, 'utf8') !== types) {
  console.error('src/protocol/wire.ts is not what docs/protocol/schema.json says. Run `npm run generate` in web and commit the file.');
  process.exit(1);
}

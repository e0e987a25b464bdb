const stringOrComment = /('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** Comments and their like would name paths that nothing imports. Strings stay: that is where the paths are. */
const withoutComments = (text: string): string =>
  text.replace(stringOrComment, (_, quoted: string | undefined) => quoted ?? '');

const forms: readonly RegExp[] = [
  // import … from '…'; export … from '…'
  /\b(?:import|export)\b[^;'"`()]*?\bfrom\s*['"]([^'"]+)['"]/g,
  // import '…'
  /\bimport\s*['"]([^'"]+)['"]/g,
  // import('…'), also as a type
  /\bimport\s*\(\s*(?:\/\*.*?\*\/\s*)?['"`]([^'"`]+)['"`]/g,
  // new URL('…', import.meta.url)
  /\bnew URL\s*\(\s*['"`]([^'"`]+)['"`]\s*,\s*import\.meta\.url/g,
  // import.meta.glob('…')
  /\bimport\.meta\.glob\b[^(]*\(\s*['"`]([^'"`]+)['"`]/g,
];

/** Every path that a source text imports, in whatever way, without what stands behind a question mark. */
export function pathsIn(text: string): readonly string[] {
  const code = withoutComments(text);
  const computed = /\bimport\s*\(\s*(?!['"`\s])/.exec(code)
    ?? /\bimport\s*\(\s*`[^`]*\$\{/.exec(code)
    ?? /\bimport\.meta\.glob\b[^(]*\(\s*\[/.exec(code);
  if (computed !== null) throw new Error(`cannot be read: ${code.slice(computed.index, computed.index + 60)}`);
  return forms.flatMap((form) => [...code.matchAll(form)].map(([, path]) => path!.replace(/\?.*$/, '')));
}

/** A way from a node back to itself; null when there is none. */
export function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const walk = (node: string, way: readonly string[]): readonly string[] | null => {
    if (way.includes(node)) return [...way.slice(way.indexOf(node)), node];
    if (done.has(node)) return null;
    for (const next of graph.get(node) ?? []) {
      const circle = walk(next, [...way, node]);
      if (circle !== null) return circle;
    }
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const circle = walk(node, []);
    if (circle !== null) return circle;
  }
  return null;
}

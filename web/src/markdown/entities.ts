import { clean } from '../base/text';

/** The names of the code points from a number on. */
const ranges: readonly (readonly [number, string])[] = [
  [160, 'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot '
    + 'cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml '
    + 'Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig '
    + 'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute '
    + 'ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'],
  [913, 'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho'],
  [931, 'Sigma Tau Upsilon Phi Chi Psi Omega'],
  [945, 'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi '
    + 'omega'],
];

const others: Readonly<Record<string, string>> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", hellip: '…', mdash: '—', ndash: '–', lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“',
  rdquo: '”', bdquo: '„', lsaquo: '‹', rsaquo: '›', bull: '•', dagger: '†', Dagger: '‡', permil: '‰', prime: '′', Prime: '″', euro: '€',
  trade: '™', larr: '←', uarr: '↑', rarr: '→', darr: '↓', harr: '↔', lArr: '⇐', rArr: '⇒', hArr: '⇔', infin: '∞', ne: '≠', le: '≤', ge: '≥',
  asymp: '≈', equiv: '≡', minus: '−', sum: '∑', prod: '∏', radic: '√', int: '∫', part: '∂', nabla: '∇', isin: '∈', notin: '∉', cap: '∩',
  cup: '∪', sub: '⊂', sup: '⊃', empty: '∅', forall: '∀', exist: '∃', and: '∧', or: '∨', hearts: '♥', spades: '♠', clubs: '♣', diams: '♦',
  check: '✓', cross: '✗', star: '☆', starf: '★', ensp: '\u2002', emsp: '\u2003', thinsp: '\u2009', zwnj: '\u200c', zwj: '\u200d',
  oelig: 'œ', OElig: 'Œ', scaron: 'š', Scaron: 'Š', fnof: 'ƒ', circ: 'ˆ', tilde: '˜', lsqb: '[', rsqb: ']', ast: '*',
  lowbar: '_', grave: '`',
  num: '#', excl: '!', comma: ',', period: '.', colon: ':', semi: ';', lpar: '(', rpar: ')', sol: '/', bsol: '\\', vert: '|',
  dollar: '$',
};

const named = new Map<string, string>([
  ...Object.entries(others),
  ...ranges.flatMap(([first, names]) => names.split(' ').map((name, i) => [name, String.fromCodePoint(first + i)] as const)),
]);

const form = /&(?:#(\d{1,7})|#[xX]([\dA-Fa-f]{1,6})|([A-Za-z][A-Za-z\d]{1,15}));/y;

/** What an entity at a place of a text stands for, and how long it is; null when none stands there. */
export function entityAt(text: string, at: number): { readonly text: string; readonly length: number } | null {
  form.lastIndex = at;
  const match = form.exec(text);
  if (match === null) return null;
  const [all, decimal, hex, name] = match;
  if (name !== undefined) {
    const known = named.get(name);
    return known === undefined ? null : { text: known, length: all.length };
  }
  const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
  const valid = code > 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
  // A number may not bring what a text itself may not.
  return { text: valid ? clean(String.fromCodePoint(code)) : '\ufffd', length: all.length };
}

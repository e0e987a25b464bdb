import './phone.css';
import { make } from '../base/elements';
import type { I18n } from '../base/i18n';
import { nameIt, show } from '../base/shown';
import { clean } from '../base/text';
import { askForInvitation, type Invitation, type Outcome } from './invitation';
import { wordsForPhone, type PhoneWords } from './phonewords';

export interface PhoneOptions {
  readonly panel: HTMLElement;
  /** Where the hub's API lives, with a closing slash. */
  readonly root: string;
  readonly i18n: I18n;
  readonly ask?: (root: string) => Promise<Outcome>;
}

export interface Phone {
  /** The panel was opened: it is asked for an invitation anew. */
  open(): void;
}

const svg = 'http://www.w3.org/2000/svg';

/** The code in black on white, whatever the theme: cameras read that best. */
function drawCode({ size, path }: Invitation, name: string): SVGSVGElement {
  const drawing = document.createElementNS(svg, 'svg');
  drawing.setAttribute('viewBox', `0 0 ${size} ${size}`);
  drawing.setAttribute('class', 'phone-code');
  drawing.setAttribute('role', 'img');
  nameIt(drawing, name);
  drawing.dataset['testid'] = 'phone-code';
  const dark = document.createElementNS(svg, 'path');
  dark.setAttribute('d', path);
  drawing.append(dark);
  return drawing;
}

const paragraph = (text: string): HTMLElement => make('p', {}, text);
const quiet = (text: string): HTMLElement => make('p', { className: 'quiet' }, text);
const code = (text: string): HTMLElement => make('p', {}, make('code', {}, clean(text)));

function aboutTheRoot(words: PhoneWords, { address }: Invitation, fingerprint: string): readonly Node[] {
  return [
    make('h3', {}, words('warning')),
    quiet(words('warningText')),
    make('h3', {}, words('root')),
    quiet(words('rootText', { address: clean(`${address}lan/root.crt`) })),
    make('p', {}, make('a', { href: './lan/root.crt', download: 'kotodama-root.crt', className: 'text-button' }, words('rootLink'))),
    quiet(words('rootHow')),
    quiet(words('fingerprint')),
    make('p', { className: 'phone-fingerprint' }, make('code', {}, clean(fingerprint))),
    quiet(words('own')),
  ];
}

/** Shows how a phone comes to this page. */
export function startPhone({ panel, root, i18n, ask = askForInvitation }: PhoneOptions): Phone {
  const words = wordsForPhone(i18n);
  const body = panel.querySelector<HTMLElement>('.phone-body')!;
  let outcome: Outcome | null = null;
  let latest = 0;

  const parts = (): readonly Node[] => {
    if (outcome === null) return [quiet(words('loading'))];
    if (outcome === 'off') return [paragraph(words('off')), quiet(words('offText')), code('kotodama --lan')];
    if (outcome === 'nowhere') return [paragraph(words('nowhere'))];
    if ('reason' in outcome) {
      const again = make('button', { type: 'button', className: 'text-button' }, words('retry'));
      again.addEventListener('click', () => void load());
      return [paragraph(words('failed', { reason: outcome.reason === null ? words('offline') : clean(outcome.reason) })), again];
    }
    const date = outcome.until.toLocaleDateString(i18n.tag(), { dateStyle: 'long' });
    return [
      drawCode(outcome, words('code')),
      paragraph(words('scan')),
      quiet(words('pass', { date })),
      quiet(words('address')),
      code(outcome.address),
      ...(outcome.others.length > 0 ? [quiet(words('others')), ...outcome.others.map(code)] : []),
      ...(outcome.fingerprint === null ? [] : aboutTheRoot(words, outcome, outcome.fingerprint)),
    ];
  };

  const draw = (): void => {
    show(panel.querySelector('#phone-title')!, words('title'));
    body.replaceChildren(...parts());
  };

  const load = async (): Promise<void> => {
    const turn = ++latest;
    outcome = null;
    draw();
    const answer = await ask(root);
    if (turn !== latest) return;
    outcome = answer;
    draw();
  };

  // As long as the page lives.
  i18n.watch(draw);
  return { open: () => void load() };
}

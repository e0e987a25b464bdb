import { make } from '../base/elements';
import type { Language } from '../base/languages';
import type { Context } from './context';
import { severities, type Finding, type Severity } from './reading';

/** What the doctor says in the page's language, else in the one that there is. */
export const textOf = ({ text, code }: Finding, language: Language): string => text[language] || text.en || code;

/** What was found, the worst first; groups that have none are left out. */
export const grouped = (findings: readonly Finding[]): readonly (readonly [Severity, readonly Finding[]])[] =>
  severities.map((severity) => [severity, findings.filter((one) => one.severity === severity)] as const)
    .filter(([, found]) => found.length > 0);

/** What the doctor of models says, in groups. What was mended is there for who wants to know. */
export function drawFindings(
  { words, language }: Pick<Context, 'words' | 'language'>, findings: readonly Finding[],
): readonly HTMLElement[] {
  if (findings.length === 0) return [make('p', { className: 'findings-none' }, words('check.none'))];
  return grouped(findings).map(([severity, found]) => {
    const items = found.map((one) => make('li', {}, textOf(one, language()),
      one.file === '' ? null : make('code', {}, one.file)));
    const list = make('ul', { className: 'findings' }, ...items);
    const title = words(`check.${severity}`);
    return severity === 'mended'
      ? make('details', { className: 'findings-group', data: { severity } }, make('summary', {}, `${title} (${found.length})`), list)
      : make('div', { className: 'findings-group', data: { severity } }, make('h5', {}, title), list);
  });
}

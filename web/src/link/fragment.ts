/** The part of a window that is used here. */
export interface FragmentPage {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState' | 'state'>;
}

/**
 * Takes a secret out of the page's own address, where it stands behind `#` as `name=value` and so never leaves the browser: from then on
 * neither the address bar nor the history has it. Other parts of the fragment stay. null: there is none.
 */
export function takeFromFragment({ location, history }: FragmentPage, name: string): string | null {
  const parts = location.hash.slice(1).split('&');
  const own = parts.filter((part) => part.startsWith(`${name}=`));
  const value = own.at(-1)?.slice(name.length + 1);
  if (value === undefined) return null;
  const rest = parts.filter((part) => !own.includes(part)).join('&');
  history.replaceState(history.state, '', `${location.pathname}${location.search}${rest === '' ? '' : `#${rest}`}`);
  return value;
}

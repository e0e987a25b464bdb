import type { I18n } from '../base/i18n';
import { startLazy } from '../base/lazy';
import { hintAt, show } from '../base/shown';
import type { Exchanged } from '../link/exchange';
import type { Connection } from '../link/socket';

/** After this many failures in a row the page stops being discreet about it. */
export const bannerAfter = 5;

export const needsBanner = ({ state, attempts, final }: Connection): boolean => state !== 'open' && (final || attempts >= bannerAfter);

export interface ConnectionView {
  show(connection: Connection): void;
}

/** Says in words and colour whether the page is connected, and why not. */
export function startConnectionView(
  pill: HTMLElement, banner: HTMLElement, i18n: I18n, retry: () => void, signIn: (token: string) => Promise<Exchanged>,
): ConnectionView {
  const word = pill.querySelector<HTMLElement>('.pill-text')!;
  const reason = banner.querySelector<HTMLElement>('#banner-reason')!;
  const next = banner.querySelector<HTMLElement>('#banner-next')!;
  const button = banner.querySelector<HTMLButtonElement>('#retry')!;
  const title = banner.querySelector<HTMLElement>('strong')!;
  const place = banner.querySelector<HTMLElement>('#sign-in')!;
  let shown: Connection | null = null;
  // Only a page on another machine needs it.
  const form = startLazy(async () => (await import('./signin')).startSignIn(place, i18n, signIn), () => draw());

  const draw = (): void => {
    if (shown === null) return;
    pill.dataset['state'] = shown.state;
    show(word, i18n.text(`connection.${shown.state}`));
    hintAt(pill, shown.reason === null ? '' : i18n.text(`reason.${shown.reason}`, { detail: shown.detail }));
    if (needsBanner(shown)) {
      show(reason, pill.title);
      const needsToken = shown.reason === 'token';
      if (needsToken) form.fetch();
      const asks = needsToken && form.part() !== null;
      show(title, i18n.text('banner.title'));
      show(next, needsToken ? '' : i18n.text(shown.final ? 'banner.final' : 'banner.again'));
      place.hidden = !asks;
      title.hidden = asks;
      button.hidden = asks;
    }
    banner.hidden = !needsBanner(shown);
  };

  button.addEventListener('click', retry);
  i18n.watch(draw);

  return {
    show(connection) {
      shown = connection;
      draw();
    },
  };
}

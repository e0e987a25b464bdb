import type { I18n } from '../base/i18n';
import { hintAt, show } from '../base/shown';
import type { Exchanged } from '../link/session';
import type { Connection } from '../link/socket';

/** After this many failures in a row the page stops being discreet about it. */
export const bannerAfter = 5;

export const needsBanner = ({ state, attempts, final }: Connection): boolean => state !== 'open' && (final || attempts >= bannerAfter);

export interface ConnectionView {
  show(connection: Connection): void;
  stop(): void;
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
  const form = banner.querySelector<HTMLFormElement>('#token-form')!;
  const field = form.querySelector<HTMLInputElement>('input')!;
  const answer = form.querySelector<HTMLElement>('#token-answer')!;
  let exchanged: Exchanged | null = null;
  let shown: Connection | null = null;

  const draw = (): void => {
    if (shown === null) return;
    pill.dataset['state'] = shown.state;
    show(word, i18n.text(`connection.${shown.state}`));
    hintAt(pill, shown.reason === null ? '' : i18n.text(`reason.${shown.reason}`, { detail: shown.detail }));
    if (needsBanner(shown)) {
      show(reason, pill.title);
      const needsToken = shown.reason === 'token';
      show(title, i18n.text(needsToken ? 'token.title' : 'banner.title'));
      show(next, needsToken ? '' : i18n.text(shown.final ? 'banner.final' : 'banner.again'));
      show(answer, exchanged === null || exchanged === 'done' ? '' : i18n.text(`token.${exchanged}`));
      form.hidden = !needsToken;
      button.hidden = needsToken;
    }
    banner.hidden = !needsBanner(shown);
  };

  const submit = (event: Event): void => {
    event.preventDefault();
    const token = field.value.trim();
    field.value = '';
    void signIn(token).then((became) => {
      exchanged = became;
      draw();
    });
  };

  button.addEventListener('click', retry);
  form.addEventListener('submit', submit);
  const unlisten = i18n.watch(draw);

  return {
    show(connection) {
      shown = connection;
      draw();
    },
    stop() {
      unlisten();
      button.removeEventListener('click', retry);
      form.removeEventListener('submit', submit);
    },
  };
}

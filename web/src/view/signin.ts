import { make } from '../base/elements';
import { textsOf, type I18n } from '../base/i18n';
import type { SignInTexts } from '../base/locales/en/signin';
import { show } from '../base/shown';
import type { Exchanged } from '../link/exchange';

/** The form of the banner where the user gives a token. */
export interface SignIn {
  stop(): void;
}

/** Asks for a token, and says what became of it. */
export function startSignIn(place: HTMLElement, i18n: I18n, signIn: (token: string) => Promise<Exchanged>): SignIn {
  const words = textsOf(i18n.language, import.meta.glob<SignInTexts>('../base/locales/*/signin.ts', { eager: true, import: 'signin' }));
  const title = make('strong');
  const name = make('span');
  const field = make('input', { type: 'password', name: 'token', autocomplete: 'off', spellcheck: false, required: true });
  const use = make('button', { type: 'submit', className: 'button' });
  const answer = make('span', { role: 'status' });
  const form = make(
    'form', { className: 'token-form', data: { testid: 'token-form' } }, make('label', {}, name, ' ', field), use, answer,
  );
  let exchanged: Exchanged | null = null;

  const draw = (): void => {
    show(title, words('title'));
    show(name, words('field'));
    show(use, words('use'));
    show(answer, exchanged === null || exchanged === 'done' ? '' : words(exchanged));
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const token = field.value.trim();
    field.value = '';
    void signIn(token).then((became) => {
      exchanged = became;
      draw();
    });
  });
  place.replaceChildren(title, form);
  return { stop: i18n.watch(draw) };
}

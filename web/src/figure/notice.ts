import { make } from '../base/elements';
import { label, type I18n } from '../base/i18n';
import { show } from '../base/shown';
import type { CastingFailure, CastingRun } from './casting';
import type { FigureWords } from './figurewords';

/** Most characters are there sooner: what is gone before it is read only flickers. */
const hintAfter = 400;

const faults = [
  'core_missing', 'core_too_old', 'core_broken', 'moc_missing', 'moc_damaged', 'file_missing', 'texture_failed', 'no_webgl', 'too_large',
  'out_of_memory', 'not_found', 'unreachable', 'failed',
] as const;

/** What a user is told of a failure, with what to do. */
export function faultText({ code, file, need, have }: CastingFailure, words: FigureWords): string {
  const key = faults.find((known) => known === code) ?? 'failed';
  return words(`fault.${key}`, { file: file ?? '', need: need ?? '?', have: have ?? '?', code });
}

export interface NoticeOptions {
  readonly stage: HTMLElement;
  readonly i18n: I18n;
  readonly words: FigureWords;
  readonly casting: Pick<CastingRun, 'watch' | 'loading' | 'failure' | 'reload'>;
  readonly after: (ms: number, call: () => void) => () => void;
  /** The user wants to choose, or mend, avatars. */
  readonly onAvatars: () => void;
}

/** Says quietly that a character is on its way, and plainly why one is not there. */
export function startNotice({ stage, i18n, words, casting, after, onAvatars }: NoticeOptions): () => void {
  const hint = make('p', { className: 'figure-hint', role: 'status' });
  const title = make('strong');
  const text = make('p');
  const again = make('button', { type: 'button', className: 'text-button', onclick: () => casting.reload() });
  const open = make('button', { type: 'button', className: 'text-button', onclick: onAvatars });
  const close = make('button', {
    type: 'button', className: 'text-button', onclick() {
      closed = casting.failure;
      draw();
    },
  });
  const notice = make(
    'div', { className: 'figure-notice', role: 'status', data: { testid: 'figure-notice' } }, title, text, again, open, close,
  );
  let closed: CastingFailure | null = null;
  let waits: string | null = null;
  let isLong = false;
  let cancel = (): void => {};
  stage.append(hint, notice);

  const draw = (): void => {
    const { failure } = casting;
    show(hint, isLong && waits !== null ? words('loading', { name: waits }) : '');
    notice.hidden = failure === null || failure === closed;
    if (failure === null) return;
    show(title, words('failed', { name: failure.name }));
    show(text, faultText(failure, words));
  };

  const look = (): void => {
    if (casting.loading !== waits) {
      cancel();
      waits = casting.loading;
      isLong = false;
      if (waits !== null) {
        cancel = after(hintAfter, () => {
          isLong = true;
          draw();
        });
      }
    }
    draw();
  };

  const unlisten = i18n.watch(() => {
    again.textContent = words('again');
    open.textContent = words('avatars');
    close.textContent = words('close');
    label(notice, words('notice'));
    draw();
  });
  const unwatch = casting.watch(look);

  return () => {
    cancel();
    unwatch();
    unlisten();
    hint.remove();
    notice.remove();
  };
}

/** Opens the panel of avatars; its button would close one that is open. */
export function openAvatars(page: Pick<Document, 'querySelector'>): void {
  const button = page.querySelector<HTMLElement>('#avatar-button');
  if (button?.getAttribute('aria-expanded') !== 'true') button?.click();
}

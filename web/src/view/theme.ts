import type { I18n } from '../base/i18n';
import { nameIt } from '../base/shown';
import type { TextStorage } from '../base/storage';

const themes = ['auto', 'light', 'dark'] as const;
const stored = 'kotodama.theme';

type Theme = (typeof themes)[number];

const isTheme = (value: unknown): value is Theme => themes.some((theme) => theme === value);

export interface ThemeOptions {
  readonly button: HTMLButtonElement;
  readonly root: HTMLElement;
  readonly i18n: I18n;
  readonly storage: TextStorage;
  /** Whether the system asks for dark. */
  readonly systemDark: MediaQueryList;
  /** Wins over the remembered choice; null leaves it alone. */
  readonly fixed: string | null;
}

/** Follows the system or what the user chose; the choice is remembered. Styles read `data-scheme`, `light` or `dark`. */
export function startTheme({ button, root, i18n, storage, systemDark, fixed }: ThemeOptions): () => void {
  const remembered = fixed ?? storage.read(stored);
  let theme: Theme = isTheme(remembered) ? remembered : 'auto';

  const draw = (): void => {
    const dark = theme === 'dark' || (theme === 'auto' && systemDark.matches);
    root.dataset['theme'] = theme;
    root.dataset['scheme'] = dark ? 'dark' : 'light';
    button.title = i18n.text(`theme.${theme}`);
    nameIt(button, button.title);
  };

  const turn = (): void => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length]!;
    storage.write(stored, theme);
    draw();
  };

  button.addEventListener('click', turn);
  systemDark.addEventListener('change', draw);
  const unlisten = i18n.watch(draw);
  return () => {
    unlisten();
    systemDark.removeEventListener('change', draw);
    button.removeEventListener('click', turn);
  };
}

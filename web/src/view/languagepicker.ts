import type { I18n } from '../base/i18n';
import { isLanguage, languages } from '../base/languages';

/** The switch between the languages of the page: each stands there under its own name. */
export function startLanguagePicker(select: HTMLSelectElement, i18n: I18n): () => void {
  select.replaceChildren(...Object.entries(languages).map(([language, { tag, name }]) => {
    const option = new Option(name, language);
    option.lang = tag;
    return option;
  }));
  const choose = (): void => {
    if (isLanguage(select.value)) i18n.choose(select.value);
  };
  select.addEventListener('change', choose);
  const unlisten = i18n.watch(() => (select.value = i18n.language()));
  return () => {
    unlisten();
    select.removeEventListener('change', choose);
  };
}

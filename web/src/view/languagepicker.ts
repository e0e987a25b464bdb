import { isLanguage, type I18n } from '../base/i18n';

/** The switch between the languages of the page. */
export function startLanguagePicker(select: HTMLSelectElement, i18n: I18n): () => void {
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

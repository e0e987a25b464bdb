import type { Formatting } from '../view/formatting';
import { make } from '../base/elements';
import { section, type Section, type SectionContext } from './section';

/** How replies are shown. */
export function repliesSection(context: SectionContext, formatting: Pick<Formatting, 'isOn' | 'choose'>): Section {
  const { words } = context;
  return section(context, words('replies.title'), 'replies', () => {
    const box = make('input', { type: 'checkbox', checked: formatting.isOn() });
    box.addEventListener('change', () => formatting.choose(box.checked));
    const text = make('span', { className: 'row-main' },
      make('strong', {}, words('replies.formatted')), make('span', { className: 'quiet' }, words('replies.formattedNote')));
    return Promise.resolve([make('label', { className: 'row choice' }, box, text)]);
  });
}

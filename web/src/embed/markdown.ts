import { browserClock } from '../base/clock';
import type { Language } from '../base/languages';
import markdownStyles from '../markdown/markdown.css?inline';
import { startMarkdown, type Markdown } from '../markdown/showing';
import { adopt } from './sheets';

/** The part that shows Markdown, with its styles in a shadow root. */
export function startEmbeddedMarkdown(root: ShadowRoot, box: HTMLElement, language: () => Language): Markdown {
  adopt(root, markdownStyles);
  return startMarkdown({
    root, dialogs: box, i18n: { language }, copy: (text) => navigator.clipboard.writeText(text), after: browserClock.after,
    open: (address) => void window.open(address, '_blank', 'noopener'),
  });
}

import { hintAt, nameIt } from '../base/shown';
import type { MarkdownWords } from './markdownwords';

const copiedFor = 2_000;

export interface CopyingOptions {
  readonly words: MarkdownWords;
  /** Rejects where the browser refuses. */
  readonly copy: (text: string) => Promise<void>;
  readonly after: (ms: number, call: () => void) => () => void;
}

/** Copies the code beside a button and says so on the button; where the browser refuses it selects the code. */
export function copier({ words, copy, after }: CopyingOptions): (button: HTMLElement) => void {
  const say = (button: HTMLElement, text: string, state: string): void => {
    nameIt(button, text);
    hintAt(button, text);
    button.dataset['state'] = state;
  };

  const copyCode = async (button: HTMLElement, code: HTMLElement): Promise<void> => {
    try {
      await copy(code.textContent);
      say(button, words('code.copied'), 'done');
    } catch {
      getSelection()?.selectAllChildren(code);
      say(button, words('code.failed'), 'failed');
    }
    after(copiedFor, () => say(button, words('code.copy'), ''));
  };

  return (button) => {
    const code = button.closest('.code-block')?.querySelector('code');
    if (code !== null && code !== undefined) void copyCode(button, code);
  };
}

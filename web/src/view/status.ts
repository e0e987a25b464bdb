import { show } from '../base/shown';
import type { Store } from '../scene/store';

/** Shows the status line of the scene. The last words stay in place while the line fades out. */
export function startStatus(line: HTMLElement, store: Store): () => void {
  return store.watch(({ status }) => {
    line.dataset['state'] = status === null ? 'hidden' : 'shown';
    if (status !== null) show(line, status.text);
  });
}

import { describe, expect, it } from 'vitest';
import { needsBanner } from '../../src/view/connection';

describe('the banner', () => {
  const closed = { state: 'closed', attempts: 0, reason: 'lost', detail: '', retryAt: null, final: false } as const;

  it('comes after five failures or a refusal, and not while connected', () => {
    expect(needsBanner({ ...closed, attempts: 4 })).toBe(false);
    expect(needsBanner({ ...closed, attempts: 5 })).toBe(true);
    expect(needsBanner({ ...closed, state: 'connecting', attempts: 5 })).toBe(true);
    expect(needsBanner({ ...closed, final: true })).toBe(true);
    expect(needsBanner({ ...closed, state: 'open', attempts: 0 })).toBe(false);
  });
});

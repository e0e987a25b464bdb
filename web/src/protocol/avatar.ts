import type { Fields } from './fields';

/** Which avatar a channel shows, told by the hub; sent by a page, it chooses one. null: as the character says. */
export interface AvatarChoice {
  readonly type: 'avatar';
  readonly channel: string;
  readonly name: string | null;
}

/** The user touched the character. */
export interface Touch {
  readonly type: 'touch';
  readonly channel: string;
  /** `head`, `face` or `body`, or an area of the model. */
  readonly area: string;
  readonly gesture: 'tap' | 'stroke';
  /** What the page shows. */
  readonly avatar: string;
}

export const readAvatar = (type: string, f: Fields): AvatarChoice | null =>
  (type === 'avatar' ? { type, channel: f.text('channel'), name: f.maybeText('name') ?? null } : null);

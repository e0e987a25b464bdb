/** What the page's own address says. */
export interface Address {
  /** Where the server's page, API and socket live, with a closing slash. */
  readonly root: string;
  readonly socket: string;
  readonly channel: string;
  readonly view: 'stage' | 'obs';
  /** `?lang=` and `?theme=`, for views without controls; null when absent. */
  readonly language: string | null;
  readonly theme: string | null;
  /** `?markdown=`: `off` shows replies as they were written; null when absent. */
  readonly markdown: string | null;
  /** `?sound=`: whether this page is heard; `auto` when the server says so. */
  readonly sound: 'auto' | 'on' | 'off';
  /** `?subtitles=`: `only` shows no character, `off` no bubble; null when absent. */
  readonly subtitles: 'only' | 'off' | null;
  /** The server is on this machine: asking it often costs nothing. */
  readonly near: boolean;
}

const defaultChannel = 'default';
const channelName = /^[a-z0-9._-]{1,64}$/;
const thisMachine = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export function readAddress(href: string): Address {
  const url = new URL(href);
  const root = url.origin + url.pathname.replace(/demo\/demo\.html$/, '').replace(/[^/]*$/, '');
  const channel = url.searchParams.get('channel')?.toLowerCase() ?? defaultChannel;
  const sound = url.searchParams.get('sound');
  const subtitles = url.searchParams.get('subtitles');
  return {
    root,
    socket: `${root.replace(/^http/, 'ws')}ws`,
    channel: channelName.test(channel) ? channel : defaultChannel,
    view: url.searchParams.get('view') === 'obs' ? 'obs' : 'stage',
    language: url.searchParams.get('lang'),
    theme: url.searchParams.get('theme'),
    markdown: url.searchParams.get('markdown'),
    sound: sound === 'on' || sound === 'off' ? sound : 'auto',
    subtitles: subtitles === 'only' || subtitles === 'off' ? subtitles : null,
    near: thisMachine.test(url.hostname),
  };
}

/** What the page says where it needs a token. */
export const signin = {
  title: 'A token, please',
  field: 'Token',
  use: 'Use it',
  wrong: 'This token does not count here. Perhaps it was revoked or has expired; kotodama token create makes another one.',
  wait: 'Too many wrong tokens came from here. Wait a minute.',
  offline: 'The server does not answer.',
};

export type SignInTexts = Readonly<Record<keyof typeof signin, string>>;

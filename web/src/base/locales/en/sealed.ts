/** What the page says of encrypted messages that it does not show; by the code that it tells their publisher. */
export const sealed = {
  'no_key': 'An encrypted message has come that this page has no key for.',
  'undecryptable': 'An encrypted message was changed on its way, or belongs elsewhere. It is not shown.',
  'replayed': 'An encrypted message came again, or at the wrong time. It is not shown.',
  'not_secure': 'Encrypted messages can be read on pages of https or localhost only.',
};

export type SealedTexts = Readonly<Record<keyof typeof sealed, string>>;

/** What an embedded stage says by itself, on a page of others. */
export const embed = {
  'label': 'The character of Kotodama',
  'bubble': 'What she says',
  'sound': 'Tap to hear me',
  'copy': 'Copy',
  'copied': 'Copied',
  'copyFailed': 'Press Ctrl+C',
  'close': 'Close this note',
  'again': 'Try again',
  'hub.title': 'I do not know where to connect',
  'hub.text': 'The attribute hub has to be the address of a hub, for example:',
  'script.title': 'A part of me did not arrive',
  'script.text': 'It comes from {hub}. Kotodama has to be running there, and the Content-Security-Policy of this page, if it has one, '
    + 'has to allow it. Then reload the page.',
  'mixed.title': 'This page is secure, my hub is not',
  'mixed.text': 'A page over https may not connect to {hub}. Give the hub a certificate, or put a proxy with one in front of it, and '
    + 'name it with https here.',
  'blocked.title': 'This page does not let me connect',
  'blocked.text': 'Its Content-Security-Policy has to name the hub:',
  'origin.title': 'I may not speak on this page yet',
  'origin.text': 'The hub at {hub} lets pages of {origin} in once its owner types this where it runs:',
  'origin.other': 'The hub at {hub} does not let pages of {origin} in. {detail}',
  'rejected.title': 'The hub turned me away',
  'rejected.text': '{hub} says: {detail}',
  'version.title': 'My hub has another version',
  'version.text': 'Reload this page: the script of {hub} has changed.',
  'nearby.title': 'I cannot reach my hub',
  'nearby.text': 'Nothing answers at {hub}. If the browser asks whether this site may reach apps and devices near you, allow it; it stands '
    + 'in the site’s settings, too. Else kotodama is not running there. I keep trying.',
  'away.title': 'My hub does not answer',
  'away.text': 'Is kotodama running at {hub}? I keep trying.',
};

export type EmbedTexts = Readonly<Record<keyof typeof embed, string>>;

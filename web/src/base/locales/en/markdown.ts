/** What the page says beside a reply with Markdown. */
export const markdown = {
  'code.label': 'Code',
  'code.copy': 'Copy the code',
  'code.copied': 'Copied',
  'code.failed': 'Press Ctrl+C',
  'table.label': 'Table',
  'link.open': 'Open this address (asks first)',
  'image.label': 'A picture, which is not loaded',
  'ask.title': 'Open this address?',
  'ask.note': 'It stands in a reply. It opens in a new tab.',
  'ask.open': 'Open',
  'ask.cancel': 'Cancel',
};

export type MarkdownTexts = Readonly<Record<keyof typeof markdown, string>>;

import type { MarkdownTexts } from '../en/markdown';

export const markdown: MarkdownTexts = {
  'code.label': 'コード',
  'code.copy': 'コードをコピー',
  'code.copied': 'コピー済み',
  'code.failed': 'Ctrl+C で',
  'table.label': '表',
  'link.open': 'このアドレスを開く（確認があります）',
  'image.label': '画像（読み込みません）',
  'ask.title': 'このアドレスを開きますか？',
  'ask.note': '返答に書かれていたアドレスです。新しいタブで開きます。',
  'ask.open': '開く',
  'ask.cancel': 'やめる',
};

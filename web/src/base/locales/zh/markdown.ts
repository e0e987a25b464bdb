import type { MarkdownTexts } from '../en/markdown';

export const markdown: MarkdownTexts = {
  'code.label': '代码',
  'code.copy': '复制代码',
  'code.copied': '已复制',
  'code.failed': '请按 Ctrl+C',
  'table.label': '表格',
  'link.open': '打开这个网址（会先询问）',
  'image.label': '图片（不加载）',
  'ask.title': '要打开这个网址吗？',
  'ask.note': '它来自回复的内容，会在新标签页中打开。',
  'ask.open': '打开',
  'ask.cancel': '取消',
};

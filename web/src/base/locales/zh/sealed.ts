import type { SealedTexts } from '../en/sealed';

export const sealed: SealedTexts = {
  'no_key': '收到一条加密消息，但此页面没有对应的密钥。',
  'undecryptable': '一条加密消息在途中被改动，或不属于这里，因此未显示。',
  'replayed': '一条加密消息重复到达，或到达的时间不对，因此未显示。',
  'not_secure': '只有通过 https 或 localhost 打开的页面才能读取加密消息。',
};

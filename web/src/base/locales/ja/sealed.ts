import type { SealedTexts } from '../en/sealed';

export const sealed: SealedTexts = {
  'no_key': '暗号化されたメッセージが届きましたが、このページには鍵がありません。',
  'undecryptable': '暗号化されたメッセージは途中で変更されたか、別の宛先のものです。表示しません。',
  'replayed': '暗号化されたメッセージが再び届いたか、時刻が合いません。表示しません。',
  'not_secure': '暗号化されたメッセージは、https か localhost のページでのみ読めます。',
};

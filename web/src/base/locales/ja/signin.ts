import type { SignInTexts } from '../en/signin';

export const signin: SignInTexts = {
  title: 'トークンが必要です',
  field: 'トークン',
  use: '使う',
  wrong: 'このトークンは使えません。取り消されたか、期限が切れた可能性があります。kotodama token create で新しく作れます。',
  wait: '誤ったトークンが多すぎます。1分お待ちください。',
  offline: 'サーバーが応答しません。',
};

import type { SignInTexts } from '../en/signin';

export const signin: SignInTexts = {
  title: '需要令牌',
  field: '令牌',
  use: '使用',
  wrong: '这个令牌无效。它可能已被撤销或已过期；kotodama token create 可以创建新的令牌。',
  wait: '这里输入了太多错误的令牌，请等一分钟。',
  offline: '服务没有响应。',
};

import { fill, type I18n, type Language } from '../base/i18n';

const en = {
  'composer.label': 'Talk with {name}',
  'composer.placeholder': 'Talk to {name}…',
  'composer.anonymous': 'the character',
  'composer.send': 'Send',
  'composer.stop': 'Stop the reply',
  'composer.left': '{count} characters left',
  'composer.over': 'Too long by {count} characters',
  'composer.offline': 'Not connected. Your text stays here until the server is back.',
  'composer.settings': 'Conversation settings',
  'heard.you': 'You',
  'demo.label': 'Built-in demo companion: no language model connected',
  'demo.connect': 'Connect a model',
  'demo.found': '{server} found: use {model}?',
  'demo.choosing': 'Connecting to {model}…',
  'demo.failed': 'The model could not be connected: {reason}',
  'turn.listening': 'Listening…',
  'turn.transcribing': 'Understanding…',
  'turn.thinking': 'Thinking…',
  'turn.speaking': 'Speaking',
  'turn.tool': 'Using {tool}…',
  'reason.not_heard': 'I heard a sound, but no words.',
  'reason.asr_failed': 'The speech recognition failed. Please say it again, or type.',
  'reason.asr_missing': 'Nothing here understands speech yet. Please type, or set up speech recognition.',
  'reason.llm_failed': 'The language model gave no usable answer. Please try again.',
  'reason.llm_unreachable': 'The language model cannot be reached. Is its server running?',
  'reason.llm_timeout': 'The language model took too long to answer.',
  'reason.llm_key': 'The language model refused the key. Check it in the settings.',
  'reason.llm_model': 'The language model is not there: choose another one in the settings.',
  'reason.truncated': 'The reply broke off before its end.',
  'reason.tts_failed': 'The reply could not be spoken.',
  'reason.other': 'Something went wrong ({code}).',
  'ask.timeout': 'No answer in time.',
  'ask.offline': 'There is no connection.',
};

type TalkKey = keyof typeof en;

const zh: Record<TalkKey, string> = {
  'composer.label': '和{name}聊天',
  'composer.placeholder': '对{name}说点什么…',
  'composer.anonymous': '角色',
  'composer.send': '发送',
  'composer.stop': '停止回复',
  'composer.left': '还可以输入 {count} 个字符',
  'composer.over': '超出了 {count} 个字符',
  'composer.offline': '尚未连接。文字会留在这里，等服务恢复后再发送。',
  'composer.settings': '对话设置',
  'heard.you': '你',
  'demo.label': '内置演示伙伴：未连接语言模型',
  'demo.connect': '连接模型',
  'demo.found': '发现 {server}：使用 {model}？',
  'demo.choosing': '正在连接 {model}…',
  'demo.failed': '模型连接失败：{reason}',
  'turn.listening': '正在听…',
  'turn.transcribing': '正在识别…',
  'turn.thinking': '正在思考…',
  'turn.speaking': '正在说话',
  'turn.tool': '正在使用 {tool}…',
  'reason.not_heard': '听到了声音，但没有听清内容。',
  'reason.asr_failed': '语音识别失败，请再说一遍，或者改用打字。',
  'reason.asr_missing': '还没有可用的语音识别，请打字，或者先配置语音识别。',
  'reason.llm_failed': '语言模型没有给出可用的回答，请再试一次。',
  'reason.llm_unreachable': '无法连接语言模型，请确认它的服务正在运行。',
  'reason.llm_timeout': '语言模型太久没有回应。',
  'reason.llm_key': '语言模型拒绝了密钥，请在设置中检查。',
  'reason.llm_model': '没有这个语言模型，请在设置中选择另一个。',
  'reason.truncated': '回复没有说完就中断了。',
  'reason.tts_failed': '这条回复没能朗读出来。',
  'reason.other': '出了点问题（{code}）。',
  'ask.timeout': '没有及时收到回应。',
  'ask.offline': '当前没有连接。',
};

const ja: Record<TalkKey, string> = {
  'composer.label': '{name}と話す',
  'composer.placeholder': '{name}に話しかける…',
  'composer.anonymous': 'キャラクター',
  'composer.send': '送信',
  'composer.stop': '返答を止める',
  'composer.left': 'あと {count} 文字',
  'composer.over': '{count} 文字オーバーしています',
  'composer.offline': '未接続です。入力した文章は、接続が戻るまでここに残ります。',
  'composer.settings': '会話の設定',
  'heard.you': 'あなた',
  'demo.label': '内蔵デモ：言語モデルは未接続です',
  'demo.connect': 'モデルを接続',
  'demo.found': '{server} を検出：{model} を使う？',
  'demo.choosing': '{model} に接続中…',
  'demo.failed': 'モデルに接続できませんでした：{reason}',
  'turn.listening': '聞いています…',
  'turn.transcribing': '聞き取り中…',
  'turn.thinking': '考え中…',
  'turn.speaking': '話しています',
  'turn.tool': '{tool} を使用中…',
  'reason.not_heard': '音は聞こえましたが、言葉を聞き取れませんでした。',
  'reason.asr_failed': '音声認識に失敗しました。もう一度話すか、入力してください。',
  'reason.asr_missing': '音声認識がまだ設定されていません。入力するか、音声認識を設定してください。',
  'reason.llm_failed': '言語モデルから有効な返答がありませんでした。もう一度お試しください。',
  'reason.llm_unreachable': '言語モデルに接続できません。サーバーが起動しているか確認してください。',
  'reason.llm_timeout': '言語モデルの応答がありませんでした。',
  'reason.llm_key': '言語モデルがキーを拒否しました。設定を確認してください。',
  'reason.llm_model': 'この言語モデルはありません。設定で別のモデルを選んでください。',
  'reason.truncated': '返答が途中で途切れました。',
  'reason.tts_failed': '返答を読み上げられませんでした。',
  'reason.other': '問題が発生しました（{code}）。',
  'ask.timeout': '時間内に応答がありませんでした。',
  'ask.offline': '接続されていません。',
};

export const talkWords = { en, zh, ja };

export type Words<K extends string> = (key: K, values?: Readonly<Record<string, string | number>>) => string;

/** The words of a part of the page that is loaded later, in the language of the page. */
export const wordsOf = <K extends string>(i18n: I18n, words: Readonly<Record<Language, Readonly<Record<K, string>>>>): Words<K> =>
  (key, values = {}) => fill(words[i18n.language()][key], values);

export type TalkWords = Words<TalkKey>;

export const wordsForTalk = (i18n: I18n): TalkWords => wordsOf(i18n, talkWords);

/** What a turn's code means; null for what a person need not be told. */
export function reasonIn(words: TalkWords, code: string): string | null {
  if (silent.has(code)) return null;
  const key = `reason.${code}`;
  return Object.hasOwn(en, key) ? words(key as TalkKey) : words('reason.other', { code: code.slice(0, 40) });
}

const silent = new Set(['interrupted', 'cancelled', 'done', 'stopped']);

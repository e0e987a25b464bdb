import { both, type Pose } from './parameters';

/** What each emotion looks like: absolute parameter values; parameters that are not named rest. */
export const emotions = {
  neutral: both({}),
  joy: both({
    'ParamEye*Open': 0, 'ParamEye*Smile': 1, ParamMouthForm: 1, ParamMouthOpenY: 0.62, ParamCheek: 0.85,
    'ParamBrow*Y': 0.55, 'ParamBrow*Form': 0.5, ParamAhoge: 0.6, ParamSparkle: 1, ParamAngleY: 3, ParamFloat: 0.3,
    'ParamArm*A': 44, 'ParamArm*B': 112, 'ParamHand*': 6, 'ParamHand*Open': 0.7,
  }),
  sad: both({
    'ParamEye*Open': 0.7, 'ParamBrow*Angle': 1, 'ParamBrow*Y': 0.15, 'ParamBrow*Form': -0.6, ParamMouthForm: -0.9, ParamTear: 1,
    ParamAngleY: -9, ParamAngleZ: 3, ParamEyeBallY: -0.35, ParamAhoge: -1, ParamCheek: 0.15, ParamBodyAngleY: -4, ParamFloat: -0.4,
    'ParamArm*A': 8, 'ParamArm*B': -52,
  }),
  angry: both({
    'ParamEye*Open': 0.74, 'ParamBrow*Angle': -1, 'ParamBrow*Y': -0.75, 'ParamBrow*Form': -0.7, ParamMouthForm: -1,
    ParamMouthOpenY: 0.55, ParamCheek: 0.6, ParamAnger: 1, ParamAngleY: -3, ParamEyeBallForm: -0.25, ParamAhoge: 0.3,
    'ParamArm*A': 50, 'ParamArm*B': -98, 'ParamHand*': -8, 'ParamHand*Open': 0,
  }),
  surprised: both({
    'ParamEye*Open': 1.22, 'ParamBrow*Y': 1, 'ParamBrow*Form': 0.9, ParamMouthForm: 0, ParamMouthOpenY: 0.62,
    ParamMouthRound: 0.85, ParamEyeBallForm: -0.6, ParamAhoge: 1, ParamStartle: 1, ParamAngleY: 4, ParamFloat: 0.5, ParamCheek: 0.2,
    'ParamArm*A': 52, 'ParamArm*B': 118, 'ParamHand*': 10, 'ParamHand*Open': 1,
  }),
  shy: both({
    'ParamEye*Open': 0.68, ParamCheek: 1, 'ParamBrow*Angle': 0.6, 'ParamBrow*Y': 0.2, ParamMouthForm: 0.5, ParamMouthSkew: -0.35,
    ParamEyeBallX: -0.65, ParamEyeBallY: -0.35, ParamAngleX: 7, ParamAngleY: -6, ParamAngleZ: -7, ParamSweat: 1, ParamAhoge: -0.4,
    'ParamArm*A': 16, 'ParamArm*B': -150, 'ParamHand*': -4,
  }),
  thinking: both({
    'ParamEye*Open': 0.9, ParamEyeBallX: 0.6, ParamEyeBallY: 0.7, ParamBrowLY: 0.7, ParamBrowRY: -0.1, ParamBrowLForm: 0.6,
    ParamBrowRAngle: -0.25, ParamMouthForm: -0.2, ParamMouthSkew: 0.4, ParamAngleX: 8, ParamAngleY: 6, ParamAngleZ: 7, ParamQuestion: 1,
    ParamArmRA: 38, ParamArmRB: 160, ParamHandR: 10, ParamArmLA: 4, ParamArmLB: -88,
  }),
  sleepy: both({
    'ParamEye*Open': 0, 'ParamBrow*Y': 0.5, 'ParamBrow*Angle': 0.3, ParamMouthForm: 0, ParamMouthOpenY: 0.34, ParamMouthRound: 1,
    ParamAngleY: -10, ParamAngleZ: 11, ParamSleep: 1, ParamAhoge: -0.8, ParamFloat: -0.3, ParamBodyAngleZ: 2, ParamCheek: 0.4,
    'ParamArm*A': 7, 'ParamArm*B': -30,
  }),
  love: both({
    'ParamEye*Open': 1.05, ParamHeart: 1, ParamCheek: 1, ParamMouthForm: 1, ParamMouthOpenY: 0.4, 'ParamBrow*Y': 0.6,
    'ParamBrow*Angle': 0.3, ParamEyeBallForm: 0.6, ParamAhoge: 0.8, ParamAngleZ: -6, ParamFloat: 0.3,
    'ParamArm*A': 56, 'ParamArm*B': 134, 'ParamHand*': 14,
  }),
  smug: both({
    'ParamEye*Open': 0.6, 'ParamEye*Smile': 0.35, ParamMouthForm: 0.75, ParamMouthSkew: 1,
    ParamBrowLY: 0.8, ParamBrowRY: -0.2, ParamBrowLForm: 0.6, ParamBrowRAngle: -0.4,
    ParamAngleX: -7, ParamAngleY: 5, ParamAngleZ: 8, ParamEyeBallX: 0.35, ParamAhoge: 0.4, ParamCheek: 0.45,
    ParamArmLA: 50, ParamArmLB: -98, ParamArmRA: 38, ParamArmRB: 160, ParamHandR: 8,
  }),
  fun: both({
    ParamEyeLOpen: 0, ParamEyeLSmile: 1, ParamEyeROpen: 1.05, ParamMouthForm: 1, ParamMouthOpenY: 0.5, ParamBrowRY: 0.6,
    ParamBrowLY: 0.1, ParamCheek: 0.75, ParamAngleZ: 9, ParamAhoge: 0.7, ParamSparkle: 1, ParamFloat: 0.3,
    ParamArmLA: 62, ParamArmLB: 112, ParamHandL: 12, ParamHandLOpen: 1, ParamArmRA: 50, ParamArmRB: -98,
  }),
} as const satisfies Record<string, Pose>;

export type Emotion = keyof typeof emotions;

/** Other names for each emotion, as language models and people write them. */
const aliases: Readonly<Record<Emotion, string>> = {
  neutral: 'normal calm default idle none relaxed 平静 普通 正常 中性 无表情 通常 真顔 普段',
  joy: 'happy happiness joyful smile glad cheerful delighted laugh 开心 高兴 快乐 喜悦 微笑 大笑 愉快 嬉しい 喜び 笑顔 楽しい 幸せ うれしい',
  sad: 'sadness cry crying unhappy sorrow disappointed tears 悲伤 难过 伤心 哭 失落 失望 悲しい 悲しみ 泣く 泣き かなしい',
  angry: 'anger mad annoyed furious rage upset 生气 愤怒 恼火 怒 发怒 怒り 怒る おこ',
  surprised: 'surprise shock shocked astonished amazed wow 惊讶 吃惊 震惊 意外 驚き 驚く びっくり',
  shy: 'embarrassed embarrassment blush bashful flustered awkward 害羞 羞涩 尴尬 脸红 不好意思 照れ 照れる 恥ずかしい',
  thinking: 'think thoughtful question curious confused wonder puzzled pondering 思考 疑惑 好奇 困惑 疑问 考える 考え中 悩む 疑問',
  sleepy: 'sleep tired drowsy bored yawn 困 困倦 睡 想睡 疲倦 累 无聊 眠い 眠たい ねむい 疲れた',
  love: 'like adore affection heart loving 喜欢 爱 爱心 心动 喜爱 好き 大好き 愛 ラブ',
  smug: 'proud confident smirk 得意 骄傲 自信 自豪 坏笑 ドヤ ドヤ顔 自慢',
  fun: 'wink playful funny tease cheeky 有趣 调皮 眨眼 俏皮 好玩 ウインク おちゃめ 面白い',
};

const resolved = new Map<string, Emotion>();
for (const [emotion, names] of Object.entries(aliases) as [Emotion, string][]) {
  for (const name of [emotion, ...names.split(' ')]) resolved.set(name, emotion);
}

/** The emotion that a name or alias means, in any case and with spaces around it; undefined for an unknown one. */
export function findEmotion(name: string): Emotion | undefined {
  return resolved.get(name.trim().toLowerCase());
}

/** Every name that {@link findEmotion} knows. */
export const emotionNames = (): string[] => [...resolved.keys()];

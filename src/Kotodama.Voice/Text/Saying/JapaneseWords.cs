using System.Collections.Frozen;

namespace Kotodama.Voice.Text.Saying;

/// <summary>Signs in Japanese.</summary>
internal sealed class JapaneseWords : SignWords
{
    private const string Counts = "零一二三四五六七八九十";

    public override FrozenDictionary<char, string> Signs { get; } = Greek.Add(
        "アルファ ベータ ガンマ デルタ イプシロン ゼータ イータ シータ イオタ カッパ ラムダ ミュー ニュー クサイ オミクロン パイ ロー シグマ タウ ウプシロン ファイ カイ プサイ オメガ",
    [
        ('+', "プラス"), ('−', "マイナス"), ('×', "かける"), ('÷', "割る"), ('=', "イコール"), ('≠', "ノットイコール"),
        ('<', "小なり"), ('>', "大なり"), ('≤', "小なりイコール"), ('≥', "大なりイコール"), ('≈', "ニアリーイコール"), ('≡', "合同"),
        ('±', "プラスマイナス"), ('∓', "マイナスプラス"), ('→', "から"), ('←', "は"), ('⇒', "ならば"), ('⇔', "同値"), ('∞', "無限大"),
        ('∝', "比例"), ('∑', "シグマ"), ('∏', "総乗"), ('∫', "インテグラル"), ('∂', "ラウンド"), ('∇', "ナブラ"), ('∈', "属する"),
        ('∉', "属さない"), ('⊂', "部分集合"), ('⊆', "部分集合"), ('∪', "カップ"), ('∩', "キャップ"), ('∀', "任意の"),
        ('∃', "存在する"), ('∅', "空集合"), ('∧', "かつ"), ('∨', "または"), ('¬', "否定"), ('∴', "ゆえに"), ('∵', "なぜならば"),
        ('⊥', "垂直"), ('∥', "平行"), ('∠', "角"), ('°', "度"), ('′', "ダッシュ"), ('…', "など"),
    ]);

    public override Dictionary<string, UnitWord> Units { get; } = UnitWord.Table(
        [
            ("m", Named("メートル")), ("g", Named("グラム")), ("L", Named("リットル")), ("l", Named("リットル")), ("s", Named("秒")),
            ("Hz", Named("ヘルツ")), ("B", Named("バイト")), ("b", Named("ビット")), ("bit", Named("ビット")),
            ("bps", Named("ビット毎秒")), ("W", Named("ワット")), ("V", Named("ボルト")), ("A", Named("アンペア")),
            ("Pa", Named("パスカル")), ("J", Named("ジュール")), ("cal", Named("カロリー")), ("Wh", Named("ワット時")),
            ("Ah", Named("アンペア時")), ("Ω", Named("オーム")), ("eV", Named("電子ボルト")), ("mol", Named("モル")),
            ("h", new("時間", "時間", Each: "時")), ("hr", Named("時間")), ("hrs", Named("時間")), ("min", Named("分")), ("mins", Named("分")),
            ("sec", Named("秒")), ("secs", Named("秒")), ("ft", Named("フィート")), ("lb", Named("ポンド")), ("lbs", Named("ポンド")),
            ("oz", Named("オンス")), ("mi", Named("マイル")), ("yd", Named("ヤード")), ("mph", Named("マイル毎時")),
            ("kph", Named("キロメートル毎時")), ("rpm", Named("回転毎分")), ("fps", Named("フレーム毎秒")), ("px", Named("ピクセル")),
            ("dB", Named("デシベル")), ("%", Named("パーセント")), ("‰", Named("パーミル")), ("°", Named("度")), ("°C", Named("度")),
            ("℃", Named("度")), ("°F", new("度", "度", "華氏")), ("℉", new("度", "度", "華氏")),
        ],
        [
            ('k', "キロ"), ('K', "キロ"), ('M', "メガ"), ('G', "ギガ"), ('T', "テラ"), ('P', "ペタ"), ('h', "ヘクト"), ('d', "デシ"),
            ('c', "センチ"), ('m', "ミリ"), ('µ', "マイクロ"), ('n', "ナノ"),
        ]);

    public override FrozenDictionary<char, UnitWord> Currencies { get; } = Table<char, UnitWord>(
    [
        ('$', Named("ドル")), ('€', Named("ユーロ")), ('£', Named("ポンド")), ('¥', Named("円")), ('₩', Named("ウォン")),
        ('₹', Named("ルピー")), ('₽', Named("ルーブル")), ('₿', Named("ビットコイン")), ('₫', Named("ドン")), ('₺', Named("リラ")),
        ('₴', Named("フリヴニャ")), ('₱', Named("ペソ")), ('₪', Named("シェケル")), ('฿', Named("バーツ")), ('¢', Named("セント")),
    ]);

    public override FrozenDictionary<string, string> Functions { get; } = Table<string, string>(
    [
        ("sin", "サイン"), ("cos", "コサイン"), ("tan", "タンジェント"), ("log", "ログ"), ("lim", "極限"),
        ("binom", "コンビネーション"), ("vec", "ベクトル"), ("bar", "バー"), ("hat", "ハット"), ("tilde", "チルダ"), ("dot", "ドット"),
    ]);

    public override string Negative => "マイナス";

    public override string About => "約";

    public override string Fold => "倍";

    public override string By => "かける";

    public override string To => "から";

    public override string Ratio => "対";

    public override string Per => "毎";

    public override string Square => "平方";

    public override string Cubic => "立方";

    public override string And => "と";

    public override string Sharp => "シャープ";

    public override string PlusPlus => "プラスプラス";

    public override (string Before, string After) Ordinal => ("", "番");

    public override (string Before, string After) Power => ("の", "乗");

    public override (string Squared, string Cubed) Powers => ("の2乗", "の3乗");

    public override (string Square, string Cube, string Other) Roots => ("ルート", "3乗根", "乗根");

    public override (string Between, bool LowerFirst) Fraction => ("分の", true);

    public override string Below => "";

    public override (string From, string To, string Of) Bounds => ("、", "から", "まで、");

    public override string Over => "、";

    public override string Multiple(char letter) => letter switch
    {
        'k' or 'K' => "千",
        'm' or 'M' => "百万",
        'b' or 'B' => "十億",
        _ => "兆",
    };

    public override string Part(ReadOnlySpan<char> upper, ReadOnlySpan<char> lower) => $"{lower}分の{upper}";

    public override string Part(int upper, int lower) => $"{Counts[lower]}分の{Counts[upper]}";

    public override string? Date(ReadOnlySpan<char> year, int month, int day) => $"{year}{(year.IsEmpty ? "" : "年")}{month}月{day}日";

    public override string? Time(ReadOnlySpan<char> hours, ReadOnlySpan<char> minutes, ReadOnlySpan<char> seconds) =>
        seconds.IsEmpty ? $"{hours}時{minutes}分" : $"{hours}時{minutes}分{seconds}秒";

    private static UnitWord Named(string name) => new(name, name);
}

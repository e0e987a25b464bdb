using System.Collections.Frozen;

namespace Kotodama.Voice.Text.Saying;

/// <summary>Signs in Chinese.</summary>
internal sealed class ChineseWords : SignWords
{
    private const string Counts = "零一二三四五六七八九十";

    public override FrozenDictionary<char, string> Signs { get; } = Greek.Add(
        "阿尔法 贝塔 伽马 德尔塔 艾普西隆 泽塔 伊塔 西塔 约塔 卡帕 拉姆达 缪 纽 克西 奥米克戎 派 柔 西格马 陶 宇普西隆 斐 希 普西 欧米伽",
    [
        ('+', "加"), ('−', "减"), ('×', "乘"), ('÷', "除以"), ('=', "等于"), ('≠', "不等于"), ('<', "小于"), ('>', "大于"),
        ('≤', "小于等于"), ('≥', "大于等于"), ('≈', "约等于"), ('≡', "恒等于"), ('±', "正负"), ('∓', "负正"), ('→', "到"),
        ('←', "来自"), ('⇒', "推出"), ('⇔', "等价于"), ('∞', "无穷大"), ('∝', "正比于"), ('∑', "求和"), ('∏', "求积"), ('∫', "积分"),
        ('∂', "偏"), ('∇', "梯度"), ('∈', "属于"), ('∉', "不属于"), ('⊂', "包含于"), ('⊆', "包含于"), ('∪', "并"), ('∩', "交"),
        ('∀', "对任意"), ('∃', "存在"), ('∅', "空集"), ('∧', "且"), ('∨', "或"), ('¬', "非"), ('∴', "所以"), ('∵', "因为"),
        ('⊥', "垂直于"), ('∥', "平行于"), ('∠', "角"), ('°', "度"), ('′', "撇"), ('…', "等等"),
    ]);

    public override Dictionary<string, UnitWord> Units { get; } = UnitWord.Table(
        [
            ("m", Named("米")), ("g", Named("克")), ("L", Named("升")), ("l", Named("升")), ("s", Named("秒")), ("Hz", Named("赫兹")),
            ("B", Named("字节")), ("b", Named("比特")), ("bit", Named("比特")), ("bps", Named("比特每秒")), ("W", Named("瓦")),
            ("V", Named("伏")), ("A", Named("安")), ("Pa", Named("帕")), ("J", Named("焦")), ("cal", Named("卡")),
            ("Wh", Named("瓦时")), ("Ah", Named("安时")), ("Ω", Named("欧")), ("eV", Named("电子伏")), ("mol", Named("摩尔")),
            ("h", Named("小时")), ("hr", Named("小时")), ("hrs", Named("小时")), ("min", Named("分钟")), ("mins", Named("分钟")),
            ("sec", Named("秒")), ("secs", Named("秒")), ("ft", Named("英尺")), ("lb", Named("磅")), ("lbs", Named("磅")),
            ("oz", Named("盎司")), ("mi", Named("英里")), ("yd", Named("码")), ("mph", Named("英里每小时")),
            ("kph", Named("千米每小时")), ("rpm", Named("转每分钟")), ("fps", Named("帧每秒")), ("px", Named("像素")),
            ("dB", Named("分贝")), ("%", new("", "", "百分之")), ("‰", new("", "", "千分之")), ("°", Named("度")),
            ("°C", Named("摄氏度")), ("℃", Named("摄氏度")), ("°F", Named("华氏度")), ("℉", Named("华氏度")),
        ],
        [
            ('k', "千"), ('K', "千"), ('M', "兆"), ('G', "吉"), ('T', "太"), ('P', "拍"), ('h', "百"), ('d', "分"), ('c', "厘"),
            ('m', "毫"), ('µ', "微"), ('n', "纳"),
        ]);

    public override FrozenDictionary<char, UnitWord> Currencies { get; } = Table<char, UnitWord>(
    [
        ('$', Named("美元")), ('€', Named("欧元")), ('£', Named("英镑")), ('¥', Named("元")), ('₩', Named("韩元")),
        ('₹', Named("卢比")), ('₽', Named("卢布")), ('₿', Named("比特币")), ('₫', Named("越南盾")), ('₺', Named("里拉")),
        ('₴', Named("格里夫纳")), ('₱', Named("比索")), ('₪', Named("谢克尔")), ('฿', Named("泰铢")), ('¢', Named("美分")),
    ]);

    public override FrozenDictionary<string, string> Functions { get; } = Table<string, string>(
    [
        ("lim", "极限"), ("binom", "选"), ("vec", "向量"), ("bar", "杠"), ("hat", "帽"), ("tilde", "波浪"), ("dot", "点"),
    ]);

    public override string Negative => "负";

    public override string About => "约";

    public override string Fold => "倍";

    public override string By => "乘";

    public override string To => "到";

    public override string Ratio => "比";

    public override string Per => "每";

    public override string Square => "平方";

    public override string Cubic => "立方";

    public override string And => "又";

    public override string Sharp => "sharp";

    public override string PlusPlus => "加加";

    public override (string Before, string After) Ordinal => ("", "号");

    public override (string Before, string After) Power => ("的", "次方");

    public override (string Squared, string Cubed) Powers => ("的平方", "的立方");

    public override (string Square, string Cube, string Other) Roots => ("根号", "三次根号", "次根号");

    public override (string Between, bool LowerFirst) Fraction => ("分之", true);

    public override string Below => "";

    public override (string From, string To, string Of) Bounds => ("从", "到", "，");

    public override string Over => "，";

    public override string Multiple(char letter) => letter switch
    {
        'k' or 'K' => "千",
        'm' or 'M' => "百万",
        'b' or 'B' => "十亿",
        _ => "万亿",
    };

    public override string Part(ReadOnlySpan<char> upper, ReadOnlySpan<char> lower) => $"{lower}分之{upper}";

    public override string Part(int upper, int lower) => $"{Counts[lower]}分之{Counts[upper]}";

    public override string? Date(ReadOnlySpan<char> year, int month, int day) => $"{year}{(year.IsEmpty ? "" : "年")}{month}月{day}日";

    public override string? Time(ReadOnlySpan<char> hours, ReadOnlySpan<char> minutes, ReadOnlySpan<char> seconds) =>
        seconds.IsEmpty ? $"{hours}点{minutes}分" : $"{hours}点{minutes}分{seconds}秒";

    private static UnitWord Named(string name) => new(name, name);
}

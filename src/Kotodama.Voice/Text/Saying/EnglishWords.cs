using System.Collections.Frozen;

namespace Kotodama.Voice.Text.Saying;

/// <summary>Signs in English.</summary>
internal sealed class EnglishWords : SignWords
{
    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    private static readonly string[] Counts = ["zero", "one", "two", "three", "four", "five", "six", "seven"];

    public override FrozenDictionary<char, string> Signs { get; } = Greek.Add(
        Greek.Names,
    [
        ('+', "plus"), ('−', "minus"), ('×', "times"), ('÷', "divided by"), ('=', "equals"), ('≠', "is not equal to"),
        ('<', "less than"), ('>', "greater than"), ('≤', "less than or equal to"), ('≥', "greater than or equal to"),
        ('≈', "is approximately"), ('≡', "is equivalent to"), ('±', "plus or minus"), ('∓', "minus or plus"), ('→', "to"),
        ('←', "from"), ('⇒', "implies"), ('⇔', "is equivalent to"), ('∞', "infinity"), ('∝', "is proportional to"), ('∑', "the sum"),
        ('∏', "the product"), ('∫', "the integral"), ('∂', "partial"), ('∇', "nabla"), ('∈', "in"), ('∉', "not in"),
        ('⊂', "is a subset of"), ('⊆', "is a subset of"), ('∪', "union"), ('∩', "intersection"), ('∀', "for all"),
        ('∃', "there exists"), ('∅', "the empty set"), ('∧', "and"), ('∨', "or"), ('¬', "not"), ('∴', "therefore"), ('∵', "because"),
        ('⊥', "is perpendicular to"), ('∥', "is parallel to"), ('∠', "angle"), ('°', "degrees"), ('′', "prime"), ('…', "and so on"),
    ]);

    public override Dictionary<string, UnitWord> Units { get; } = UnitWord.Table(
        [
            ("m", Plural("meter")), ("g", Plural("gram")), ("L", Plural("liter")), ("l", Plural("liter")), ("s", Plural("second")),
            ("Hz", new("hertz", "hertz")), ("B", Plural("byte")), ("b", Plural("bit")), ("bit", Plural("bit")),
            ("bps", new("bit per second", "bits per second")), ("W", Plural("watt")), ("V", Plural("volt")), ("A", Plural("ampere")),
            ("Pa", Plural("pascal")), ("J", Plural("joule")), ("cal", Plural("calorie")), ("Wh", Plural("watt hour")),
            ("Ah", Plural("ampere hour")), ("Ω", Plural("ohm")), ("eV", Plural("electron volt")), ("mol", Plural("mole")),
            ("h", Plural("hour")), ("hr", Plural("hour")), ("hrs", Plural("hour")), ("min", Plural("minute")),
            ("mins", Plural("minute")), ("sec", Plural("second")), ("secs", Plural("second")), ("ft", new("foot", "feet")),
            ("lb", Plural("pound")), ("lbs", Plural("pound")), ("oz", Plural("ounce")), ("mi", Plural("mile")), ("yd", Plural("yard")),
            ("mph", new("mile per hour", "miles per hour")), ("kph", new("kilometer per hour", "kilometers per hour")),
            ("rpm", new("revolution per minute", "revolutions per minute")), ("fps", new("frame per second", "frames per second")),
            ("px", Plural("pixel")), ("dB", Plural("decibel")), ("‰", new("per mille", "per mille")), ("°", Plural("degree")),
            ("°C", new("degree Celsius", "degrees Celsius")), ("℃", new("degree Celsius", "degrees Celsius")),
            ("°F", new("degree Fahrenheit", "degrees Fahrenheit")), ("℉", new("degree Fahrenheit", "degrees Fahrenheit")),
        ],
        [
            ('k', "kilo"), ('K', "kilo"), ('M', "mega"), ('G', "giga"), ('T', "tera"), ('P', "peta"), ('h', "hecto"), ('d', "deci"),
            ('c', "centi"), ('m', "milli"), ('µ', "micro"), ('n', "nano"),
        ]);

    public override FrozenDictionary<char, UnitWord> Currencies { get; } = Table<char, UnitWord>(
    [
        ('$', Plural("dollar")), ('€', Plural("euro")), ('£', Plural("pound")), ('¥', new("yen", "yen")), ('₩', new("won", "won")),
        ('₹', Plural("rupee")), ('₽', Plural("ruble")), ('₿', Plural("bitcoin")), ('₫', new("dong", "dong")),
        ('₺', new("lira", "lira")), ('₴', Plural("hryvnia")), ('₱', Plural("peso")), ('₪', Plural("shekel")),
        ('฿', new("baht", "baht")), ('¢', Plural("cent")),
    ]);

    public override FrozenDictionary<string, string> Functions { get; } = Table<string, string>(
    [
        ("sin", "sine"), ("cos", "cosine"), ("tan", "tangent"), ("max", "maximum"), ("min", "minimum"), ("lim", "the limit as"),
        ("binom", "choose"), ("vec", "vector"), ("bar", "bar"), ("hat", "hat"), ("tilde", "tilde"), ("dot", "dot"),
    ]);

    public override string Negative => "minus";

    public override string About => "about";

    public override string Fold => "times";

    public override string By => "by";

    public override string To => "to";

    public override string Ratio => "to";

    public override string Per => "per";

    public override string Square => "square ";

    public override string Cubic => "cubic ";

    public override string And => "and";

    public override string Sharp => "sharp";

    public override string PlusPlus => "plus plus";

    public override (string Before, string After) Ordinal => ("number", "");

    public override (string Before, string After) Power => ("to the power of", "");

    public override (string Squared, string Cubed) Powers => ("squared", "cubed");

    public override (string Square, string Cube, string Other) Roots => ("the square root of", "the cube root of", "th root of");

    public override (string Between, bool LowerFirst) Fraction => ("over", false);

    public override string Below => "sub";

    public override (string From, string To, string Of) Bounds => ("from", "to", "of");

    public override string Over => "over";

    public override string Comparison(char sign, bool follows) =>
        follows && sign is '<' or '>' or '≤' or '≥' ? "is " + Signs[sign] : Signs[sign];

    public override string Multiple(char letter) => letter switch
    {
        'k' or 'K' => "thousand",
        'm' or 'M' => "million",
        'b' or 'B' => "billion",
        _ => "trillion",
    };

    public override string Part(ReadOnlySpan<char> upper, ReadOnlySpan<char> lower)
    {
        var one = upper is "1";
        var part = lower switch
        {
            "2" => one ? "half" : "halves",
            "3" => one ? "third" : "thirds",
            "4" => one ? "quarter" : "quarters",
            "8" => one ? "eighth" : "eighths",
            "16" => one ? "sixteenth" : "sixteenths",
            _ => null,
        };
        return part is null ? $"{upper} out of {lower}" : $"{upper} {part}";
    }

    public override string Part(int upper, int lower)
    {
        var part = lower switch
        {
            2 => "half",
            3 => "third",
            4 => "quarter",
            5 => "fifth",
            6 => "sixth",
            7 => "seventh",
            8 => "eighth",
            9 => "ninth",
            _ => "tenth",
        };
        return $"{Counts[upper]} {part}{(upper > 1 ? "s" : "")}";
    }

    public override string? Date(ReadOnlySpan<char> year, int month, int day) =>
        year.IsEmpty ? null : $"{Months[month - 1]} {day}, {year}";

    public override string? Time(ReadOnlySpan<char> hours, ReadOnlySpan<char> minutes, ReadOnlySpan<char> seconds) => null;

    public override string? Hundredths(char sign, ReadOnlySpan<char> whole, ReadOnlySpan<char> hundredths) => sign switch
    {
        '$' or '€' => $"{whole} {(sign == '$' ? "dollar" : "euro")}{(whole is "1" ? "" : "s")} and {hundredths} cents",
        '£' => $"{whole} pound{(whole is "1" ? "" : "s")} and {hundredths} pence",
        _ => null,
    };

    private static UnitWord Plural(string one) => new(one, one + "s");
}

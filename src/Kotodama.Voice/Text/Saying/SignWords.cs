using System.Collections.Frozen;

namespace Kotodama.Voice.Text.Saying;

/// <summary>How one language says what is written with signs.</summary>
internal abstract class SignWords
{
    private static readonly EnglishWords English = new();
    private static readonly ChineseWords Chinese = new();
    private static readonly JapaneseWords Japanese = new();
    private static readonly OtherWords Other = new();

    /// <summary>The words of a language. One that has none keeps its signs, and its formulas lose their markup only.</summary>
    public static SignWords Of(ReadOnlySpan<char> language)
    {
        var end = language.IndexOfAny('-', '_');
        var primary = end < 0 ? language : language[..end];
        return Is(primary, "en") ? English
            : Is(primary, "zh") || Is(primary, "cmn") || Is(primary, "yue") ? Chinese
            : Is(primary, "ja") ? Japanese
            : Other;

        static bool Is(ReadOnlySpan<char> primary, string language) => primary.Equals(language, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the language has words at all.</summary>
    public virtual bool Speaks => true;

    /// <summary>What a sign is called between what it stands for. Spellings of a sign with several characters are one sign here.</summary>
    public abstract FrozenDictionary<char, string> Signs { get; }

    /// <summary>The units, by how they are written. A frozen table would allocate to be asked for a piece of text.</summary>
    public abstract Dictionary<string, UnitWord> Units { get; }

    /// <summary>The currencies, by their sign.</summary>
    public abstract FrozenDictionary<char, UnitWord> Currencies { get; }

    /// <summary>Names of functions in formulas that are not said as they are written.</summary>
    public virtual FrozenDictionary<string, string> Functions => FrozenDictionary<string, string>.Empty;

    /// <summary>Before a number below zero.</summary>
    public abstract string Negative { get; }

    /// <summary>Before a number that is about right.</summary>
    public abstract string About { get; }

    /// <summary>Between two numbers of which the first is compared, with what stands before it, and the sign.</summary>
    public virtual string Comparison(char sign, bool follows) => Signs[sign];

    /// <summary>After a number that something is multiplied with: 2×.</summary>
    public abstract string Fold { get; }

    /// <summary>Between the sides of an area: 1920×1080.</summary>
    public abstract string By { get; }

    /// <summary>From one number to another.</summary>
    public abstract string To { get; }

    /// <summary>One number compared with another: 1:2.</summary>
    public abstract string Ratio { get; }

    /// <summary>One unit for each of another: km/h.</summary>
    public abstract string Per { get; }

    /// <summary>Before a unit of an area.</summary>
    public abstract string Square { get; }

    /// <summary>Before a unit of a volume.</summary>
    public abstract string Cubic { get; }

    /// <summary>What makes a whole number and a fraction one number.</summary>
    public abstract string And { get; }

    /// <summary>A sharp after a letter: C#.</summary>
    public abstract string Sharp { get; }

    /// <summary>Two signs after a letter: C++.</summary>
    public abstract string PlusPlus { get; }

    /// <summary>Around a number in a row: #1.</summary>
    public abstract (string Before, string After) Ordinal { get; }

    /// <summary>Around an exponent.</summary>
    public abstract (string Before, string After) Power { get; }

    /// <summary>After what is multiplied with itself, once and twice.</summary>
    public abstract (string Squared, string Cubed) Powers { get; }

    /// <summary>Before a root, before a third root, and between another one's degree and what it is of.</summary>
    public abstract (string Square, string Cube, string Other) Roots { get; }

    /// <summary>Between the parts of a fraction, and whether the lower one is said first.</summary>
    public abstract (string Between, bool LowerFirst) Fraction { get; }

    /// <summary>Before what stands below a letter.</summary>
    public abstract string Below { get; }

    /// <summary>After a sum's name: before its lower bound, before its upper one, and before what is summed.</summary>
    public abstract (string From, string To, string Of) Bounds { get; }

    /// <summary>Between a name and the only thing that stands below it, as with a limit.</summary>
    public abstract string Over { get; }

    /// <summary>After thousands, millions, billions or trillions of a currency: k, M, B, T.</summary>
    public abstract string Multiple(char letter);

    /// <summary>A number that is written as a fraction.</summary>
    /// <param name="upper">The digits above.</param>
    /// <param name="lower">The digits below.</param>
    public abstract string Part(ReadOnlySpan<char> upper, ReadOnlySpan<char> lower);

    /// <summary>A sign for a fraction: ½.</summary>
    public abstract string Part(int upper, int lower);

    /// <summary>A day.</summary>
    /// <param name="year">The digits of the year; empty: none.</param>
    /// <param name="month">The month, from 1.</param>
    /// <param name="day">The day, from 1.</param>
    public abstract string? Date(ReadOnlySpan<char> year, int month, int day);

    /// <summary>A time of day, of two or three numbers; null: it is read well as it is written.</summary>
    public abstract string? Time(ReadOnlySpan<char> hours, ReadOnlySpan<char> minutes, ReadOnlySpan<char> seconds);

    /// <summary>A table of words.</summary>
    protected static FrozenDictionary<TKey, TValue> Table<TKey, TValue>((TKey Written, TValue Said)[] words)
        where TKey : notnull =>
        words.ToFrozenDictionary(w => w.Written, w => w.Said);

    /// <summary>An amount with hundredths; null: it is said as one number.</summary>
    public virtual string? Hundredths(char sign, ReadOnlySpan<char> whole, ReadOnlySpan<char> hundredths) => null;
}

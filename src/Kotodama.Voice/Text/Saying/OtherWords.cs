using System.Collections.Frozen;

namespace Kotodama.Voice.Text.Saying;

/// <summary>A language without words here: its signs stay, and what is written out of a formula stands apart.</summary>
internal sealed class OtherWords : SignWords
{
    public override bool Speaks => false;

    public override FrozenDictionary<char, string> Signs => FrozenDictionary<char, string>.Empty;

    public override Dictionary<string, UnitWord> Units { get; } = new(StringComparer.Ordinal);

    public override FrozenDictionary<char, UnitWord> Currencies => FrozenDictionary<char, UnitWord>.Empty;

    public override string Negative => "−";

    public override string About => "≈";

    public override string Fold => "×";

    public override string By => "×";

    public override string To => "–";

    public override string Ratio => ":";

    public override string Per => "/";

    public override string Square => "";

    public override string Cubic => "";

    public override string And => "";

    public override string Sharp => "#";

    public override string PlusPlus => "++";

    public override (string Before, string After) Ordinal => ("#", "");

    public override (string Before, string After) Power => ("^", "");

    public override (string Squared, string Cubed) Powers => ("²", "³");

    public override (string Square, string Cube, string Other) Roots => ("√", "∛", "√");

    public override (string Between, bool LowerFirst) Fraction => ("/", false);

    public override string Below => "";

    public override (string From, string To, string Of) Bounds => ("", "", "");

    public override string Over => "";

    public override string Multiple(char letter) => "";

    public override string Part(ReadOnlySpan<char> upper, ReadOnlySpan<char> lower) => $"{upper}/{lower}";

    public override string Part(int upper, int lower) => $"{upper}/{lower}";

    public override string? Date(ReadOnlySpan<char> year, int month, int day) => null;

    public override string? Time(ReadOnlySpan<char> hours, ReadOnlySpan<char> minutes, ReadOnlySpan<char> seconds) => null;
}

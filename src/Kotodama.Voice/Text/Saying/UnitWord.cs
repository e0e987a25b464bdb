namespace Kotodama.Voice.Text.Saying;

/// <summary>What a unit is called.</summary>
/// <param name="One">After the number one, and after a hyphen.</param>
/// <param name="Many">After other numbers.</param>
/// <param name="Before">What is said before the number.</param>
/// <param name="Each">After another unit, for each of this one; null: as one.</param>
internal sealed record UnitWord(string One, string Many, string Before = "", string? Each = null)
{
    /// <summary>The units that take prefixes: which ones, and whether they stand without one too.</summary>
    private static readonly (string Symbol, string Prefixes, bool Alone)[] Prefixed =
    [
        ("m", "kdcmµn", true), ("g", "kmµ", true), ("L", "mcdµ", true), ("l", "mcd", true), ("s", "mµn", true), ("Hz", "kMGT", true),
        ("B", "kKMGTP", false), ("b", "MG", false), ("bit", "kMG", false), ("bps", "kMG", false), ("W", "kMGm", true), ("V", "kmM", true),
        ("A", "m", false), ("Pa", "kMh", true), ("J", "kM", false), ("cal", "k", false), ("Wh", "kMG", true), ("Ah", "m", false),
        ("Ω", "kM", true), ("eV", "kMG", true), ("mol", "m", true),
    ];

    /// <summary>All spellings of the units of a language.</summary>
    /// <param name="units">The names of the units that take prefixes, and whole spellings.</param>
    /// <param name="prefixes">The names of the prefixes, by their letter.</param>
    public static Dictionary<string, UnitWord> Table(
        (string Symbol, UnitWord Word)[] units,
        (char Letter, string Name)[] prefixes)
    {
        var table = units.ToDictionary(u => u.Symbol, u => u.Word, StringComparer.Ordinal);
        var names = prefixes.ToDictionary(p => p.Letter, p => p.Name);
        foreach (var (symbol, letters, alone) in Prefixed)
        {
            var unit = table[symbol];
            if (!alone)
                table.Remove(symbol);
            foreach (var letter in letters)
            {
                var word = new UnitWord(names[letter] + unit.One, names[letter] + unit.Many);
                table.TryAdd(letter + symbol, word);
                // The micro sign and the Greek letter look the same.
                if (letter == 'µ')
                    table.TryAdd('μ' + symbol, word);
                // Powers of 1024 have the same names to the ear.
                if (symbol == "B" && char.IsUpper(letter))
                    table.TryAdd($"{letter}iB", word);
            }
        }

        return table;
    }
}

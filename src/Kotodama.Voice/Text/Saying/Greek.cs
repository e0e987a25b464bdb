using System.Collections.Frozen;

namespace Kotodama.Voice.Text.Saying;

/// <summary>The letters of formulas.</summary>
internal static class Greek
{
    /// <summary>The small letters from alpha to omega, the final sigma left out.</summary>
    public const string Small = "αβγδεζηθικλμνξοπρστυφχψω";

    private const string Capital = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ";

    /// <summary>The English names, which formulas use too.</summary>
    public const string Names =
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega";

    /// <summary>Whether a letter is Greek.</summary>
    public static bool Is(char c) => c is >= '\u0370' and <= '\u03FF';

    /// <summary>The signs of a language, and the letters.</summary>
    /// <param name="names">The names of the letters, with a space between.</param>
    /// <param name="signs">The signs.</param>
    public static FrozenDictionary<char, string> Add(string names, (char Sign, string Name)[] signs) =>
        names.Split(' ').SelectMany((name, i) => new[] { (Sign: Small[i], Name: name), (Sign: Capital[i], Name: name) }).Concat(signs)
            .ToFrozenDictionary(s => s.Sign, s => s.Name);
}

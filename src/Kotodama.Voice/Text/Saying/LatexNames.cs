using System.Collections.Frozen;

namespace Kotodama.Voice.Text.Saying;

/// <summary>The commands of formulas.</summary>
internal static class LatexNames
{
    private static readonly FrozenDictionary<string, char> Signs = new (string Name, char Sign)[]
    {
        ("times", '×'), ("cdot", '×'), ("ast", '×'), ("div", '÷'), ("pm", '±'), ("mp", '∓'), ("leq", '≤'), ("le", '≤'),
        ("leqslant", '≤'), ("geq", '≥'), ("ge", '≥'), ("geqslant", '≥'), ("neq", '≠'), ("ne", '≠'), ("lt", '<'), ("gt", '>'),
        ("approx", '≈'), ("simeq", '≈'), ("sim", '≈'), ("cong", '≈'), ("equiv", '≡'), ("propto", '∝'), ("to", '→'),
        ("rightarrow", '→'), ("longrightarrow", '→'), ("mapsto", '→'), ("leftarrow", '←'), ("gets", '←'), ("Rightarrow", '⇒'),
        ("implies", '⇒'), ("Leftrightarrow", '⇔'), ("iff", '⇔'), ("leftrightarrow", '⇔'), ("infty", '∞'), ("sum", '∑'), ("prod", '∏'),
        ("int", '∫'), ("iint", '∫'), ("oint", '∫'), ("partial", '∂'), ("nabla", '∇'), ("in", '∈'), ("notin", '∉'), ("subset", '⊂'),
        ("subseteq", '⊆'), ("cup", '∪'), ("cap", '∩'), ("forall", '∀'), ("exists", '∃'), ("emptyset", '∅'), ("varnothing", '∅'),
        ("land", '∧'), ("wedge", '∧'), ("lor", '∨'), ("vee", '∨'), ("neg", '¬'), ("lnot", '¬'), ("therefore", '∴'), ("because", '∵'),
        ("perp", '⊥'), ("parallel", '∥'), ("angle", '∠'), ("circ", '°'), ("degree", '°'), ("prime", '′'), ("ldots", '…'),
        ("cdots", '…'), ("dots", '…'), ("varepsilon", 'ε'), ("vartheta", 'θ'), ("varphi", 'φ'), ("varrho", 'ρ'), ("varpi", 'π'),
    }.Concat(Greek.Names.Split(' ').SelectMany((name, i) => new[]
    {
        (Name: name, Sign: Greek.Small[i]),
        (Name: char.ToUpperInvariant(name[0]) + name[1..], Sign: char.ToUpperInvariant(Greek.Small[i])),
    })).ToFrozenDictionary(n => n.Name, n => n.Sign, StringComparer.Ordinal);

    private static readonly FrozenSet<string> Silent = FrozenSet.Create(
        StringComparer.Ordinal,
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "quad", "qquad", "limits",
        "nolimits", "mathrm", "operatorname",
        "displaystyle", "textstyle", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "mathbb", "mathfrak", "boldsymbol", "bm",
        "boxed", "begin", "end", "lbrace", "rbrace", "langle", "rangle", "lfloor", "rfloor", "lceil", "rceil",
        "lvert", "rvert", "middle", "hline", "phantom", "color", "underline");

    private static readonly FrozenSet<string> Structures = FrozenSet.Create(
        StringComparer.Ordinal,
        "frac", "dfrac", "tfrac", "cfrac", "binom", "sqrt", "text", "textrm", "textbf", "textit", "hat", "widehat",
        "bar", "overline", "tilde", "dot", "vec", "overrightarrow", "lim");

    /// <summary>Whether it is a command of formulas.</summary>
    public static bool Knows(ReadOnlySpan<char> name) =>
        SignOf(name) != '\0' || IsSilent(name) || Structures.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    /// <summary>The sign that a command stands for; nothing where it is none.</summary>
    public static char SignOf(ReadOnlySpan<char> name) =>
        Signs.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var sign) ? sign : '\0';

    /// <summary>Whether a command only says how something looks.</summary>
    public static bool IsSilent(ReadOnlySpan<char> name) => Silent.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    /// <summary>The shortest name of a mark above a letter.</summary>
    public static string Mark(ReadOnlySpan<char> name) => name switch
    {
        "hat" or "widehat" => "hat",
        "bar" or "overline" => "bar",
        "vec" or "overrightarrow" => "vec",
        "tilde" => "tilde",
        _ => "dot",
    };
}

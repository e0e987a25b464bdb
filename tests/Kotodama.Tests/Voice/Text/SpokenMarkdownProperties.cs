using FsCheck;
using FsCheck.Fluent;
using Kotodama.Tests.Fuzz;
using Kotodama.Voice.Text;

namespace Kotodama.Tests.Voice.Text;

/// <summary>
/// Markdown made by chance: whatever it is, each letter and digit outside of code, addresses and directions is spoken, in order, and the
/// pieces that it comes in change nothing.
/// </summary>
public sealed class SpokenMarkdownProperties
{
    private static readonly Config Config = Properties.Of(3_000);

    private static readonly Gen<string> Word = Gen.Elements(
        "hello", "World", "Never", "maybe", "I", "a", "U.S.", "J.K. Rowling", "Dr. No", "e.g.", "can`t", "it's", "don´t", "3.14", "1,000", "10:30", "v1.2.3",
        "2^10", "x<5", "7>5", "a*b", "C++", "C#", "AT&T", ".NET", "snake_case", "and/or", "50%", "$5", "25°C", "你好", "明天见", "東京", "こんにちは", "カタカナ",
        "１，０００", "３．１４", "안녕", "Привет", "नमस्ते", "سلام", "ελλάδα", "e\u0301", "𠮷", "x²", "well-known", "10–20", @"C:\Users\me", "Tom &amp; Jerry", "&hellip;");

    private static readonly Gen<string> Sign = Gen.Elements(
        " ", " ", " ", " ", ", ", ". ", "! ", "? ", "; ", ": ", " - ", " -- ", " – ", "… ", "。", "，", "、", "！", " (´・ω・`) ", "(^_^) ", " :) ", "🎉", " ~ ", "～",
        " * ", " ` ", " _ ", " < ", " > ", " = ", " + ", " | ", " # ", " $ ", " & ", " \\ ", " ] ", " [ ", " ( ", " ) ", " \" ", "&nbsp;", " → ", " • ", "<br>", "\u200B");

    private static readonly Gen<Piece> Text = Word.Select(word => new Piece(word, word));

    private static readonly Gen<Piece> Spoken = Gen.OneOf(
        Text,
        Around(" **", "** "), Around(" *", "*, "), Around(" __", "__ "), Around(" _", "_ "), Around(" ~~", "~~ "), Around(" <b>", "</b> "), Around(" ***", "*** "),
        Around(" [", "](https://a.b/c_(d)?e=f) "), Around(" ![", "](p.png \"t\") "), Around(" (", ") "), Around("“", "”"), Around("「", "」"), Around(" \\*", "\\* "),
        Around(" [see ", " here][ref1] "), Around(" [[", "]] "));

    private static readonly Gen<Piece> Silent = Gen.Elements(
        "https://example.com/x?y=1", "www.a.b/c", "example.org/p?q=r", "me@example.com", "<https://a.b>", "[1]", "[^2]", "<!-- hidden -->", "`f(x) = 1`", "[joy]")
        .Select(text => new Piece($" {text} ", ""));

    private static readonly Gen<Piece> Line = Gen.Elements("\n", "\n\n", "\n# ", "\n- ", "\n* ", "\n+ ", "\n> ", "\n> - ", "\n---\n", "\n***\n", "\n```cs\nvar x = 1;\n```\n", "\n*smiles softly* ", "\n（微笑）")
        .Select(text => new Piece(text, ""));

    private static readonly Gen<Piece> Any = Gen.Frequency(
        (6, Spoken), (8, Sign.Select(sign => new Piece(sign, ""))), (1, Silent), (1, Line));

    private static readonly Gen<Piece[]> Replies = Any.ArrayOf().Where(pieces => pieces.Length > 0);

    [Fact]
    public void Every_letter_outside_of_code_addresses_and_directions_is_spoken_in_order() =>
        Prop.ForAll(Replies.ToArbitrary(), pieces =>
        {
            var reply = string.Join(' ', pieces.Select(p => p.Text));
            var spoken = Letters(string.Concat(ClauseReaderTests.Read(reply).Select(c => c.Text)));
            var expected = Letters(string.Concat(pieces.Select(p => p.Spoken)));
            return (spoken == expected).Label($"{reply}\nis spoken as {spoken}\ninstead of    {expected}");
        }).Check(Config);

    [Fact]
    public void The_pieces_it_comes_in_change_nothing() =>
        Prop.ForAll(Replies.ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (pieces, size) =>
        {
            var reply = string.Concat(pieces.Select(p => p.Text));
            var (whole, cut) = (ClauseReaderTests.Read(reply), ClauseReaderTests.Read(reply, piece: () => size));
            return Same(whole, cut).Label($"{reply}\nin pieces of {size}: {string.Join('|', cut.Select(c => c.Text))}\nwhole: {string.Join('|', whole.Select(c => c.Text))}");
        }).Check(Config);

    [Fact]
    public void A_place_is_that_of_the_letter() =>
        Prop.ForAll(Replies.ToArbitrary(), pieces =>
        {
            var reply = string.Concat(pieces.Select(p => p.Text)).Replace("&hellip;", "", StringComparison.Ordinal);
            var clauses = ClauseReaderTests.Read(reply);
            return clauses.All(c => c.Text.Zip(c.Places).All(p => !char.IsLetterOrDigit(p.First) || reply[p.Second] == p.First)).Label(reply);
        }).Check(Config);

    private static Gen<Piece> Around(string open, string close) => Word.Select(word => new Piece(open + word + close, open.Contains("see", StringComparison.Ordinal) ? $"see{word}here" : word));

    private static string Letters(string text) =>
        string.Concat(text.Replace("&amp;", "", StringComparison.Ordinal).Replace("&hellip;", "", StringComparison.Ordinal).Where(char.IsLetterOrDigit));

    private static bool Same(List<Clause> one, List<Clause> other) =>
        one.Count == other.Count
        && one.Zip(other).All(p => p.First.Text == p.Second.Text && p.First.Language == p.Second.Language && p.First.Places.SequenceEqual(p.Second.Places));

    /// <param name="Text">What stands in the reply.</param>
    /// <param name="Spoken">What is heard of it.</param>
    private sealed record Piece(string Text, string Spoken);
}

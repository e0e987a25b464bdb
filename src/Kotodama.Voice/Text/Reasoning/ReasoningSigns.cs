using System.Collections.Frozen;
using System.Globalization;

namespace Kotodama.Voice.Text.Reasoning;

/// <summary>What a sign of a model's template is for.</summary>
internal enum SignRole
{
    /// <summary>Reasoning begins.</summary>
    Opens,

    /// <summary>Reasoning ends.</summary>
    Closes,

    /// <summary>What is said begins.</summary>
    OpensAnswer,

    /// <summary>What is said ends.</summary>
    ClosesAnswer,

    /// <summary>The head of a channel begins, which says what its text is.</summary>
    Head,

    /// <summary>The text of a channel ends.</summary>
    Ends,
}

/// <summary>A sign that was found.</summary>
/// <param name="Role">What it is for.</param>
/// <param name="Name">Of which spelling it is: a sign closes what one of the same name opened.</param>
/// <param name="Bracket">What it begins with.</param>
/// <param name="Length">How many characters it has.</param>
internal readonly record struct Sign(SignRole Role, string Name, string Bracket, int Length)
{
    /// <summary>Whether reasoning may also be an answer that only looks so: it is one if no sign ends it.</summary>
    public bool IsDoubtful { get; init; }

    /// <summary>Whether it closes itself.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Whether it counts at the end of reasoning that no sign opened, because the prompt of the model did.</summary>
    public bool EndsAny { get; init; }

    /// <summary>Whether it ends what another sign opened. Models confuse the common names.</summary>
    public bool Matches(Sign open) =>
        Bracket == open.Bracket && (Name == open.Name || (ReasoningSigns.IsCommon(Name) && ReasoningSigns.IsCommon(open.Name)));
}

/// <summary>
/// The one table of how models write that they reason. Words count in any brackets that a <see cref="Tag"/> may have, with a slash for the
/// end, or with <c>begin</c>, <c>start</c> and <c>end</c> beside them; what has no brackets is in the table of phrases.
/// </summary>
internal static class ReasoningSigns
{
    /// <summary>The name of the channels of gpt-oss.</summary>
    public const string Channel = "channel";

    private const string Details = "details";

    private static readonly FrozenSet<string> Common = FrozenSet.Create(
        StringComparer.Ordinal,
        "think", "thinking", "thinks", "thought", "thoughts", "reasoning",
        "思考", "思考中", "思考过程", "思考過程", "推理", "推理过程", "推論");

    private static readonly string[] Rare =
    [
        "reason", "reflection", "reflect", "analysis", "analyzing", "scratchpad", "cot", "chain_of_thought", "inner_monologue", "monologue",
        "inner_thought", "inner_thoughts", "internal_thought", "internal_thoughts", "internal_reasoning", "deliberation", "rationale",
        "longcat_think", "cot_budget_reflect", Details,
    ];

    private static readonly string[] Answers =
        ["answer", "final_answer", "output", "response", "final_response", "final", "solution", "reply", "回答"];

    // MedGemma's, and Apertus'.
    private static readonly (string Open, string Close)[] Pairs = [("unused94", "unused95"), ("inner_prefix", "inner_suffix")];

    private static readonly FrozenDictionary<string, (SignRole Role, string Name)> Plain = Common.Concat(Rare)
        .Concat(Pairs.Select(p => p.Open))
        .Select(word => (Word: word, Role: SignRole.Opens))
        .Concat(Answers.Select(word => (Word: word, Role: SignRole.OpensAnswer)))
        .ToFrozenDictionary(w => w.Word, w => (w.Role, w.Word), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (SignRole Role, string Name)> Long = Common.Concat(Answers)
        .SelectMany(word => Spelled(word, Answers.Contains(word)))
        .Concat(Pairs.Select(p => (Word: p.Close, Role: SignRole.Closes, Name: p.Open)))
        .ToFrozenDictionary(w => w.Word, w => (w.Role, w.Name), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, SignRole> Channels = new Dictionary<string, SignRole>
    {
        [Channel] = SignRole.Head,
        ["start"] = SignRole.Head,
        ["end"] = SignRole.Ends,
        ["return"] = SignRole.Ends,
        ["call"] = SignRole.Ends,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Cohere's without brackets, Granite's, gpt-oss' where a server drops its signs, and blocks of code with such a name.
    /// </summary>
    private static readonly (string Open, string Close, bool IsDoubtful)[] Phrases =
    [
        ("START_THINKING", "END_THINKING", false),
        ("Here is my thought process:", "Here is my response:", true),
        ("Here's my thought process:", "Here's my response:", true),
        ("Here’s my thought process:", "Here’s my response:", true),
        ("analysis", "assistantfinal", false),
        ("```thinking\n", "\n```", false),
        ("```think\n", "\n```", false),
        ("```thought\n", "\n```", false),
        ("```thoughts\n", "\n```", false),
        ("```reasoning\n", "\n```", false),
    ];

    private static readonly (string Phrase, SignRole Role)[] AnswerPhrases =
        [("START_RESPONSE", SignRole.OpensAnswer), ("END_RESPONSE", SignRole.ClosesAnswer)];

    /// <summary>Whether it is one of the names that models confuse.</summary>
    public static bool IsCommon(string name) => Common.Contains(name);

    /// <summary>Reads the sign with which an answer begins, or goes on after reasoning.</summary>
    public static Fit ReadStart(ReadOnlySpan<char> text, out Sign sign)
    {
        var best = Fit.None;
        foreach (var (open, _, doubtful) in Phrases)
            if (ReadPhrase(text, open, ref best))
                return Found(new Sign(SignRole.Opens, open, "", open.Length) { IsDoubtful = doubtful }, out sign);
        foreach (var (phrase, role) in AnswerPhrases)
            if (ReadPhrase(text, phrase, ref best))
                return Found(new Sign(role, phrase, "", phrase.Length), out sign);
        var fit = Tag.Read(text, tag => Find(tag, isStart: true) is not null, MayBegin, out var read);
        return fit == Fit.Whole && Find(read, isStart: true) is { } found ? Found(found, out sign) : Less(fit, best, out sign);
    }

    /// <summary>Reads a sign in the middle of reasoning or of an answer.</summary>
    /// <param name="text">The text so far.</param>
    /// <param name="open">What opened the reasoning; null: nothing did.</param>
    /// <param name="sign">The sign, when it is whole.</param>
    public static Fit ReadWithin(ReadOnlySpan<char> text, Sign? open, out Sign sign)
    {
        var best = Fit.None;
        if (open is { Bracket: "", Name: var name })
        {
            var close = Array.Find(Phrases, p => p.Open == name).Close;
            if (close is not null && ReadPhrase(text, close, ref best))
                return Found(new Sign(SignRole.Closes, name, "", close.Length), out sign);
        }

        if (ReadPhrase(text, "END_RESPONSE", ref best))
            return Found(new Sign(SignRole.ClosesAnswer, "END_RESPONSE", "", "END_RESPONSE".Length), out sign);
        var fit = Tag.Read(text, tag => Find(tag, isStart: false) is not null, MayGoOn, out var read);
        return fit == Fit.Whole && Find(read, isStart: false) is { } found ? Found(found, out sign) : Less(fit, best, out sign);
    }

    /// <summary>Whether a sign in the middle may begin with a character.</summary>
    /// <param name="c">The character.</param>
    /// <param name="open">What opened the reasoning; null: nothing did.</param>
    /// <param name="answer">What opened the answer; null: nothing did.</param>
    public static bool MayBeginWithin(char c, Sign? open, Sign? answer) =>
        Tag.MayBegin(c)
        || (answer is { Bracket: "" } && c == 'E')
        || (open is { Bracket: "", Name: var name } && Array.Find(Phrases, p => p.Open == name).Close is { } close && close[0] == c);

    private static IEnumerable<(string Word, SignRole Role, string Name)> Spelled(string word, bool isAnswer)
    {
        var (opens, closes) = isAnswer ? (SignRole.OpensAnswer, SignRole.ClosesAnswer) : (SignRole.Opens, SignRole.Closes);
        foreach (var begin in new[] { "begin", "start" })
        {
            yield return ($"{begin}_{word}", opens, word);
            yield return ($"{begin}_of_{word}", opens, word);
            yield return ($"{word}_{begin}", opens, word);
        }

        yield return ($"end_{word}", closes, word);
        yield return ($"end_of_{word}", closes, word);
        yield return ($"{word}_end", closes, word);
    }

    private static bool ReadPhrase(ReadOnlySpan<char> text, string phrase, ref Fit best)
    {
        if (text.StartsWith(phrase, StringComparison.Ordinal))
        {
            // Of the signs that a server dropped nothing but the names is left, directly before the first word.
            if (phrase != "analysis")
                return true;
            if (text.Length > phrase.Length)
                return char.GetUnicodeCategory(text[phrase.Length]) is UnicodeCategory.UppercaseLetter or UnicodeCategory.OtherLetter;
        }

        if (phrase.AsSpan().StartsWith(text, StringComparison.Ordinal))
            best = Fit.Partial;
        return false;
    }

    private static Fit Found(Sign found, out Sign sign)
    {
        sign = found;
        return Fit.Whole;
    }

    private static Fit Less(Fit fit, Fit best, out Sign sign)
    {
        sign = default;
        return fit == Fit.Partial ? fit : best;
    }

    // Before the word is whole, any name may stand there that a colon follows.
    private static bool MayBegin(Tag tag) =>
        MayGoOn(tag)
        || IsBeginning(Plain, tag)
        || IsBeginning(Long, tag)
        || (!tag.HasSpace && tag.Bracket == "<" && tag.Word.All(char.IsAsciiLetter));

    private static bool MayGoOn(Tag tag)
    {
        if (tag.Bracket == "[" && !tag.Closes && !tag.IsUpper)
            return false;
        if (tag.Closes)
            return IsBeginning(Plain, tag) || (!tag.HasSpace && tag.Word.All(char.IsAsciiLetter));
        return Long.Any(w => Ends(w.Value.Role) && w.Key.StartsWith(tag.Word, StringComparison.Ordinal))
            || (tag.Bracket != "|" && Common.Any(w => w.StartsWith(tag.Word, StringComparison.Ordinal)))
            || (tag.Bracket == "<" && Channels.Keys.Any(w => w.StartsWith(tag.Word, StringComparison.Ordinal)));
    }

    private static bool Ends(SignRole role) => role is SignRole.Closes or SignRole.ClosesAnswer;

    private static bool IsBeginning(FrozenDictionary<string, (SignRole Role, string Name)> words, Tag tag) =>
        (tag.Bracket != "|" || words == Long) && words.Keys.Any(w => w.StartsWith(tag.Word, StringComparison.Ordinal));

    private static Sign? Find(Tag tag, bool isStart)
    {
        // A word in small letters is the tag of an emotion, or a remark.
        if (tag.Bracket == "[" && !tag.Closes && (!tag.IsUpper || Rare.Contains(tag.Word) || Answers.Contains(tag.Word)))
            return null;
        if (tag.Bracket == "<" && !tag.Closes && Channels.TryGetValue(tag.Word, out var channel))
            return OfChannel(tag, channel);
        if (!tag.Closes && Long.TryGetValue(tag.Word, out var spelled))
            return spelled.Role == SignRole.Opens && !isStart ? null : Of(tag, spelled.Role, spelled.Name, isSure: true);
        if (tag.Bracket == "|" || !Plain.TryGetValue(tag.Word, out var plain))
            return null;
        if (tag.Closes)
            return Of(tag, plain.Role == SignRole.Opens ? SignRole.Closes : SignRole.ClosesAnswer, plain.Name, isSure: false);
        if (tag.Word == Details && tag.Length > 0 && !tag.Attributes.Contains("reasoning", StringComparison.OrdinalIgnoreCase))
            return null;
        return isStart || Common.Contains(tag.Word) ? Of(tag, plain.Role, plain.Name, isSure: false) : null;
    }

    private static Sign Of(Tag tag, SignRole role, string name, bool isSure) => new(role, name, tag.Bracket, tag.Length)
    {
        IsDoubtful = role == SignRole.Opens && tag.Bracket == "[",
        IsEmpty = tag.IsEmpty,
        EndsAny = role == SignRole.Closes && (Common.Contains(name) || isSure),
    };

    // Between lines it is a sign of gpt-oss; with one line Gemma opens or closes its reasoning so.
    private static Sign? OfChannel(Tag tag, SignRole role)
    {
        if (tag.Length == 0 || (tag.HasLineBefore && tag.HasLineAfter))
            return new Sign(role, Channel, tag.Bracket, tag.Length);
        if (tag.Word != Channel || tag.HasLineBefore == tag.HasLineAfter)
            return null;
        var gemma = tag.HasLineBefore ? SignRole.Opens : SignRole.Closes;
        return new Sign(gemma, "one line", tag.Bracket, tag.Length) { EndsAny = gemma == SignRole.Closes };
    }
}

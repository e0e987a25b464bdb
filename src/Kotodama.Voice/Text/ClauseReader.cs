namespace Kotodama.Voice.Text;

/// <summary>
/// Makes clauses of a reply while it is written. It keeps no clock of its own: its user passes the time, and comes back at
/// <see cref="Deadline"/> when nothing was appended until then.
/// </summary>
/// <remarks>
/// Not safe for threads: one for each reply. It holds a bounded piece of text besides the clauses that are not taken out yet.
/// </remarks>
internal sealed class ClauseReader
{
    /// <summary>How long a sentence's end waits for the character after it.</summary>
    public static readonly TimeSpan EndPatience = TimeSpan.FromMilliseconds(60);

    /// <summary>How long a short sentence, or one that ends with a digit, waits for more.</summary>
    public static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(400);

    /// <summary>How long the first clause may wait for a mark once it is long.</summary>
    public static readonly TimeSpan FirstPatience = TimeSpan.FromMilliseconds(250);

    private readonly ClauseSplitter _splitter = new();
    private readonly SpokenText _filter;
    private readonly string? _language;
    private TimeSpan? _began;

    /// <summary>Makes a reader.</summary>
    /// <param name="language">The language that the reply was sent with, as a BCP 47 tag; null: told by the script.</param>
    public ClauseReader(string? language = null)
    {
        _filter = new SpokenText(_splitter);
        _language = language;
    }

    /// <summary>When to come back if nothing is appended before; null: not needed.</summary>
    public TimeSpan? Deadline { get; private set; }

    /// <summary>Reads on.</summary>
    /// <param name="text">What came next of the reply.</param>
    /// <param name="now">The time, by any clock that does not run back.</param>
    public void Append(ReadOnlySpan<char> text, TimeSpan now)
    {
        if (text.IsEmpty)
            return;
        _began ??= now;
        _filter.Append(text);
        Deadline = NextDeadline(now);
    }

    /// <summary>The reply is complete.</summary>
    /// <param name="length">Its length: what was read beyond that is no part of it, as far as it is no clause yet.</param>
    public void End(int length = int.MaxValue)
    {
        _filter.Drop(length);
        _splitter.Drop(length);
        _filter.Flush();
        _splitter.Flush();
        Deadline = null;
    }

    /// <summary>Takes the next clause out.</summary>
    /// <param name="now">The time.</param>
    /// <param name="clause">The clause.</param>
    public bool TryRead(TimeSpan now, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Clause? clause)
    {
        if (_splitter.TryRead(_language, out clause!))
            return true;
        if (now < Deadline)
            return false;
        if (Deadline is not null)
            Hurry();
        return _splitter.TryRead(_language, out clause!);
    }

    private void Hurry()
    {
        Deadline = null;
        if (EndsSentence())
        {
            if (!_filter.HeldWord.IsEmpty)
                _filter.Flush();
            _splitter.Flush();
        }
        else if (_splitter.LongFirst)
            _splitter.CutLongFirst();
    }

    private TimeSpan? NextDeadline(TimeSpan now)
    {
        TimeSpan? next = EndsSentence() ? now + (HoldsShort() ? ShortPatience : EndPatience) : null;
        if (_splitter.LongFirst && _began is { } began)
        {
            var first = began + FirstPatience;
            next = next < first ? next : first;
        }

        return next;
    }

    private bool EndsSentence()
    {
        var word = _filter.HeldWord.TrimEnd("\"')");
        if (word.IsEmpty)
            return _splitter.EndsSentence;
        if (word.StartsWith("www.", StringComparison.OrdinalIgnoreCase) || word.Contains("://", StringComparison.Ordinal))
            return false;
        return word[^1] is '!' or '?' || (word[^1] == '.' && !Abbreviation.IsTitle(word[..^1]));
    }

    private bool HoldsShort()
    {
        var word = _filter.HeldWord.TrimEnd("\"').!?");
        return word.IsEmpty ? _splitter.HoldsShort : word.Length == 1 || char.IsAsciiDigit(word[^1]) || _splitter.IsShort(word.Length);
    }
}

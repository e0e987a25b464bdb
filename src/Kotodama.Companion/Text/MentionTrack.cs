namespace Kotodama.Companion.Text;

/// <summary>
/// Follows what is said and tells whether the end of reasoning that stands there is one, or is only spoken about. Not safe for threads.
/// </summary>
internal sealed class MentionTrack
{
    private const string Quotes = "\"'“‘「『（(【[«‹*_{";

    /// <summary>An answer begins with none of these.</summary>
    private const string NoBeginning = ",.;:!?、。，；：！？)）]】」』”’»";

    private readonly CodeTrack _code = new();
    private char _before = '\n', _ink = '\n';

    /// <summary>Whether the beginning was spoken about.</summary>
    public bool HasOpened { get; set; }

    /// <summary>Whether what comes next is code.</summary>
    public bool IsCode => _code.IsCode;

    /// <summary>The next character that is said.</summary>
    public void Put(char c)
    {
        _code.Put(c);
        _before = c;
        if (c is not (' ' or '\t'))
            _ink = c;
    }

    /// <summary>Whether a sign after what was said is a word of a sentence.</summary>
    /// <param name="next">What follows it; zero at the end of the text.</param>
    public bool IsMention(char next)
    {
        if (HasOpened || Quotes.Contains(_before, StringComparison.Ordinal) || NoBeginning.Contains(next, StringComparison.Ordinal))
            return true;
        var isWithinSentence = _before is ' ' or '\t' && _ink is not ('\n' or '.' or '!' or '?' or '。' or '！' or '？' or '…');
        return isWithinSentence && next is ' ' or '\t' or '\0' or '"' or '\'';
    }
}

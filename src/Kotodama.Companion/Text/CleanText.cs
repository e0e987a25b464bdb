using System.Text;
using Kotodama.Voice.Text;
using Kotodama.Voice.Text.Reasoning;

namespace Kotodama.Companion.Text;

/// <summary>Collects the text of a reply between its tags, and tidies the spaces that stood around them.</summary>
internal sealed class CleanText(EmotionTag emotions)
{
    /// <summary>More spaces in a row are not held back to be tidied.</summary>
    private const int MostSpace = 64;

    private const int MostTail = EmotionTag.MostName + 2;

    private readonly StringBuilder _space = new();
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _tail = new();
    private readonly List<ReplyPart> _parts = [];
    private string? _emotion, _next;
    private int _begin;
    private bool _cut;

    /// <summary>How long the clean text is.</summary>
    public int Length { get; private set; }

    public void Put(char c)
    {
        if (char.IsWhiteSpace(c))
        {
            _space.Append(c);
            if (_space.Length >= MostSpace)
                Space(null);
            return;
        }

        if (MakesTag(c))
            return;
        Space(c);
        if (_next is not null)
        {
            Close();
            (_emotion, _next) = (_next, null);
        }

        Write(c);
    }

    /// <summary>Something was taken out here.</summary>
    public void Cut(string? emotion)
    {
        _cut = true;
        _next = emotion ?? _next;
    }

    /// <summary>What has been collected since the last time.</summary>
    public IReadOnlyList<ReplyPart> Take(bool final)
    {
        if (final)
        {
            if (_cut)
                _space.Clear();
            Space(null);
            if (_next is not null)
            {
                Close();
                (_emotion, _next) = (_next, null);
            }
        }

        // The two halves of a character go out together.
        var half = !final && _text.Length > 0 && char.IsHighSurrogate(_text[^1]) ? _text[^1] : '\0';
        if (half != '\0')
            _text.Length--;
        Close();
        if (half != '\0')
            _text.Append(half);
        var parts = _parts.ToArray();
        _parts.Clear();
        return parts;
    }

    /// <summary>Whether a character would complete a tag out of what stood on both sides of one that was taken out.</summary>
    private bool MakesTag(char c)
    {
        if (_space.Length > 0 && !_cut && !EmotionTag.IsClosing(c))
            return false;
        var tail = _tail + (_cut && _space.Length > 0 ? " " : _space.ToString());
        if (EmotionTag.IsClosing(c))
        {
            var open = tail.LastIndexOfAny(['[', '【', '［']);
            return open >= 0 && emotions.Find(tail[(open + 1)..]) is not null;
        }

        return c switch
        {
            '|' => tail.EndsWith('<'),
            // The halves of a sign of reasoning, with a tag between them.
            '>' => Length <= _tail.Length && ReasoningSigns.ReadStart($"{_tail}>".TrimStart(), out _) == Fit.Whole,
            _ => false,
        };
    }

    /// <summary>Writes the spaces that were held back, before a character or because they are many.</summary>
    private void Space(char? before)
    {
        if (_cut)
        {
            _cut = false;
            var lines = Math.Min(2, _space.ToString().Count(c => c == '\n'));
            var needed = _space.Length > 0 && Length > 0 && before is { } c && NeedsSpace(_tail[^1], c);
            _space.Clear();
            if (needed)
                _space.Append(lines > 0 ? new string('\n', lines) : " ");
        }

        for (var i = 0; i < _space.Length; i++)
            Write(_space[i]);
        _space.Clear();
    }

    private void Write(char c)
    {
        _text.Append(c);
        _tail.Append(c);
        if (_tail.Length > 2 * MostTail)
            _tail.Remove(0, _tail.Length - MostTail);
        Length++;
    }

    private void Close()
    {
        if (_text.Length > 0 || _emotion is not null)
            _parts.Add(new ReplyPart(_begin, _text.ToString(), _emotion));
        _begin += _text.Length;
        _text.Clear();
        _emotion = null;
    }

    /// <summary>Whether a space belongs between two signs.</summary>
    private static bool NeedsSpace(char last, char next) => !IsClose(next) && !(IsWide(last) && IsWide(next)) && !char.IsWhiteSpace(last);

    /// <summary>A sign that no space belongs before.</summary>
    private static bool IsClose(char c) =>
        c is '.' or ',' or '!' or '?' or ';' or ':' or ')' or '…' or '’'
            or '。' or '，' or '、' or '！' or '？' or '；' or '：' or '）' or '」' or '』' or '”';

    /// <summary>A sign that needs no space beside it.</summary>
    private static bool IsWide(char c) =>
        Script.IsDense(c) || c is (>= '\u3000' and <= '\u303F') or (>= '\uFF00' and <= '\uFFEF') or '…' or '”' or '“';
}

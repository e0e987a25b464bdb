using System.Text;

namespace Kotodama.Companion.Text;

/// <summary>
/// Takes what is not to be read or spoken out of a model's reply while it is written: emotion tags like <c>[joy]</c> and <c>【开心】</c>, acts
/// like <c>&lt;|ACT {"emotion":{"name":"happy"}}|&gt;</c>, other signs like <c>&lt;|DELAY:1|&gt;</c>, and the reasoning with which a reply
/// begins, such as that between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c>. The result does not depend on how the reply was cut into
/// pieces. Not for several threads.
/// </summary>
/// <remarks>What may become a tag is held back: at most 1 024 characters, and of a bracket at most 34.</remarks>
public sealed class ReplyTags
{
    private const int MostAct = 1_024;

    private readonly ReasoningSplitter _reasoning = new();
    private readonly StringBuilder _held = new();
    private readonly CleanText _clean;
    private readonly EmotionTag _emotions;
    private State _state;

    /// <summary>Makes a reader of one reply.</summary>
    /// <param name="emotions">Emotions besides those that the page knows, for example those of a character; null: none.</param>
    public ReplyTags(IEnumerable<string>? emotions = null)
    {
        _emotions = new EmotionTag(emotions);
        _clean = new CleanText(_emotions);
    }

    private enum State
    {
        Text,
        Bracket,
        Angle,
        Act,
    }

    /// <summary>How long the clean text is so far, in UTF-16 units.</summary>
    public int Length => _clean.Length;

    /// <summary>Reads on.</summary>
    /// <param name="text">What came next of the reply.</param>
    /// <returns>What can be told so far; empty when all of it is held back. A new part begins where the emotion changes.</returns>
    public IReadOnlyList<ReplyPart> Append(ReadOnlySpan<char> text)
    {
        // One by one, because a tag of an emotion may stand before reasoning: after it the reply still begins.
        for (var i = 0; i < text.Length; i++)
        {
            _reasoning.Read(text.Slice(i, 1), Take);
            if (_clean.Length == 0 && _state == State.Text)
                _reasoning.Restart();
        }

        return _clean.Take(final: false);
    }

    /// <summary>The reply is complete, or was broken off.</summary>
    /// <returns>What was held back.</returns>
    public IReadOnlyList<ReplyPart> End()
    {
        _reasoning.End(isWhole: true, Take);

        // An act that was broken off is none, but it is not for the ear.
        if (_state is State.Bracket or State.Angle)
            Release();
        _held.Clear();
        _state = State.Text;
        return _clean.Take(final: true);
    }

    private void Take(string part, PartKind kind)
    {
        if (kind is PartKind.Reasoning or PartKind.Call)
            _clean.Cut(null);
        else
            foreach (var c in part)
                Step(c);
    }

    private void Step(char c)
    {
        switch (_state)
        {
            case State.Bracket:
                Bracket(c);
                break;
            case State.Angle:
                Angle(c);
                break;
            case State.Act:
                Act(c);
                break;
            default:
                Text(c);
                break;
        }
    }

    private void Text(char c)
    {
        if (EmotionTag.IsOpening(c))
            Hold(c, State.Bracket);
        else if (c == '<')
            Hold(c, State.Angle);
        else
            _clean.Put(c);
    }

    private void Bracket(char c)
    {
        if (EmotionTag.IsClosing(c) && _emotions.Find(_held.ToString(1, _held.Length - 1)) is { } emotion)
            Drop(emotion);
        else if (EmotionTag.IsOpening(c) || EmotionTag.IsClosing(c) || c is '<' or '\n' || _held.Length > EmotionTag.MostName)
            ReleaseAnd(c);
        else
            _held.Append(c);
    }

    private void Angle(char c)
    {
        if (c == '|' && _held.Length == 1)
        {
            _held.Clear();
            _state = State.Act;
            return;
        }

        ReleaseAnd(c);
    }

    private void Act(char c)
    {
        _held.Append(c);
        if (c == '>' && _held.Length > 1 && _held[^2] == '|')
        {
            Drop(_emotions.OfAct(_held.ToString(0, _held.Length - 2)));
        }
        else if (_held.Length >= MostAct)
        {
            // The sign that opened nothing is left out, so that what follows cannot become an act later.
            var text = _held.ToString();
            Drop(null);
            foreach (var held in text)
                Step(held);
        }
    }

    private void Hold(char c, State state)
    {
        _held.Append(c);
        _state = state;
    }

    private void Drop(string? emotion)
    {
        _held.Clear();
        _state = State.Text;
        _clean.Cut(emotion);
    }

    private void ReleaseAnd(char c)
    {
        Release();
        Step(c);
    }

    private void Release()
    {
        for (var i = 0; i < _held.Length; i++)
            _clean.Put(_held[i]);
        _held.Clear();
        _state = State.Text;
    }
}

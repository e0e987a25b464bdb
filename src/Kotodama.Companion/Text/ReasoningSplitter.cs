using System.Text;
using Kotodama.Voice.Text.Reasoning;

namespace Kotodama.Companion.Text;

/// <summary>
/// Tells reasoning from what a model says, however the text is cut. Signs of reasoning count where an answer begins, and where it goes on
/// after reasoning; everywhere else they are words of the answer. Not safe for threads: one for each answer.
/// </summary>
/// <param name="begun">Whether the model's prompt is known to open the reasoning, so that the answer begins within it.</param>
internal sealed class ReasoningSplitter(bool begun = false)
{
    private readonly List<(string Text, PartKind Kind)> _parts = [];
    private readonly StringBuilder _held = new(), _part = new(), _call = new();
    private CodeTrack _thoughtCode = new();
    private MentionTrack _said = new();
    private PartKind _kind;
    private State _state;
    private Sign? _open, _answer;
    private ChannelHead _head = new("");

    /// <summary>What is reasoning only if the end of it comes.</summary>
    private StringBuilder? _unsure = begun ? new() : null;
    private bool _begun = begun, _hasReasoned, _hasChannels, _hasSaid, _wasGiven, _isCall;
    private int _nested;
    private char _before;

    private enum State
    {
        Start,
        Said,
        Reasoning,
        Head,
    }

    /// <summary>Whether the prompt opened the reasoning: the first sign of the answer ends it. Null: not known yet.</summary>
    public bool? IsBegun { get; private set; }

    /// <summary>Whether reasoning was given as words that are said, before the sign came that tells.</summary>
    public bool HasMistaken { get; private set; }

    /// <summary>Reads the next piece.</summary>
    /// <param name="piece">What came.</param>
    /// <param name="give">Takes each part.</param>
    public void Read(ReadOnlySpan<char> piece, Action<string, PartKind> give)
    {
        foreach (var c in piece)
            Put(c);
        Give(give);
    }

    /// <summary>The server tells reasoning apart by itself, so the prompt opened nothing here.</summary>
    public void IsToldApart(Action<string, PartKind> give)
    {
        TellApart();
        Give(give);
    }

    /// <summary>What was said so far was no word: the answer still begins.</summary>
    public void Restart()
    {
        if (_state != State.Said)
            return;
        (_state, _hasSaid, _said) = (State.Start, false, new MentionTrack());
    }

    /// <summary>There is no more: what looked like the beginning of a sign was none.</summary>
    /// <param name="isWhole">Whether the model had said all. Reasoning that was expected and never ended was none then.</param>
    /// <param name="give">Takes each part.</param>
    public void End(bool isWhole, Action<string, PartKind> give)
    {
        // Half a sign at the beginning of an answer that broke off is no word.
        if (!isWhole && _state == State.Start && _held.Length > 0 && Tag.MayBegin(_held[0]))
            _held.Clear();
        Decide(isLast: true);
        if (_state == State.Head && isWhole)
            ReleaseHead();
        EndCall();
        if (isWhole && _begun && IsBegun is null && _unsure is { Length: > 0 })
            TellApart();
        else if (isWhole && !_hasSaid && _state == State.Reasoning && _unsure is { Length: > 0 })
            Emit(_unsure.ToString().TrimStart(), PartKind.Said);
        Give(give);
    }

    private void Put(char c)
    {
        if (_state == State.Head)
        {
            PutHead(c);
        }
        else if (_held.Length > 0 || MayBegin(c))
        {
            _held.Append(c);
            Decide(isLast: false);
        }
        else
        {
            Pass(c);
        }
    }

    private bool MayBegin(char c) => _state switch
    {
        State.Start => !char.IsWhiteSpace(c) && ReasoningSigns.ReadStart([c], out _) != Fit.None,
        State.Said => ReasoningSigns.MayBeginWithin(c, null, _answer),
        _ => ReasoningSigns.MayBeginWithin(c, _open, null),
    };

    /// <summary>Takes the signs out of what is held, and passes on what is none.</summary>
    private void Decide(bool isLast)
    {
        while (_held.Length > 0)
        {
            if (_state == State.Head || !MayBegin(_held[0]))
            {
                PassHeld();
                continue;
            }

            var text = _held.ToString();
            var fit = _state == State.Start
                ? ReasoningSigns.ReadStart(text, out var sign)
                : ReasoningSigns.ReadWithin(text, _state == State.Reasoning ? _open : null, out sign);
            if (fit == Fit.Partial && !isLast)
                return;
            char? next = fit == Fit.Whole && text.Length > sign.Length ? text[sign.Length] : isLast ? '\0' : null;
            var taken = fit == Fit.Whole ? Take(sign, next) : Fit.None;
            if (taken == Fit.Partial)
                return;
            if (taken == Fit.Whole)
                _held.Remove(0, sign.Length);
            else
                PassHeld();
        }
    }

    private void PassHeld()
    {
        var c = _held[0];
        _held.Remove(0, 1);
        if (_state == State.Head)
            PutHead(c);
        else
            Pass(c);
    }

    /// <summary>Acts on a sign. Partial: what follows it must be known first; none: here it is text.</summary>
    private Fit Take(Sign sign, char? next) => _state switch
    {
        State.Start => TakeStart(sign),
        State.Said => TakeSaid(sign, next),
        _ => TakeThought(sign, next),
    };

    private Fit TakeStart(Sign sign)
    {
        switch (sign.Role)
        {
            case SignRole.Opens:
                TellApart();
                _hasReasoned = true;
                if (!sign.IsEmpty)
                    Open(sign, sign.IsDoubtful ? _held.ToString(0, sign.Length) : null);
                return Fit.Whole;
            case SignRole.Closes when sign.EndsAny:
                (IsBegun, _begun, _unsure, _hasReasoned) = (IsBegun ?? true, false, null, true);
                return Fit.Whole;
            case SignRole.OpensAnswer when _hasReasoned || sign.Bracket.Length == 0:
                _answer = sign;
                return Fit.Whole;
            case SignRole.ClosesAnswer when _answer is not null:
                return Fit.Whole;
            case SignRole.Head:
                TellApart();
                return OpenHead(sign);
            case SignRole.Ends when _hasChannels:
                return Fit.Whole;
            default:
                return Fit.None;
        }
    }

    private Fit TakeSaid(Sign sign, char? next)
    {
        switch (sign.Role)
        {
            case SignRole.Opens:
                // A mention, and so is the end that follows.
                _said.HasOpened = true;
                return Fit.None;
            case SignRole.Closes when sign.EndsAny && !_said.IsCode:
                if (next is null)
                    return Fit.Partial;
                if (_said.IsMention(next.Value))
                    return Fit.None;
                if (IsBegun is null || _nested > 0)
                    WasReasoning();
                IsBegun ??= true;
                return Fit.Whole;
            case SignRole.ClosesAnswer when _answer is not null && !_said.IsCode:
                return Fit.Whole;
            case SignRole.Head when !_said.IsCode:
                return OpenHead(sign);
            case SignRole.Ends when _hasChannels && !_said.IsCode:
                _state = State.Start;
                return Fit.Whole;
            default:
                return Fit.None;
        }
    }

    private Fit TakeThought(Sign sign, char? next)
    {
        var isChannel = _open is { Name: ReasoningSigns.Channel };
        if (isChannel && sign.Role is SignRole.Head or SignRole.Ends)
        {
            EndCall();
            Close();
            return sign.Role == SignRole.Head ? OpenHead(sign) : Fit.Whole;
        }

        if (sign.Role == SignRole.Opens && _open is { } opened && sign.Matches(opened))
            _nested++;
        if (sign.Role == SignRole.Head && _open is null)
            return OpenHead(sign);
        if (sign.Role != SignRole.Closes || !(_open is { } open ? sign.Matches(open) : sign.EndsAny))
            return Fit.None;
        if (_before is '`' or '"' or '\'')
        {
            if (next is null)
                return Fit.Partial;
            if (next == _before)
                return Fit.None;
        }

        if (_thoughtCode.IsFenced && _open is { Bracket: not "" })
        {
            // The model quotes a sign, or it forgot the end of its block of code. If no other end comes, it forgot.
            Emit(_held.ToString(0, sign.Length), PartKind.Reasoning);
            _unsure = new StringBuilder();
            return Fit.Whole;
        }

        if (IsBegun is null)
            IsBegun = _open is null;
        Close();
        return Fit.Whole;
    }

    private void Open(Sign sign, string? doubtful)
    {
        (_state, _open, _hasReasoned, _before) = (State.Reasoning, sign, true, '\n');
        _thoughtCode = new CodeTrack();
        _unsure = doubtful is null ? null : new StringBuilder(doubtful);
    }

    private void Close()
    {
        (_state, _open, _unsure, _said) = (State.Start, null, null, new MentionTrack());
        (_begun, _hasReasoned) = (false, true);
    }

    private Fit OpenHead(Sign sign)
    {
        _head = new ChannelHead(_held.ToString(0, sign.Length));
        _state = State.Head;
        return Fit.Whole;
    }

    private void PutHead(char c)
    {
        var fit = _head.Put(c);
        if (fit == Fit.None)
            ReleaseHead();
        if (fit != Fit.Whole)
            return;
        if (_head.IsSaid)
        {
            if (!_hasChannels && IsBegun is null)
            {
                // What came before was the analysis that the prompt had opened.
                IsBegun = _hasSaid || _begun;
                if (_hasSaid)
                    WasReasoning();
            }

            Close();
        }
        else
        {
            Open(new Sign(SignRole.Opens, ReasoningSigns.Channel, "<", 0), null);
            _isCall = _head.Recipient is not null;
            _call.Clear().Append(_head.Recipient);
        }

        _hasChannels = true;
    }

    /// <summary>The head was only mentioned.</summary>
    private void ReleaseHead()
    {
        _state = _hasChannels || _begun ? State.Reasoning : State.Said;
        foreach (var held in _head.Text)
            Pass(held);
    }

    private void EndCall()
    {
        if (_isCall)
            Emit(_call.ToString(), PartKind.Call);
        _isCall = false;
    }

    /// <summary>What was said so far was reasoning, and the answer begins now.</summary>
    private void WasReasoning()
    {
        HasMistaken |= _wasGiven;
        (_state, _hasReasoned, _hasSaid, _wasGiven, _nested, _said) = (State.Start, true, false, false, 0, new MentionTrack());
        Cut();
        for (var i = 0; i < _parts.Count; i++)
            if (_parts[i].Kind == PartKind.Said)
                _parts[i] = (_parts[i].Text, PartKind.Reasoning);
    }

    private void TellApart()
    {
        if (IsBegun is not null)
            return;
        IsBegun = _begun = false;
        var text = _unsure?.ToString().TrimStart() ?? "";
        _unsure = null;
        if (text.Length == 0)
            return;
        (_state, _open) = (State.Said, null);
        foreach (var c in text)
            Pass(c);
    }

    private void Pass(char c)
    {
        if (_state == State.Start && char.IsWhiteSpace(c))
        {
            Emit(c, PartKind.Blank);
            return;
        }

        if (_state == State.Start)
            _state = _begun ? State.Reasoning : State.Said;
        if (_state == State.Reasoning)
        {
            _before = c;
            _thoughtCode.Put(c);
            _unsure?.Append(c);
            if (_isCall)
                _call.Append(c);
            else
                Emit(c, PartKind.Reasoning);
        }
        else
        {
            _hasSaid = true;
            _said.Put(c);
            Emit(c, PartKind.Said);
        }
    }

    private void Emit(char c, PartKind kind)
    {
        if (_kind != kind)
            Cut();
        _kind = kind;
        _part.Append(c);
    }

    private void Emit(string text, PartKind kind)
    {
        Cut();
        if (text.Length > 0)
            _parts.Add((text, kind));
    }

    private void Cut()
    {
        if (_part.Length > 0)
            _parts.Add((_part.ToString(), _kind));
        _part.Clear();
    }

    private void Give(Action<string, PartKind> give)
    {
        Cut();
        _wasGiven |= _parts.Exists(p => p.Kind == PartKind.Said);
        foreach (var (text, kind) in _parts)
            give(text, kind);
        _parts.Clear();
    }
}

using System.Text;
using System.Text.Json;
using Kotodama.Companion.Text;
using Kotodama.Voice.Text.Reasoning;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>
/// Finds calls of tools that a model writes into its text, however the text is cut, and takes them out. A call of a tool that exists is
/// kept, any other one is silent; what only mentions a sign, or stands in code, is text. Not safe for threads: one for each answer.
/// </summary>
/// <param name="tools">The schemas of the tools that the model has, by name.</param>
internal sealed class CallSplitter(IReadOnlyDictionary<string, JsonElement> tools)
{
    /// <summary>Longer calls are silent, and not run.</summary>
    internal const int Longest = 16_384;

    private const int LongestClose = 64;

    private readonly StringBuilder _held = new(), _body = new(), _said = new(), _blanks = new();
    private readonly List<TextCall> _calls = [];
    private CodeTrack _code = new();
    private JsonDepth _json = new();
    private CallSign? _open;
    private string _opener = "";
    private bool _isStart = true, _isSure, _isAfterCall, _isInTag, _isTooLong;

    /// <summary>The calls so far, in order.</summary>
    public IReadOnlyList<TextCall> Calls => _calls;

    /// <summary>Reads the next piece.</summary>
    /// <param name="piece">What came.</param>
    /// <returns>What of it is said.</returns>
    public string Read(string piece)
    {
        foreach (var c in piece)
            Put(c);
        return Said();
    }

    /// <summary>There is no more.</summary>
    /// <param name="isWhole">Whether the model had said all. If not, the sign of a call that ends the text was no mention.</param>
    /// <returns>What was held back and is said.</returns>
    public string End(bool isWhole)
    {
        while (_open is not null || _held.Length > 0)
        {
            if (_open is not null && !_isSure && !isWhole)
                _open = null;
            else if (_open is not null)
                EndCall(isLast: true);
            else
                PassHeld();
        }

        return Said();
    }

    /// <summary>A call whose beginning and end are known.</summary>
    public void Take(string text) => _calls.AddRange(CallText.Read(text, tools));

    /// <summary>What came so far was reasoning.</summary>
    public void Forget()
    {
        _calls.Clear();
        _held.Clear();
        _body.Clear();
        _blanks.Clear();
        (_open, _code, _isStart, _isAfterCall) = (null, new CodeTrack(), true, false);
    }

    private string Said()
    {
        var said = _said.ToString();
        _said.Clear();
        return said;
    }

    private void Put(char c)
    {
        if (_open is not null)
        {
            PutBody(c);
        }
        else if (_held.Length > 0 || CallSigns.MayBegin(c))
        {
            _held.Append(c);
            Decide();
        }
        else
        {
            Pass(c);
        }
    }

    private void Decide()
    {
        while (_held.Length > 0 && _open is null)
        {
            var text = _held.ToString();
            if (!CallSigns.MayBegin(text[0]) || IsInCode(text[0]))
            {
                PassHeld();
                continue;
            }

            var fit = CallSigns.Read(text, _isStart, _code.IsLineStart, tools.Count > 0, out var sign);
            var length = 0;
            var stray = fit != Fit.Whole && _isAfterCall ? CallSigns.ReadStray(text, out length) : Fit.None;
            if (stray == Fit.Whole)
            {
                _held.Remove(0, length);
            }
            else if (fit == Fit.Whole)
            {
                _held.Clear();
                Open(sign, text);
            }
            else if (fit == Fit.Partial || stray == Fit.Partial)
            {
                return;
            }
            else
            {
                PassHeld();
            }
        }
    }

    // Where a line of backticks goes on, nothing may ask: it is not known yet what it is.
    private bool IsInCode(char c) => c == '`' ? _code.IsLineStart && _code.IsFenced : _code.IsCode;

    private void PassHeld()
    {
        var c = _held[0];
        _held.Remove(0, 1);
        Pass(c);
    }

    private void Pass(char c)
    {
        _code.Put(c);
        if (char.IsWhiteSpace(c) && _isAfterCall)
        {
            _blanks.Append(c);
            return;
        }

        // Between calls, and after them, templates leave blanks and commas.
        if (_isAfterCall && c is ';' or ',')
            return;
        if (!_isStart && _isAfterCall)
            _said.Append(_blanks);
        _blanks.Clear();
        _isStart &= char.IsWhiteSpace(c);
        _isAfterCall = false;
        _said.Append(c);
    }

    private void Open(CallSign sign, string text)
    {
        (_open, _opener, _isSure, _json) = (sign, text[..sign.Length], sign.IsSure || sign.IsResult, new JsonDepth());
        (_isInTag, _isTooLong) = (false, false);
        _body.Clear();
        foreach (var c in text[(sign.Length - sign.Kept)..])
            Put(c);
    }

    private void PutBody(char c)
    {
        // The value of a call has ended, and this cannot belong to the call any more.
        if (_json.HasEnded && !_isInTag && !_open!.Value.IsResult && _open.Value.Close is null && !IsMore(c))
        {
            EndCall(isLast: false);
            Put(c);
            return;
        }

        _isInTag = (_isInTag && c is not ('>' or ']' or ';')) || (_json.HasEnded && c is '<' or '&');
        _body.Append(c);
        _json.Put(c);
        if (!_isSure)
        {
            var fit = _open!.Value.NeedsTool ? Fit.Whole : CallText.Begins(_body.ToString());
            if (fit == Fit.None)
            {
                Release();
                return;
            }

            _isSure = fit == Fit.Whole;
        }

        var tail = c is '>' or ']' or '`' or ';' && !_json.IsText ? Math.Min(_body.Length, LongestClose) : 0;
        if (_open!.Value is { NeedsTool: true, Close: null } && _json.HasEnded)
            EndCall(isLast: false);
        else if (_body.Length >= Longest)
            Shorten();
        else if (tail > 0 && CallSigns.EndsWith(_body.ToString(_body.Length - tail, tail), _open.Value, out var length))
            EndCall(isLast: false, length);
    }

    // It may be an answer that only looks so; a call without end stays silent.
    private void Shorten()
    {
        if (_open!.Value.NeedsTool)
        {
            Release();
            return;
        }

        _isTooLong = true;
        _body.Remove(0, _body.Length - LongestClose);
    }

    private void EndCall(bool isLast, int closing = 0)
    {
        var sign = _open!.Value;
        var close = _body.ToString(_body.Length - closing, closing);
        _body.Length -= closing;
        var body = _body.ToString();
        IReadOnlyList<TextCall> found = sign.IsResult || _isTooLong ? [] : CallText.Read(body, tools);
        var isText = sign.NeedsTool ? found.Count == 0 : !_isSure || (string.IsNullOrWhiteSpace(body) && !sign.IsSure && !isLast);
        if (isText)
        {
            Release(close);
            return;
        }

        _open = null;
        _calls.AddRange(found);
        _isAfterCall = true;
    }

    /// <summary>It was no call.</summary>
    private void Release(string close = "")
    {
        var (sign, body) = (_open!.Value, _body.ToString());
        _open = null;
        foreach (var c in _opener[..^sign.Kept])
            Pass(c);
        // What opened it must not open it again.
        var kept = Math.Min(sign.Kept, body.Length);
        foreach (var c in body[..kept])
            Pass(c);
        foreach (var c in body[kept..] + close)
            Put(c);
    }

    private static bool IsMore(char c) =>
        char.IsWhiteSpace(c) || c is '<' or '[' or '{' or '`' or '|' or ',' or ';' or ']' or '}' or ')' or '&';
}

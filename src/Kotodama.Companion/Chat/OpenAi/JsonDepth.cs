namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>Follows a growing text that begins with JSON, and knows when its value has ended. Not safe for threads.</summary>
internal sealed class JsonDepth
{
    private int _depth;
    private bool _isEscaped, _hasBegun, _isOther;

    /// <summary>Whether a value has ended, and none is open. Never, when the text begins with something else.</summary>
    public bool HasEnded => _hasBegun && !_isOther && _depth == 0;

    /// <summary>Whether a text of JSON is open.</summary>
    public bool IsText { get; private set; }

    /// <summary>The next character.</summary>
    public void Put(char c)
    {
        if (IsText)
        {
            if (_isEscaped)
                _isEscaped = false;
            else if (c == '\\')
                _isEscaped = true;
            else if (c == '"')
                IsText = false;
        }
        else if (c == '"' && _depth > 0)
        {
            IsText = true;
        }
        else if (c is '{' or '[')
        {
            _depth++;
            _hasBegun = true;
        }
        else if (c is '}' or ']' && _depth > 0)
        {
            _depth--;
        }
        else
        {
            _isOther |= !_hasBegun && !char.IsWhiteSpace(c);
        }
    }
}

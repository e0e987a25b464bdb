using System.Collections.Frozen;
using System.Net;
using System.Text;

namespace Kotodama.Voice.Text;

/// <summary>
/// What of a reply has come and is not read yet: its characters, with entities such as <c>&amp;amp;</c> read, and the place of each in the
/// reply. An entity whose end has not come is kept back.
/// </summary>
internal sealed class Window
{
    private const int MostEntity = 34;

    // HTML has these names since version 5; the framework knows those of version 4.
    private static readonly FrozenDictionary<string, string> Newer = (
        "excl! quest? period. comma, colon: semi; lpar( rpar) lsqb[ rsqb] lbrack[ rbrack] lcub{ rcub} lbrace{ rbrace} num# dollar$ percnt% "
        + "ast* plus+ equals= lowbar_ sol/ bsol\\ verbar| vert| grave` Hat^ commat@ midast* hyphen‐ dash‐ hearts♥ check✓ star☆ starf★")
        .Split(' ').ToFrozenDictionary(name => name[..^1], name => name[^1..], StringComparer.Ordinal);

    private readonly StringBuilder _entity = new();
    private char[] _text = new char[128];
    private int[] _places = new int[128];
    private int _start, _end, _place;

    /// <summary>The characters.</summary>
    public ReadOnlySpan<char> Text => _text.AsSpan(_start, _end - _start);

    /// <summary>Whether the beginning of an entity is kept back.</summary>
    public bool HoldsEntity => _entity.Length > 0;

    /// <summary>Where a character stands in the reply.</summary>
    public int PlaceOf(int offset) => _places[_start + offset];

    /// <summary>Adds what came next.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (_entity.Length == 0 || !Continues(c))
            {
                EndEntity();
                if (c == '&')
                    _entity.Append(c);
                else
                    Add(c, _place);
            }

            _place++;
        }
    }

    /// <summary>An entity that is kept back has no end: its signs are plain.</summary>
    public void EndEntity()
    {
        for (var i = 0; i < _entity.Length; i++)
            Add(_entity[i], _place - _entity.Length + i);
        _entity.Clear();
    }

    /// <summary>Takes characters from the beginning.</summary>
    public void Take(int count)
    {
        _start += count;
        if (_start == _end)
            _start = _end = 0;
    }

    /// <summary>Forgets what stands from a place of the reply on.</summary>
    public void Drop(int from)
    {
        while (_entity.Length > 0 && _place > from)
        {
            _entity.Length--;
            _place--;
        }

        while (_end > _start && _places[_end - 1] >= from)
            _end--;
    }

    private bool Continues(char c)
    {
        if (c == ';')
            return TryDecode();
        if (_entity.Length >= MostEntity || !(char.IsAsciiLetterOrDigit(c) || (c == '#' && _entity.Length == 1)))
            return false;
        _entity.Append(c);
        return true;
    }

    private bool TryDecode()
    {
        var name = _entity.ToString(1, _entity.Length - 1);
        var isNumber = name.Length > 1 && name[0] == '#';
        var whole = $"&{name};";
        if (!Newer.TryGetValue(name, out var decoded))
            decoded = WebUtility.HtmlDecode(whole);
        if (decoded == whole && !isNumber)
            return false;
        var place = _place - _entity.Length;
        _entity.Clear();

        // A number that is no character is no word either.
        if (decoded != whole)
            for (var i = 0; i < decoded.Length; i++)
                Add(Plain(decoded[i]), place + i);
        return true;
    }

    /// <summary>A sign that was written as an entity is never markup: its full-width twin is none.</summary>
    private static char Plain(char c) => c switch
    {
        '<' or '>' or '[' or ']' or '|' or '~' or '#' or '\\' or '_' or '*' or '(' or ')' or '$' => (char)(c + 0xFEE0),
        '`' => '\'',
        '\n' or '\r' => ' ',
        _ => c,
    };

    private void Add(char c, int place)
    {
        if (_end == _text.Length)
            MakeRoom();
        _text[_end] = c;
        _places[_end++] = place;
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        var size = length * 2 > _text.Length ? _text.Length * 2 : _text.Length;
        var (text, places) = (new char[size], new int[size]);
        Array.Copy(_text, _start, text, 0, length);
        Array.Copy(_places, _start, places, 0, length);
        (_text, _places, _start, _end) = (text, places, 0, length);
    }
}

namespace Kotodama.Voice.Text;

/// <summary>
/// Reads what stands within a line: words, and the signs that are markup in one place and text in another. Each method reads what stands at
/// the beginning of a window and returns how many characters that was; 0: more must come to know what it is.
/// </summary>
/// <param name="window">What of the reply is not read yet.</param>
/// <param name="output">Takes what is spoken.</param>
/// <param name="skipped">Takes over where an address does not end in sight.</param>
internal sealed class SpokenWords(Window window, SpokenOutput output, SkippedText skipped)
{
    private readonly SpokenSigns _signs = new(output);
    private int _stars;

    /// <summary>The sign that was read last, spoken or not.</summary>
    public char Before
    {
        get => _signs.Before;
        set => _signs.Before = value;
    }

    /// <summary>A line begins: no emphasis is open any more.</summary>
    public void BeginLine() => (_stars, _signs.Before) = (0, '\n');

    /// <summary>A backtick: code, whose words are said, or the apostrophe of "can`t".</summary>
    public int Backtick(ReadOnlySpan<char> text, bool final)
    {
        var run = Markup.Run(text);
        if (run == text.Length && !final)
            return 0;
        if (run == 1 && text.Length > 1 && SpokenSigns.IsWithin(_signs.Before, text[1]))
        {
            output.Put('\'', Place());
            return 1;
        }

        var (signs, length) = Markup.Code(text, final);
        if (signs < 0)
            return length == 0 ? 0 : Leave(length, Gap.Space);
        var code = text[signs..(length - signs)];
        if (signs == 1 && (char.IsWhiteSpace(code[0]) || char.IsWhiteSpace(code[^1])))
            return Leave(1, Gap.Space);
        if (Markup.IsWords(code))
            SayAll(text[..(length - signs)], signs, length - signs);
        else
            Leave(length, Gap.Space);
        return length;
    }

    /// <summary>Stars and underscores: emphasis, a stage direction, a multiplication.</summary>
    public int Star(ReadOnlySpan<char> text, bool final)
    {
        var run = Markup.Run(text);
        if (run == text.Length && !final)
            return 0;
        var (before, next) = (_signs.Before, run < text.Length ? text[run] : '\n');
        var isWithin = SpokenSigns.IsWithin(before, next) || (char.IsDigit(before) && SpokenSigns.IsWithin('a', next));
        if (run == 1 && !char.IsWhiteSpace(next) && (!char.IsLetterOrDigit(before) || Script.IsDense(before)))
        {
            var direction = Direction.At(text, output.SentenceBegins, output.WordBefore, final);
            if (direction >= 0)
                return direction == 0 ? 0 : Leave(direction, Gap.Space);
        }

        if (text[0] == '_')
            return Word(text, final);
        var times = Markup.Times(text, run, before, output.IsOperand, final);
        if (times == 0)
            return 0;
        if (times > 0)
            for (var i = 0; i < run; i++)
                output.Put('*', Place(i));
        if (times > 0)
            return run;
        if (isWithin && _stars == 0)
        {
            // Within a word one star alone is no markup.
            var closes = Markup.IsClosed(text, run, final);
            if (closes is null)
                return 0;
            _stars += closes.Value ? 1 : 0;
            if (closes.Value || run > 1 || !output.IsOperand)
                return Leave(run, closes.Value ? Gap.Digits : Gap.Space);

            // A number or a variable times another: 2*x, a*b.
            var isVariable = text.Length < 3 || !char.IsLetter(text[2]);
            if (!isVariable && !char.IsDigit(before))
                return Leave(run, Gap.Space);
            output.Put('*', Place());
            return 1;
        }

        if (!char.IsLetterOrDigit(before) && char.IsLetterOrDigit(next))
            _stars++;
        else if (_stars > 0)
            _stars--;
        return Leave(run, Gap.Digits);
    }

    /// <summary>Waves: struck out, a range of numbers, or a long vowel, which is a pause.</summary>
    public int Wave(ReadOnlySpan<char> text, bool final)
    {
        var run = Markup.Run(text);
        if (run == text.Length && !final)
            return 0;
        var next = run < text.Length ? text[run] : '\n';
        if (run == 1 && char.IsDigit(output.Last) && char.IsDigit(next))
        {
            output.Put('-', Place());
            return 1;
        }

        if (text[0] == '~' && (run > 1 || (!char.IsLetterOrDigit(_signs.Before) && !char.IsWhiteSpace(next))))
            return Leave(run, Gap.Digits);
        output.Pause(Place());
        output.SentenceBegins = true;
        return run;
    }

    /// <summary>A formula, or the sign of a price.</summary>
    public int Dollar(ReadOnlySpan<char> text, bool final)
    {
        var formula = Formula.At(text, final);
        return formula < 0 ? Word(text, final) : formula == 0 ? 0 : SayFormula(text[..formula]);
    }

    /// <summary>A formula goes on as it stands, in one clause: what is said for it needs all of it.</summary>
    public int SayFormula(ReadOnlySpan<char> formula)
    {
        output.Keep(formula.Length);
        for (var i = 0; i < formula.Length; i++)
            if (!char.IsWhiteSpace(formula[i]))
                output.PutPlain(formula[i], Place(i));
            else if (output.Last != ' ')
                output.PutPlain(' ', Place(i));
        return formula.Length;
    }

    /// <summary>A face, a stage direction, or an aside.</summary>
    public int Parenthesis(ReadOnlySpan<char> text, bool final)
    {
        var face = Face.At(text, final);
        if (face >= 0)
            return face == 0 ? 0 : LeaveFace(face);
        if (text[0] == 'ʕ')
            return Say(text);
        var direction = Direction.At(text, output.SentenceBegins, output.WordBefore, final);
        return direction < 0 ? Say(text) : direction == 0 ? 0 : Leave(direction, Gap.Space);
    }

    /// <summary>A minus between numbers, or a dash.</summary>
    public int Minus(ReadOnlySpan<char> text, bool final)
    {
        if (text.Length > 1 && text[1] == ' ' && _signs.Before == ' ' && output.IsOperand)
        {
            var isOperand = Markup.IsOperand(text[1..], final);
            if (isOperand is null)
                return 0;
            if (isOperand.Value)
            {
                output.Put('-', Place());
                return 1;
            }
        }

        return Word(text, final);
    }

    /// <summary>A word up to the next space, without the address or the face in it.</summary>
    public int Word(ReadOnlySpan<char> text, bool final)
    {
        if (text.Length > 1 && Face.IsHand(text[0]) && text[1] is '(' or '（' && !char.IsLetterOrDigit(_signs.Before))
        {
            var face = Face.At(text[1..], final);
            if (face >= 0)
                return face == 0 ? 0 : LeaveFace(face + 1);
        }

        var (length, from, to) = Address.Word(text, final);
        if (length == 0)
            return 0;
        if (to < 0)
        {
            // An address that goes on for longer than one looks ahead.
            skipped.Address();
            to = length;
        }

        SayAll(text, 0, from);
        if (to > from)
        {
            output.Leave(Place(from), Gap.Word);
            SayAll(text[..length], to, length);
        }
        else
            SayAll(text, from, length);
        return length;
    }

    /// <summary>What is no ASCII sign.</summary>
    public int Other(ReadOnlySpan<char> text, bool final)
    {
        var c = text[0];
        if (text.Length == 1 && !final && (char.IsHighSurrogate(c) || SpokenSigns.NeedsNext(c) || Face.IsArm(c)))
            return 0;
        if (Face.IsEye(c))
        {
            var bare = Face.BareAt(text, final);
            if (bare >= 0)
                return bare == 0 ? 0 : LeaveFace(bare);
        }

        if (Face.IsArm(c) && text.Length > 1 && text[1] is '(' or '（')
        {
            var face = Face.At(text[1..], final);
            if (face >= 0)
                return face == 0 ? 0 : LeaveFace(face + 1);
        }

        return Say(text);
    }

    /// <summary>A sign that is what it is.</summary>
    public int Say(ReadOnlySpan<char> text, int offset = 0) => _signs.Read(text, Place(offset));

    /// <summary>Leaves out so much.</summary>
    public int Leave(int length, Gap gap)
    {
        output.Leave(Place(), gap);
        return length;
    }

    /// <summary>Leaves out so much, and pauses.</summary>
    public int Pause(int length)
    {
        output.Pause(Place());
        return length;
    }

    /// <summary>A face ends what stands before it; in scripts without spaces nothing else parts it from what follows.</summary>
    private int LeaveFace(int length)
    {
        if (Script.IsDense(output.LastWord))
            output.Pause(Place());
        output.Leave(Place(), Gap.Space);
        output.SentenceBegins = true;
        return length;
    }

    private void SayAll(ReadOnlySpan<char> text, int from, int to)
    {
        for (var i = from; i < to;)
            i += _signs.Read(text[i..], Place(i));
    }

    private int Place(int offset = 0) => window.PlaceOf(offset);
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kotodama.Protocol;
using Kotodama.Voice.Text;
using Kotodama.Voice.Text.Saying;

namespace Kotodama.Voice.Speaking;

/// <summary>
/// One reply on its way to be spoken, from the first piece of its text to its last clause. The speaker's loop writes it; one turn at a time
/// reads it.
/// </summary>
/// <param name="reply">The id of the reply.</param>
/// <param name="time">The clock.</param>
internal sealed class Utterance(string reply, TimeProvider time)
{
    /// <summary>The hub has its own limit for a reply; this only bounds what a publisher of endless pieces can fill.</summary>
    private const int MostText = 65_536;

    /// <summary>How long a reply waits for a page when its publisher does not say, as the hub counts it.</summary>
    private static readonly TimeSpan DefaultTtl = TimeSpan.FromMinutes(1);

    /// <summary>The hub gives a reply up whose text does not grow for 10 s; after this its word must have been lost.</summary>
    private static readonly TimeSpan PieceWithin = TimeSpan.FromSeconds(15);

    /// <summary>Says that there is more to read, or nothing any more.</summary>
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true, SingleWriter = true });
    private readonly List<Clause> _clauses = [];
    private readonly StreamSilence _silence = new(PieceWithin, time);
    private readonly long _began = time.GetTimestamp();
    private ClauseReader? _reader;
    private Task<bool>? _more;
    private volatile string _text = "";
    private int _read;
    private int? _again;
    private long _nextPart;
    private bool _isOver;
    private bool _isBroken;

    public string Reply { get; } = reply;

    /// <summary>The language that its publisher named.</summary>
    public string? Lang { get; init; }

    /// <summary>The voice that its publisher named.</summary>
    public string? Voice { get; private set; }

    /// <summary>After which it is not worth saying if no page was there before. While its text grows, each piece moves it.</summary>
    public DateTimeOffset ExpiresAt { get; private set; } = time.GetUtcNow() + DefaultTtl;

    /// <summary>Whether the whole text has come.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether its end did not come in time. To be asked when the turn that read it has ended.</summary>
    public bool IsBroken => _isBroken || Sound is { IsBroken: true };

    /// <summary>The sound that its publisher brings; null when a voice makes it.</summary>
    public SoundBuffer? Sound { get; init; }

    /// <summary>The text so far, for a publisher that brings the sound of it.</summary>
    public string Text => _text;

    /// <summary>The clause that is read next.</summary>
    public int Next { get; private set; }

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>Another piece of a reply that is being written. One that comes again is not said again.</summary>
    public void Append(LlmDeltaMessage piece)
    {
        _silence.Break();
        ExpiresAt = time.GetUtcNow() + DefaultTtl;
        if (piece.Part < _nextPart)
            return;
        _nextPart = piece.Part + 1;
        Voice ??= piece.Voice;
        Append(piece.Content);
    }

    private void Append(string piece)
    {
        if (_text.Length + piece.Length > MostText)
            return;
        _text += piece;
        _news.Writer.TryWrite(true);
    }

    /// <summary>
    /// The whole reply. What was said cannot be unsaid: of a text that begins in another way nothing more is spoken than its pieces had. Of
    /// one that is shorter than its pieces the rest is left out, as far as it has not become a clause.
    /// </summary>
    public void Finish(LlmResponseMessage whole)
    {
        _silence.Break();
        IsComplete = true;
        Voice = whole.Voice ?? Voice;
        ExpiresAt = time.GetUtcNow() + (whole.Ttl is { } ttl ? TimeSpan.FromMilliseconds(ttl) : DefaultTtl);
        if (whole.Content.StartsWith(_text, StringComparison.Ordinal))
            Append(whole.Content[_text.Length..]);
        else if (_text.StartsWith(whole.Content, StringComparison.Ordinal))
            _text = whole.Content;
        _news.Writer.TryComplete();
    }

    /// <summary>The next turn that reads it begins with this clause again.</summary>
    public void SayAgainFrom(int clause) => _again = clause;

    /// <summary>The clauses from <see cref="Next"/> on, each as soon as it is known to be complete.</summary>
    public async IAsyncEnumerable<Clause> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _reader ??= new ClauseReader(Lang);
        (Next, _again) = (_again ?? Next, null);
        while (true)
        {
            while (Next < _clauses.Count)
                yield return _clauses[Next++];
            if (_reader.TryRead(Now, out var clause))
                _clauses.Add(SignsInWords.Of(clause));
            else if (_isOver)
                yield break;
            else
                await TakeMoreAsync(_reader, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes more text, or its end; returns without when the time has come to say what there is.</summary>
    private async Task TakeMoreAsync(ClauseReader reader, CancellationToken cancellationToken)
    {
        // Only one may wait at the channel, so a wait that was given up is taken up again.
        _more ??= _news.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        if (!await _silence.WaitAsync(_more, reader.Deadline - Now, cancellationToken).ConfigureAwait(false))
        {
            if (_silence.IsTooLong)
            {
                _isBroken = true;
                End(reader);
            }

            return;
        }

        var isOver = !await _more.ConfigureAwait(false);
        _more = null;
        _news.Reader.TryRead(out _);
        var text = _text;
        if (text.Length > _read)
            reader.Append(text.AsSpan(_read), Now);
        _read = Math.Max(_read, text.Length);
        if (isOver)
            End(reader);
    }

    private void End(ClauseReader reader)
    {
        reader.End(_text.Length);
        _isOver = true;
    }
}

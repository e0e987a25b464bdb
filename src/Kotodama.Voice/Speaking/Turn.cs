using Kotodama.Protocol;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Kotodama.Voice.Text;

namespace Kotodama.Voice.Speaking;

/// <summary>
/// One speech: reads the clauses of a reply, has them spoken and sends the sound on, some seconds ahead of what is played. Runs on a task
/// of its own; the speaker's loop cancels it.
/// </summary>
internal sealed class Turn : IDisposable
{
    /// <summary>
    /// How far the sound may run ahead of what is played: enough for the next clause to be made in time, little enough for a page to hold.
    /// </summary>
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(4);

    /// <summary>The sound of one message: 40 ms at 24 kHz.</summary>
    private const int PieceBytes = 1920;

    private readonly string _channel;
    private readonly SpeakerParts _parts;
    private readonly CancellationTokenSource _cut = new();
    private readonly List<SaidClause> _clauses = [];
    private long _began;
    private TimeSpan _sent;
    private int _clause = -1;
    private uint _number, _offset;
    private TimeSpan _duration;
    private int _rate;
    private SpeechFormat _format;

    /// <summary>How long the file of this clause may take; counted when all of it was sent.</summary>
    private TimeSpan _estimate;

    /// <summary>Makes a turn; <see cref="RunAsync"/> begins it.</summary>
    public Turn(uint number, Utterance utterance, string channel, SpeakerParts parts) =>
        (Number, Utterance, _channel, _parts) = (number, utterance, channel, parts);

    public uint Number { get; }

    public Utterance Utterance { get; }

    /// <summary>
    /// What the listeners cannot play, or no page would play, in a language or, without one, in all. Holds for the clauses that are not
    /// made yet. May be set from any thread.
    /// </summary>
    public required IReadOnlySet<(SpeechFormat Format, string? Language)> Unplayable { get; set; }

    /// <summary>
    /// When everything that was sent has been played, by the clock; never negative. To be asked when <see cref="RunAsync"/> has ended.
    /// </summary>
    public TimeSpan Left
    {
        get
        {
            if (_began == 0)
                return TimeSpan.Zero;

            // The clock is read once: between two reads what is left may become less than nothing.
            var left = _sent - _parts.Time.GetElapsedTime(_began);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Whether the speaker's loop has ended it.</summary>
    public bool IsCut => _cut.IsCancellationRequested;

    /// <summary>The place among the reply's clauses of a clause of this turn.</summary>
    public int ClauseOfReply(int clause) => Find(clause)?.OfReply ?? Utterance.Next;

    /// <summary>How a clause of this turn becomes sound, and its language; silent when there is no such clause.</summary>
    public (SpeechFormat Format, string? Language) FormatOf(int clause) =>
        Find(clause) is { } said ? (said.Format, said.Language) : (SpeechFormat.Silent, null);

    /// <summary>The clause that is played now, by the clock.</summary>
    public int ClauseNow()
    {
        lock (_clauses)
        {
            if (_began == 0)
                return 0;
            var played = _parts.Time.GetElapsedTime(_began);
            return Math.Max(0, _clauses.FindLastIndex(said => said.Start <= played));
        }
    }

    /// <summary>Ends the turn. Nothing of it is sent any more, except what is on its way.</summary>
    public void Cut()
    {
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Everything was sent already.
        }
    }

    public void Dispose() => _cut.Dispose();

    /// <summary>Speaks to the end of the reply.</summary>
    /// <exception cref="EngineException">Nothing can speak a clause.</exception>
    /// <exception cref="OperationCanceledException">It was cut.</exception>
    public async Task RunAsync()
    {
        if (Utterance.Sound is { } sound)
            await PlayAsync(sound).ConfigureAwait(false);
        else
            await foreach (var clause in Utterance.ReadAsync(_cut.Token).ConfigureAwait(false))
                await SpeakAsync(clause).ConfigureAwait(false);
        if (_clause < 0)
            await StartAsync(new SpeechFormatChunk(SpeechFormat.Silent), 0, 0, "", Utterance.Lang).ConfigureAwait(false);
        await EndAsync(final: true).ConfigureAwait(false);
    }

    private SaidClause? Find(int clause)
    {
        lock (_clauses)
            return clause >= 0 && clause < _clauses.Count ? _clauses[clause] : null;
    }

    private async Task SpeakAsync(Clause clause)
    {
        var request = new SpeechRequest(clause.Text, clause.Language, Utterance.Voice, _parts.Speed)
        {
            Unplayable = Unplayable.Where(u => u.Language is null || u.Language == clause.Language).Select(u => u.Format).ToHashSet(),
        };
        var asked = _parts.Time.GetTimestamp();
        await foreach (var chunk in _parts.Speech.SynthesizeAsync(request, _cut.Token).ConfigureAwait(false))
        {
            switch (chunk)
            {
                case SpeechFormatChunk format:
                    var engine = _parts.Time.GetElapsedTime(asked);
                    await EndAsync(final: false).ConfigureAwait(false);
                    var at = format.Start < clause.Places.Count ? clause.Places[format.Start] : clause.At;
                    var text = clause.Text[Math.Min(format.Start, clause.Text.Length)..];
                    await StartAsync(format, at, clause.At + clause.Length - at, text, clause.Language, engine).ConfigureAwait(false);
                    break;
                case SpeechMarksChunk marks:
                    await SendAsync(Marks(marks, clause)).ConfigureAwait(false);
                    break;
                case SpeechSoundChunk sound:
                    await SendSoundAsync(sound.Data).ConfigureAwait(false);
                    asked = _parts.Time.GetTimestamp();
                    break;
            }
        }
    }

    private async Task PlayAsync(SoundBuffer sound)
    {
        await foreach (var chunk in BroughtSound.ReadAsync(sound, _cut.Token).ConfigureAwait(false))
        {
            if (chunk is SpeechFormatChunk format)
                await StartAsync(format, 0, Utterance.Text.Length, Utterance.Text, Utterance.Lang).ConfigureAwait(false);
            else if (chunk is SpeechSoundChunk piece)
                await SendSoundAsync(piece.Data).ConfigureAwait(false);
        }
    }

    private async Task StartAsync(SpeechFormatChunk format, int at, int length, string text, string? language, TimeSpan? engine = null)
    {
        _clause++;
        (_number, _offset, _duration, _rate) = (0, 0, TimeSpan.Zero, format.Rate);
        _format = format.Format;
        lock (_clauses)
            _clauses.Add(new SaidClause(Utterance.Next - 1, format.Format, language, _sent));
        var needsText = format.Format is SpeechFormat.Browser or SpeechFormat.Silent;
        await SendAsync(new SpeechStartMessage
        {
            Channel = _channel,
            Turn = Number,
            Clause = _clause,
            Reply = Utterance.Reply,
            At = at,
            Length = length,
            Format = format.Format,
            Rate = format.Rate,
            Text = needsText ? text : null,
            Lang = language,
            Voice = format.Format is SpeechFormat.Browser ? Utterance.Voice : null,
            Engine = engine is { } took ? Math.Round(took.TotalMilliseconds, 1) : null,
        }).ConfigureAwait(false);
        _estimate = format.Format is SpeechFormat.Encoded ? SpeakingTime.Of(text) : TimeSpan.Zero;
        if (needsText)
            await AddAsync(SpeakingTime.Of(text)).ConfigureAwait(false);
    }

    private async Task EndAsync(bool final)
    {
        if (_clause < 0)
            return;
        await SendAsync(new SpeechEndMessage
        {
            Channel = _channel,
            Turn = Number,
            Clause = _clause,
            Duration = Math.Round(_duration.TotalMilliseconds),
            Final = final,
        }).ConfigureAwait(false);
        var estimate = _estimate;
        _estimate = TimeSpan.Zero;
        if (estimate > TimeSpan.Zero)
            await AddAsync(estimate).ConfigureAwait(false);
    }

    private async Task SendSoundAsync(ReadOnlyMemory<byte> sound)
    {
        var isPcm = _format == SpeechFormat.Pcm;
        var most = isPcm ? PieceBytes : AudioMessage.MaxLength - AudioMessage.HeaderLength;
        while (!sound.IsEmpty)
        {
            var piece = sound[..Math.Min(most, sound.Length)];
            sound = sound[piece.Length..];
            await SendAsync(new AudioMessage
            {
                Kind = isPcm ? AudioKind.Speech : AudioKind.Encoded,
                Stream = Number,
                Clause = (ushort)_clause,
                Number = _number++,
                Offset = _offset,
                Data = piece,
            }).ConfigureAwait(false);
            _offset += (uint)(isPcm ? piece.Length / 2 : piece.Length);
            if (!isPcm)
                continue;
            var time = TimeSpan.FromSeconds(piece.Length / 2.0 / _rate);
            _duration += time;
            await AddAsync(time).ConfigureAwait(false);
        }
    }

    /// <summary>Counts what was sent, and waits when it is too far ahead of what is played.</summary>
    private async Task AddAsync(TimeSpan sound)
    {
        if (_began == 0)
            _began = _parts.Time.GetTimestamp();
        var played = _parts.Time.GetElapsedTime(_began);

        // What came too late is played later.
        _sent = (_sent > played ? _sent : played) + sound;
        if (_sent - played > MostAhead)
            await Task.Delay(_sent - played - MostAhead, _parts.Time, _cut.Token).ConfigureAwait(false);
    }

    private SpeechMarksMessage Marks(SpeechMarksChunk marks, Clause clause)
    {
        var words = new List<long>();
        foreach (var word in marks.Words)
        {
            if (word.Start < 0 || word.Length <= 0 || word.Start + word.Length > clause.Places.Count)
                continue;
            var at = clause.Places[word.Start];
            words.AddRange([(long)word.At.TotalMilliseconds, at, clause.Places[word.Start + word.Length - 1] + 1 - at]);
        }

        return new SpeechMarksMessage
        {
            Channel = _channel,
            Turn = Number,
            Clause = _clause,
            Words = words.Count == 0 ? null : words,
            Visemes = marks.Visemes.Count == 0 ? null : [.. marks.Visemes.Select(v => (long)v.At.TotalMilliseconds)],
            Shapes = marks.Visemes.Count == 0 ? null : string.Concat(marks.Visemes.Select(v => v.Shape)),
        };
    }

    private ValueTask SendAsync(Message message)
    {
        _cut.Token.ThrowIfCancellationRequested();
        return _parts.Hub.SendAsync(message, _cut.Token);
    }

    /// <param name="OfReply">Its place among the reply's clauses.</param>
    /// <param name="Format">How it becomes sound.</param>
    /// <param name="Language">Its language.</param>
    /// <param name="Start">How much of the turn was sent before it.</param>
    private sealed record SaidClause(int OfReply, SpeechFormat Format, string? Language, TimeSpan Start);
}

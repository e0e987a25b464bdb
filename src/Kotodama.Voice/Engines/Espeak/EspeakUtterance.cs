using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.Espeak;

/// <summary>One clause in the hands of espeak-ng: turns what its callback brings into chunks. Used by the engine's thread alone.</summary>
internal sealed unsafe class EspeakUtterance(
    string text,
    string voice,
    int wordsPerMinute,
    int pitch,
    ChannelWriter<SpeechChunk> chunks,
    CancellationToken cancellationToken)
{
    private readonly int[] _places = Places(text);
    private readonly List<WordMark> _words = [];
    private readonly List<VisemeMark> _visemes = [];
    private TimeSpan _lastWord, _lastViseme;
    private int _said;
    private char _shape;
    private Exception? _failure;

    public string Text => text;

    public string Voice => voice;

    public int WordsPerMinute => wordsPerMinute;

    public int Pitch => pitch;

    public bool Cancelled => cancellationToken.IsCancellationRequested;

    public void Begin(SpeechFormatChunk format) => chunks.TryWrite(format);

    public void Fail(Exception failure) => _failure ??= failure;

    public void Complete() => chunks.TryComplete(_failure);

    /// <summary>Takes what the callback brings: the sound, and the events of this sound.</summary>
    /// <returns>False: stop.</returns>
    public bool Take(ReadOnlySpan<short> samples, EspeakLibrary.Event* events)
    {
        if (Cancelled)
            return false;
        for (; events->Kind != EspeakLibrary.EventKind.None; events++)
        {
            var at = TimeSpan.FromMilliseconds(Math.Max(0, events->Milliseconds));
            if (events->Kind == EspeakLibrary.EventKind.Word)
                Word(at, events->TextPosition, events->Length);
            else if (events->Kind == EspeakLibrary.EventKind.Phoneme)
                Phoneme(at, new ReadOnlySpan<byte>(events->Value, 8));
        }

        if (_words.Count + _visemes.Count > 0)
        {
            Write(new SpeechMarksChunk([.. _words], [.. _visemes]));
            _words.Clear();
            _visemes.Clear();
        }

        if (samples.Length > 0)
            Write(new SpeechSoundChunk(MemoryMarshal.AsBytes(samples).ToArray()));
        return _failure is null;
    }

    /// <summary>For each code point its place in UTF-16, and the length at the end.</summary>
    private static int[] Places(string text)
    {
        var places = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
            places.Add(i);
        return [.. places, text.Length];
    }

    private void Write(SpeechChunk chunk)
    {
        if (!chunks.TryWrite(chunk))
            Fail(new EngineException("The clause is too long for espeak-ng: it would take minutes to say."));
    }

    /// <summary>Positions count code points from 1. At the end of a clause there is a word at 0 that is none.</summary>
    private void Word(TimeSpan at, int position, int length)
    {
        if (position < 1 || length < 1 || position >= _places.Length || position <= _said)
            return;
        _said = position;
        _lastWord = at > _lastWord ? at : _lastWord;
        var start = _places[position - 1];
        _words.Add(new WordMark(_lastWord, start, _places[Math.Min(position - 1 + length, _places.Length - 1)] - start));
    }

    private void Phoneme(TimeSpan at, ReadOnlySpan<byte> ipa)
    {
        var end = ipa.IndexOf((byte)0);
        var shape = EspeakVisemes.Of(Encoding.UTF8.GetString(end < 0 ? ipa : ipa[..end]));
        if (shape == _shape)
            return;
        _shape = shape;
        _lastViseme = at > _lastViseme ? at : _lastViseme;
        _visemes.Add(new VisemeMark(_lastViseme, shape));
    }
}

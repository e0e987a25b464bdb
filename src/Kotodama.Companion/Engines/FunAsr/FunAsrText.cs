using System.Text.Json;
using Kotodama.Companion.Hearing;
using Kotodama.Voice.Engines.Http;

namespace Kotodama.Companion.Engines.FunAsr;

/// <summary>
/// The text of one utterance as FunASR tells it: guesses come in increments, better texts replace the guesses since the one before. Servers
/// do not agree on <c>is_final</c>: one that says it while one still speaks means something else by it, and is not believed; one that does
/// not is waited for.
/// </summary>
internal sealed class FunAsrText(string mode)
{
    private const int Longest = 20_000;

    private readonly Lock _lock = new();
    private string _sure = "", _guess = "";
    private bool _soundHasEnded, _isFinalMeansNothing, _isFinalIsMeant;

    /// <summary>There was a last message.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>What came may be all.</summary>
    public bool MayBeWhole
    {
        get
        {
            lock (_lock)
                return mode == "online" ? _guess.Length > 0 : !_isFinalIsMeant && _guess.Length == 0 && _sure.Length > 0;
        }
    }

    /// <summary>The server knows that there is no more sound.</summary>
    public void SoundHasEnded()
    {
        lock (_lock)
            _soundHasEnded = true;
    }

    /// <summary>Takes a message. False: it says nothing about the text.</summary>
    public bool Take(string message)
    {
        lock (_lock)
        {
            if (Read(message) is not var (kind, text, isFinal))
                return false;
            var isSure = kind.EndsWith("offline", StringComparison.Ordinal);
            if (isSure)
                (_sure, _guess) = (Bounded(HeardText.Join(_sure, text)), "");
            else
                _guess = Bounded(HeardText.Join(_guess, text));
            if (!_soundHasEnded)
                (_isFinalMeansNothing, _isFinalIsMeant) = (_isFinalMeansNothing || isFinal, !_isFinalMeansNothing && !isFinal);
            else if (isSure || mode == "online")
                IsWhole = isFinal && !_isFinalMeansNothing;
            return true;
        }
    }

    /// <summary>The text as it is now.</summary>
    public RecognitionResult Result(bool isFinal)
    {
        lock (_lock)
            return new RecognitionResult(HeardText.Join(_sure, _guess), isFinal);
    }

    private static string Bounded(string text) => text.Length <= Longest ? text : text[..Longest];

    private static (string Kind, string Text, bool IsFinal)? Read(string message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            var root = document.RootElement;
            return JsonText.Of(root, "mode") is { } mode && JsonText.Of(root, "text") is { } text
                ? (mode, text, root.TryGetProperty("is_final", out var final) && final.ValueKind == JsonValueKind.True)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

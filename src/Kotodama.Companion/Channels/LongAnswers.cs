using System.Text.Encodings.Web;
using System.Text.Json;
using Kotodama.Protocol;

namespace Kotodama.Companion.Channels;

/// <summary>
/// Answers that one message cannot carry, given out piece by piece as pages ask for them: a page on a slow network is never sent more
/// than it takes. Safe for threads.
/// </summary>
internal sealed class LongAnswers
{
    /// <summary>Characters of a piece. A character is three bytes of a message at most, and one of JSON's own two.</summary>
    internal const int Piece = 16_384;

    /// <summary>Answers of which a page may still ask for more.</summary>
    private const int Most = 8;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly List<Kept> _kept = [];

    /// <summary>Puts a value, or the beginning of it, into an answer.</summary>
    /// <param name="answer">The answer without a value.</param>
    /// <param name="text">The value as JSON text; null when the question has none.</param>
    public AnswerMessage Begin(AnswerMessage answer, string? text)
    {
        if (text is null)
            return answer;
        if (text.Length <= Piece)
            return answer with { Value = JsonSerializer.Deserialize<JsonElement>(text) };
        var kept = new Kept(answer.Page, answer.Id, text);
        lock (_lock)
        {
            if (_kept.Count == Most)
                _kept.RemoveAt(0);
            _kept.Add(kept);
            return Next(answer, kept);
        }
    }

    /// <summary>The next piece.</summary>
    /// <param name="answer">The answer to the question for it.</param>
    /// <param name="of">The question that was asked first, by the same page.</param>
    /// <returns>Null: there is no more.</returns>
    public AnswerMessage? Next(AnswerMessage answer, string of)
    {
        lock (_lock)
            return _kept.Find(k => k.Page == answer.Page && k.Id == of) is { } kept ? Next(answer, kept) : null;
    }

    private AnswerMessage Next(AnswerMessage answer, Kept kept)
    {
        var end = Math.Min(kept.Text.Length, kept.At + Piece);

        // Half a character is none.
        if (end < kept.Text.Length && char.IsHighSurrogate(kept.Text[end - 1]))
            end--;
        var piece = kept.Text[kept.At..end];
        kept.At = end;
        if (end == kept.Text.Length)
            _kept.Remove(kept);
        return answer with { Value = JsonSerializer.SerializeToElement(piece, Json), Rest = end < kept.Text.Length };
    }

    private sealed class Kept(string page, string id, string text)
    {
        public string Page { get; } = page;

        public string Id { get; } = id;

        public string Text { get; } = text;

        public int At { get; set; }
    }
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Server.Http;

/// <summary>Writes JSON answers.</summary>
internal static class Answers
{
    private const int LongestWord = 32;

    /// <summary>Answers with the body of an error message, and when to try again if that is known.</summary>
    public static Task RefuseAsync(HttpContext context, int status, ErrorMessage error, TimeSpan? retryAfter = null)
    {
        if (retryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.Body.WriteAsync(MessageCodec.Write(error), context.RequestAborted).AsTask();
    }

    public static Task RefuseAsync(HttpContext context, int status, string code, string message, string hint) =>
        RefuseAsync(context, status, new ErrorMessage { Code = code, Message = message, Hint = hint });

    /// <summary>
    /// A word or a number of a query as it was written, for the end of an error message. What may be more than that is not repeated.
    /// </summary>
    public static string Got(string? written) =>
        written is { Length: > 0 and <= LongestWord } && written.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+' or '_')
            ? $", got {written}"
            : "";

    public static Task WriteAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(value, type, cancellationToken: context.RequestAborted);
    }
}

/// <summary>What became of a message that came over HTTP.</summary>
internal sealed record MessageAnswer
{
    public required string Id { get; init; }

    public required string Channel { get; init; }

    public required int Pages { get; init; }

    public required bool Durable { get; init; }

    public bool? Duplicate { get; init; }

    public string? Epoch { get; init; }

    public long? Seq { get; init; }

    public required bool Displayed { get; init; }

    /// <summary>Whether it was heard to its end; null for who did not wait for that.</summary>
    public bool? Spoken { get; init; }

    /// <summary>How much of it was heard, when a page has told.</summary>
    public ReceiptHeard? Heard { get; init; }

    public string? Hint { get; init; }
}

[JsonSerializable(typeof(MessageAnswer))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(MessageState))]
internal sealed partial class AnswersJson : JsonSerializerContext
{
    // Answers are JSON for programs and terminals, never part of a page.
    public static AnswersJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

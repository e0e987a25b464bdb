using System.Text.Json;
using Kotodama.Voice.Engines.Http;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>
/// What goes wrong within an answer, in the shapes that servers give it. No text of a server is repeated, see <see cref="ProblemCode"/>.
/// </summary>
internal static class AnswerProblem
{
    /// <summary>What came is no answer.</summary>
    public static LlmException Rubbish() =>
        new(LlmCode.Failed, $"What came is no answer of a language model. Check {LlmOptions.Section}:{nameof(LlmOptions.Server)}.");

    /// <summary>A page for people came.</summary>
    public static LlmException WebPage() => new(
        LlmCode.Failed,
        $"A web page came instead of an answer. Check {LlmOptions.Section}:{nameof(LlmOptions.Server)}: "
        + "the address of most servers ends with /v1.");

    /// <summary>Nothing came.</summary>
    public static LlmException Nothing() => new(LlmCode.Failed, "The language model ended without an answer.") { IsPassing = true };

    /// <summary>The server failed and said so.</summary>
    public static LlmException Failed(string code = "") =>
        new(LlmCode.Failed, $"The server of the language model failed{code}. Its own log says more.") { IsPassing = true };

    /// <inheritdoc cref="Failed(string)"/>
    public static LlmException Failed(JsonElement piece) => Failed(ProblemCode.Quote(piece));

    /// <summary>Whether a piece is an error.</summary>
    public static bool IsError(JsonElement piece)
    {
        if (piece.TryGetProperty("error", out var error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
            return true;
        if (JsonText.Of(piece, "object") == "error" || JsonText.Of(piece, "type") == "error" || JsonText.Of(piece, "status") == "error")
            return true;
        if (piece.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.False)
            return true;
        // Frameworks and gateways answer with a sentence, and some with a number beside it.
        if (Has(piece, "choices") || Has(piece, "delta") || Has(piece, "message", JsonValueKind.Object))
            return false;
        return Has(piece, "detail") || Has(piece, "error_msg") || Has(piece, "error_message") || Has(piece, "errors")
            || ((Has(piece, "message") || Has(piece, "msg")) && (Has(piece, "code") || Has(piece, "status") || Has(piece, "statusCode")));
    }

    private static bool Has(JsonElement piece, string name, JsonValueKind? kind = null) =>
        piece.TryGetProperty(name, out var value) && (kind is null ? value.ValueKind != JsonValueKind.Null : value.ValueKind == kind);
}

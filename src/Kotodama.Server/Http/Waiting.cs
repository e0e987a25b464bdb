using Kotodama.Protocol;
using Microsoft.AspNetCore.Http;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Http;

/// <summary>What a request waits for: the queries <c>wait</c> and <c>timeout</c>.</summary>
/// <param name="Until">How far the message has to come.</param>
/// <param name="Limit">How long to wait for that.</param>
internal sealed record Waiting(ReceiptLevel Until, TimeSpan Limit)
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestSpeech = TimeSpan.FromMinutes(10);

    /// <summary>Reads the queries.</summary>
    /// <param name="query">The queries of the request.</param>
    /// <param name="wait">What it waits for; null: for the first receipt only.</param>
    /// <returns>What is wrong with them; null when nothing is.</returns>
    public static ErrorMessage? Read(IQueryCollection query, out Waiting? wait)
    {
        wait = null;
        if (!query.TryGetValue("wait", out var what) || what == "none")
            return null;
        if (what != "displayed" && what != "spoken")
            return Error(ErrorCode.BadValue, $"wait must be displayed, spoken or none{Answers.Got(what)}", "Use ?wait=displayed.");
        wait = what == "spoken" ? new Waiting(ReceiptLevel.Spoken, LongestSpeech) : new Waiting(ReceiptLevel.Displayed, DefaultWait);
        if (!query.TryGetValue("timeout", out var text))
            return null;
        var most = (wait.Until == ReceiptLevel.Spoken ? LongestSpeech : LongestWait).TotalMilliseconds;
        if (!int.TryParse(text, out var milliseconds) || milliseconds < 100 || milliseconds > most)
        {
            var range = $"timeout must be 100 to {most} milliseconds{Answers.Got(text)}";
            return Error(ErrorCode.OutOfRange, range, $"Use ?wait={what}&timeout=5000.");
        }

        wait = wait with { Limit = TimeSpan.FromMilliseconds(milliseconds) };
        return null;
    }
}

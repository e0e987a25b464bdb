using System.Security.Cryptography;
using System.Text;

namespace Kotodama.Voice.Engines.Edge;

/// <summary>The token that changes every five minutes, and its parts that never do.</summary>
internal static class EdgeToken
{
    /// <summary>What every Edge sends.</summary>
    public const string Client = "6A5AA1D4EAFF4E9FB37E23D68491D6F4";

    /// <summary>The version of Edge that the token belongs to.</summary>
    public const string Version = "1-143.0.3650.75";

    private const long From1601To1970 = 11_644_473_600, Period = 300;

    /// <summary>The token of a moment.</summary>
    public static string Of(DateTimeOffset moment)
    {
        var seconds = moment.ToUnixTimeSeconds() + From1601To1970;
        return Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes($"{(seconds - (seconds % Period)) * 10_000_000}{Client}")));
    }
}

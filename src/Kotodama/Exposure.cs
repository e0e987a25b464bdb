using System.Net;
using Kotodama.Server;
using Kotodama.Server.Access;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Kotodama.Cli;

/// <summary>Whether a hub that other machines reach may start, and what it says of it.</summary>
internal static class Exposure
{
    /// <summary>Why the hub may not listen where the settings say; null: it may.</summary>
    public static string? Problem(IConfiguration configuration, ServeSettings settings)
    {
        var options = new KotodamaServerOptions();
        configuration.BindKotodama(KotodamaServerOptions.Section, options);
        return ExposureRule.Check(settings.Addresses, HasToken(settings), hasTls: options.TrustedProxies.Count > 0, settings.Insecure);
    }

    /// <summary>Whether other machines reach the hub, and there is a token that counts.</summary>
    public static bool HasToken(ServeSettings settings)
    {
        if (!settings.IsOpen)
            return false;
        using var tokens = new TokenStore(settings.Data, TimeProvider.System);
        return tokens.List().Any(token => token.Expires is null || token.Expires > TimeProvider.System.GetUtcNow());
    }

    /// <summary>Says what lets other machines in, for the banner of a hub that they reach.</summary>
    public static string Describe(ServeSettings settings, KotodamaServerOptions options)
    {
        var where = $"other machines, at {string.Join(", ", settings.Addresses.Where(a => !IPAddress.IsLoopback(a)))}";
        if (options.AllowRemoteClients)
        {
            return Terminal.Bad($"  Open to  {where}: EVERY CLIENT that reaches it hears and reads everything and may change everything. "
                + $"The reason given: {Terminal.Plain(settings.Insecure ?? "Kotodama:AllowRemoteClients")}");
        }

        return settings.Insecure is { } reason
            ? Terminal.Warn($"  Open to  {where}, with a token, but WITHOUT TLS: others on the way can read it, the token too. "
                + $"The reason given: {Terminal.Plain(reason)}")
            : $"  Open to  {where}, with a token";
    }
}

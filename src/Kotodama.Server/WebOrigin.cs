using System.Diagnostics.CodeAnalysis;

namespace Kotodama.Server;

/// <summary>
/// Reads the origin of web pages as a user writes it into a setting. What browsers send is compared with it letter by letter, so what
/// cannot be an origin would never match, and nothing would say so.
/// </summary>
internal static class WebOrigin
{
    /// <summary>What browsers send for pages without an origin: files, and frames that are kept apart.</summary>
    public const string None = "null";

    /// <summary>What some programs with a browser inside send for files instead.</summary>
    private const string File = "file://";

    private const string Example = "http://mysite.test";

    /// <summary>Reads one setting.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="origins">What browsers send for such pages.</param>
    /// <param name="problem">Why it can be no origin, and what to write, as the end of a sentence.</param>
    public static bool TryRead(string text, out IReadOnlyList<string> origins, [NotNullWhen(false)] out string? problem)
    {
        (origins, problem) = ([], null);
        text = text.Trim();
        if (text.Equals(None, StringComparison.OrdinalIgnoreCase))
            origins = [None];
        else if (text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            origins = [None, File];
        else if (TryParse(text, out var uri, out problem))
            origins = [Write(uri)];
        return problem is null;
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? problem)
    {
        (uri, problem) = (null, null);
        if (text.Length == 0)
            problem = $"write an origin such as {Example}";
        else if (text.Contains('*', StringComparison.Ordinal))
            problem = $"there are no wildcards, because they would let in pages of strangers; name each origin, for example {Example}";
        else if (text.Any(c => c is ',' or ';' or '"' or '\'' || char.IsWhiteSpace(c)))
            problem = $"it is one origin at a time, without quotes or commas, for example {Example}; give each its own";
        else if (!text.Contains("://", StringComparison.Ordinal))
            problem = $"an origin begins with a scheme; write {WithScheme(text)}";
        else if (!Uri.TryCreate(text, UriKind.Absolute, out uri) || uri.Host.Length == 0)
            problem = $"an origin is a scheme, a name and perhaps a port, for example {Example}:8000";
        else if (uri.Scheme is "ws" or "wss")
            problem = $"a page has another scheme than its WebSocket; write {Write(uri, uri.Scheme == "ws" ? "http" : "https")}";
        else if (uri.UserInfo.Length > 0)
            problem = $"an origin has no user; write {Write(uri)}";
        else if (uri.AbsolutePath is not ("" or "/") || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            problem = $"an origin has no path, and lets in all pages of its site; write {Write(uri)}";
        return problem is null;
    }

    /// <summary>As browsers write it: names in ASCII and without the port that the scheme has anyway.</summary>
    private static string Write(Uri uri, string? scheme = null)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return $"{scheme ?? uri.Scheme}://{host.ToLowerInvariant()}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
    }

    private static string WithScheme(string text)
    {
        // What was meant may have lost a slash: http:/mysite.test, //mysite.test.
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon > 0 ? text[..colon].ToLowerInvariant() : "";
        if (scheme is "http" or "https" && text[(colon + 1)..].Trim('/') is { Length: > 0 } rest)
            return $"{scheme}://{rest}";
        var name = text.Trim('/');
        return name.Length == 0 ? Example : $"http://{name} or https://{name}";
    }
}

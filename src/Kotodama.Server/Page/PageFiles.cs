using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Kotodama.Server.Page;

/// <summary>The built page, embedded in this assembly. Files are read and compressed once, when first asked for.</summary>
internal sealed class PageFiles
{
    public const string Index = "index.html";

    /// <summary>The script for pages of others.</summary>
    public const string Embed = "embed.js";

    /// <summary>The folder of what it brings.</summary>
    public const string EmbedParts = "embed/";

    private const string Prefix = "page/";

    private readonly Dictionary<string, Lazy<PageFile>> _files;

    public PageFiles()
    {
        var assembly = typeof(PageFiles).Assembly;
        var types = new FileExtensionContentTypeProvider();
        _files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(
                name => name[Prefix.Length..],
                name => new Lazy<PageFile>(() => PageFile.Load(assembly, name, LifeOf(name[Prefix.Length..]), types)),
                StringComparer.Ordinal);
    }

    /// <summary>The file at a path without leading slash, or null.</summary>
    public PageFile? Find(string path) => _files.TryGetValue(path, out var file) ? file.Value : null;

    /// <summary>How long a file may be used without asking again, as a value of Cache-Control.</summary>
    private static string LifeOf(string path)
    {
        // Files with a hash in their name never change; the others are asked for again each time and cost a 304.
        if (path.StartsWith("assets/", StringComparison.Ordinal) || path.StartsWith(EmbedParts, StringComparison.Ordinal))
            return "public, max-age=31536000, immutable";

        // Sites load it with each of their pages. It names files of this version, so it may not outlive it by much.
        return path == Embed ? "public, max-age=60" : "no-cache";
    }
}

/// <summary>One file of the page.</summary>
internal sealed record PageFile(byte[] Plain, byte[] Gzip, string ContentType, string ETag, string CacheControl)
{
    public static PageFile Load(Assembly assembly, string resource, string cacheControl, FileExtensionContentTypeProvider types)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var plain = new byte[stream.Length];
        stream.ReadExactly(plain);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(plain);
        var type = types.TryGetContentType(resource, out var known) ? known : "application/octet-stream";
        if (type.StartsWith("text/", StringComparison.Ordinal))
            type += "; charset=utf-8";
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 12))}\"";
        return new PageFile(plain, packed.ToArray(), type, tag, cacheControl);
    }

    public async Task WriteAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = ETag;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        response.Headers.CacheControl = CacheControl;
        if (request.Headers.IfNoneMatch.ToString().Contains(ETag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var zip = Gzip.Length < Plain.Length && request.Headers.AcceptEncoding.ToString().Contains(
            "gzip",
            StringComparison.OrdinalIgnoreCase);
        if (zip)
            response.Headers.ContentEncoding = "gzip";
        var body = zip ? Gzip : Plain;
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }
}

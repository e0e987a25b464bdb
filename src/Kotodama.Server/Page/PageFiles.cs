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
                name => new Lazy<PageFile>(() => PageFile.Load(assembly, name, types)),
                StringComparer.Ordinal);
    }

    /// <summary>The file at a path without leading slash, or null.</summary>
    public PageFile? Find(string path) => _files.TryGetValue(path, out var file) ? file.Value : null;
}

/// <summary>One file of the page.</summary>
internal sealed record PageFile(byte[] Plain, byte[] Gzip, string ContentType, string ETag, bool Hashed)
{
    public static PageFile Load(Assembly assembly, string resource, FileExtensionContentTypeProvider types)
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
        return new PageFile(plain, packed.ToArray(), type, tag, resource.Contains("/assets/", StringComparison.Ordinal));
    }

    public async Task WriteAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = ETag;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);

        // Files with a hash in their name never change; the others are asked for again each time and cost a 304.
        response.Headers.CacheControl = Hashed ? "public, max-age=31536000, immutable" : "no-cache";
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

using Kotodama.Protocol;
using Kotodama.Server.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Kotodama.Server.Http;

/// <summary>Reads what a request brings: a zip file, a script, or a form of files whose names are their paths.</summary>
internal static class ModelUpload
{
    private const int MostHeaders = 16, LongestHeaders = 8_192, LongestBoundary = 128;

    /// <summary>Takes everything that the body holds.</summary>
    /// <exception cref="ModelException">It is too large or cannot be taken.</exception>
    public static async Task TakeAsync(HttpContext context, ModelIntake intake, ModelLimits limits, TimeProvider time)
    {
        // The framework's own limit would answer without saying which setting it is.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = null;
        if (context.Request.ContentLength > limits.UploadBytes)
            throw TooLarge(limits);
        var token = context.RequestAborted;
        using var clock = new BodyClock(time, token);
        await using var body = new BoundedBody(context.Request.BodyReader, limits, clock);
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var sent) ? sent : null;
        switch (type?.MediaType.Value?.ToLowerInvariant())
        {
            case "multipart/form-data":
                await TakeFormAsync(HeaderUtilities.RemoveQuotes(type!.Boundary).ToString(), body, intake, token);
                break;
            case "application/zip" or "application/x-zip-compressed" or "application/x-zip":
                await intake.TakeAsync($"{Wish(context)}.zip", body, token);
                break;
            case "text/javascript" or "application/javascript" or "application/x-javascript":
                await intake.TakeAsync(ModelCores.Cubism, body, token);
                break;
            default:
                throw new ModelException(
                    ErrorCode.UnsupportedMediaType,
                    "the body is declared as neither a zip file, a form of files nor a script",
                    "Send Content-Type: application/zip, multipart/form-data or text/javascript.");
        }
    }

    /// <summary>The upload has more bytes than it may have.</summary>
    public static ModelException TooLarge(ModelLimits limits) => new(
        ErrorCode.TooBig,
        $"the upload is larger than {limits.UploadBytes} bytes",
        $"Leave out what is no part of the model, or raise the limit {ModelFolder.Setting(nameof(limits.UploadBytes))}.");

    private static async Task TakeFormAsync(string boundary, Stream body, ModelIntake intake, CancellationToken token)
    {
        if (boundary.Length is 0 or > LongestBoundary)
            throw Damaged(null);
        try
        {
            var reader = new MultipartReader(boundary, body) { HeadersCountLimit = MostHeaders, HeadersLengthLimit = LongestHeaders };
            while (await reader.ReadNextSectionAsync(token) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part))
                    continue;
                var path = HeaderUtilities.RemoveQuotes(part.FileNameStar.HasValue ? part.FileNameStar : part.FileName).ToString();
                if (path.Length > 0)
                    await intake.TakeAsync(path.Replace("%22", "\"", StringComparison.Ordinal), section.Body, token);
            }
        }
        catch (Exception e) when (e is InvalidDataException || e.GetType() == typeof(IOException))
        {
            throw Damaged(e);
        }
    }

    private static string Wish(HttpContext context) =>
        context.Request.Query["name"].ToString() is { Length: > 0 } name ? name : "model";

    private static ModelException Damaged(Exception? e) =>
        new(ErrorCode.BadModel, "the form of files cannot be read to its end", "Send it as multipart/form-data with a boundary.", e);
}

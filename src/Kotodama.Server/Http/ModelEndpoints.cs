using System.Text.Json;
using Kotodama.Protocol;
using Kotodama.Server.Gates;
using Kotodama.Server.Models;
using Kotodama.Server.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Http;

/// <summary>
/// <c>/api/models</c> and <c>/models</c>: lists, describes, checks, adds and removes models, and serves their files. What changes something
/// is gated as all requests are: browsers say the origin of a page with it, and that of a foreign page is refused.
/// </summary>
internal sealed partial class ModelEndpoints(
    ModelFolder folder,
    Bodies bodies,
    Refusals refusals,
    TimeProvider time,
    ILogger<ModelEndpoints> logger)
{
    private const string ApiPart = "api/models";

    /// <summary>Uploads at the same time, and of one address: each writes to the disk as fast as it can.</summary>
    private const int MostUploads = 2, MostUploadsOfOne = 1;

    private static readonly TimeSpan UploadPatience = TimeSpan.FromSeconds(30);

    private readonly Places _uploads = new(MostUploads, MostUploadsOfOne, time);

    /// <summary><c>/api/models</c>: the list, or something to add.</summary>
    public Task AllAsync(HttpContext context) => TryAsync(context, async () =>
    {
        if (HttpMethods.IsPost(context.Request.Method))
            await AddAsync(context);
        else
            await Answers.WriteAsync(context, StatusCodes.Status200OK, ModelsAnswer.Of(folder), ModelsJson.Plain.ModelsAnswer);
    });

    /// <summary><c>/api/models/NAME</c>: what there is of a model, or its end.</summary>
    public Task OneAsync(HttpContext context) => TryAsync(context, async () =>
    {
        var name = Name(context);
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            if (!folder.Remove(name))
                throw ModelFolder.NotFound();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var manifest = Find(name).Manifest ?? throw new ModelException(
            ErrorCode.BadModel,
            "there is nothing in this folder that could be shown",
            $"GET /{ApiPart}/NAME/check, or kotodama models check NAME, says why.");
        await Answers.WriteAsync(context, StatusCodes.Status200OK, manifest, ModelsJson.Plain.ModelManifest);
    });

    /// <summary><c>/api/models/NAME/check</c>: what is wrong with a model.</summary>
    public Task CheckAsync(HttpContext context) => TryAsync(context, () => Answers.WriteAsync(
        context, StatusCodes.Status200OK, new CheckAnswer(Find(Name(context)).Findings), ModelsJson.Plain.CheckAnswer));

    /// <summary><c>/api/models/NAME/avatar.json</c>: what the user decided about a model.</summary>
    public Task AvatarAsync(HttpContext context) => TryAsync(context, async () =>
    {
        var name = Name(context);
        if (!HttpMethods.IsPut(context.Request.Method))
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.Body.WriteAsync(folder.ReadAvatar(name), context.RequestAborted);
            return;
        }

        if (!IsOf(context.Request, "application/json"))
            throw WrongType("Send the header Content-Type: application/json.");
        if (await bodies.ReadAsync(context, AvatarFile.MostBytes) is not { } body)
        {
            throw new ModelException(
                ErrorCode.TooBig, $"{AvatarFile.Name} is larger than {AvatarFile.MostBytes} bytes", "Say only what cannot be guessed.");
        }

        folder.WriteAvatar(name, body);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    });

    /// <summary><c>POST /api/models/core/download</c>: fetches the Core for a user who accepted its licence.</summary>
    public Task FetchCoreAsync(HttpContext context) => TryAsync(context, async () =>
    {
        if (!IsOf(context.Request, "application/json"))
            throw WrongType("Send the header Content-Type: application/json.");
        if (!IsAccepted(await bodies.ReadAsync(context, 1024)))
        {
            throw new ModelException(
                ErrorCode.NotAllowed,
                "the Core belongs to Live2D and is fetched only for a user who has accepted its licence",
                $"Read {ModelCores.Licence} and send {{\"accepted\":true}}.");
        }

        var core = await folder.Cores.FetchAsync(context.RequestAborted);
        LogFetched(logger, core.Bytes);
        await Answers.WriteAsync(
            context, StatusCodes.Status200OK, new CoreFetched(new CoreAdded(core.File, core.Bytes)), ModelsJson.Plain.CoreFetched);
    });

    /// <summary><c>/models/NAME/FILE</c>: a file of a model or a Core.</summary>
    public Task FileAsync(HttpContext context) => TryAsync(context, async () =>
    {
        try
        {
            await SendAsync(context);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException && !context.Response.HasStarted)
        {
            // The model was removed meanwhile.
            context.Response.Clear();
            throw NoFile();
        }
    });

    private async Task SendAsync(HttpContext context)
    {
        var (name, path) = (Name(context), context.Request.RouteValues["file"] as string ?? "");
        var (file, type) = name == ModelCores.FolderName
            ? (folder.Cores.Locate(path), "text/javascript; charset=utf-8")
            : (folder.Locate(name, path) is { } found ? new FileInfo(found.FullPath) : null, ModelFileTypes.TypeOf(path));
        if (file is null || file.Length > folder.Limits.FileBytes)
            throw NoFile();

        // A file that came from elsewhere must not run or frame anything.
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        headers.CacheControl = "no-cache";
        var written = new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero);
        var tag = new EntityTagHeaderValue($"\"{written.Ticks:x}-{file.Length:x}\"");
        await TypedResults.PhysicalFile(file.FullName, type, lastModified: written, entityTag: tag, enableRangeProcessing: true)
            .ExecuteAsync(context);
    }

    private async Task AddAsync(HttpContext context)
    {
        var address = Gate.RemoteAddress(context);
        if (!await _uploads.TryEnterAsync(address, UploadPatience, context.RequestAborted))
        {
            throw new ModelException(
                ErrorCode.RateLimited,
                $"{MostUploadsOfOne} model of this address, or {MostUploads} of all, are being added already",
                "Send it again when they are done.");
        }

        try
        {
            using var intake = folder.OpenIntake(progress: null);
            await ModelUpload.TakeAsync(context, intake, folder.Limits, time);
            var added = intake.Commit(folder, context.Request.Query["name"]);
            foreach (var model in added.Models)
                LogAdded(logger, model.Files, model.Bytes, model.Problems);
            var core = added.Cores.Count > 0 ? new CoreAdded(added.Cores[0].File, added.Cores[0].Bytes) : null;
            var names = added.Models.Select(m => m.Name).ToArray();
            await Answers.WriteAsync(
                context, StatusCodes.Status201Created, new AddedAnswer(names.FirstOrDefault(), names, core), ModelsJson.Plain.AddedAnswer);
        }
        finally
        {
            _uploads.Leave(address);
        }
    }

    private async Task TryAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (ModelException e)
        {
            await RefuseAsync(context, e);
        }
    }

    private Task RefuseAsync(HttpContext context, ModelException e)
    {
        var error = Error(e.Code, e.Message, e.Hint);
        var (status, isNews) = e.Code switch
        {
            ErrorCode.NotFound => (StatusCodes.Status404NotFound, false),
            ErrorCode.BadValue => (StatusCodes.Status400BadRequest, true),
            ErrorCode.NotAllowed => (StatusCodes.Status403Forbidden, true),
            ErrorCode.TooBig => (StatusCodes.Status413PayloadTooLarge, true),
            ErrorCode.UnsupportedMediaType => (StatusCodes.Status415UnsupportedMediaType, true),
            ErrorCode.TooManyModels => (StatusCodes.Status409Conflict, true),
            ErrorCode.RateLimited => (StatusCodes.Status429TooManyRequests, true),
            ErrorCode.FetchFailed => (StatusCodes.Status502BadGateway, true),
            ErrorCode.StorageFull or ErrorCode.StorageFailed => (StatusCodes.Status503ServiceUnavailable, true),
            _ => (StatusCodes.Status422UnprocessableEntity, !HttpMethods.IsGet(context.Request.Method)),
        };
        if (isNews)
        {
            refusals.Add($"{context.Request.Method} {context.Request.Path}", error);
            LogRefused(logger, e.Code, e.Message);
        }

        return Answers.RefuseAsync(context, status, error, status == StatusCodes.Status429TooManyRequests ? UploadPatience : null);
    }

    private ModelReport Find(string name) => folder.Find(name) ?? throw ModelFolder.NotFound();

    private static string Name(HttpContext context) => context.Request.RouteValues["name"] as string ?? "";

    private static bool IsOf(HttpRequest request, string type) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var sent)
        && sent.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);

    private static bool IsAccepted(ReadOnlyMemory<byte>? body)
    {
        try
        {
            return body is { } json && JsonSerializer.Deserialize(json.Span, ModelsJson.Plain.Acceptance) is { Accepted: true };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ModelException NoFile() =>
        new(ErrorCode.NotFound, "there is no such file of a model", $"GET /{ApiPart}/NAME names the files of a model.");

    private static ModelException WrongType(string hint) =>
        new(ErrorCode.UnsupportedMediaType, "the body is not declared as JSON", hint);

    [LoggerMessage(60, LogLevel.Information, "A model was added: {Files} files, {Bytes} bytes, {Problems} problems.")]
    private static partial void LogAdded(ILogger logger, int files, long bytes, int problems);

    [LoggerMessage(61, LogLevel.Information, "The Core was fetched from Live2D, as a user asked: {Bytes} bytes.")]
    private static partial void LogFetched(ILogger logger, long bytes);

    [LoggerMessage(62, LogLevel.Warning, "A request about models was refused ({Code}): {Message}.")]
    private static partial void LogRefused(ILogger logger, PlainText code, PlainText message);
}

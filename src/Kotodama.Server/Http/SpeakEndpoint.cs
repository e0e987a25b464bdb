using System.Globalization;
using Kotodama.Protocol;
using Kotodama.Server.Gates;
using Kotodama.Server.Hubs;
using Kotodama.Server.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Http;

/// <summary><c>POST /api/speak</c>: a reply whose publisher brings the sound, as a file.</summary>
internal sealed class SpeakEndpoint(Hub hub, Callers callers, Bodies bodies, HttpPublisher publisher)
{
    private const string Setting = $"{KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.MaxSoundBytes)}";

    /// <summary>Publishes the reply of the query with the sound of the body, and answers the request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!IsSound(context.Request))
        {
            await publisher.RefuseAsync(
                context,
                StatusCodes.Status415UnsupportedMediaType,
                Error(
                    ErrorCode.UnsupportedMediaType,
                    "the body is not declared as sound",
                    "Send the file itself with the header Content-Type: audio/wav (or audio/mpeg, audio/ogg …)."));
            return;
        }

        if (Waiting.Read(query, out var wait) is { } badWait)
        {
            await publisher.RefuseAsync(context, StatusCodes.Status400BadRequest, badWait);
            return;
        }

        if (Reply(query, out var reply) is { } error || (error = reply!.Validate(hub.Options.Limits)) is not null)
        {
            await publisher.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        var limit = hub.Options.MaxSoundBytes;

        // Before anything of the body is read, and by its length: the sound costs more than the text.
        var address = Gate.RemoteAddress(context);
        var early = callers.TryTake(address, reply, Math.Min(context.Request.ContentLength ?? 0, limit), out var first);
        if (early > TimeSpan.Zero)
        {
            await publisher.RefuseEarlyAsync(context, early, first);
            return;
        }

        if (await bodies.ReadAsync(context, limit) is not { } sound)
        {
            await publisher.RefuseAsync(
                context,
                StatusCodes.Status413PayloadTooLarge,
                Error(
                    ErrorCode.TooBig,
                    $"the sound is larger than {limit} bytes",
                    $"Send a shorter or a compressed file, or raise {Setting}.",
                    reply!.Id));
            return;
        }

        if (context.Request.ContentLength is null)
            callers.Take(address, reply, sound.Length);
        if (sound.IsEmpty)
        {
            await publisher.RefuseAsync(
                context,
                StatusCodes.Status400BadRequest,
                Error(
                    ErrorCode.MissingField,
                    "the body is empty",
                    "Send a sound file as the body, for example curl --data-binary @hello.wav.",
                    reply!.Id));
            return;
        }

        if (SoundBody.Read(context.Request, sound, out var file) is { } refusal)
            await publisher.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, refusal with { Id = reply!.Id });
        else
            await publisher.PublishAsync(context, reply!, wait, file);
    }

    private static bool IsSound(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.Type.Equals("audio", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase));

    private static ErrorMessage? Reply(IQueryCollection query, out LlmResponseMessage? reply)
    {
        reply = null;
        if (Text("content") is not { } content)
            return Error(ErrorCode.MissingField, "content is missing", "Say what is spoken, for the bubble: /api/speak?content=Hello");
        var duration = LlmResponseMessage.DefaultDuration;
        if (Text("duration") is { } text && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out duration))
        {
            var wrong = $"duration must be a number{Answers.Got(text)}";
            return Error(ErrorCode.WrongType, wrong, "Send milliseconds, for example duration=8000.");
        }

        var mode = default(ReplyMode);
        var how = Text("mode");
        if (how is not null && !(Enum.TryParse(how, ignoreCase: true, out mode) && Enum.IsDefined(mode)))
            return Error(ErrorCode.BadValue, $"mode must be one of queue, interrupt{Answers.Got(how)}", "Leave it out for the default.");
        reply = new LlmResponseMessage
        {
            Id = Text("id"),
            Channel = Text("channel"),
            Content = content,
            Duration = duration,
            Emotion = Text("emotion"),
            Motion = Text("motion"),
            Lang = Text("lang"),
            StatedMode = how is null ? null : mode,
        };
        return null;

        string? Text(string name) => query.TryGetValue(name, out var value) && !string.IsNullOrEmpty(value) ? value.ToString() : null;
    }
}

using System.Globalization;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using static Kotodama.Server.Refused;

namespace Kotodama.Server.Http;

/// <content><c>POST /api/speak</c>: a reply whose sender brings the sound, as a file.</content>
internal sealed partial class MessagesEndpoint
{
    public async Task SpeakAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!IsSound(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, Error(ErrorCode.UnsupportedMediaType, "the body is not declared as sound", "Send the file itself with the header Content-Type: audio/wav (or audio/mpeg, audio/ogg …)."));
            return;
        }

        if (Wait(query, out var wait) is { } badWait)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, badWait);
            return;
        }

        if (Reply(query, out var reply) is { } error || (error = reply!.Validate(hub.Options.Limits)) is not null)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        var limit = hub.Options.MaxSoundBytes;
        if (await ReadBodyAsync(context, limit) is not { } sound)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, Error(ErrorCode.TooBig, $"the sound is larger than {limit} bytes", $"Send a shorter or a compressed file, or raise {KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.MaxSoundBytes)}.", reply!.Id));
            return;
        }

        if (sound.IsEmpty)
            await RefuseAsync(context, StatusCodes.Status400BadRequest, Error(ErrorCode.MissingField, "the body is empty", "Send a sound file as the body, for example curl --data-binary @hello.wav.", reply!.Id));
        else
            await PublishAsync(context, reply!, wait, sound);
    }

    private static bool IsSound(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.Type.Equals("audio", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase));

    private static ErrorMessage? Reply(IQueryCollection query, out LlmResponseMessage? reply)
    {
        reply = null;
        if (Text("content") is not { } content)
            return Error(ErrorCode.MissingField, "content is missing", "Say what is spoken, for the bubble: /api/speak?content=Hello");
        var duration = LlmResponseMessage.DefaultDuration;
        if (Text("duration") is { } text && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out duration))
            return Error(ErrorCode.WrongType, "duration must be a number", "Send milliseconds, for example duration=8000.");
        var mode = ReplyMode.Queue;
        if (Text("mode") is { } how && !(Enum.TryParse(how, ignoreCase: true, out mode) && Enum.IsDefined(mode)))
            return Error(ErrorCode.BadValue, "mode must be one of queue, interrupt", "Leave it out for the default.");
        reply = new LlmResponseMessage
        {
            Id = Text("id"),
            Channel = Text("channel"),
            Content = content,
            Duration = duration,
            Emotion = Text("emotion"),
            Motion = Text("motion"),
            Lang = Text("lang"),
            Mode = mode,
        };
        return null;

        string? Text(string name) => query.TryGetValue(name, out var value) && !string.IsNullOrEmpty(value) ? value.ToString() : null;
    }
}

namespace Kotodama.Server;

/// <summary>How much of models the hub takes, and where the Core comes from; configuration section <c>Kotodama:Models</c>.</summary>
public sealed class ModelLimits
{
    /// <summary>Models in the folder, at least 1. One more is not listed and not added.</summary>
    public int Models { get; set; } = 200;

    /// <summary>Bytes of one upload or one zip file, at least 1.</summary>
    public long UploadBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>Bytes of everything that one upload unpacks to, at least 1.</summary>
    public long ModelBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Bytes of one file of a model, at least 1.</summary>
    public long FileBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Bytes of one file of a model that is JSON, at least 1.</summary>
    public int JsonBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Files of one model, at least 1.</summary>
    public int Files { get; set; } = 4_096;

    /// <summary>Bytes of a Core, at least 1.</summary>
    public int CoreBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How long fetching the Core may take.</summary>
    public TimeSpan CoreTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Where Live2D hosts its Core. It is fetched only after a user accepted Live2D's licence. <c>https</c>; <c>http</c> on this machine
    /// only.
    /// </summary>
    public Uri CoreAddress { get; set; } = new("https://cubism.live2d.com/sdk-web/cubismcore/live2dcubismcore.min.js");

    /// <summary>Finds the first setting that makes no sense: its name and range, and what it is.</summary>
    internal (string Name, string Range, object Value)? Problem()
    {
        (string Name, long Value)[] counts =
        [
            (nameof(Models), Models), (nameof(UploadBytes), UploadBytes), (nameof(ModelBytes), ModelBytes), (nameof(FileBytes), FileBytes),
            (nameof(JsonBytes), JsonBytes), (nameof(Files), Files), (nameof(CoreBytes), CoreBytes),
        ];
        foreach (var (name, value) in counts)
            if (value < 1)
                return (name, "at least 1", value);
        if (CoreTimeout <= TimeSpan.Zero || CoreTimeout > TimeSpan.FromHours(1))
            return (nameof(CoreTimeout), "above zero and at most one hour", CoreTimeout);
        var isSafe = CoreAddress.IsAbsoluteUri
            && (CoreAddress.Scheme == Uri.UriSchemeHttps || (CoreAddress.Scheme == Uri.UriSchemeHttp && CoreAddress.IsLoopback));
        return isSafe ? null : (nameof(CoreAddress), "an https address", CoreAddress);
    }
}

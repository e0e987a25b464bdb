namespace Kotodama.Voice.Settings;

/// <summary>
/// What is known of an engine before it is made: its name, its settings, and whether it can be used here. It stands beside the engine.
/// Members may be called from any thread and answer at once.
/// </summary>
/// <typeparam name="TOptions">The settings that hold its own.</typeparam>
public abstract class EngineDefinition<TOptions>
    where TOptions : EngineOptions
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(10);

    private protected EngineDefinition(string root, string name, string? section)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            throw new ArgumentException($"An engine's name has lower-case letters, digits and - only, got {name}.", nameof(name));
        (Name, Section) = (name, $"{root}:{section ?? name}");
    }

    /// <summary>The name in settings, logs and <c>kotodama voices</c>: lower-case letters, digits and <c>-</c>.</summary>
    public string Name { get; }

    /// <summary>The configuration section of its settings, in full: <c>Kotodama:Voice:OpenAi</c>.</summary>
    public string Section { get; }

    /// <summary>
    /// The object that its <see cref="Section"/> is bound to, one of <see cref="EngineOptions.Of{T}"/>; null: it has no settings.
    /// </summary>
    /// <param name="options">The settings of all engines.</param>
    public virtual object? SettingsOf(TOptions options) => null;

    /// <summary>Whether it is asked where <see cref="EngineOptions.Engines"/> names no engine.</summary>
    /// <param name="options">The settings of all engines.</param>
    public virtual bool IsDefault(TOptions options) => true;

    /// <summary>One sentence about its first setting that makes no sense, with the setting's name and range; null when all do.</summary>
    /// <param name="options">The settings of all engines.</param>
    /// <param name="isAsked">Whether it is among the engines that are asked, so that it needs an address or a program.</param>
    public virtual string? Validate(TOptions options, bool isAsked) => null;

    /// <summary>
    /// Why it cannot be used on this machine and what to do, as a sentence; null when it can, as far as that is known without asking it.
    /// </summary>
    /// <param name="options">Settings that make sense.</param>
    public virtual string? Missing(TOptions options) => null;

    /// <summary>The sentence about a setting that is out of its range.</summary>
    /// <param name="setting">The setting, below <see cref="Section"/>.</param>
    /// <param name="range">What it must be.</param>
    /// <param name="value">What it is. Never a key.</param>
    protected string Bad(string setting, string range, object? value) =>
        $"The setting {Section}:{setting} must be {range}, got {value ?? "nothing"}.";

    /// <summary>The sentence about an address that cannot be used; null when it can.</summary>
    /// <param name="setting">The setting, below <see cref="Section"/>.</param>
    /// <param name="address">The address; null when it is not set.</param>
    /// <param name="schemes">The schemes that the engine speaks, such as <c>https</c>.</param>
    protected string? BadAddress(string setting, Uri? address, params string[] schemes)
    {
        ArgumentNullException.ThrowIfNull(schemes);
        if (EngineAddress.IsUsable(address, schemes))
            return null;
        var beginnings = string.Join(" or ", schemes.Select(s => s + "://"));
        var must = address is null ? "is not set: it must be" : "must be";
        return $"The setting {Section}:{setting} {must} an address that begins with {beginnings}, without user, password or question mark.";
    }

    /// <summary>The sentence about a time to wait that is out of range; null when it makes sense, or is not set.</summary>
    /// <param name="setting">The setting, below <see cref="Section"/>.</param>
    /// <param name="time">The time.</param>
    protected string? BadTime(string setting, TimeSpan? time) =>
        IsTime(time) ? null : Bad(setting, "above zero and at most ten minutes", time);

    /// <summary>Whether an engine may be waited for that long.</summary>
    internal static bool IsTime(TimeSpan? time) => time is null || (time > TimeSpan.Zero && time <= LongestTime);
}

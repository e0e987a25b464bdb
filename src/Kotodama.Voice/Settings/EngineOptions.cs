using System.Collections.Concurrent;

namespace Kotodama.Voice.Settings;

/// <summary>
/// Settings of all engines of a kind, and of each of them. The settings of one engine are a class of its own folder, so that nothing here
/// knows which engines there are.
/// </summary>
public abstract class EngineOptions
{
    private readonly ConcurrentDictionary<Type, object> _settings = new();

    private protected EngineOptions()
    {
    }

    /// <summary>Whether the engines are used at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The engines in the order in which they are asked, by name, in any case. Empty: those that are set up.</summary>
    public IList<string> Engines { get; } = [];

    /// <summary>
    /// The settings of one engine: its defaults, until they are changed. Safe for threads; the settings themselves are not.
    /// </summary>
    /// <typeparam name="T">The class of its settings.</typeparam>
    public T Of<T>()
        where T : class, new() => (T)_settings.GetOrAdd(typeof(T), static _ => new T());

    /// <summary>Replaces the settings of one engine.</summary>
    /// <param name="settings">The settings from now on.</param>
    /// <typeparam name="T">The class of its settings.</typeparam>
    public void Set<T>(T settings)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings[typeof(T)] = settings;
    }
}

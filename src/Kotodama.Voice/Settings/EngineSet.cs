namespace Kotodama.Voice.Settings;

/// <summary>
/// The engines of a kind that a program has, in the order in which they are asked by default. Does not change; safe for threads.
/// </summary>
/// <typeparam name="TKind">What is known of each.</typeparam>
/// <typeparam name="TOptions">Their settings.</typeparam>
public abstract class EngineSet<TKind, TOptions>
    where TKind : EngineDefinition<TOptions>
    where TOptions : EngineOptions
{
    private readonly string _section;

    private protected EngineSet(string section, IEnumerable<TKind> kinds)
    {
        (_section, Kinds) = (section, [.. kinds]);
        var counts = Kinds.CountBy(kind => kind.Name, StringComparer.Ordinal);
        if (counts.Where(count => count.Value > 1).Select(count => count.Key).FirstOrDefault() is { } twice)
            throw new ArgumentException($"There are two engines with the name {twice}.", nameof(kinds));
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<TKind> Kinds { get; }

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => Kinds.Select(kind => kind.Name);

    /// <summary>The engines that these settings choose, in the order in which they are asked.</summary>
    /// <param name="options">The settings.</param>
    public virtual IReadOnlyList<string> Order(TOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Engines.Count > 0
            ? [.. options.Engines.Select(engine => engine.ToLowerInvariant())]
            : [.. Kinds.Where(kind => kind.IsDefault(options)).Select(kind => kind.Name)];
    }

    /// <summary>Those of <see cref="Order"/> that can be asked, as far as this machine knows.</summary>
    /// <param name="options">Settings that make sense.</param>
    public IEnumerable<string> Ready(TOptions options) => Order(options).Where(engine => Missing(options, engine) is null);

    /// <summary>
    /// Why an engine cannot be asked and what to do, as a sentence; null when it can, as far as this machine knows, or is none of these.
    /// </summary>
    /// <param name="options">Settings that make sense.</param>
    /// <param name="engine">Its name, in any case.</param>
    public string? Missing(TOptions options, string engine) => Find(engine)?.Missing(options);

    /// <summary>One sentence about the first setting that makes no sense; null when all do.</summary>
    /// <param name="options">The settings.</param>
    public string? Validate(TOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Engines.FirstOrDefault(engine => Find(engine) is null) is { } unknown)
            return Bad(nameof(options.Engines), "some of " + string.Join(", ", Names), unknown);
        if (options.Engines.Distinct(StringComparer.OrdinalIgnoreCase).Count() != options.Engines.Count)
            return Bad(nameof(options.Engines), "without repetitions", string.Join(", ", options.Engines));
        var asked = Order(options);
        return ValidateCommon(options)
            ?? Kinds.Select(kind => kind.Validate(options, asked.Contains(kind.Name, StringComparer.Ordinal)))
                .FirstOrDefault(problem => problem is not null);
    }

    /// <summary>What is known of an engine; null when there is none of that name.</summary>
    internal TKind? Find(string engine) => Kinds.FirstOrDefault(kind => kind.Name.Equals(engine, StringComparison.OrdinalIgnoreCase));

    private protected abstract string? ValidateCommon(TOptions options);

    private protected string Bad(string setting, string range, object? value) =>
        $"The setting {_section}:{setting} must be {range}, got {value ?? "nothing"}.";

    private protected string? BadTime(string setting, TimeSpan time) =>
        EngineDefinition<TOptions>.IsTime(time) ? null : Bad(setting, "above zero and at most ten minutes", time);
}

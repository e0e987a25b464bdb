using System.Collections;
using Kotodama.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Kotodama.Cli.Configuration;

/// <summary>
/// Writes what another formatter of the console writes, of messages, scopes and exceptions that were cleaned first. So nothing that comes
/// from elsewhere reaches the log as it is, be it logged by the hub, the framework or an engine.
/// </summary>
/// <param name="inner">The formatter, which adds times, colours and breaks of lines of its own.</param>
internal sealed class CleanFormatter(ConsoleFormatter inner) : ConsoleFormatter(inner.Name), IDisposable
{
    /// <summary>Gives every formatter that was added so far such a one around it.</summary>
    public static void Wrap(IServiceCollection services)
    {
        foreach (var known in services.Where(service => service.ServiceType == typeof(ConsoleFormatter)).ToArray())
        {
            var at = services.IndexOf(known);
            services[at] = ServiceDescriptor.Singleton<ConsoleFormatter>(provider => new CleanFormatter(Make(known, provider)));
        }
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var said = logEntry;
        var exception = said.Exception is { } thrown ? new CleanException(thrown) : null;
        var clean = new LogEntry<CleanState>(
            said.LogLevel,
            said.Category,
            said.EventId,
            new CleanState(said.State),
            exception,
            (_, _) => PlainText.OneLine(said.Formatter?.Invoke(said.State, said.Exception) ?? said.State?.ToString()));
        inner.Write(clean, scopeProvider is null ? null : new CleanScopes(scopeProvider), textWriter);
    }

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private static ConsoleFormatter Make(ServiceDescriptor known, IServiceProvider services) =>
        (ConsoleFormatter)(known.ImplementationInstance
            ?? known.ImplementationFactory?.Invoke(services)
            ?? ActivatorUtilities.CreateInstance(services, known.ImplementationType!));

    private static object? Clean(object? value) => value switch
    {
        string text => PlainText.OneLine(text),
        null or IFormattable => value,
        _ => PlainText.OneLine(value.ToString()),
    };

    /// <summary>The parts of a message, for formatters that write each.</summary>
    private sealed class CleanState(object? state) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        private readonly KeyValuePair<string, object?>[] _parts = state is IEnumerable<KeyValuePair<string, object?>> parts
            ? [.. parts.Select(part => KeyValuePair.Create(PlainText.OneLine(part.Key), Clean(part.Value)))]
            : [];

        public int Count => _parts.Length;

        public KeyValuePair<string, object?> this[int index] => _parts[index];

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _parts.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => PlainText.OneLine(state?.ToString());
    }

    private sealed class CleanScopes(IExternalScopeProvider inner) : IExternalScopeProvider
    {
        public void ForEachScope<TState>(Action<object?, TState> callback, TState state) =>
            inner.ForEachScope((scope, told) => callback(scope is null ? null : new CleanState(scope), told), state);

        public IDisposable Push(object? state) => inner.Push(state);
    }

    /// <summary>An exception for the log, with its stack, without what its messages hide.</summary>
    private sealed class CleanException(Exception thrown) : Exception(PlainText.OneLine(thrown.Message))
    {
        public override string ToString()
        {
            var text = thrown.ToString();
            for (var one = thrown; one is not null; one = one.InnerException)
                if (one.Message.Length > 0)
                    text = text.Replace(one.Message, PlainText.OneLine(one.Message), StringComparison.Ordinal);
            return PlainText.Lines(text);
        }
    }
}

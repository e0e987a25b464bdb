using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Support;

/// <summary>Keeps every line of a log, and shows it to the watch for secrets.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IEnumerable<(LogLevel Level, string Text)> Lines => _lines;

    public IEnumerable<string> Errors => _lines.Where(l => l.Level >= LogLevel.Error).Select(l => l.Text);

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception) + (exception is null ? "" : " " + exception);
        SecretWatch.OfThisRun.See("a log", text, mayHaveWords: logLevel == LogLevel.Trace);
        _lines.Enqueue((logLevel, text));
    }
}

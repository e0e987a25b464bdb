using System.Globalization;
using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.CommandLine;

/// <summary>Speaks with any program that turns text into sound on its standard output.</summary>
/// <param name="options">The program.</param>
/// <param name="time">The clock.</param>
internal sealed class CommandLineSynthesizer(CommandLineOptions options, TimeProvider time) : ISpeechSynthesizer
{
    // Each clause is a process; more at a time only slow each other down.
    private readonly SemaphoreSlim _places = new(2);
    private readonly CancellationTokenSource _end = new();

    /// <inheritdoc/>
    public string Name => CommandLineKind.CommandName;

    /// <inheritdoc/>
    public bool CanSpeak(SpeechRequest request) => !request.Unplayable.Contains(SpeechFormat.Pcm) && (options.Languages.Count == 0
        || options.Languages.Any(l => request.Language.StartsWith(l, StringComparison.OrdinalIgnoreCase) && (request.Language.Length == l.Length || request.Language[l.Length] == '-')));

    /// <inheritdoc/>
    public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(
        SpeechRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        await _places.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            await foreach (var chunk in SpeakingProcess.RunAsync(options, [.. options.Arguments.Select(a => Fill(a, request))], Input(request), time, either.Token).ConfigureAwait(false))
                yield return chunk;
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>None: there is no common way to ask a program.</summary>
    public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SpeechVoice>>([]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _end.CancelAsync().ConfigureAwait(false);

    private string? Input(SpeechRequest request) =>
        options.Arguments.Any(a => a.Contains("{text}", StringComparison.Ordinal)) ? null : request.Text;

    private string Fill(string argument, SpeechRequest request) => argument
        .Replace("{language}", request.Language, StringComparison.Ordinal)
        .Replace("{voice}", request.Voice ?? options.Voice ?? request.Language, StringComparison.Ordinal)
        .Replace("{speed}", request.Speed.ToString("0.###", CultureInfo.InvariantCulture), StringComparison.Ordinal)
        // Last, because the text may contain the others.
        .Replace("{text}", request.Text.Replace("\0", "", StringComparison.Ordinal), StringComparison.Ordinal);
}

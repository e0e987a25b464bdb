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
    public bool CanSpeak(SpeechRequest request) =>
        !request.Unplayable.Contains(SpeechFormat.Pcm)
        && (options.Languages.Count == 0 || options.Languages.Any(language => IsKindOf(language, request.Language)));

    /// <inheritdoc/>
    public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(
        SpeechRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        await _places.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            string[] arguments = [.. options.Arguments.Select(a => Fill(a, request))];
            var speech = SpeakingProcess.RunAsync(options, arguments, Input(request), time, either.Token);
            await foreach (var chunk in speech.ConfigureAwait(false))
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

    /// <summary>Whether a tag is this language or a kind of it, as <c>en-GB</c> is a kind of <c>en</c>.</summary>
    private static bool IsKindOf(string language, string tag) =>
        tag.StartsWith(language, StringComparison.OrdinalIgnoreCase)
        && (tag.Length == language.Length || tag[language.Length] == '-');

    private string? Input(SpeechRequest request) =>
        options.Arguments.Any(a => a.Contains("{text}", StringComparison.Ordinal)) ? null : request.Text;

    private string Fill(string argument, SpeechRequest request) => argument
        .Replace("{language}", request.Language, StringComparison.Ordinal)
        .Replace("{voice}", request.Voice ?? options.Voice ?? request.Language, StringComparison.Ordinal)
        .Replace("{speed}", request.Speed.ToString("0.###", CultureInfo.InvariantCulture), StringComparison.Ordinal)
        // Last, because the text may contain the others.
        .Replace("{text}", request.Text.Replace("\0", "", StringComparison.Ordinal), StringComparison.Ordinal);
}

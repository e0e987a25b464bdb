using System.Text;
using System.Text.Json;
using Kotodama.Companion.Hearing;
using Kotodama.Voice.Audio;
using Kotodama.Voice.Engines.Processes;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Text;

namespace Kotodama.Companion.Engines.CommandLine;

/// <summary>Hears with any program that reads a WAV file and writes what was said on its standard output.</summary>
/// <param name="options">The program.</param>
/// <param name="limit">How long it may be silent.</param>
/// <param name="time">The clock.</param>
internal sealed class CommandLineRecognizer(CommandLineHearingOptions options, TimeSpan limit, TimeProvider time) : ISpeechRecognizer
{
    private const string Input = "{input}", Settings = HearingOptions.Section + ":Command";
    private const int MostBytes = 256 * 1024, Piece = 4_096;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Each utterance is a process with a model; more at a time only slow each other down.
    private readonly SemaphoreSlim _places = new(1);
    private readonly CancellationTokenSource _ended = new();

    public string Id => CommandLineRecognizerKind.CommandName;

    public ValueTask<IRecognition> StartAsync(RecognitionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(RunningRecognition.Start((sound, tell, token) => HearAsync(request, sound, tell, token), _ended.Token));
    }

    /// <summary>What is started. There is no common way to ask a program.</summary>
    public Task<string> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(options.Program);

    public async ValueTask DisposeAsync() => await _ended.CancelAsync().ConfigureAwait(false);

    private async Task HearAsync(
        RecognitionRequest request,
        RecordedSound sound,
        Action<RecognitionResult> tell,
        CancellationToken cancellationToken)
    {
        var whole = await sound.WholeAsync(cancellationToken).ConfigureAwait(false);
        if (whole.IsEmpty)
        {
            tell(new RecognitionResult("", IsFinal: true));
            return;
        }

        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var wav = WavWriter.Write(whole.Span, RecordedSound.Rate);
            if (!options.Arguments.Any(a => a.Contains(Input, StringComparison.Ordinal)))
            {
                tell(Understood(await RunAsync(request, "", wav, cancellationToken).ConfigureAwait(false)));
                return;
            }

            using var file = await SoundFile.WriteAsync(wav, cancellationToken).ConfigureAwait(false);
            tell(Understood(await RunAsync(request, file.Path, default, cancellationToken).ConfigureAwait(false)));
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<string> RunAsync(
        RecognitionRequest request,
        string file,
        ReadOnlyMemory<byte> input,
        CancellationToken cancellationToken)
    {
        var language = string.IsNullOrEmpty(request.Language) ? options.Language : VoiceLanguage.Primary(request.Language);
        string[] arguments = [.. options.Arguments.Select(a => Filled(a, language, file))];
        var process = EngineProcess.Start(options.Program, arguments, input, Settings, time);
        await using var end = process.ConfigureAwait(false);
        using var text = new MemoryStream();
        var buffer = new byte[Piece];
        while (await process.ReadAsync(buffer, limit, "wrote no text", cancellationToken).ConfigureAwait(false) is > 0 and var length)
        {
            text.Write(buffer, 0, length);
            if (text.Length > MostBytes)
                throw new EngineException($"'{options.Program}' does not stop: more than {MostBytes} bytes came for one utterance.");
        }

        var (code, complaint) = await process.ExitAsync(limit, cancellationToken).ConfigureAwait(false);
        if (code != 0)
            throw Failed(code, complaint);
        try
        {
            return Strict.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
        catch (DecoderFallbackException)
        {
            // Not as inner exception: it may hold what was said.
            throw new EngineException($"'{options.Program}' wrote no text in UTF-8.");
        }
    }

    /// <summary>Programs write the text, or the JSON that their servers answer with.</summary>
    private static RecognitionResult Understood(string written)
    {
        try
        {
            using var document = written.TrimStart().StartsWith('{') ? JsonDocument.Parse(written) : null;
            if (document is not null && WhisperAnswer.Read(document.RootElement) is var (text, language))
                return new RecognitionResult(text, IsFinal: true, language);
        }
        catch (JsonException)
        {
            // It is a text that begins with a brace.
        }

        return new RecognitionResult(written, IsFinal: true);
    }

    private static string Filled(string argument, string language, string file) =>
        argument.Replace("{language}", language, StringComparison.Ordinal).Replace(Input, file, StringComparison.Ordinal);

    private RecognitionException Failed(int code, string complaint)
    {
        var problem = $"'{options.Program}' failed with code {code}. `kotodama listen FILE.wav --asr {Id}` shows what it says.";
        return new RecognitionException(RecognitionException.Failed, problem) { Detail = complaint.TrimStart(':', ' ') };
    }

    /// <summary>A file that only this user can read, in memory where the system has such a place, and gone when it is disposed.</summary>
    private sealed class SoundFile : IDisposable
    {
        private const string InMemory = "/dev/shm";

        private const UnixFileMode OnlyThisUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

        private readonly DirectoryInfo _folder;

        private SoundFile(DirectoryInfo folder) => _folder = folder;

        public string Path => System.IO.Path.Combine(_folder.FullName, "speech.wav");

        public static async Task<SoundFile> WriteAsync(byte[] wav, CancellationToken cancellationToken)
        {
            try
            {
                var file = new SoundFile(Folder());
                try
                {
                    await File.WriteAllBytesAsync(file.Path, wav, cancellationToken).ConfigureAwait(false);
                    return file;
                }
                catch
                {
                    file.Dispose();
                    throw;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                var problem = $"The sound could not be written for the program: {e.Message} "
                    + $"Leave {Input} out of {Settings}:{nameof(CommandLineHearingOptions.Arguments)} and it comes on standard input.";
                throw new EngineException(problem, innerException: e);
            }
        }

        public void Dispose()
        {
            try
            {
                _folder.Delete(recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Windows: something still looks at it. The system tidies its folder up.
            }
        }

        private static DirectoryInfo Folder()
        {
            if (!OperatingSystem.IsLinux() || !Directory.Exists(InMemory))
                return Directory.CreateTempSubdirectory("kotodama-");
            try
            {
                return Directory.CreateDirectory(System.IO.Path.Combine(InMemory, $"kotodama-{Guid.NewGuid():N}"), OnlyThisUser);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Directory.CreateTempSubdirectory("kotodama-");
            }
        }
    }
}

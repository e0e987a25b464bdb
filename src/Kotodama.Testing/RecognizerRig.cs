using Kotodama.Companion.Hearing;
using Xunit;

namespace Kotodama.Testing;

/// <summary>A recognizer that is tested, with all that it needs.</summary>
/// <param name="Recognizer">The recognizer; belongs to this.</param>
/// <param name="Sound">
/// An utterance that it understands: mono samples of 16 bits, little-endian, 16000 a second, at least half a second.
/// </param>
/// <param name="Text">What it understands of it.</param>
public record RecognizerRig(ISpeechRecognizer Recognizer, byte[] Sound, string Text) : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Reads all results of an utterance.</summary>
    /// <param name="recognition">The utterance.</param>
    public static async Task<IReadOnlyList<RecognitionResult>> ReadAsync(IRecognition recognition)
    {
        ArgumentNullException.ThrowIfNull(recognition);
        var results = new List<RecognitionResult>();
        await foreach (var result in recognition.ReadAsync(TestContext.Current.CancellationToken))
            results.Add(result);
        return results;
    }

    /// <summary>Lets it recognize an utterance of its own.</summary>
    /// <param name="sound">The whole sound.</param>
    /// <param name="request">What is known of it. Null: that it is English.</param>
    public async Task<IReadOnlyList<RecognitionResult>> HearAsync(byte[] sound, RecognitionRequest? request = null)
    {
        var token = TestContext.Current.CancellationToken;
        await using var recognition = await Recognizer.StartAsync(request ?? RecognizerSuite.Request, token);
        await recognition.WriteAsync(sound, token);
        await recognition.EndAsync(token);
        return await ReadAsync(recognition).WaitAsync(Longest, TimeProvider.System, token);
    }

    /// <summary>Lets it recognize <see cref="Sound"/>, which must fail.</summary>
    public Task<RecognitionException> FailAsync() => Assert.ThrowsAsync<RecognitionException>(() => HearAsync(Sound));

    /// <summary>Ends the recognizer. A rig that starts a server for it ends that too.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Recognizer.DisposeAsync();
    }
}

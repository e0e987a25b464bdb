using System.Text;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Faults;

namespace Kotodama.Companion.Engines.OpenAi;

/// <summary>The text that a server answers: not without end, and with failures that say which server it is.</summary>
internal sealed class TranscriptStream(EngineServer server, Stream body) : Stream
{
    // A minute of speech is some kilobytes; with times of words a hundred.
    private const int MostBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <summary>All of it.</summary>
    /// <exception cref="EngineException">It broke off, does not end, or is no text.</exception>
    public async Task<string> ReadAllAsync(CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        await CopyToAsync(whole, cancellationToken).ConfigureAwait(false);
        try
        {
            return Strict.GetString(whole.GetBuffer(), 0, (int)whole.Length);
        }
        catch (DecoderFallbackException)
        {
            // Not as inner exception: it may hold what was said.
            throw new EngineException("The transcription server answered no text in UTF-8.");
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await server.ReadAsync(body, buffer, cancellationToken).ConfigureAwait(false);
        _read += read;
        if (_read > MostBytes)
            throw new EngineException(
                $"The transcription server does not stop sending: more than {MostBytes} bytes came for one utterance.");
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        body.Dispose();
        base.Dispose(disposing);
    }
}

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>
/// The bytes of an answer, with bounds: on one line, which the reader of events holds whole, and on all. At the end it adds the blank line
/// that servers forget, so that their last event counts.
/// </summary>
internal sealed class AnswerStream(Stream inner) : Stream
{
    /// <summary>More than any answer has, reasoning and pictures of tools included.</summary>
    internal const int MostBytes = 16 * 1024 * 1024;

    /// <summary>More than any event has.</summary>
    internal const int LongestLine = 1024 * 1024;

    private int _line;
    private long _all;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || _ended)
            return 0;
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (read > 0)
        {
            Count(buffer.Span[..read]);
            return read;
        }

        _ended = true;
        "\n\n"u8[..Math.Min(2, buffer.Length)].CopyTo(buffer.Span);
        return Math.Min(2, buffer.Length);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Count(ReadOnlySpan<byte> bytes)
    {
        _all += bytes.Length;
        var end = bytes.LastIndexOfAny((byte)'\r', (byte)'\n');
        var first = end < 0 ? bytes.Length : bytes.IndexOfAny((byte)'\r', (byte)'\n');
        if (_line + first > LongestLine || _all > MostBytes)
            throw new LlmException(
                LlmCode.Failed,
                $"The server of the language model does not stop sending: a line had more than {LongestLine} bytes, "
                + $"or the answer more than {MostBytes}.");
        _line = end < 0 ? _line + bytes.Length : bytes.Length - end - 1;
    }
}

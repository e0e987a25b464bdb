using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Kotodama.Voice.Engines.Http;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>What one event says.</summary>
/// <param name="Pieces">Its JSON values. One, except from servers that put no blank line between events.</param>
/// <param name="IsEnd">Whether the server says that this is all.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChatEvent(IReadOnlyList<JsonElement> Pieces, bool IsEnd);

/// <summary>
/// Reads the answer of a chat server: events as they come, or JSON from servers that do not stream. Between events servers also write what
/// is none, above all errors: JSON alone, a line that begins with <c>error:</c>, a sentence or a web page.
/// </summary>
internal sealed class ChatEvents
{
    private readonly ArrayBufferWriter<byte> _data = new(), _bare = new();
    private readonly Queue<ChatEvent> _events = [];
    private bool _isError;

    private ChatEvents()
    {
    }

    /// <summary>Reads to the end.</summary>
    /// <exception cref="LlmException">This is no answer, or an error.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async IAsyncEnumerable<ChatEvent> ReadAsync(
        AnswerStream answer,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = new ChatEvents();
        var (buffer, line) = (new byte[16_384], new ArrayBufferWriter<byte>());
        var isAfterReturn = false;
        while (true)
        {
            var read = await answer.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                yield break;
            for (var at = 0; at < read; at++)
            {
                var c = buffer[at];
                var isSecond = c == '\n' && isAfterReturn;
                isAfterReturn = c == '\r';
                if (c is not ((byte)'\r' or (byte)'\n'))
                {
                    line.Write([c]);
                    continue;
                }

                if (isSecond)
                    continue;
                events.Line(line.WrittenSpan);
                line.ResetWrittenCount();
                while (events._events.TryDequeue(out var found))
                    yield return found;
            }
        }
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n\uFEFF"u8);

    private static bool Starts(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.StartsWith(name) && (line.Length == name.Length || line[name.Length] == ':');

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, int name) => Trim(line[Math.Min(line.Length, name + 1)..]);

    private void Line(ReadOnlySpan<byte> line)
    {
        line = Trim(line);
        if (line.Length == 0)
            Blank();
        else if (Starts(line, "data"u8))
            Data(Value(line, 4));
        else if (_bare.WrittenCount > 0)
            AddTo(_bare, line);
        else if (Starts(line, "event"u8))
            Event(Value(line, 5));
        else if (line[0] is (byte)'{' or (byte)'[')
            Bare(line);
        else if (line[0] == '<')
            throw AnswerProblem.WebPage();
        else if (line[0] != ':' && !Starts(line, "id"u8) && !Starts(line, "retry"u8))
            Foreign(line);
    }

    private void Blank()
    {
        Flush(_bare);
        Flush(_data);
        if (_isError)
            throw AnswerProblem.Failed();
    }

    private void Event(ReadOnlySpan<byte> name)
    {
        Flush(_data);
        _isError = name.SequenceEqual("error"u8);
    }

    // An event counts when its JSON is whole: not every server writes the blank line, and none of them writes two events into one line.
    private void Data(ReadOnlySpan<byte> data)
    {
        Flush(_bare);
        if (_data.WrittenCount == 0 && data.Length > 0 && data[^1] is (byte)'}' or (byte)']' && TryParse(data, out var found))
            Enqueue(found);
        else
            AddTo(_data, data);
    }

    private void Bare(ReadOnlySpan<byte> line)
    {
        if (TryParse(line, out var found))
            Enqueue(found);
        else
            AddTo(_bare, line);
    }

    private static void Foreign(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        if (Ascii.EqualsIgnoreCase(Trim(name), "error"u8))
        {
            var said = colon < 0 ? default : Trim(line[(colon + 1)..]);
            throw AnswerProblem.Failed(ProblemCode.Quote(said));
        }

        // The names of fields are words; other ones are ignored.
        if (name.Contains((byte)' '))
            throw AnswerProblem.Failed();
    }

    private void Flush(ArrayBufferWriter<byte> held)
    {
        var data = held.WrittenSpan;
        held.ResetWrittenCount();
        if (Trim(data).Length == 0)
            return;
        if (!TryParse(data, out var found))
            throw _isError ? AnswerProblem.Failed() : AnswerProblem.Rubbish();
        Enqueue(found);
    }

    private void Enqueue(ChatEvent found)
    {
        if (_isError)
            throw found.Pieces is [{ ValueKind: JsonValueKind.Object } piece, ..] ? AnswerProblem.Failed(piece) : AnswerProblem.Failed();
        _events.Enqueue(found);
    }

    private static void AddTo(ArrayBufferWriter<byte> held, ReadOnlySpan<byte> line)
    {
        if (held.WrittenCount > 0)
            held.Write("\n"u8);
        held.Write(line);
    }

    private static bool TryParse(ReadOnlySpan<byte> data, out ChatEvent found)
    {
        data = Trim(data);
        var isEnd = data.EndsWith("[DONE]"u8);
        if (isEnd)
            data = data[..^"[DONE]".Length];
        if (!Utf8.IsValid(data))
            data = CutCharacters.Escape(data);
        var pieces = new List<JsonElement>(1);
        found = new ChatEvent(pieces, isEnd);
        try
        {
            var reader = new Utf8JsonReader(data, new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
                Add(JsonElement.ParseValue(ref reader), pieces);
            return true;
        }
        catch (JsonException)
        {
            // The exception may quote what came.
            return false;
        }
    }

    // Google wraps its errors in a list.
    private static void Add(JsonElement piece, List<JsonElement> pieces)
    {
        if (piece.ValueKind == JsonValueKind.Array)
            pieces.AddRange(piece.EnumerateArray());
        else
            pieces.Add(piece);
    }
}

using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Kotodama.Protocol;

namespace Kotodama.Tests.Fuzz;

/// <summary>What is written is read again, whatever is in it.</summary>
public sealed class RoundTripTests
{
    /// <summary>All types that are JSON on the wire.</summary>
    public static TheoryData<string> Types => [.. typeof(MessageType).GetFields().Select(f => (string)f.GetValue(null)!).Where(type => type != MessageType.Audio)];

    [Theory]
    [MemberData(nameof(Types))]
    public Task Any_valid_message_is_read_as_it_was_written(string type) => Inputs.RunAsync(
        Inputs.Share(100),
        random => RandomMessages.Makers[type](new RandomMessages(random)),
        MessageCodec.Write,
        Inputs.Longest,
        message =>
        {
            var (read, error) = MessageCodec.Read(MessageCodec.Write(message));
            Assert.True(error is null, error?.Message);
            Assert.Equal(type, read!.Type);
            Assert.True(Same(message, read), $"{message} was read as {Encoding.UTF8.GetString(MessageCodec.Write(read))}");
            return Task.CompletedTask;
        });

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_field_of_a_message_takes_part(string type)
    {
        var messages = new RandomMessages(new Random(1));
        var samples = Enumerable.Range(0, 300).Select(_ => RandomMessages.Makers[type](messages)).ToArray();
        foreach (var property in samples[0].GetType().GetProperties().Where(p => p.CanWrite))
            Assert.True(samples.Select(property.GetValue).Distinct().Skip(1).Any(), $"{type}.{property.Name} is always the same");
    }

    /// <summary>Whether two messages say the same, down to the items of their lists, which records compare by identity.</summary>
    private static bool Same(object? one, object? other) => (one, other) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (JsonElement a, JsonElement b) => JsonElement.DeepEquals(a, b),
        (KeyValuePair<string, JsonElement> a, KeyValuePair<string, JsonElement> b) => a.Key == b.Key && JsonElement.DeepEquals(a.Value, b.Value),
        (string or ValueType, _) => one.Equals(other),
        (IEnumerable a, IEnumerable b) => a.Cast<object>().Count() == b.Cast<object>().Count() && a.Cast<object>().Zip(b.Cast<object>()).All(pair => Same(pair.First, pair.Second)),
        _ => one.GetType() == other.GetType() && one.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).All(p => Same(p.GetValue(one), p.GetValue(other))),
    };
}

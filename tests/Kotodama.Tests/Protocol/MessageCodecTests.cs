using System.Text;
using System.Text.Json.Nodes;
using Kotodama.Protocol;

namespace Kotodama.Tests.Protocol;

public sealed class MessageCodecTests
{
    public static TheoryData<string> Examples =>
        [.. Directory.EnumerateFiles(
            Repository.PathOf("docs", "protocol", "examples"),
            "*.json").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_documented_example_survives_a_round_trip(string file)
    {
        var bytes = File.ReadAllBytes(Repository.PathOf("docs", "protocol", "examples", file));
        var (message, error) = MessageCodec.Read(bytes);
        Assert.Null(error);
        var again = MessageCodec.Write(message!);

        Assert.Equal(file.Split('.')[0], message!.Type);
        var (twice, _) = MessageCodec.Read(again);
        Assert.Equal(Encoding.UTF8.GetString(again), Encoding.UTF8.GetString(MessageCodec.Write(twice!)));
        foreach (var (name, value) in JsonNode.Parse(bytes)!.AsObject())
            Assert.True(
                JsonNode.DeepEquals(value, JsonNode.Parse(again)![name]),
                $"{name} changed from {value} to {JsonNode.Parse(again)![name]}");
    }

    [Fact]
    public void The_type_comes_first_on_the_wire_and_Chinese_is_not_escaped()
    {
        var text = Encoding.UTF8.GetString(MessageCodec.Write(new LlmResponseMessage { Content = "你好 <b>&" }));
        Assert.Equal("""{"type":"llm_response","content":"你好 <b>&","duration":8000,"speak":true,"mode":"queue"}""", text);
    }

    [Fact]
    public void Python_escapes_are_read()
    {
        var reply = Assert.IsType<LlmResponseMessage>(Read("""{"type": "llm_response", "content": "\u4f60\u597d\ud83d\ude0a", "duration": 8000.0}""").Message);
        Assert.Equal("你好😊", reply.Content);
        Assert.Equal(8000, reply.Duration);
    }

    [Fact]
    public void Fields_that_are_left_out_or_null_have_their_documented_defaults()
    {
        var reply = Assert.IsType<LlmResponseMessage>(Read("""{"type":"llm_response","content":"x","emotion":null,"duration":null,"later":{"a":1}}""").Message);
        Assert.Equal(8000, reply.Duration);
        Assert.True(reply.Speak);
        Assert.Equal(ReplyMode.Queue, reply.Mode);
        Assert.Null(reply.Emotion);
        Assert.Equal(StopTarget.All, Assert.IsType<StopMessage>(Read("""{"type":"stop"}""").Message).What);
        Assert.Equal(MotionPriority.Normal, Assert.IsType<MotionMessage>(Read("""{"type":"motion","name":"wave"}""").Message).Priority);
        Assert.Equal(1, Assert.IsType<ExpressionMessage>(Read("""{"type":"expression","name":"joy"}""").Message).Weight);
    }

    [Theory]
    [InlineData("", ErrorCode.BadJson, "JSON")]
    [InlineData("nonsense", ErrorCode.BadJson, "JSON")]
    [InlineData("[]", ErrorCode.BadJson, "object")]
    [InlineData("7", ErrorCode.BadJson, "object")]
    [InlineData("""{"type":"llm_response","content":"a","content":"b"}""", ErrorCode.BadJson, "JSON")]
    [InlineData("""{"type":"llm_response","content":"a"} {}""", ErrorCode.BadJson, "JSON")]
    [InlineData("""{"\ud800":1,"type":"status","content":"x"}""", ErrorCode.BadJson, "JSON")]
    [InlineData("""{"type":"status","content":"x","later":{"\udfff":1}}""", ErrorCode.BadJson, "JSON")]
    [InlineData("{}", ErrorCode.MissingField, "type")]
    [InlineData("""{"type":7}""", ErrorCode.WrongType, "type")]
    [InlineData("""{"type":"dance"}""", ErrorCode.UnknownType, "the type \"dance\" is unknown")]
    [InlineData("""{"type":"LLM_RESPONSE","content":"a"}""", ErrorCode.UnknownType, "the type is unknown: types are written in small letters")]
    [InlineData("""{"type":"my secret","content":"a"}""", ErrorCode.UnknownType, "the type is unknown: types are written")]
    [InlineData("""{"type":"llm_response","content":"a","mode":"later"}""", ErrorCode.BadValue, "mode must be one of queue, interrupt, got \"later\"")]
    [InlineData("""{"type":"llm_response","content":"a","mode":"my secret"}""", ErrorCode.BadValue, "mode must be one of queue, interrupt")]
    [InlineData("""{"type":"llm_response"}""", ErrorCode.MissingField, "content")]
    [InlineData("""{"type":"llm_response","content":null}""", ErrorCode.MissingField, "content")]
    [InlineData("""{"type":"llm_response","content":""}""", ErrorCode.BadValue, "content")]
    [InlineData("""{"type":"llm_response","content":["a"]}""", ErrorCode.WrongType, "content")]
    [InlineData("""{"type":"llm_response","content":"\ud800"}""", ErrorCode.BadValue, "content")]
    [InlineData("""{"type":"llm_response","content":"a","duration":"8000"}""", ErrorCode.WrongType, "duration")]
    [InlineData("""{"type":"llm_response","content":"a","duration":-1}""", ErrorCode.OutOfRange, "0 to 600000 milliseconds")]
    [InlineData("""{"type":"llm_response","content":"a","duration":600001}""", ErrorCode.OutOfRange, "0 to 600000 milliseconds")]
    [InlineData("""{"type":"llm_response","content":"a","duration":1e999}""", ErrorCode.OutOfRange, "duration")]
    [InlineData("""{"type":"llm_response","content":"a","duration":NaN}""", ErrorCode.BadJson, "JSON")]
    [InlineData("""{"type":"llm_response","content":"a","speak":"no"}""", ErrorCode.WrongType, "speak")]
    [InlineData("""{"type":"llm_response","content":"a","mode":"later"}""", ErrorCode.BadValue, "queue, interrupt")]
    [InlineData("""{"type":"llm_response","content":"a","emotion":"a\u0007b"}""", ErrorCode.BadValue, "emotion")]
    [InlineData("""{"type":"llm_response","content":"a","id":"has space"}""", ErrorCode.BadValue, "id")]
    [InlineData("""{"type":"llm_response","content":"a","channel":"UPPER"}""", ErrorCode.BadValue, "channel")]
    [InlineData("""{"type":"llm_response","content":"a","channel":""}""", ErrorCode.BadValue, "channel")]
    [InlineData("""{"type":"status","content":4}""", ErrorCode.WrongType, "content")]
    [InlineData("""{"type":"expression"}""", ErrorCode.MissingField, "name")]
    [InlineData("""{"type":"expression","name":"joy","weight":2}""", ErrorCode.OutOfRange, "weight")]
    [InlineData("""{"type":"motion","name":""}""", ErrorCode.BadValue, "name")]
    [InlineData("""{"type":"llm_delta","part":0,"content":"a"}""", ErrorCode.MissingField, "id")]
    [InlineData("""{"type":"llm_delta","id":"r","content":"a"}""", ErrorCode.MissingField, "part")]
    [InlineData("""{"type":"llm_delta","id":"r","part":-1,"content":"a"}""", ErrorCode.OutOfRange, "part")]
    [InlineData("""{"type":"llm_delta","id":"r","part":1.5,"content":"a"}""", ErrorCode.OutOfRange, "part")]
    [InlineData("""{"type":"hello","viewer":"a b"}""", ErrorCode.BadValue, "viewer")]
    [InlineData("""{"type":"hello","role":"king"}""", ErrorCode.BadValue, "viewer, publisher")]
    [InlineData("""{"type":"hello","channels":"default"}""", ErrorCode.WrongType, "channels")]
    [InlineData("""{"type":"hello","channels":["a",1]}""", ErrorCode.WrongType, "channels")]
    [InlineData("""{"type":"hello","channels":[]}""", ErrorCode.OutOfRange, "channels")]
    [InlineData("""{"type":"ack","channel":"default","epoch":"e","displayed":[1,"2"]}""", ErrorCode.WrongType, "displayed")]
    [InlineData("""{"type":"ping","tops":{"a":1,"b":"2"}}""", ErrorCode.WrongType, "tops")]
    [InlineData("""{"type":"bye","retryAfter":1e999}""", ErrorCode.OutOfRange, "retryAfter")]
    [InlineData("""{"type":"receipt","id":"a","channel":"b","status":"stored","pages":4294967296}""", ErrorCode.OutOfRange, "pages")]
    [InlineData("""{"type":"receipt","id":"a","channel":"b","status":"progress","counts":{"sent":"2"}}""", ErrorCode.WrongType, "sent")]
    public void Bad_input_is_refused_with_a_code_and_the_name_of_the_field(string json, string code, string named)
    {
        var (message, error) = Read(json);
        Assert.Null(message);
        Assert.Equal(code, error!.Code);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint);
    }

    [Fact]
    public void An_error_carries_the_id_of_the_message_but_never_its_content()
    {
        var error = Read("""{"type":"llm_response","id":"m-1","content":"secret words","duration":-5}""").Error!;
        Assert.Equal("m-1", error.Id);
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(MessageCodec.Write(error)), StringComparison.Ordinal);
        Assert.Null(Read("""{"type":"llm_response","id":"<script>","content":"a"}""").Error!.Id);
    }

    [Fact]
    public void Text_above_the_limit_is_refused_with_both_numbers()
    {
        var limits = new ProtocolLimits { Content = 5 };
        Assert.Null(Read("""{"type":"llm_response","content":"12345"}""", limits).Error);
        var error = Read("""{"type":"llm_response","content":"123456"}""", limits).Error!;
        Assert.Equal(ErrorCode.TooLong, error.Code);
        Assert.Contains("6", error.Message, StringComparison.Ordinal);
        Assert.Contains("5", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    [InlineData(200_000, false)]
    public void Nesting_is_bounded(int depth, bool good)
    {
        var json = $$"""{"type":"stop","x":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        Assert.Equal(good, Read(json).Error is null);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused()
    {
        byte[] bytes = [.. """{"type":"status","content":" """u8, 0xC3, 0x28, .. "\"}"u8];
        Assert.NotNull(MessageCodec.Read(bytes).Error);
    }

    private static ReadResult Read(string json, ProtocolLimits? limits = null) => MessageCodec.Read(Encoding.UTF8.GetBytes(json), limits);
}

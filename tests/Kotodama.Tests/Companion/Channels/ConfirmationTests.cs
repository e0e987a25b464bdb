using System.Text.Json;

namespace Kotodama.Tests.Companion.Channels;

/// <summary>What is said leaves this machine only when the user has agreed.</summary>
public sealed class ConfirmationTests
{
    [Theory]
    [InlineData("""{"url":"http://192.0.2.1/v1"}""", "confirmation_needed")]
    [InlineData("""{"url":"https://models.example"}""", "confirmation_needed")]
    [InlineData("""{"url":"http://192.0.2.1/v1","confirmed":"true"}""", "confirmation_needed")]
    [InlineData("""{"url":"http://192.0.2.1/v1","confirmed":1}""", "confirmation_needed")]
    [InlineData("""{"url":"http://192.0.2.1/v1","confirmed":true}""", "not_found")]
    [InlineData("""{"url":"http://127.0.0.1:1"}""", "not_found")]
    [InlineData("""{"url":"demo"}""", "not_found")]
    public async Task A_language_model_on_another_machine_takes_the_word_of_the_user(string value, string code)
    {
        // The companion of this test has no language model that could be changed: that is what comes after the confirmation.
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        Assert.Equal(code, (await stage.AskAsync("choose_llm", JsonSerializer.Deserialize<JsonElement>(value))).Error!.Code);
    }
}

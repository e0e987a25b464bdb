using Kotodama.Companion.Hearing;

namespace Kotodama.Tests.Companion.Hearing;

public sealed class HeardTextTests
{
    [Theory]
    [InlineData(" Hello\n there. ", "Hello there.")]
    [InlineData("[BLANK_AUDIO]", "")]
    [InlineData(" [ Silence ]", "")]
    [InlineData("(music)", "")]
    [InlineData("（音乐）", "")]
    [InlineData("【拍手】", "")]
    [InlineData("*sighs* (dramatic music playing)", "")]
    [InlineData("♪", "")]
    [InlineData("♪♪ [MUSIC PLAYING] 🎵 ...", "")]
    [InlineData("...", "")]
    [InlineData("Hello. [BLANK_AUDIO]", "Hello.")]
    [InlineData("[_BEG_] Hello.[_TT_150]", "Hello.")]
    [InlineData("♪ Happy birthday to you ♪", "Happy birthday to you")]
    [InlineData("The list [1] and (perhaps) *that*.", "The list [1] and (perhaps) *that*.")]
    [InlineData("(If a whole sentence stands in brackets, then the user may well have said it so.)", "(If a whole sentence stands in brackets, then the user may well have said it so.)")]
    [InlineData("Thank you for watching.", "Thank you for watching.")]
    [InlineData("1 < 2 | 3 > 2", "1 < 2 | 3 > 2")]
    [InlineData("[", "")]
    [InlineData("", "")]
    public void Tags_are_no_speech_and_words_stay(string written, string text) => Assert.Equal(new RecognitionResult(text, true), HeardText.Clean(written, isFinal: true));

    [Theory]
    [InlineData("<|zh|><|HAPPY|><|Speech|><|withitn|>太好了。", "太好了。", "zh", "joy")]
    [InlineData("<|en|><|SAD|><|Cry|><|woitn|>no", "no", "en", "sad")]
    [InlineData("<|yue|><|ANGRY|>唔好", "唔好", "yue", "angry")]
    [InlineData("<|ja|><|SURPRISED|>え", "え", "ja", "surprised")]
    [InlineData("<|ko|><|NEUTRAL|>네", "네", "ko", "neutral")]
    [InlineData("<|nospeech|><|EMO_UNKNOWN|><|BGM|><|woitn|>", "", null, null)]
    [InlineData("< | zh | > < | FEARFUL | > 啊", "啊", "zh", "surprised")]
    public void What_SenseVoice_says_of_language_and_emotion_is_kept(string written, string text, string? language, string? emotion) =>
        Assert.Equal(new RecognitionResult(text, true, language, emotion), HeardText.Clean(written, isFinal: true));

    [Theory]
    [InlineData("", "a", "a")]
    [InlineData("Good", "morning", "Good morning")]
    [InlineData("Good", ".", "Good.")]
    [InlineData("Good ", "morning", "Good morning")]
    [InlineData("你", "好", "你好")]
    [InlineData("你", "OK", "你OK")]
    [InlineData("안녕", "OK", "안녕OK")]
    public void Parts_are_joined_as_the_script_wants(string before, string after, string joined) => Assert.Equal(joined, HeardText.Join(before, after));
}

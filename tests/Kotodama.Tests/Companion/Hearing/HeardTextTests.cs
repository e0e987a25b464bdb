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
    [InlineData("*coughs* Hello.", "Hello.")]
    [InlineData("Hello (coughs), how are you?", "Hello, how are you?")]
    [InlineData("Hello. (upbeat music).", "Hello.")]
    [InlineData("[Applause] Thank you. [Laughter]", "Thank you.")]
    [InlineData("Well [DOOR SLAMS] then.", "Well then.")]
    [InlineData("<noise> hello <unk> there </s>", "hello there")]
    [InlineData("<SPOKEN_NOISE>", "")]
    [InlineData("[SPN] [NSN]", "")]
    [InlineData("<sil>", "")]
    [InlineData("((clears throat)) Right.", "Right.")]
    [InlineData("{laughter} {breath}", "")]
    [InlineData("Ja (Gelächter) gut.", "Ja gut.")]
    [InlineData("你好（笑声）世界。", "你好世界。")]
    [InlineData("[掌声]谢谢大家。【音乐】", "谢谢大家。")]
    [InlineData("［音楽］こんにちは（笑）", "こんにちは")]
    [InlineData("＊拍手＊", "")]
    [InlineData("네 [박수] 감사합니다.", "네 감사합니다.")]
    [InlineData("他（喜欢音乐的人）来了", "他（喜欢音乐的人）来了")]
    [InlineData("(I like music)", "")]
    [InlineData("He said (I like music) twice.", "He said (I like music) twice.")]
    [InlineData("[00:00.000 --> 00:02.000] Hello", "Hello")]
    [InlineData("[0.00s -> 2.00s] Hello", "Hello")]
    [InlineData("00:00:00,000 --> 00:00:02,000\nHello", "Hello")]
    [InlineData("<|0.00|> Hello there.<|2.00|><|endoftext|>", "Hello there.")]
    [InlineData("👏🎼", "")]
    [InlineData("👍🏽 good ❤️ 👩‍🚀", "good")]
    [InlineData("C♯ or B♭, ©2026 at 20 ℃", "C♯ or B♭, ©2026 at 20 ℃")]
    public void Sounds_signs_and_times_never_stay(string written, string text) =>
        Assert.Equal(text, HeardText.Clean(written, isFinal: true).Text);

    [Theory]
    [InlineData("language Chinese<asr_text>你好。", "你好。", "zh")]
    [InlineData("language Chinese<asr_text>你好。language English<asr_text>Hello.", "你好。 Hello.", "en")]
    [InlineData("language Chinese,English<asr_text>你好, OK?", "你好, OK?", "zh")]
    [InlineData("language None<asr_text>", "", null)]
    [InlineData("language <asr_text>Hello", "Hello", null)]
    [InlineData("Language: Japanese <|text|>はい", "はい", "ja")]
    [InlineData("<language>German</language> Guten Tag", "Guten Tag", "de")]
    [InlineData("<|de|><|transcribe|><|notimestamps|> Guten Tag", "Guten Tag", "de")]
    [InlineData("<|zh-CN|>你好", "你好", "zh")]
    [InlineData("<|lang:ja|>はい", "はい", "ja")]
    [InlineData("<fr> Bonjour", "Bonjour", "fr")]
    [InlineData("[en] Hello", "Hello", "en")]
    [InlineData("[English] Hello", "Hello", "en")]
    [InlineData("Hello [it] works", "Hello [it] works", null)]
    [InlineData("<no-speech>", "", null)]
    [InlineData("My language is English.", "My language is English.", null)]
    public void A_language_that_a_tag_tells_is_used(string written, string text, string? language) =>
        Assert.Equal(new RecognitionResult(text, true, language), HeardText.Clean(written, isFinal: true));

    [Theory]
    [InlineData("🎼你好。😊", "你好。", "joy")]
    [InlineData("太好了😀😊", "太好了", "joy")]
    [InlineData("我不高兴。😡", "我不高兴。", "angry")]
    [InlineData("no😔", "no", "sad")]
    [InlineData("え😮", "え", "surprised")]
    [InlineData("🤧👏😭❓", "", null)]
    public void What_SenseVoice_writes_as_emoji_is_emotion_and_no_text(string written, string text, string? emotion) =>
        Assert.Equal(new RecognitionResult(text, true, null, emotion), HeardText.Clean(written, isFinal: true));

    [Theory]
    [InlineData("language Chinese<asr_text>你好。")]
    [InlineData("<|zh|><|NEUTRAL|><|Speech|>你好。")]
    [InlineData("🎼你好。😊 [BLANK_AUDIO]")]
    public void No_guess_shows_a_part_of_a_tag(string written)
    {
        for (var length = 1; length <= written.Length; length++)
        {
            if (char.IsHighSurrogate(written[length - 1]))
                continue;
            var guess = HeardText.Clean(written[..length], isFinal: false).Text;
            Assert.True(length < "language ".Length || "你好。".StartsWith(guess, StringComparison.Ordinal), guess);
        }
    }

    [Fact]
    public async Task What_engines_of_other_authors_write_is_cleaned_too()
    {
        var token = TestContext.Current.CancellationToken;
        await using var recognition = RunningRecognition.Start(
            async (sound, tell, _) =>
            {
                await sound.Ended;
                tell(new RecognitionResult("<|zh|>你", IsFinal: false));
                tell(new RecognitionResult("<|zh|>你 [NOI", IsFinal: false));
                tell(new RecognitionResult("language Chinese<asr_text>你好。👏", IsFinal: true));
            },
            token);
        await recognition.EndAsync(token);
        Assert.Equal(
            [new RecognitionResult("你", false, "zh"), new RecognitionResult("你好。", true, "zh")],
            await RecognizerRig.ReadAsync(recognition));
    }

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

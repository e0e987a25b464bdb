using Kotodama.Server.Models;

namespace Kotodama.Tests.Server.Models;

public sealed class NameGuessTests
{
    [Theory]
    [InlineData("Smile", "joy")]
    [InlineData("exp_smile_01", "joy")]
    [InlineData("happyFace2", "joy")]
    [InlineData("Blushing", "shy")]
    [InlineData("Normal", "neutral")]
    [InlineData("哭", "sad")]
    [InlineData("哭泣", "sad")]
    [InlineData("表情_生气", "angry")]
    [InlineData("困惑", "thinking")]
    [InlineData("不开心", null)]
    [InlineData("笑顔2", "joy")]
    [InlineData("照れる", "shy")]
    [InlineData("f01", null)]
    [InlineData("F05", null)]
    [InlineData("exp_03", null)]
    [InlineData("glasses", null)]
    [InlineData("fancy", null)]
    [InlineData("", null)]
    [InlineData("__", null)]
    public void Emotions_are_guessed_by_words_and_never_from_numbers(string name, string? emotion) => Assert.Equal(emotion, NameGuess.Emotion(name));

    [Theory]
    [InlineData("wave_hand", "wave")]
    [InlineData("挥手", "wave")]
    [InlineData("うなずき", "nod")]
    [InlineData("HeadShake", "shake")]
    [InlineData("motion_02", null)]
    public void Gestures_are_guessed_alike(string name, string? gesture) => Assert.Equal(gesture, NameGuess.Gesture(name));

    [Theory]
    [InlineData("TapBody", "Body")]
    [InlineData("Tap@Body", "Body")]
    [InlineData("Tap@Head", "head")]
    [InlineData("tap_body", "Body")]
    [InlineData("flick_head", "head")]
    [InlineData("Flick@Skirt", "Skirt")]
    [InlineData("Tap", "Body")]
    [InlineData("Touch_Face", "face")]
    [InlineData("触摸头", "head")]
    [InlineData("Idle", null)]
    [InlineData("Tape", null)]
    [InlineData("shake", null)]
    public void Touches_are_guessed_by_groups_and_the_models_own_areas(string group, string? area) =>
        Assert.Equal(area, NameGuess.TouchedArea(group, [new ModelHitArea("Body", "D1"), new ModelHitArea("Skirt", "D2")]));

    [Fact]
    public void The_plainer_name_is_chosen()
    {
        var chosen = NameGuess.Choose([("smile_closed_eyes", "a"), ("smile", "b"), ("laugh", "c"), ("cry", "d")], NameGuess.Emotion);
        Assert.Equal([("joy", "b"), ("sad", "d")], chosen.Select(c => (c.Key, c.Value)).Order());
    }
}

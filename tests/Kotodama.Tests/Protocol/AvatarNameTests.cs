using System.Text;
using Kotodama.Protocol;

namespace Kotodama.Tests.Protocol;

public sealed class AvatarNameTests
{
    [Theory]
    [InlineData("koto")]
    [InlineData("桃瀬ひより v2")]
    [InlineData("Hiyori_2.1-final (夏服)'s #1%")]
    [InlineData("é")]
    [InlineData("𠮷野")]
    public void What_may_be_a_folder_may_be_an_avatar(string name) => Assert.True(AvatarName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData(" koto")]
    [InlineData("koto ")]
    [InlineData(".hidden")]
    [InlineData("_core")]
    [InlineData("koto.")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("c:")]
    [InlineData("a\u0007")]
    [InlineData("a\n")]
    [InlineData("a?b")]
    public void What_leads_out_of_a_folder_or_is_none_may_not(string name)
    {
        Assert.False(AvatarName.IsValid(name));
        var error = MessageCodec.Read(MessageCodec.Write(new AvatarMessage { Name = name })).Error!;
        Assert.Equal((ErrorCode.BadValue, $"name {AvatarName.Rule}"), (error.Code, error.Message));
    }

    [Fact]
    public void The_limit_counts_characters_and_not_code_units()
    {
        Assert.True(AvatarName.IsValid(string.Concat(Enumerable.Repeat("𠮷", AvatarName.MostCharacters))));
        Assert.False(AvatarName.IsValid(string.Concat(Enumerable.Repeat("𠮷", AvatarName.MostCharacters + 1))));
        Assert.False(AvatarName.IsValid(new string('n', AvatarName.MostCharacters + 1)));
    }

    [Fact]
    public void A_look_is_an_object()
    {
        var error = MessageCodec.Read(Encoding.UTF8.GetBytes("""{"type":"companion","channel":"default","on":true,"look":"blue"}""")).Error!;
        Assert.Equal((ErrorCode.WrongType, "look must be an object, got a text"), (error.Code, error.Message));
    }
}

using System.Text.Json;
using Kotodama.Cli.Commands;

namespace Kotodama.Tests.Cli;

public sealed class AvatarCommandTests
{
    [Theory]
    [InlineData("""{"models":[{"name":"hiyori","title":"Hiyori"},{"name":"桃"}],"looks":["koto","kitsu"]}""", "koto,kitsu,hiyori,桃")]
    [InlineData("""{"models":[7,{},{"name":null}],"looks":[true,"koto"]}""", "koto")]
    [InlineData("""{"models":{},"looks":null}""", "")]
    [InlineData("{}", "")]
    public void The_avatars_of_a_hub_are_its_drawn_characters_and_its_models(string answer, string names) =>
        Assert.Equal(names, string.Join(',', AvatarCommand.NamesOf(JsonDocument.Parse(answer).RootElement)));
}

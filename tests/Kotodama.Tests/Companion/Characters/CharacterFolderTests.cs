using System.Text;
using System.Text.Json;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Text;
using Kotodama.Protocol.Schema;

namespace Kotodama.Tests.Companion.Characters;

public sealed class CharacterFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-characters-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("no such folder")]
    public void The_built_in_characters_are_always_there(string? folder)
    {
        var set = new CharacterFolder(folder).Read();
        Assert.Equal(["kitsu", "koto", "nagi"], set.Characters.Select(c => c.Id));
        Assert.Empty(set.Problems);
        Assert.Equal("koto", set.Default.Id);
        Assert.Equal(("Koto", "小言", "コト"), (set.Default.Name.Of("de"), set.Default.Name.Of("zh-TW"), set.Default.Name.Of("ja")));
    }

    [Fact]
    public void The_committed_characters_are_whole_in_three_languages_and_show_only_emotions_that_the_page_knows()
    {
        var set = new CharacterFolder(Repository.PathOf("characters")).Read();
        Assert.Empty(set.Problems);
        foreach (var character in set.Characters)
        {
            var greetings = new[] { character.Greeting!, character.Greetings!.Morning!, character.Greetings.Day!, character.Greetings.Evening!, character.Greetings.Night! };
            var touches = character.Touch!.Areas.Values.Select(a => a.Prompt!);
            Assert.Equal((character.Id, true), (character.Avatar, character.Touch.Find("anything") is not null));
            Assert.All([character.Name, character.Description!, character.Prompt, .. greetings, .. touches], t => Assert.Equal(["en", "ja", "zh"], t.Languages.Order(StringComparer.Ordinal)));
            Assert.All(character.Emotions, e => Assert.Contains(e, EmotionNames.All));
            foreach (var (greeting, language) in greetings.SelectMany(g => g.Languages.Select(l => (g, l))))
            {
                var tags = new ReplyTags(character.Emotions);
                var parts = tags.Append(greeting.Of(language)).Concat(tags.End()).ToArray();
                Assert.NotNull(parts[0].Emotion);
                Assert.DoesNotContain('[', string.Concat(parts.Select(p => p.Text)));
                Assert.All(parts.Where(p => p.Emotion is not null), p => Assert.Contains(p.Emotion, character.Emotions));
            }
        }
    }

    [Fact]
    public void Every_field_is_read()
    {
        Write("rin", """
            // Comments and trailing commas do no harm.
            {
              "$schema": "../character.schema.json",
              "name": "Rin", "description": { "en": "A tutor.", "zh": "老师" }, "language": "ja", "prompt": ["You teach.", "You laugh."], "greeting": "Hi!",
              "voice": "espeak:f3", "model": "qwen3:4b", "avatar": "rin", "emotions": ["joy", "wave"], "phrases": ["Rin", "凛"], "tools": [], "temperature": 0.5,
              "idle": { "afterSeconds": 90, "prompt": { "en": "Say something." } }, "look": { "base": "nagi", "ears": "cat", "hair": "#aBc", "eyes": "#00ff7f", "tail": null },
              "greetings": { "morning": "Early!", "night": ["Late", "again"] }, "touch": { "pauseSeconds": 60, "areas": { "head": { "say": "Hey!" }, "any": { "prompt": "(poked)" } } },
            }
            """);
        var set = Read();
        Assert.Empty(set.Problems);
        var rin = set.Find("RIN")!;
        Assert.Equal(("rin", "Rin", "老师", "ja", "You teach.\nYou laugh.", "Hi!"), (rin.Id, rin.Name.ToString(), rin.Description!.Of("zh"), rin.Language, rin.Prompt.Of("fr"), rin.Greeting!.Of(null)));
        Assert.Equal(("espeak:f3", "qwen3:4b", "rin", 0.5, TimeSpan.FromSeconds(90), "Say something."), (rin.Voice, rin.Model, rin.Avatar, rin.Temperature!.Value, rin.Idle!.After, rin.Idle.Prompt.Of("en")));
        Assert.Equal(["joy", "wave"], rin.Emotions);
        Assert.Equal(["Rin", "凛"], rin.Phrases);
        Assert.Empty(rin.Tools!);
        Assert.Equal(["base: nagi", "ears: cat", "hair: #aBc", "eyes: #00ff7f"], rin.Look!.Select(f => $"{f.Key}: {f.Value.GetString()}"));
        Assert.Equal(["Early!", "Hi!", "Hi!", "Late\nagain", "Late\nagain"], new[] { 5, 11, 21, 22, 4 }.Select(hour => rin.GreetingAt(hour)!.Of(null)));
        Assert.Equal((TimeSpan.FromSeconds(60), "Hey!", "(poked)"), (rin.Touch!.Pause, rin.Touch.Find("Head")!.Say!.Of(null), rin.Touch.Find("ArtMesh1")!.Prompt!.Of(null)));
    }

    [Fact]
    public void Name_and_prompt_are_enough()
    {
        Write("rin", """{"name":"Rin","prompt":"You teach.","idle":null}""");
        var rin = Read().Find("rin")!;
        Assert.Equal(EmotionNames.All, rin.Emotions);
        Assert.Empty(rin.Phrases);
        Assert.Equal((null, null, null, null, null, null, null), (rin.Description, rin.Greeting, rin.Voice, rin.Tools, rin.Temperature, rin.Idle, rin.Language));
    }

    [Theory]
    [InlineData("5", "must be a text")]
    [InlineData("\"\"", "must not be empty")]
    [InlineData("\"the German one\"", "must be a language tag such as en or zh-TW")]
    public void A_language_that_cannot_be_read_is_one_problem(string language, string message)
    {
        Write("rin", $$"""{"name":"Rin","prompt":"You teach.","language":{{language}}}""");
        Assert.Equal(message, Assert.Single(Read().Problems).Message);
    }

    [Fact]
    public void A_character_of_the_folder_takes_the_place_of_a_built_in_one_and_is_read_anew()
    {
        var folder = new CharacterFolder(_folder);
        Assert.Equal("Koto", folder.Read().Default.Name.ToString());
        Write("koto", """{"name":"Mine","prompt":"You are mine."}""");
        Assert.Equal("Mine", folder.Read().Default.Name.ToString());
        Write("koto", """{"name":""}""");
        Assert.Equal("Koto", folder.Read().Default.Name.ToString());
    }

    [Fact]
    public void A_character_that_breaks_while_the_program_runs_is_told_once()
    {
        var log = new TestLog();
        var folder = new CharacterFolder(_folder, log);
        Write("rin", """{"name":"Rin","prompt":"You teach."}""");
        folder.Read();
        Assert.Empty(log.Lines);
        Write("rin", """{"name":"Rin"}""");
        folder.Read();
        folder.Read();
        Assert.Contains("prompt is missing", Assert.Single(log.Lines).Text, StringComparison.Ordinal);
        Write("rin", """{"prompt":"You teach."}""");
        folder.Read();
        Assert.Contains("name is missing", log.Lines.Last().Text, StringComparison.Ordinal);
        Write("rin", """{"name":"Rin","prompt":"You teach."}""");
        folder.Read();
        Write("rin", """{"prompt":"You teach."}""");
        folder.Read();
        Assert.Equal(3, log.Lines.Count());
    }

    [Theory]
    [InlineData("{\n\"name\": \"a\",\n\"prompt\": 7}", 3, "prompt", "must be a text")]
    [InlineData("{\n\"name\": \"a\"}", null, "prompt", "is missing")]
    [InlineData("{\"prompt\": \"a\",\n\n\"name\": {\"en\": \"a\",\n\"zh\": []}}", 4, "name.zh", "must not be empty")]
    [InlineData("{\"prompt\": \"a\", \"name\": {}}", 1, "name", "at least one language")]
    [InlineData("{\"prompt\": \"a\", \"name\": {\"a b\": \"c\"}}", 1, "name", "language tags")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\\u0007\"}", 1, "name", "control characters")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"temperature\": 3}", 2, "temperature", "from 0 to 2")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"temperature\": \"1\"}", 2, "temperature", "from 0 to 2")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"emotions\": [\"[joy]\"]}", 2, "emotions", "without brackets")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"emotions\": \"joy\"}", 2, "emotions", "list of texts")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"language\": \"very english\"}", 2, "language", "language tag")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"idle\": {\n\"prompt\": \"a\"}}", 2, "idle.afterSeconds", "is missing")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"idle\": {\n\"afterSeconds\": 1, \"prompt\": \"a\"}}", 3, "idle.afterSeconds", "from 10 to 86400")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\", \"idle\": 9}", 1, "idle", "must be an object")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"avatar\": \"../x\"}", 2, "avatar", "must be 1 to 64 characters without control characters and /")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"avatar\": 7}", 2, "avatar", "must be a text")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"look\": \"blue\"}", 2, "look", "must be an object such as")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\", \"look\": {\n\"base\": \"rin\"}}", 2, "look.base", "must be one of koto, kitsu, nagi")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\", \"look\": {\n\"hair\": \"blue\"}}", 2, "look.hair", "# and three or six hexadecimal digits")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\", \"look\": {\n\"skin\": 7}}", 2, "look.skin", "must be a colour")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"greetings\": \"hi\"}", 2, "greetings", "must be an object with morning, day, evening and night")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\", \"greetings\": {\n\"night\": 7}}", 2, "greetings.night", "must be a text")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\",\n\"touch\": {}}", 2, "touch.areas", "must be an object with what is said to a touch")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\", \"touch\": {\n\"pauseSeconds\": 1, \"areas\": {}}}", 2, "touch.pauseSeconds", "from 5 to 3600")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\", \"touch\": { \"areas\": {\n\"head\": {}}}}", 2, "touch.areas.head", "either say or prompt")]
    [InlineData("{\"prompt\": \"a\", \"name\": \"a\", \"touch\": { \"areas\": {\n\"head\": {\"say\": \"a\", \"prompt\": \"b\"}}}}", 2, "touch.areas.head", "either say or prompt")]
    [InlineData("{\"prompt\": \"a\",\n\"name\": \"a\"", 2, null, "is not JSON")]
    [InlineData("{\"prompt\": \"a\",\n\"prompt\": \"a\"}", null, null, "is not JSON")]
    [InlineData("[]", null, null, "must be an object")]
    [InlineData("", 1, null, "is not JSON")]
    [InlineData("{\"prompt\": \"\\uD800\", \"name\": \"a\"}", null, null, "half a surrogate")]
    public void A_bad_file_is_named_with_field_and_line_and_the_others_are_there(string json, int? line, string? field, string message)
    {
        Write("bad", json);
        Write("good", """{"name":"Good","prompt":"You are good."}""");
        var set = Read();
        Assert.NotNull(set.Find("good"));
        Assert.Null(set.Find("bad"));
        var problem = Assert.Single(set.Problems);
        Assert.Equal((line, field, false), (problem.Line, problem.Field, problem.Loaded));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(Path.Combine(_folder, "bad", "character.json"), problem.File);
    }

    [Fact]
    public void An_unknown_field_is_named_and_passed_over()
    {
        Write("rin", "{\"name\":\"Rin\",\n\"promt\":1,\"prompt\":\"a\",\n\"idle\":{\"afterSeconds\":10,\"prompt\":\"b\",\n\"x\":1}}");
        var set = Read();
        Assert.NotNull(set.Find("rin"));
        Assert.Equal([(2L, "promt", true), (4L, "idle.x", true)], set.Problems.Select(p => (p.Line!.Value, p.Field!, p.Loaded)));
        Assert.Equal(Path.Combine(_folder, "rin", "character.json") + ":2: promt is no field that is known, and is passed over", set.Problems[0].ToString());
    }

    [Fact]
    public void Folders_have_safe_names_and_files_a_limit()
    {
        Write("Not Safe", "{}");
        Write(".hidden", "{}");
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        Write("big", new string(' ', 300_000));
        File.WriteAllText(Path.Combine(_folder, "readme.txt"), "");
        Assert.Equal(["must have a name of 1 to 64 of a-z 0-9 _ -", "has more than 256 KiB", "has no character.json"], Read().Problems.Select(p => p.Message));
    }

    [Fact]
    public void Chance_does_not_make_it_throw()
    {
        var good = File.ReadAllBytes(Repository.PathOf("characters", "koto", "character.json"));
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var bytes = good.ToArray();
            for (var i = random.Next(1, 20); i > 0; i--)
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : "{}[]\",:0\\u\n"u8[random.Next(11)];
            var (character, problems) = CharacterReader.Read("x", "x", bytes);
            Assert.True(character is not null || problems.Any(p => !p.Loaded), $"Seed {seed}");
        }
    }

    [Fact]
    public void The_schema_for_editors_has_the_same_fields()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("characters", "character.schema.json")));
        Assert.Equal(CharacterReader.Fields, schema.RootElement.GetProperty("properties").EnumerateObject().Select(p => p.Name));
        var document = File.ReadAllText(Repository.PathOf("docs", "characters.md"));
        Assert.All(CharacterReader.Fields, f => Assert.Contains($"`{f}`", document, StringComparison.Ordinal));
        var look = schema.RootElement.GetProperty("properties").GetProperty("look").GetProperty("properties");
        Assert.Equal([.. CharacterReader.LookChoices.Keys, .. CharacterReader.LookColours], look.EnumerateObject().Select(p => p.Name));
        foreach (var (name, choices) in CharacterReader.LookChoices)
            Assert.Equal(choices, look.GetProperty(name).GetProperty("enum").EnumerateArray().Select(c => c.GetString()!));
        Assert.Equal(FormAttribute.Avatar, schema.RootElement.GetProperty("properties").GetProperty("avatar").GetProperty("pattern").GetString());
    }

    [Theory]
    [InlineData("en", "How you talk")]
    [InlineData("zh-CN", "说话方式")]
    [InlineData("ja", "話し方")]
    [InlineData("fr", "How you talk")]
    [InlineData(null, "How you talk")]
    public void The_prompt_has_the_personality_and_the_rules_in_the_users_language(string? language, string heading)
    {
        var kitsu = new CharacterFolder(null).Read().Find("kitsu")!;
        var prompt = CharacterPrompt.PromptOf(kitsu, language);
        Assert.StartsWith(kitsu.Prompt.Of(language), prompt, StringComparison.Ordinal);
        Assert.Contains(heading, prompt, StringComparison.Ordinal);
        Assert.Contains("[smug] [fun] [angry]", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("[sleepy]", prompt, StringComparison.Ordinal);
        Assert.Contains("Markdown", prompt, StringComparison.Ordinal);
        Assert.Contains(kitsu.Name.Of(language), prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("[", CharacterPrompt.PromptOf(kitsu with { Emotions = [] }, language), StringComparison.Ordinal);
    }

    private void Write(string name, string json)
    {
        Directory.CreateDirectory(Path.Combine(_folder, name));
        File.WriteAllText(Path.Combine(_folder, name, "character.json"), json, new UTF8Encoding(encoderShouldEmitUTF8Identifier: name == "rin"));
    }

    private CharacterSet Read() => new CharacterFolder(_folder).Read();
}

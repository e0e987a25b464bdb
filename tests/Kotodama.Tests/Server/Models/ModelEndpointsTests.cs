using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Kotodama.Protocol;
using Kotodama.Server;

namespace Kotodama.Tests.Server.Models;

public sealed class ModelEndpointsTests : IDisposable
{
    private readonly ModelRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Models_are_listed_described_and_checked()
    {
        await using var hub = await HubAsync();
        _rig.Put("愛子 1", ModelRig.GoodBut(("tap.wav", null)));
        _rig.Put("empty", KeyValuePair.Create("x.cmo3", Array.Empty<byte>()));
        var list = await GetAsync(hub, "api/models");
        Assert.Equal(
            """{"models":[{"name":"empty","title":"empty","kind":null,"expressions":[],"motions":[],"problems":1},{"name":"愛子 1","title":"愛子 1","kind":"cubism","expressions":["Smile"],"motions":["idle","tap"],"problems":1}],"core":{"present":false,"bytes":null},"core2":{"present":false,"bytes":null},"looks":["koto","kitsu","nagi"],"limits":{"bytes":536870912,"files":4096}}""",
            list.ToJsonString(Relaxed));
        var model = await GetAsync(hub, $"api/models/{Uri.EscapeDataString("愛子 1")}");
        Assert.Equal("models/%E6%84%9B%E5%AD%90%201/", (string)model["base"]!);
        Assert.True(model.AsObject().ContainsKey("physics"));
        Assert.Null(model["physics"]);
        Assert.Equal("""{"expressions":["Smile"]}""", model["emotions"]!["joy"]!.ToJsonString());
        var check = await GetAsync(hub, $"api/models/{Uri.EscapeDataString("愛子 1")}/check");
        var finding = check["findings"]!.AsArray().Single()!;
        Assert.Equal(("sound_missing", "warning", "a.model3.json", "tap.wav"), ((string)finding["code"]!, (string)finding["severity"]!, (string)finding["file"]!, (string)finding["arguments"]!["name"]!));
        Assert.Contains("没有声音", (string)finding["text"]!["zh"]!, StringComparison.Ordinal);
        await RefusedAsync(hub.Http().GetAsync("api/models/empty", Token), 422, ErrorCode.BadModel);
        await RefusedAsync(hub.Http().GetAsync("api/models/nothing", Token), 404, ErrorCode.NotFound);
        await RefusedAsync(hub.Http().GetAsync("api/models/..%2Fmodels/check", Token), 404, ErrorCode.NotFound);
    }

    /// <summary>The manifest is what the page expects: every field of its interface and no other.</summary>
    [Fact]
    public async Task The_manifest_has_the_fields_of_the_pages_type()
    {
        await using var hub = await HubAsync();
        _rig.Put("it", ModelRig.Good());
        var source = File.ReadAllText(Repository.PathOf("web", "src", "avatar", "manifest.ts"));
        var body = source[source.IndexOf("export interface ModelManifest", StringComparison.Ordinal)..source.IndexOf("/** What a character does with", StringComparison.Ordinal)];
        var fields = body.Split('\n').Where(l => l.StartsWith("  readonly ", StringComparison.Ordinal)).Select(l => l["  readonly ".Length..].Split(':')[0]);
        Assert.Equal(fields, (await GetAsync(hub, "api/models/it")).AsObject().Select(f => f.Key));
    }

    [Fact]
    public async Task The_files_of_a_model_are_relative_to_the_hub()
    {
        await using var hub = await HubAsync(prefix: "/avatar");
        _rig.Put("it", ModelRig.Good());
        var model = await GetAsync(hub, "avatar/api/models/it");
        Assert.Equal("models/it/", (string)model["base"]!);
        Assert.Equal(HttpStatusCode.OK, (await hub.Http().GetAsync("avatar/" + (string)model["base"]! + (string)model["moc"]!, Token)).StatusCode);
    }

    [Fact]
    public async Task Files_are_served_with_type_tag_and_ranges_and_nothing_around_them()
    {
        await using var hub = await HubAsync();
        _rig.Put("it", ModelRig.GoodBut(("exp/笑 顔.exp3.json", "{}"), ("readme.txt", "secret"), ("evil.html", "secret"), ("evil.js", "secret")));
        File.WriteAllText(Path.Combine(_rig.Data, "secret.json"), "secret");
        var http = hub.Http();
        var moc = await http.GetAsync("models/it/a.moc3", Token);
        Assert.Equal(ModelRig.Moc(), await moc.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(("application/octet-stream", "nosniff", "same-origin"), (moc.Content.Headers.ContentType!.MediaType, moc.Headers.GetValues("X-Content-Type-Options").Single(), moc.Headers.GetValues("Cross-Origin-Resource-Policy").Single()));
        Assert.Equal("image/png", (await http.GetAsync("models/it/a.1024/texture_00.png", Token)).Content.Headers.ContentType!.MediaType);
        Assert.Equal("{}", await http.GetStringAsync("models/it/exp/" + Uri.EscapeDataString("笑 顔.exp3.json"), Token));

        using var again = new HttpRequestMessage(HttpMethod.Get, "models/it/a.moc3");
        again.Headers.IfNoneMatch.Add(moc.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await http.SendAsync(again, Token)).StatusCode);
        using var part = new HttpRequestMessage(HttpMethod.Get, "models/it/a.moc3") { Headers = { Range = new RangeHeaderValue(0, 3) } };
        var partial = await http.SendAsync(part, Token);
        Assert.Equal((HttpStatusCode.PartialContent, "MOC3"), (partial.StatusCode, await partial.Content.ReadAsStringAsync(Token)));

        foreach (var path in new[] { "it/readme.txt", "it/evil.html", "it/evil.js", "it/../secret.json", "it/%2e%2e/%2e%2e/secret.json", "it/..%2F..%2Fsecret.json", "it/..%5C..%5Csecret.json", "it//etc/passwd", "it/", "it/A.MOC3", "_core/nothing.js", ".it/a.moc3", "_core/..%2Fit%2Fa.moc3" })
        {
            using var answer = await http.GetAsync($"models/{path}", Token);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_that_goes_while_it_is_asked_for_is_not_found_and_no_fault()
    {
        await using var hub = await HubAsync();
        var (model, away) = (_rig.Put("it", ModelRig.Good()), Path.Combine(_rig.Data, "away"));
        using var done = new CancellationTokenSource();
        var moving = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    Directory.Move(model, away);
                    Directory.Move(away, model);
                }
            },
            Token);
        try
        {
            using var http = new HttpClient { BaseAddress = hub.Url };
            for (var i = 0; i < 400; i++)
            {
                using var answer = await http.GetAsync("models/it/a.moc3", Token);
                Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.NotFound });
            }
        }
        finally
        {
            await done.CancelAsync();
            await moving;
        }
    }

    [Fact]
    public async Task A_zip_is_added_and_the_model_is_there_and_can_be_removed()
    {
        await using var hub = await HubAsync();
        using var zip = Zip(ModelRig.Good());
        using var posted = await hub.Http().PostAsync("api/models?name=Hiyori%20(1)", zip, Token);
        Assert.Equal(HttpStatusCode.Created, posted.StatusCode);
        Assert.Equal("""{"added":"Hiyori (1)","models":["Hiyori (1)"],"core":null}""", await posted.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.NoContent, (await hub.Http().DeleteAsync("api/models/Hiyori%20(1)", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await hub.Http().DeleteAsync("api/models/Hiyori%20(1)", Token)).StatusCode);
        Assert.Empty((await GetAsync(hub, "api/models"))["models"]!.AsArray());
    }

    [Fact]
    public async Task Files_with_their_paths_are_added_as_a_form()
    {
        await using var hub = await HubAsync();
        using var form = new MultipartFormDataContent { HeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        foreach (var (path, bytes) in ModelRig.GoodBut(("exp/笑顔.exp3.json", ModelRig.Expression)))
            form.Add(Part(bytes, $"Aiko/{path}"));
        using var posted = await hub.Http().PostAsync("api/models?name=Aiko", form, Token);
        Assert.Equal("Aiko", (string)JsonNode.Parse(await posted.Content.ReadAsStringAsync(Token))!["added"]!);
        var model = await GetAsync(hub, "api/models/Aiko");
        Assert.Equal("a.moc3", (string)model["moc"]!);
        Assert.Equal(["Smile", "笑顔"], model["expressions"]!.AsArray().Select(e => (string)e!["name"]!));
    }

    [Fact]
    public async Task A_script_in_a_form_or_alone_is_taken_as_the_core_and_served()
    {
        await using var hub = await HubAsync();
        using var form = new MultipartFormDataContent { Part("var Live2DCubismCore"u8.ToArray(), "live2dcubismcore.min.js") };
        using var posted = await hub.Http().PostAsync("api/models?name=", form, Token);
        Assert.Equal("""{"added":null,"models":[],"core":{"file":"live2dcubismcore.min.js","bytes":20}}""", await posted.Content.ReadAsStringAsync(Token));
        using var script = new StringContent("var Live2DModelWebGL", Encoding.UTF8, "text/javascript");
        Assert.Contains("live2d.min.js", await (await hub.Http().PostAsync("api/models", script, Token)).Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var served = await hub.Http().GetAsync("models/_core/live2dcubismcore.min.js", Token);
        Assert.Equal(("text/javascript", "var Live2DCubismCore"), (served.Content.Headers.ContentType!.MediaType, await served.Content.ReadAsStringAsync(Token)));
        Assert.Equal("""{"present":true,"bytes":20}""", (await GetAsync(hub, "api/models"))["core2"]!.ToJsonString());
    }

    [Theory]
    [InlineData("http://evil.test")]
    [InlineData("null")]
    [InlineData("https://localhost.evil.test")]
    public async Task Pages_of_other_sites_can_neither_add_nor_change_nor_remove(string origin)
    {
        await using var hub = await HubAsync();
        _rig.Put("it", ModelRig.Good());
        using var form = new MultipartFormDataContent { Part(ModelRig.Moc(), "evil.moc3") };
        using var zip = Zip(ModelRig.Good());
        (HttpMethod, string, HttpContent?)[] requests =
        [
            (HttpMethod.Post, "api/models", form), (HttpMethod.Post, "api/models", zip), (HttpMethod.Delete, "api/models/it", null),
            (HttpMethod.Put, "api/models/it/avatar.json", new StringContent("{}", Encoding.UTF8, "application/json")),
            (HttpMethod.Post, "api/models/core/download", new StringContent("""{"accepted":true}""", Encoding.UTF8, "text/plain")),
        ];
        foreach (var (method, path, content) in requests)
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            request.Headers.Add("Origin", origin);
            await RefusedAsync(hub.Http().SendAsync(request, Token), 403, ErrorCode.OriginNotAllowed);
        }

        Assert.Equal(["it"], Directory.EnumerateDirectories(_rig.Folder.FullPath!).Select(d => Path.GetFileName(d)));
    }

    [Fact]
    public async Task Bad_uploads_are_refused_with_a_reason_and_leave_nothing()
    {
        await using var hub = await HubAsync(o => o.Models.UploadBytes = 100_000);
        using var text = new StringContent("x", Encoding.UTF8, "text/plain");
        await RefusedAsync(hub.Http().PostAsync("api/models", text, Token), 415, ErrorCode.UnsupportedMediaType);
        using var noZip = new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new("application/zip") } };
        await RefusedAsync(hub.Http().PostAsync("api/models", noZip, Token), 422, ErrorCode.BadModel);
        using var large = new ByteArrayContent(new byte[100_001]) { Headers = { ContentType = new("application/zip") } };
        await RefusedAsync(hub.Http().PostAsync("api/models", large, Token), 413, ErrorCode.TooBig);
        using var chunked = new StreamContent(new MemoryStream(new byte[100_001])) { Headers = { ContentType = new("application/zip") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/models") { Content = chunked, Headers = { TransferEncodingChunked = true } };
        await RefusedAsync(hub.Http().SendAsync(request, Token), 413, ErrorCode.TooBig);
        using var torn = new StringContent("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.moc3\"\r\n\r\nMOC3", Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b") } };
        await RefusedAsync(hub.Http().PostAsync("api/models", torn, Token), 422, ErrorCode.BadModel);
        using var outside = new MultipartFormDataContent { Part(ModelRig.Moc(), "../../a.moc3") };
        await RefusedAsync(hub.Http().PostAsync("api/models", outside, Token), 422, ErrorCode.BadModel);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_rig.Folder.FullPath!));
    }

    /// <summary>What comes in chunks does not say its length, and what is left out of a form is not counted as a model's bytes.</summary>
    [Theory]
    [InlineData("psd")]
    [InlineData("zip")]
    public async Task A_form_in_chunks_has_the_limit_of_any_upload(string ending)
    {
        await using var hub = await HubAsync(o => o.Models.UploadBytes = 100_000);
        var zip = ModelRig.Zip([KeyValuePair.Create("readme.pdf", new byte[20_000])], level: System.IO.Compression.CompressionLevel.NoCompression);
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 6; i++)
            form.Add(Part(zip, $"{i}.{ending}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/models") { Content = form, Headers = { TransferEncodingChunked = true } };
        var error = await RefusedAsync(hub.Http().SendAsync(request, Token), 413, ErrorCode.TooBig);
        Assert.Equal("the upload is larger than 100000 bytes", (string)error["message"]!);
        Assert.False(Directory.Exists(_rig.Folder.FullPath) && Directory.EnumerateFileSystemEntries(_rig.Folder.FullPath).Any());
    }

    [Fact]
    public async Task The_users_mapping_is_read_checked_and_stored()
    {
        await using var hub = await HubAsync();
        _rig.Put("it", ModelRig.Good());
        var http = hub.Http();
        Assert.Equal("{}", await http.GetStringAsync("api/models/it/avatar.json", Token));
        using var good = Json("""{"title":"T","placement":{"scale":2}}""");
        Assert.Equal(HttpStatusCode.NoContent, (await http.PutAsync("api/models/it/avatar.json", good, Token)).StatusCode);
        Assert.Equal(("T", 2), ((string)(await GetAsync(hub, "api/models/it"))["title"]!, (int)(await GetAsync(hub, "api/models/it"))["placement"]!["scale"]!));
        using var bad = Json("""{"placement":{"scale":20}}""");
        var error = await RefusedAsync(http.PutAsync("api/models/it/avatar.json", bad, Token), 400, ErrorCode.BadValue);
        Assert.Equal("line 1: placement.scale must be a number from 0.1 to 10, got 20", (string)error["message"]!);
        using var text = new StringContent("{}", Encoding.UTF8, "text/plain");
        await RefusedAsync(http.PutAsync("api/models/it/avatar.json", text, Token), 415, ErrorCode.UnsupportedMediaType);
        using var huge = Json(new string(' ', 300_000));
        await RefusedAsync(http.PutAsync("api/models/it/avatar.json", huge, Token), 413, ErrorCode.TooBig);
        await RefusedAsync(http.PutAsync("api/models/other/avatar.json", Json("{}"), Token), 404, ErrorCode.NotFound);
    }

    [Fact]
    public async Task The_users_mapping_is_no_way_to_other_files_of_the_machine_nor_to_endless_ones()
    {
        await using var hub = await HubAsync();
        var model = _rig.Put("it", ModelRig.Good());
        var secret = _rig.Keep("secret.json", "secret"u8.ToArray());
        var mapping = Path.Combine(model, "avatar.json");
        File.CreateSymbolicLink(mapping, secret);
        Assert.Equal("{}", await hub.Http().GetStringAsync("api/models/it/avatar.json", Token));
        using var own = Json("""{"title":"T"}""");
        Assert.Equal(HttpStatusCode.NoContent, (await hub.Http().PutAsync("api/models/it/avatar.json", own, Token)).StatusCode);
        Assert.Equal("secret", File.ReadAllText(secret));
        Assert.Equal("""{"title":"T"}""", await hub.Http().GetStringAsync("api/models/it/avatar.json", Token));
        File.WriteAllText(mapping, new string(' ', 300_000));
        await RefusedAsync(hub.Http().GetAsync("api/models/it/avatar.json", Token), 422, ErrorCode.BadModel);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"accepted":false}""")]
    [InlineData("yes")]
    public async Task The_core_is_fetched_only_for_a_user_who_accepted_its_licence(string body)
    {
        await using var hub = await HubAsync(o => o.Models.CoreAddress = new Uri("http://127.0.0.1:1/core.js"));
        await RefusedAsync(hub.Http().PostAsync("api/models/core/download", Json(body), Token), 403, ErrorCode.NotAllowed);
        await RefusedAsync(hub.Http().PostAsync("api/models/core/download", Json("""{"accepted":true}"""), Token), 502, ErrorCode.FetchFailed);
    }

    [Fact]
    public async Task A_hub_without_a_data_folder_has_no_models_and_says_so()
    {
        await using var hub = await TestHub.StartAsync();
        Assert.Empty((await GetAsync(hub, "api/models"))["models"]!.AsArray());
        using var zip = Zip(ModelRig.Good());
        await RefusedAsync(hub.Http().PostAsync("api/models", zip, Token), 403, ErrorCode.NotAllowed);
        Assert.Equal(HttpStatusCode.NotFound, (await hub.Http().GetAsync("models/_core/live2dcubismcore.min.js", Token)).StatusCode);
    }

    public void Dispose() => _rig.Dispose();

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Task<TestHub> HubAsync(Action<KotodamaServerOptions>? configure = null, string prefix = "") => TestHub.StartAsync(
        options =>
        {
            options.DataFolder = _rig.Data;
            configure?.Invoke(options);
        },
        prefix: prefix);

    private static async Task<JsonNode> GetAsync(TestHub hub, string path) => JsonNode.Parse(await hub.Http().GetStringAsync(path, Token))!;

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static ByteArrayContent Zip(IEnumerable<KeyValuePair<string, byte[]>> files) =>
        new(ModelRig.Zip(files)) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };

    /// <summary>A part as browsers send it: the name as it is, in UTF-8.</summary>
    private static ByteArrayContent Part(byte[] bytes, string path)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"files\"; filename=\"{path}\"");
        return content;
    }

    private static async Task<JsonNode> RefusedAsync(Task<HttpResponseMessage> request, int status, string code)
    {
        using var response = await request;
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!;
        Assert.Equal((status, code), ((int)response.StatusCode, (string)body["code"]!));
        Assert.NotEmpty((string)body["hint"]!);
        return body;
    }
}

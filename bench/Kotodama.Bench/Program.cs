using System.CommandLine;
using Kotodama.Bench;
using Kotodama.Bench.Beside;

var root = new RootCommand("Measures the figures of docs/benchmarks.md against a published build of the server. Needs a quiet machine.");
Add("start", "Process start to listening, and resident memory when idle.", StartBench.RunAsync);
Add("page", "Message sent to bubble visible in Chromium, and the processor time of an idle page.", PageBench.RunAsync);
Add("fanout", "One publisher, 1000 viewers, 100 messages: all there, in order, at what rate.", FanOutBench.RunAsync);
Add("publish", "Durable messages per second, time to receipt, and a thousand viewers that come back at once.", PublishBench.RunAsync);
Add("slow", "99 viewers, with and without a slow one beside them: how late messages are.", SlowPageBench.RunAsync);
Add("hostile", "A pair of strangers beside one client that attacks: how late messages are, what memory it takes.", HostileBench.RunAsync);
Add(
    "speech",
    "How soon a reply is heard and how soon there is silence, with espeak-ng and Chromium, and what speaking costs.",
    SpeechBench.RunAsync);
Add(
    "talk",
    "A conversation with a scripted language model: how soon an answer is heard, how soon there is silence for who speaks, "
    + "and what stays in memory.",
    TalkBench.RunAsync);
AddBeside();
root.SetAction(async (_, cancellationToken) =>
{
    var server = await PublishedServer.PublishAsync(cancellationToken);
    await StartBench.RunAsync(server, cancellationToken);
    await PageBench.RunAsync(server, cancellationToken);
    await FanOutBench.RunAsync(server, cancellationToken);
    await PublishBench.RunAsync(server, cancellationToken);
    await SlowPageBench.RunAsync(server, cancellationToken);
    await HostileBench.RunAsync(server, cancellationToken);
    await SpeechBench.RunAsync(server, cancellationToken);
    await TalkBench.RunAsync(server, cancellationToken);
});
return await root.Parse(args).InvokeAsync();

void Add(string name, string description, Func<string, CancellationToken, Task> run)
{
    var command = new Command(name, description);
    command.SetAction(async (_, cancellationToken) => await run(await PublishedServer.PublishAsync(cancellationToken), cancellationToken));
    root.Subcommands.Add(command);
}

void AddBeside()
{
    var names = string.Join(", ", Series.All.Select(series => series.Name));
    var chosen = new Argument<string[]>("series")
    {
        Description = $"What to measure, all by default: {names}.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    var rounds = new Option<int>("--rounds") { Description = "How often every server is visited.", DefaultValueFactory = _ => 7 };
    var builds = new Option<string[]>("--build")
    {
        Description = "A published build of the hub, as NAME=FOLDER, in the place of one that is made now; can be given more than once.",
    };
    var command = new Command("beside", "The hub beside a C server, Node's ws, the founding server and a plain Kestrel loop.")
    {
        chosen, rounds, builds,
    };
    command.SetAction(async (parsed, cancellationToken) =>
    {
        (string, string)[] products = [.. parsed.GetValue(builds)!.Select(text => (text.Split('=')[0], text.Split('=', 2)[^1]))];
        if (products.Length == 0)
            products = [("Kotodama", await PublishedServer.PublishAsync(cancellationToken))];
        var wanted = parsed.GetValue(chosen) is { Length: > 0 } some ? Series.All.Where(s => some.Contains(s.Name)) : Series.All;
        BesideBench.Run(PublishedServer.Root, products, wanted, parsed.GetValue(rounds), cancellationToken);
    });
    root.Subcommands.Add(command);

    var port = new Argument<int>("port");
    var reference = new Command("reference", "The plain Kestrel loop.") { port };
    reference.Hidden = true;
    reference.SetAction((parsed, cancellationToken) => NaiveServer.RunAsync(parsed.GetValue(port), cancellationToken));
    root.Subcommands.Add(reference);
}

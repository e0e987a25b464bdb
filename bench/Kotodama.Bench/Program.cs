using System.CommandLine;
using Kotodama.Bench;

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

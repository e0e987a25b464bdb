using System.Globalization;
using System.Text;
using Kotodama.Server.Access;
using Kotodama.Server.Hubs;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Server.Http;

/// <summary>
/// <c>GET /metrics</c>, the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). Read off the hub when
/// asked, so that counting costs nothing between requests.
/// </summary>
internal static class Metrics
{
    public static Task WriteAsync(HttpContext context, Hub hub)
    {
        var grant = Grant.Of(context);
        var text = new StringBuilder();
        Add("kotodama_pages", "gauge", "Connections behind which a user looks at the character.", hub.Connections.Count(c => c.IsPage));
        Add("kotodama_connections", "gauge", "Open WebSockets.", hub.Connections.Count());
        Add("kotodama_channels", "gauge", "Channels in use.", hub.Channels.Count());
        text.Append("# HELP kotodama_companions Companions that answer on a channel.\n# TYPE kotodama_companions gauge\n");
        foreach (var channel in hub.Channels.Where(c => grant.Reaches(c.Name)))
            text.Append(
                CultureInfo.InvariantCulture,
                $"kotodama_companions{{channel=\"{channel.Name}\"}} {(channel.Companion.Performer is null ? 0 : 1)}\n");
        Add("kotodama_messages_published_total", "counter", "Messages stored since the start.", hub.Published);
        Add("kotodama_speeches_heard_total", "counter", "Speeches that were heard to their end since the start.", hub.SpeechesHeard);
        Add("kotodama_speeches_stopped_total", "counter", "Speeches that were stopped since the start.", hub.SpeechesStopped);
        Add("kotodama_refused_total", "counter", "Messages and connections refused since the start.", hub.Refusals.Total);
        Add("kotodama_rate_limited_total", "counter", "Messages since the start that came faster than the limits allow.", hub.Limited);
        Add("kotodama_queue_depth", "gauge", "Work that waits for the hub's loop.", hub.QueueDepth);
        var failure = hub.Failure;
        Add(
            "kotodama_degraded",
            "gauge",
            "1 while messages are kept in memory only, although the hub has a disk.",
            failure is null ? 0 : 1);
        Add("kotodama_storage_full", "gauge", "1 while that is because the disk is full.", failure is { IsFull: true } ? 1 : 0);
        Add(
            "kotodama_storage_failed",
            "gauge",
            "1 while that is because the disk or the file fails.",
            failure is { IsFull: false } ? 1 : 0);
        Add("kotodama_uptime_seconds", "gauge", "Time since the start.", hub.Uptime.TotalSeconds);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(text.ToString(), context.RequestAborted);

        void Add(string name, string type, string help, double value) =>
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
    }
}

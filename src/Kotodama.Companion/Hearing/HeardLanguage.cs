using System.Text.RegularExpressions;
using Kotodama.Voice.Text;

namespace Kotodama.Companion.Hearing;

/// <summary>The languages that models tell, by their tag or by their English name, as Whisper and those after it write them.</summary>
internal static partial class HeardLanguage
{
    private const string Known =
"en english,zh chinese mandarin,yue cantonese,ja japanese,ko korean,de german,fr french,es spanish castilian,"
        + "pt portuguese,it italian,ru russian,nl dutch flemish,pl polish,tr turkish,ar arabic,hi hindi,vi vietnamese,th thai,"
        + "id indonesian,uk ukrainian,sv swedish,cs czech,ca catalan valencian,fi finnish,he hebrew,el greek,ms malay,"
        + "ro romanian moldavian,da danish,hu hungarian,ta tamil,no norwegian,nn nynorsk,ur urdu,hr croatian,bg bulgarian,"
        + "lt lithuanian,la latin,mi maori,ml malayalam,cy welsh,sk slovak,te telugu,fa persian farsi,lv latvian,bn bengali,"
        + "sr serbian,az azerbaijani,sl slovenian,kn kannada,et estonian,mk macedonian,br breton,eu basque,is icelandic,"
        + "hy armenian,ne nepali,mn mongolian,bs bosnian,kk kazakh,sq albanian,sw swahili,gl galician,mr marathi,"
        + "pa punjabi panjabi,si sinhala sinhalese,km khmer,sn shona,yo yoruba,so somali,af afrikaans,oc occitan,ka georgian,"
        + "be belarusian,tg tajik,sd sindhi,gu gujarati,am amharic,yi yiddish,lo lao,uz uzbek,fo faroese,ht haitian,"
        + "ps pashto pushto,tk turkmen,mt maltese,sa sanskrit,lb luxembourgish,my myanmar burmese,bo tibetan,tl tagalog,"
        + "fil filipino,mg malagasy,as assamese,tt tatar,haw hawaiian,ln lingala,ha hausa,ba bashkir,jv javanese jw,su sundanese,"
        + "wuu wu,nan hokkien,hak hakka";

    private static readonly Dictionary<string, string> Tags = Known.Split(',')
        .Select(language => language.Split(' '))
        .SelectMany(names => names.Select(name => KeyValuePair.Create(name, names[0])))
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The tag of a language that is known, also when a region follows it; null for anything else.</summary>
    public static string? Find(string name)
    {
        name = name.Trim();
        return Tags.GetValueOrDefault(name) ?? (Region().IsMatch(name) ? Tags.GetValueOrDefault(VoiceLanguage.Primary(name)) : null);
    }

    /// <summary>The tag of what an answer names as its language: a known one, or any word that has the form of a tag.</summary>
    public static string? Of(string? name)
    {
        if (name is null || Find(name) is not { } known)
            return name is { Length: 2 or 3 } && name.All(char.IsAsciiLetter) ? name.ToLowerInvariant() : null;
        return known;
    }

    // The second part of "no-speech" is no region.
    [GeneratedRegex(
        "^[a-z]{2,3}[-_]([a-z]{2}|han[st])$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Region();
}

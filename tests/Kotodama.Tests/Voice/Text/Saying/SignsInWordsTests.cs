using Kotodama.Voice.Text;
using Kotodama.Voice.Text.Saying;

namespace Kotodama.Tests.Voice.Text.Saying;

public sealed class SignsInWordsTests
{
    [Theory]
    [InlineData("2^10 is 1024, 10^6, 7>5", "2 to the power of 10 is 1024, 10 to the power of 6, 7 is greater than 5")]
    [InlineData("10 - 4 = 6", "10 minus 4 equals 6")]
    [InlineData("10-4=6, 10 −4 = 6 and 10−4 = 6", "10 minus 4 equals 6, 10 minus 4 equals 6 and 10 minus 4 equals 6")]
    [InlineData("It is -5 °C, or −5°C, not 41°F.", "It is minus 5 degrees Celsius, or minus 5 degrees Celsius, not 41 degrees Fahrenheit.")]
    [InlineData("x² + y² = z²", "x squared plus y squared equals z squared")]
    [InlineData("10⁻³ and 2ⁿ and x³", "10 to the power of minus 3 and 2 to the power of n and x cubed")]
    [InlineData("x^2, x^3, x^n, 2^(n+1), e^{-x}", "x squared, x cubed, x to the power of n, 2 to the power of (n plus 1), e to the power of minus x")]
    [InlineData("3×4=12, 3*4 = 12, 8 ÷ 2 = 4, 10/4 = 2.5", "3 times 4 equals 12, 3 times 4 equals 12, 8 divided by 2 equals 4, 10 over 4 equals 2.5")]
    [InlineData("1920×1080 is 2× as wide", "1920 by 1080 is 2 times as wide")]
    [InlineData("a <= b, a >= b, a != b, a == b, a ≤ b, a ≥ b, a ≠ b", "a is less than or equal to b, a is greater than or equal to b, a is not equal to b, a equals b, a is less than or equal to b, a is greater than or equal to b, a is not equal to b")]
    [InlineData("if a < b and c > d", "if a is less than b and c is greater than d")]
    [InlineData("age > 18 and < 5 ms", "age is greater than 18 and is less than 5 milliseconds")]
    [InlineData("π ≈ 3.14 ± 0.01 and √2", "pi is approximately 3.14 plus or minus 0.01 and the square root of 2")]
    [InlineData("≈ 3 or ~100 people", "about 3 or about 100 people")]
    [InlineData("A -> B => C, London → Paris", "A to B implies C, London to Paris")]
    [InlineData("5 + 3, Ctrl+C, salt + pepper, 18+", "5 plus 3, Ctrl plus C, salt plus pepper, 18 plus")]
    [InlineData("x=5 and key=value", "x equals 5 and key equals value")]
    [InlineData("n-1, n - 1 and y = a - b", "n minus 1, n minus 1 and y equals a minus b")]
    [InlineData("E = mc^2 = mc², see note²", "E equals mc squared equals mc squared, see note²")]
    [InlineData("if (x >= 10 || y != 3) return x*2;", "if (x is greater than or equal to 10 || y is not equal to 3) return x times 2;")]
    [InlineData("(3+4)*2=14, -3 + 5 = 2, 5 + -3", "(3 plus 4) times 2 equals 14, minus 3 plus 5 equals 2, 5 plus minus 3")]
    [InlineData("1/2 + 1/3 = 5/6, 10^-3 m", "1 over 2 plus 1 over 3 equals 5 over 6, 10 to the power of minus 3 meters")]
    [InlineData("α + β and Δt", "alpha plus beta and delta t")]
    public void Operators_are_said_between_values(string written, string said) => Assert.Equal(said, Say(written));

    [Theory]
    [InlineData("pages 3-5, 10–12, 3~5, 2019–20", "pages 3 to 5, 10 to 12, 3 to 5, 2019 to 20")]
    [InlineData("2 - 3 hours, 9:00-17:00, 5-10%", "2 to 3 hours, 9:00 to 17:00, 5 to 10%")]
    [InlineData("5–10 kg, 5kg-10kg, 10%-20%", "5 to 10 kilograms, 5 kilograms to 10 kilograms, 10% to 20%")]
    [InlineData("12.5 km/h, 5 kg, 5kg, 1 kg, 20 °C", "12.5 kilometers per hour, 5 kilograms, 5 kilograms, 1 kilogram, 20 degrees Celsius")]
    [InlineData("100 MB/s, 16 GB, 5 m², 9.8 m/s²", "100 megabytes per second, 16 gigabytes, 5 square meters, 9.8 meters per square second")]
    [InlineData("6 ft, 10 lbs, 5 min, 60 W, 5 µm, a 5-km run", "6 feet, 10 pounds, 5 minutes, 60 watts, 5 micrometers, a 5 kilometer run")]
    [InlineData("5 GB/month, in km/h", "5 gigabytes per month, in kilometers per hour")]
    [InlineData("½ cup, 1½ cups, 3/4 cup, 1 1/2 cups", "one half cup, 1 and one half cups, 3 quarters cup, 1 and 1 half cups")]
    [InlineData("7/10, 4/5 stars", "7 out of 10, 4 out of 5 stars")]
    [InlineData("$5.99, $5, $1, $0.50, ($20)", "5 dollars and 99 cents, 5 dollars, 1 dollar, 0.50 dollars, (20 dollars)")]
    [InlineData("€20, 20€, 20 €, £3.50, ¥1,000", "20 euros, 20 euros, 20 euros, 3 pounds and 50 pence, 1,000 yen")]
    [InlineData("$1.5M, $5 million, $100k, $5-10, $5–$10, $5/hour", "1.5 million dollars, 5 million dollars, 100 thousand dollars, 5 to 10 dollars, 5 dollars to 10 dollars, 5 dollars per hour")]
    [InlineData("-$5 and US$5", "minus 5 dollars and US 5 dollars")]
    [InlineData("on 2026-11-29, 2026/11/29, 11/29/2026, 29/11/2026", "on November 29, 2026, November 29, 2026, November 29, 2026, November 29, 2026")]
    [InlineData("a ratio of 1:2, 16:9", "a ratio of 1 to 2, 16 to 9")]
    [InlineData("#1, № 5, №5", "number 1, number 5, number 5")]
    [InlineData("C#, F#, C++, H₂O, CO₂", "C sharp, F sharp, C plus plus, H 2 O, CO 2")]
    [InlineData("１０＋５＝１５, ￥50", "10 plus 5 equals 15, 50 yen")]
    public void Numbers_are_said_with_what_belongs_to_them(string written, string said) => Assert.Equal(said, Say(written));

    [Theory]
    [InlineData("2^10是1024，7>5", "2的10次方是1024，7大于5")]
    [InlineData("10 - 4 = 6", "10 减 4 等于 6")]
    [InlineData("１０＋５＝１５", "10加5等于15")]
    [InlineData("x² + y² = z²", "x的平方 加 y的平方 等于 z的平方")]
    [InlineData("气温-5°C，３-5个，3~5天", "气温负5摄氏度，3到5个，3到5天")]
    [InlineData("涨了50％，5-10%，5‰", "涨了百分之50，百分之5到10，千分之5")]
    [InlineData("重5 kg，时速12.5 km/h，100 MB/s", "重5千克，时速12.5千米每小时，100兆字节每秒")]
    [InlineData("面积5 m²，½杯，1½杯", "面积5平方米，二分之一杯，1又二分之一杯")]
    [InlineData("占7/10，3/4杯", "占10分之7，4分之3杯")]
    [InlineData("$5.99，￥1,000，€20，¥3万", "5.99美元，1,000元，20欧元，3万元")]
    [InlineData("2026-11-29 14:30", "2026年11月29日 14点30分")]
    [InlineData("2026年11月29日，比分3:2，比例1:10", "2026年11月29日，比分3比2，比例1比10")]
    [InlineData("2×快，3×4，≈3，a≠b，A→B", "2倍快，3乘4，约3，a不等于b，A到B")]
    [InlineData("9:00-17:00，3号-5号", "9点00分到17点00分，3号到5号")]
    [InlineData("CPU占用率50%-80%，-10℃~5℃，第3-5页", "CPU占用率百分之50到百分之80，负10摄氏度到5摄氏度，第3到5页")]
    [InlineData("￥9.9包邮，满￥100减￥20", "9.9元包邮，满100元减20元")]
    [InlineData("#1，C#，C++，√2，π", "1号，C sharp，C加加，根号2，派")]
    [InlineData("１，０００円：３．１４", "1,000円：3.14")]
    public void Chinese_has_words_of_its_own(string written, string said) => Assert.Equal(said, Say(written, "zh"));

    [Theory]
    [InlineData("2^10は1024、7>5です", "2の10乗は1024、7大なり5です")]
    [InlineData("10 - 4 = 6", "10 マイナス 4 イコール 6")]
    [InlineData("気温は-5℃、50％", "気温はマイナス5度、50パーセント")]
    [InlineData("5 kgと12.5 km/h", "5キログラムと12.5キロメートル毎時")]
    [InlineData("3~5日、10時～12時、１４：３０", "3から5日、10時から12時、14時30分")]
    [InlineData("$5と￥1,000と3/4", "5ドルと1,000円と4分の3")]
    [InlineData("2026-11-29と11/29(日)", "2026年11月29日と11月29日(日)")]
    [InlineData("x² ÷ 2、½、C#、A→B", "xの2乗 割る 2、二分の一、Cシャープ、AからB")]
    public void Japanese_has_words_of_its_own(string written, string said) => Assert.Equal(said, Say(written, "ja"));

    [Theory]
    [InlineData("de", "10 - 4 = 6, 2^10 und 5 kg, 50 %")]
    [InlineData("ko", "10 - 4 = 6, 2^10, 5 kg, $5")]
    [InlineData("ru", "2026-11-29 и 14:30, №5")]
    public void Another_language_keeps_its_signs(string language, string written) => Assert.Equal(written, Say(written, language));

    [Theory]
    [InlineData("en", "A well-known man, aged forty-two, met Mrs. Smith-Jones at the drive-in; she said: \"No!\"")]
    [InlineData("en", "We work 24/7 with TCP/IP and/or UDP, on .NET 10 and v2.0.1, at 14:30 or 3:05 p.m.")]
    [InlineData("en", "AT&T and R&D, @name, 50% of 1,000,000, the 1990s, 5th, 100k, 3D, MP3, 10x, GPT-4, COVID-19 and F-16.")]
    [InlineData("en", "On 11/12/2026 and 9/11 I called 555-1234, 02139-4307 and 1-800-555-0199; we won 3-1. It is 5'10\" tall.")]
    [InlineData("en", "Genesis 12:8 and localhost:8080 and 127.0.0.1:80 and 2001:db8::1 and 2026-11-29T14:30:00Z.")]
    [InlineData("en", "Open File > Settings > Privacy. Yes -- no - maybe -- or so... (really) [sic] {here} — he went – alone.")]
    [InlineData("en", "I am in 5 rooms, in 3 a day; chapter 7, section 4.2, Windows 10 / 11, room 5 a.m. to 6 p.m.")]
    [InlineData("en", "snake_case, #hashtag, #ff0000, C:\\Users\\me, ^_^ and o/ and \\o/, ==== or *note and ~ or ~/bin.")]
    [InlineData("en", "José said “naïve café” isn’t cheap; 🎉 Zoë’s, l’été & más… ¿Qué? 10,5.")]
    [InlineData("zh", "今天天气很好，我们出去走走吧！他说：“三点半见。”（真的）2026年11月29日，列奥纳多·达·芬奇，第3章，100个人。")]
    [InlineData("ja", "「はい。」と彼女は答えました。2026年11月29日(日)、3時30分、100人、ジョン・スミスさん。")]
    public void Prose_stays_as_it_is(string language, string written)
    {
        var clause = Of(written, language);

        Assert.Same(clause, SignsInWords.Of(clause));
    }

    [Fact]
    public void Prose_costs_nothing()
    {
        var clause = Of("We work 24/7, at 14:30 - well-known - and 50% of 1,000 read v2.0.1.", "en");
        var costs = new long[4];
        for (var i = 0; i < costs.Length; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            SignsInWords.Of(clause);
            costs[i] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // Code that is not optimised yet boxes some values; a draft takes a thousand bytes.
        Assert.InRange(costs[^1], 0, 200);
    }

    [Fact]
    public void A_word_shares_the_place_of_its_sign_and_the_rest_keeps_its_own()
    {
        var said = SignsInWords.Of(new Clause("2^10 kg", [5, 6, 7, 8, 9, 10, 11], "en"));

        Assert.Equal("2 to the power of 10 kilograms", said.Text);
        Assert.Equal([5, 5, 6, 6], said.Places.Take(4));
        Assert.Equal([7, 8], said.Places.Skip(said.Text.IndexOf("10", StringComparison.Ordinal)).Take(2));
        Assert.Equal(11, said.Places[^1]);
        Assert.Equal((5, 7), (said.At, said.Length));
    }

    [Fact]
    public void A_clause_covers_what_it_leaves_out_at_its_ends()
    {
        var said = SignsInWords.Of(Of("$20 is $x$", "en"));

        Assert.Equal("20 dollars is x", said.Text);
        Assert.Equal((0, 10), (said.At, said.Length));
    }

    internal static Clause Of(string text, string language) => new(text, [.. Enumerable.Range(0, text.Length)], language);

    internal static string Say(string text, string language = "en") => SignsInWords.Of(Of(text, language)).Text;
}

using Kotodama.Voice.Text;

namespace Kotodama.Tests.Voice.Text;

/// <summary>Which signs are markup, and what stands in their place. Each example is tried whole and one character at a time.</summary>
public sealed class SpokenMarkupTests
{
    [Theory]
    [InlineData("I can`t believe it, you`re really here!", "I can't believe it,|you're really here!")]
    [InlineData("It´s 5` long, rock `n` roll.", "It's 5 long,|rock n roll.")]
    [InlineData("Press the ` key, then the ` key again.", "Press the key,|then the key again.")]
    [InlineData("```ls -l``` lists files. It is safe to run.", "ls -l lists files.|It is safe to run.")]
    [InlineData("Use ``a ` b`` and `C#` and `f(x) = 1` now", "Use and C# and now")]
    [InlineData("```\ncode\n``` not closed\nmore\n```\nafter", "after")]
    [InlineData("- ```python\n  code\n  ```\nafter", "after")]
    [InlineData("> ```\n> code\n> ```\nafter", "after")]
    [InlineData("> ```\n> code\nafter the quotation", "after the quotation")]
    [InlineData("un*frigging*believable, **Bold**ly said", "unfriggingbelievable, Boldly said")]
    [InlineData("Such a b*tch of a day", "Such a b tch of a day")]
    [InlineData("snake_case_name and __init__ and _soft_", "snake case name and init and soft")]
    [InlineData("这是**重要**的，也是*很好*的。", "这是重要的，|也是很好的。")]
    [InlineData("~~old~~ and ==new== words", "old and new words")]
    [InlineData(@"Escaped \*stars\* and \_lines\_ and 5\*3 and C\#", "Escaped stars and lines and 5*3 and C#")]
    public void A_sign_is_markup_only_where_it_is_a_pair(string reply, string expected) => Same(expected, reply);

    [Theory]
    [InlineData("Look ![a cat](u) here.", "Look a cat here.")]
    [InlineData("Wow![1] That is [![icon](a.png) it](b).", "Wow!|That is icon it.")]
    [InlineData("See [more][ref] and [all of it][] now", "See more and all of it now")]
    [InlineData("[more][ref]", "more")]
    [InlineData("[[Index]]", "Index")]
    [InlineData("Read [[Index]] and [[Other page]] now", "Read Index and Other page now")]
    [InlineData("I like [this](really, I do) a lot", "I like this(really,|I do) a lot")]
    [InlineData("[a](<b c> \"title\") and [d](/e 'f') end", "a and d end")]
    [InlineData("[first part][second part] stay", "first part second part stay")]
    [InlineData("The index a[i] or a[0], a fact[2].", "The index a i or a 0,|a fact.")]
    [InlineData("[1]: https://x.y/z \"Title\"\n[^1]: The note\ntext", "The note|text")]
    [InlineData("[joy][wave] Hello", "Hello")]
    public void A_link_is_spoken_as_its_text(string reply, string expected) => Same(expected, reply);

    [Theory]
    [InlineData("Go to example.com/path?x=1 or stay.", "Go to or stay.")]
    [InlineData("Open localhost:8765/demo, or shop.example.org?id=3&b=4!", "Open, or!")]
    [InlineData("Node.js/Express, and/or example.com.", "Node.js/Express,|and/or example.com.")]
    [InlineData("git+ssh://git@a.b/c.git and s3://bucket/x stay silent", "and stay silent")]
    public void An_address_is_left_out_whole(string reply, string expected) => Same(expected, reply);

    [Theory]
    [InlineData("Tom &amp; Jerry&nbsp;run", "Tom & Jerry run")]
    [InlineData("&#39;Hi&#x27; &quot;you&quot; &#x1F600; &hellip; it&rsquo;s 5 &lt; 6 &times; 2", "'Hi' \"you\"…|it’s 5 < 6 × 2")]
    [InlineData("The &lt;title&gt; of &#42;it&#42; is &lbrack;set&rbrack;", "The title of it is set")]
    [InlineData("AT&T; R&D & co &unknown", "AT&T;|R&D & co &unknown")]
    [InlineData("a&#0;b&#xD83D;c&shy;d", "abcd")]
    public void Entities_are_read_first_and_are_no_markup(string reply, string expected) => Same(expected, reply);

    [Theory]
    [InlineData(@"Look in C:\Users\me for it.", "Look in C Users me for it.")]
    [InlineData(@"C:\new\table and \\server\share and src\net\main", "C new table and server share and src net main")]
    [InlineData(@"line\nSecond line", "line|Second line")]
    [InlineData(@"One.\n\nTwo,\tThree \""four\"" \u4f60\u597d", "One.|Two, Three \"four\" 你好")]
    [InlineData(@"3 \times 4 \neq 5", "3 times 4 neq 5")]
    public void A_backslash_parts_names_and_escapes_signs(string reply, string expected) => Same(expected, reply);

    [Theory]
    [InlineData("2^10 is 1024, 10^6, 7>5", "2^10 is 1024,|10^6, 7>5")]
    [InlineData("10 - 4 = 6 and x - 1 but this - that", "10 - 4 = 6 and x - 1 but this,|that")]
    [InlineData("2 * 3 = 6, 5*3, 2**10, a*b, (1)*2", "2 * 3 = 6,|5*3, 2**10, a*b, (1)*2")]
    [InlineData("x<=5, 7 >= 2, if a < b and c > d", "x<=5,|7 >= 2, if a < b and c > d")]
    [InlineData("a->b, c => d, e <- f, A → B", "a, b,|c d, e, f, A B")]
    [InlineData("5😀6 and 7★8 or 9→10 or 1#2 or 3{4}5", "5 6 and 7 8 or 9 10 or 1 2 or 3 4 5")]
    [InlineData("你好🎉我是小明。", "你好 我是小明。")]
    [InlineData("well‑known, ３－２, －5, 5㎏, -5°C, +3", "well-known,|３-２, -5, 5㎏, -5°C, +3")]
    [InlineData("10<sup>6</sup> H<sub>2</sub>O <b>on</b>ly <!-- a > b -->done", "10^6 H2O only done")]
    [InlineData("if x <y and so on, or a<b and c>d <input disabled>there", "if x y and so on,|or a<b and c>d there")]
    [InlineData("The <think> tag begins it. More <think>of this</think> follows.", "The tag begins it.|More follows.")]
    public void What_is_left_out_joins_nothing(string reply, string expected) => Same(expected, reply);

    [Theory]
    [InlineData(@"$\frac{7}{10}$", @"$\frac{7}{10}$")]
    [InlineData("So $n^2$, $$E = mc^2$$ and $f(x, y)$.", "So $n^2$,|$$E = mc^2$$ and $f(x, y)$.")]
    [InlineData(@"It is \(a^2 + b^2\). \[ x = \frac{1}{2} \]", @"It is \(a^2 + b^2\).|\[ x = \frac{1}{2} \]")]
    [InlineData("$$\nx = 1\n$$\nis it.", "$$ x = 1 $$|is it.")]
    [InlineData("Costs $5 and $10, or $5-$10. US$100 or $3 + $4.", "Costs $5 and $10,|or $5-$10. US$100 or $3 + $4.")]
    [InlineData(@"Put \(this one\) and \[that one\] away", "Put (this one) and that one away")]
    public void A_formula_stays_as_it_is_in_one_clause(string reply, string expected) => Same(expected, reply);

    [Theory]
    [InlineData("今日は雨です(´・ω・`)でも明日は晴れますよ。一緒に出かけましょう(´・ω・`)またね。", "今日は雨です,|でも明日は晴れますよ。|一緒に出かけましょう,またね。")]
    [InlineData("(╯°□°)╯︵ ┻━┻ flip! (^_^) and (^_^) more", "flip!|and more")]
    [InlineData(@"¯\_(ツ)_/¯ who knows, m(_ _)m sorry, o(≧▽≦)o yay", "who knows,|sorry, yay")]
    [InlineData("ヽ(´▽`)/ やった(≧▽≦)/ノートを書こう", "やった,ノートを書こう")]
    [InlineData("営業日（月・水・金）です。", "営業日（月・水・金）です。")]
    [InlineData("A sum (a^2+b^2), (x_1), (5×3), (0.0), (wow!!) and f(x)", "A sum (a^2+b^2),|(x 1), (5×3), (0.0), (wow!!)|and f(x)")]
    [InlineData("We know ( ！ <b>x²</b> ～ ) and (～<i>x</i>～) well", "We know (x² ) and (x,)|well")]
    [InlineData("Nice:) ok :( well :D xD >_< T_T done :-).", "Nice ok well done.")]
    public void A_face_is_silent_and_reaches_over_no_words(string reply, string expected) => Same(expected, reply);

    [Theory]
    [InlineData("*Never* do that.", "Never do that.")]
    [InlineData("*Sometimes* I do. *Thank you* all. *This* is it.", "Sometimes I do.|Thank you all. This is it.")]
    [InlineData("*smiles* are free, and she *nods*.", "smiles are free,|and she nods.")]
    [InlineData("*hugs you tightly* hey there! *sigh* Okay.", "hey there!|Okay.")]
    [InlineData("*Airi waves at you* Hello. *softly giggles* Stop it!", "Hello.|Stop it!")]
    [InlineData("*looks around nervously* Where am I?", "Where am I?")]
    [InlineData("See you tomorrow *waves*", "See you tomorrow")]
    [InlineData("(laughs) That is funny. He left (smiling) early.", "That is funny.|He left (smiling) early.")]
    [InlineData("（微笑）你好呀。（小声说）别走。", "你好呀。|别走。")]
    [InlineData("*微笑*很重要。*微笑*你好！", "微笑很重要。|你好！")]
    [InlineData("（笑）そうですね（笑）。*手を振る* またね。", "そうですね。|またね。")]
    [InlineData("今日（月曜日）はいい天気です。", "今日（月曜日）はいい天気です。")]
    [InlineData("他（微笑着）说你好（真的）。", "他（微笑着）说你好（真的）。")]
    public void Only_an_action_of_a_role_play_is_a_direction(string reply, string expected) => Same(expected, reply);

    [Theory]
    [InlineData("J.K. Rowling wrote it. George R.R. Martin did not.", "J.K. Rowling wrote it.|George R.R. Martin did not.")]
    [InlineData("The U.S. President spoke today. He lives in the U.S. She lives in Canada.", "The U.S. President spoke today.|He lives in the U.S.|She lives in Canada.")]
    [InlineData("Meet J. A. Smith at 5 p.m. Monday, e.g. here. Then we all go home.", "Meet J. A. Smith at 5 p.m. Monday,|e.g. here. Then we all go home.")]
    [InlineData("А.С. Пушкин писал стихи. Он жил в России.", "А.С. Пушкин писал стихи.|Он жил в России.")]
    [InlineData("It runs on .NET 10 today. Try .5 of it.", "It runs on .NET 10 today.|Try .5 of it.")]
    [InlineData("合計は全部で１，０００円です。", "合計は全部で１，０００円です。")]
    [InlineData("値は３．１４、時刻は１２：３０。", "値は３．１４、|時刻は１２：３０。")]
    public void A_point_within_a_name_or_a_number_ends_nothing(string reply, string expected) => Same(expected, reply);

    [Theory]
    [InlineData("سلام دوستو۔ آپ کیسے ہیں؟", "ur")]
    [InlineData("مرحبا بكم جميعا. كيف الحال؟", "ar")]
    [InlineData("سلام، چطوری دوست من؟ خوبم.", "fa")]
    [InlineData("Բարև ձեզ։ Ինչպես եք։", "hy")]
    [InlineData("မင်္ဂလာပါ။ နေကောင်းလား။", "my")]
    [InlineData("ሰላም ነው። እንዴት ነህ፧", "am")]
    [InlineData("សួស្តី។ សុខសប្បាយទេ៕", "km")]
    [InlineData("नमस्ते दोस्तों। आप कैसे हैं॥", "hi")]
    [InlineData("আমি ভালো আছি। তুমি কেমন আছ?", "bn")]
    [InlineData("བཀྲ་ཤིས་བདེ་ལེགས། ཁྱེད་རང་།", "bo")]
    [InlineData("Αυτό είναι\u037E Ναι.", "el")]
    public void Sentences_of_other_scripts_end_and_tell_their_language(string reply, string language)
    {
        var clauses = ClauseReaderTests.Read(reply);
        Assert.Equal(2, clauses.Count);
        Assert.All(clauses, c => Assert.Equal(language, c.Language));
    }

    [Theory]
    [InlineData("สวัสดีครับ", null, "th")]
    [InlineData("გამარჯობა", null, "ka")]
    [InlineData("नमस्कार", "mr", "mr")]
    [InlineData("Привет", "th", "ru")]
    public void A_named_language_counts_where_it_has_the_script(string reply, string? told, string expected) =>
        Assert.Equal(expected, Assert.Single(ClauseReaderTests.Read(reply, told)).Language);

    [Fact]
    public void An_entity_keeps_the_places_of_what_follows()
    {
        const string Reply = "A &amp; &#x4F60; it";
        var clause = Assert.Single(ClauseReaderTests.Read(Reply));
        Assert.Equal("A & 你 it", clause.Text);
        Assert.Equal([0, 1, 2, 7, 8, 16, 17, 18], clause.Places);
    }

    [Fact]
    public void A_formula_never_makes_a_clause_too_long()
    {
        var reply = string.Concat(Enumerable.Repeat("some words here ", 11)) + "$" + string.Concat(Enumerable.Repeat("x^2 + ", 20)) + "1$ end";
        var clauses = ClauseReaderTests.Read(reply);
        Assert.All(clauses, c => Assert.InRange(c.Text.Length, 1, 200));
        Assert.Contains(clauses, c => c.Text.StartsWith("$x^2", StringComparison.Ordinal) && c.Text.Contains("1$", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Good morning J.K.", null)]
    [InlineData("He lives in the U.S.", 60)]
    public void A_pause_after_initials_is_no_end(string reply, int? milliseconds)
    {
        var reader = new ClauseReader();
        reader.Append(reply, TimeSpan.Zero);
        Assert.Equal(milliseconds, reader.Deadline?.TotalMilliseconds);
    }

    private static void Same(string expected, string reply)
    {
        Assert.Equal(expected, string.Join('|', ClauseReaderTests.Read(reply).Select(c => c.Text)));
        Assert.Equal(expected, string.Join('|', ClauseReaderTests.Read(reply, piece: () => 1).Select(c => c.Text)));
    }
}

using static Kotodama.Tests.Voice.Text.Saying.SignsInWordsTests;

namespace Kotodama.Tests.Voice.Text.Saying;

public sealed class FormulaTests
{
    [Theory]
    [InlineData(@"$\frac{7}{10}$", "7 over 10")]
    [InlineData(@"\frac12 and \(x\), \[y\], $$z$$", "1 over 2 and x, y, z")]
    [InlineData(@"so $n^2$ is", "so n squared is")]
    [InlineData(@"$a_1 + a_{n-1} = b_i^2$", "a sub 1 plus a sub n minus 1 equals b sub i squared")]
    [InlineData(@"$\sqrt{2} \times \sqrt[3]{x} \cdot \sqrt[n]{y}$", "the square root of 2 times the cube root of x times n th root of y")]
    [InlineData(@"$6 \div 2 \pm 1 \leq 4 \geq 2 \neq 0 \approx 1$", "6 divided by 2 plus or minus 1 is less than or equal to 4 is greater than or equal to 2 is not equal to 0 is approximately 1")]
    [InlineData(@"$2\pi r$, $\alpha\beta$, $\Delta x$", "2 pi r, alpha beta, delta x")]
    [InlineData(@"$x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}$", "x equals minus b plus or minus the square root of b squared minus 4ac over 2a")]
    [InlineData(@"$\sum_{i=1}^{n} i^2$", "the sum from i equals 1 to n of i squared")]
    [InlineData(@"$\int_0^\infty e^{-x} dx$", "the integral from 0 to infinity of e to the power of minus x dx")]
    [InlineData(@"$\int^b_a f$, $\lim_{x \to 0} f(x)$", "the integral from a to b of f, the limit as x to 0 of f(x)")]
    [InlineData(@"$E = mc^2$ and $\text{speed} = 5$", "E equals mc squared and speed equals 5")]
    [InlineData(@"$\left( a + b \right)^{10}$", "( a plus b ) to the power of 10")]
    [InlineData(@"$90^\circ$, $f'(x)$, $50\%$", "90 degrees, f prime (x), 50 %")]
    [InlineData(@"$\sin x + \vec{v} + \hat{y} + \binom{n}{k}$", "sine x plus vector v plus y hat plus n choose k")]
    [InlineData(@"$\mathbb{R}$, $\foo{a}{b}$, $\unknown x$", "R, foo a b, unknown x")]
    [InlineData(@"$10^{-5}$ \leq 5, $\mathrm{CO_2}$, $\lfloor x \rfloor$", "10 to the power of minus 5 is less than or equal to 5, CO sub 2, x")]
    [InlineData(@"$x \in A, \forall y$", "x in A, for all y")]
    public void Simple_formulas_are_said(string written, string said) => Assert.Equal(said, Say(written));

    [Theory]
    [InlineData("zh", @"概率是$\frac{7}{10}$。", "概率是10分之7。")]
    [InlineData("zh", @"$\frac{a+b}{2}$和$\sqrt{2}$和$2^{10}$", "2分之a加b和根号2和2的10次方")]
    [InlineData("zh", @"$\sum_{i=1}^{n} i$", "求和从i等于1到n， i")]
    [InlineData("ja", @"$\frac{7}{10}$と$n^2$と$\alpha$", "10分の7とnの2乗とアルファ")]
    [InlineData("ja", @"$a \times b = c$", "a かける b イコール c")]
    [InlineData("de", @"$\frac{7}{10}$ und $n^2 \leq 5$", "7 / 10 und n² ≤ 5")]
    public void Formulas_are_said_in_the_language_of_the_clause(string language, string written, string said) =>
        Assert.Equal(said, Say(written, language));

    [Theory]
    [InlineData("It costs $5 and $10.", "It costs 5 dollars and 10 dollars.")]
    [InlineData("From $5/$10 to US$5, or 10$.", "From 5 dollars / 10 dollars to US 5 dollars, or 10 dollars.")]
    [InlineData("$HOME and $PATH are set", "$HOME and $PATH are set")]
    public void Prices_are_no_formulas(string written, string said) => Assert.Equal(said, Say(written));

    [Theory]
    [InlineData(@"$\frac{7$", "frac 7")]
    [InlineData(@"$a^{b$", "a b")]
    [InlineData(@"$\frac$ $x_$ $^$ $\sqrt$ \(", "frac x sqrt")]
    [InlineData(@"$\begin{matrix} 1 & 2 \\ 3 & 4 \end{matrix}$", "1 2 3 4")]
    public void What_is_broken_loses_no_letter_and_joins_nothing(string written, string said) =>
        Assert.Equal(said, string.Join(' ', Say(written).Split([' ', '$', '\\', '(', '^'], StringSplitOptions.RemoveEmptyEntries)));
}

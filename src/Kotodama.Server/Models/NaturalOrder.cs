namespace Kotodama.Server.Models;

/// <summary>Orders names as users count: <c>texture_2</c> before <c>texture_10</c>.</summary>
internal static class NaturalOrder
{
    public static int Compare(string a, string b)
    {
        var (i, j) = (0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                var first = Number(a, ref i);
                var second = Number(b, ref j);
                var order = first.Length != second.Length ? first.Length - second.Length : first.SequenceCompareTo(second);
                if (order != 0)
                    return order;
            }
            else if (a[i++].CompareTo(b[j++]) is var order && order != 0)
            {
                return order;
            }
        }

        var rest = (a.Length - i) - (b.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(a, b);
    }

    private static ReadOnlySpan<char> Number(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return text.AsSpan(start, at - start).TrimStart('0');
    }
}

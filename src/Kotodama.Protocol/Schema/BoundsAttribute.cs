namespace Kotodama.Protocol.Schema;

/// <summary>
/// The least and the most of a field: of a number, of the characters of a text, or of the entries of a list. It stands in the published
/// schema, and a test proves that the codec draws the same line.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BoundsAttribute : Attribute
{
    /// <summary>Fixed bounds, both allowed.</summary>
    public BoundsAttribute(double least, double most) => (Least, Most) = (least, most);

    /// <summary>The upper bound is one of <see cref="ProtocolLimits"/>, which a hub may change; the schema has the standard one.</summary>
    /// <param name="least">The lower bound, allowed.</param>
    /// <param name="limit">The name of the limit, allowed.</param>
    public BoundsAttribute(double least, string limit)
    {
        Least = least;
        Most = Convert.ToDouble(
            typeof(ProtocolLimits).GetProperty(limit)!.GetValue(ProtocolLimits.Default),
            System.Globalization.CultureInfo.InvariantCulture);
    }

    public double Least { get; }

    /// <summary>The upper bound; infinite when there is none.</summary>
    public double Most { get; }
}

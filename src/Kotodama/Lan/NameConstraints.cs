using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kotodama.Cli.Lan;

/// <summary>
/// What an authority may vouch for (RFC 5280, 4.2.1.10). A phone that trusts the authority trusts it for this alone: who steals its key
/// cannot pass for a site of the internet.
/// </summary>
internal static class NameConstraints
{
    private const string Oid = "2.5.29.30";
    private const int Permitted = 0, DnsName = 2, IpAddress = 7;

    /// <summary>Makes the extension.</summary>
    /// <param name="names">Names, each with all that end with it.</param>
    /// <param name="networks">Networks.</param>
    public static X509Extension Permit(IEnumerable<string> names, IEnumerable<IPNetwork> networks)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, Permitted)))
        {
            foreach (var name in names)
            {
                using (writer.PushSequence())
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, DnsName));
            }

            foreach (var network in networks)
            {
                using (writer.PushSequence())
                    writer.WriteOctetString(AddressAndMask(network), new Asn1Tag(TagClass.ContextSpecific, IpAddress));
            }
        }

        return new X509Extension(Oid, writer.Encode(), critical: true);
    }

    private static byte[] AddressAndMask(IPNetwork network)
    {
        var address = network.BaseAddress.GetAddressBytes();
        var mask = new byte[address.Length];
        for (var bit = 0; bit < network.PrefixLength; bit++)
            mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return [.. address, .. mask];
    }
}

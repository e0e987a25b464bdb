using System.Net.Security;

namespace Kotodama.Cli.Tls;

/// <summary>A certificate that may change while the hub runs: one the hub makes, or one that the user has.</summary>
internal interface ICertificateSource : IDisposable
{
    /// <summary>What a new connection is shown. May be asked from any thread.</summary>
    SslStreamCertificateContext Current { get; }

    /// <summary>Until when browsers take it.</summary>
    DateTimeOffset NotAfter { get; }

    /// <summary>The host names in it, without those that hold a wildcard.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The root that a phone has to know, in DER; null: it knows it.</summary>
    byte[]? Root { get; }
}

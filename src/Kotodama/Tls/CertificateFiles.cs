using System.Net.Security;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Cli.Tls;

/// <summary>
/// The certificate of the user's files. Programs that renew certificates write them anew: the files are read again and again, and what is
/// in them is shown to the connections after that. What cannot be used is told, and the certificate before it stays.
/// </summary>
internal sealed partial class CertificateFiles : ICertificateSource
{
    /// <summary>How often the files are read. They are small, and dates of links and network folders say too little.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly TlsSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _looking = new();
    private volatile Served _served;
    private string? _doubtful;
    private string? _told;

    /// <summary>Reads the files.</summary>
    /// <exception cref="CertificateException">They cannot be used.</exception>
    public CertificateFiles(TlsSettings settings, TimeProvider time, ILogger logger)
    {
        (_settings, _time, _logger) = (settings, time, logger);
        var contents = CertificateFileContents.Read(settings);
        _served = Served.Of(CertificateBundle.Read(contents, time.GetUtcNow()), contents.Mark());
        _timer = time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    public SslStreamCertificateContext Current => _served.Context;

    public DateTimeOffset NotAfter => _served.NotAfter;

    public IReadOnlyList<string> Names => _served.Names;

    public byte[]? Root => null;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_looking)
        {
            var mark = "";
            try
            {
                var contents = CertificateFileContents.Read(_settings);
                mark = contents.Mark();
                if (mark != _served.Mark)
                {
                    _served = Served.Of(CertificateBundle.Read(contents, _time.GetUtcNow()), mark);
                    LogRenewed(_logger, _settings.Cert!, _served.NotAfter);
                }

                (_doubtful, _told) = (null, null);
            }
            catch (CertificateException e)
            {
                // The certificate may have been written and its key not yet: what is still wrong at the next look stays wrong.
                var doubt = mark + e.Message;
                if (doubt == _doubtful && doubt != _told)
                {
                    _told = doubt;
                    LogKept(_logger, e.Message, _served.NotAfter, e.Hint);
                }

                _doubtful = doubt;
            }
        }
    }

    [LoggerMessage(
        670,
        LogLevel.Information,
        "The certificate in {File} has changed: connections get the new one, valid until {Until:yyyy-MM-dd}.")]
    private static partial void LogRenewed(ILogger logger, PlainText file, DateTimeOffset until);

    [LoggerMessage(
        671,
        LogLevel.Warning,
        "The new certificate is not used, because {Problem}. The one before stays, valid until {Until:yyyy-MM-dd}. {Hint}")]
    private static partial void LogKept(ILogger logger, PlainText problem, DateTimeOffset until, PlainText hint);

    private sealed record Served(SslStreamCertificateContext Context, IReadOnlyList<string> Names, DateTimeOffset NotAfter, string Mark)
    {
        public static Served Of(CertificateBundle bundle, string mark) => new(
            SslStreamCertificateContext.Create(bundle.Leaf, bundle.Between, offline: true),
            bundle.Names(),
            CertificateBundle.End(bundle.Leaf),
            mark);
    }
}

using System.Security.Cryptography;
using System.Text;

namespace Kotodama.Cli.Tls;

/// <summary>What stood in the files of <c>--tls-cert</c> at one moment.</summary>
internal sealed record CertificateFileContents(
    string CertPath, byte[] Cert, string? KeyPath, byte[]? Key, string? PasswordPath, string? Password)
{
    /// <summary>Certificates are some kilobytes; more is another file.</summary>
    private const int MostBytes = 1024 * 1024;

    /// <summary>Reads the files.</summary>
    /// <exception cref="CertificateException">One cannot be read; the message names it.</exception>
    public static CertificateFileContents Read(TlsSettings settings)
    {
        var password = settings.PasswordFile is { } file ? FirstLine(ReadFile(file, "--tls-password-file")) : null;
        return new CertificateFileContents(
            settings.Cert!,
            ReadFile(settings.Cert!, "--tls-cert"),
            settings.Key,
            settings.Key is { } key ? ReadFile(key, "--tls-key") : null,
            settings.PasswordFile,
            password);
    }

    /// <summary>Two contents with the same mark are the same.</summary>
    public string Mark()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in new[] { Cert, Key ?? [], Encoding.UTF8.GetBytes(Password ?? "") })
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(part);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static byte[] ReadFile(string path, string option)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MostBytes)
            {
                throw new CertificateException(
                    $"{option}: {path} has {stream.Length} bytes, which is no certificate", "Is it the right file?");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CertificateException($"{option}: there is no file {path}", "Write the path from the folder that the hub starts in.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException(
                $"{option}: {path} cannot be read ({e.Message.TrimEnd('.')})", "Let the user that the hub runs as read it.");
        }
    }

    private static string FirstLine(byte[] bytes) => Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Split('\n')[0].TrimEnd('\r');
}

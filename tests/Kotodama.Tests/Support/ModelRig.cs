using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Kotodama.Server;
using Kotodama.Server.Models;

namespace Kotodama.Tests.Support;

/// <summary>A data folder of its own, and files of models as they are written by hand: nothing in them is Live2D's.</summary>
internal sealed class ModelRig : IDisposable
{
    public ModelRig(ModelLimits? limits = null)
    {
        Data = Directory.CreateTempSubdirectory("kotodama-models-").FullName;
        Limits = limits ?? new ModelLimits();
        Folder = new ModelFolder(Data, Limits);
    }

    public string Data { get; }

    public ModelLimits Limits { get; }

    public ModelFolder Folder { get; }

    /// <summary>A moc's head: the sign, the version, and nothing that could be drawn.</summary>
    public static byte[] Moc(byte version = 3)
    {
        var moc = new byte[128];
        "MOC3"u8.CopyTo(moc);
        moc[4] = version;
        return moc;
    }

    /// <summary>The head of a PNG; no more is read of it.</summary>
    public static byte[] Png(int width = 64, int height = 64)
    {
        var png = new byte[33];
        new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R' }.CopyTo(png, 0);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        return png;
    }

    public const string Motion =
        """{"Version":3,"Meta":{"Duration":1,"Fps":30,"Loop":true,"CurveCount":1,"TotalSegmentCount":1,"TotalPointCount":2},"Curves":[{"Target":"Parameter","Id":"ParamAngleX","Segments":[0,0,0,1,1]}]}""";

    public const string Expression = """{"Type":"Live2D Expression","Parameters":[{"Id":"ParamMouthForm","Value":1,"Blend":"Add"}]}""";

    /// <summary>A small model in good order.</summary>
    public static Dictionary<string, byte[]> Good() => new(StringComparer.Ordinal)
    {
        ["a.model3.json"] = Utf8("""
            {"Version":3,
             "FileReferences":{"Moc":"a.moc3","Textures":["a.1024/texture_00.png"],
              "Expressions":[{"Name":"Smile","File":"exp/Smile.exp3.json"}],
              "Motions":{"Idle":[{"File":"motions/idle.motion3.json","FadeInTime":0.5}],"TapBody":[{"File":"motions/tap.motion3.json","Sound":"tap.wav"}]}},
             "Groups":[{"Target":"Parameter","Name":"EyeBlink","Ids":["ParamEyeLOpen","ParamEyeROpen"]},{"Target":"Parameter","Name":"LipSync","Ids":["ParamMouthOpenY"]}],
             "HitAreas":[{"Id":"HitArea","Name":"Body"}],
             "Layout":{"CenterX":0.5,"Width":2}}
            """),
        ["a.moc3"] = Moc(),
        ["a.1024/texture_00.png"] = Png(),
        ["exp/Smile.exp3.json"] = Utf8(Expression),
        ["motions/idle.motion3.json"] = Utf8(Motion),
        ["motions/tap.motion3.json"] = Utf8(Motion),
        ["tap.wav"] = Utf8("RIFF"),
    };

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Puts files into a model's folder.</summary>
    public string Put(string name, params IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        var folder = Path.Combine(Data, "models", name);
        Write(folder, files);
        return folder;
    }

    public static void Write(string folder, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var (path, bytes) in files)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(full, bytes);
        }
    }

    /// <summary>The report on a model of these files.</summary>
    public static ModelReport Read(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        using var rig = new ModelRig();
        rig.Put("it", files);
        return rig.Folder.Find("it")!;
    }

    /// <summary>The report on the good model with some files changed; null takes one away.</summary>
    public static ModelReport ReadGoodBut(params (string Path, string? Text)[] changes) => Read(GoodBut(changes));

    public static Dictionary<string, byte[]> GoodBut(params (string Path, string? Text)[] changes)
    {
        var files = Good();
        foreach (var (path, text) in changes)
        {
            if (text is null)
                files.Remove(path);
            else
                files[path] = Utf8(text);
        }

        return files;
    }

    /// <summary>A zip file of names and contents, in an encoding of names that need not say itself.</summary>
    public static byte[] Zip(IEnumerable<KeyValuePair<string, byte[]>> files, Encoding? names = null, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true, names))
        {
            foreach (var (path, bytes) in files)
            {
                using var entry = archive.CreateEntry(path, level).Open();
                entry.Write(bytes);
            }
        }

        return zip.ToArray();
    }

    public string Keep(string name, byte[] bytes)
    {
        var path = Path.Combine(Data, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Data, recursive: true);
}

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kotodama.Voice.Engines.Espeak;

/// <summary>The functions of libespeak-ng that are used here. The library belongs to the process and to one thread at a time.</summary>
internal static unsafe partial class EspeakLibrary
{
    public const int SynchronousOutput = 2, PhonemeEvents = 0x0001, PhonemesInIpa = 0x0002, DoNotExit = 0x8000;
    public const int ByCharacter = 1;
    public const uint Utf8 = 1, EndPause = 0x1000;
    public const int RateParameter = 1, PitchParameter = 3;
    public const int Fine = 0;

    private const string Name = "espeak-ng";

    /// <summary>Whole paths where the system would look for a mere name in the working directory, too.</summary>
    private static readonly string[] Files = OperatingSystem.IsWindows()
        ? [
            Path.Combine(AppContext.BaseDirectory, "libespeak-ng.dll"),
            Path.Combine(AppContext.BaseDirectory, "espeak-ng.dll"),
            Path.Combine(ProgramFiles, "eSpeak NG", "libespeak-ng.dll"),
        ]
        : OperatingSystem.IsMacOS()
        ? [
            Path.Combine(AppContext.BaseDirectory, "libespeak-ng.dylib"),
            "/opt/homebrew/lib/libespeak-ng.dylib",
            "/usr/local/lib/libespeak-ng.dylib",
        ]
        : ["libespeak-ng.so.1", "libespeak-ng.so"];

    private static readonly Lazy<nint> Handle = new(Load);

    /// <summary>What happens within the sound.</summary>
    public enum EventKind
    {
        None = 0,
        Word = 1,
        Phoneme = 7,
    }

    /// <summary>Whether the user has installed it.</summary>
    public static bool IsInstalled => Handle.Value != 0;

    private static string ProgramFiles => Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles);

    [LibraryImport(Name, EntryPoint = "espeak_Initialize", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Initialize(int output, int milliseconds, string? dataFolder, int options);

    [LibraryImport(Name, EntryPoint = "espeak_SetSynthCallback")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void SetCallback(delegate* unmanaged[Cdecl]<short*, int, Event*, int> callback);

    [LibraryImport(Name, EntryPoint = "espeak_SetVoiceByName", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int SetVoice(string name);

    [LibraryImport(Name, EntryPoint = "espeak_SetParameter")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int SetParameter(int parameter, int value, int relative);

    [LibraryImport(Name, EntryPoint = "espeak_Synth")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Synthesize(
        byte* text,
        nuint size,
        uint position,
        int positionKind,
        uint endPosition,
        uint flags,
        uint* id,
        nint user);

    [LibraryImport(Name, EntryPoint = "espeak_ListVoices")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial VoiceEntry** ListVoices(VoiceEntry* like);

    private static nint Load()
    {
        nint handle = 0;
        _ = Array.Exists(Files, file => NativeLibrary.TryLoad(file, out handle));
        if (handle != 0)
        {
            NativeLibrary.SetDllImportResolver(
                typeof(EspeakLibrary).Assembly, (string name, Assembly _, DllImportSearchPath? _) => name == Name ? handle : 0);
        }

        return handle;
    }

    /// <summary>An event as the library lays it out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Event
    {
        public EventKind Kind;
        public uint Id;
        public int TextPosition;
        public int Length;
        public int Milliseconds;
        public int Sample;
        public nint User;
        public fixed byte Value[8];
    }

    /// <summary>
    /// A voice as the library lays it out. Languages: a byte of priority and a name ended by 0, again and again, ended by 0.
    /// </summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct VoiceEntry
    {
        public byte* Name;
        public byte* Languages;
        public byte* Identifier;
        public byte Gender;
        public byte Age;
        public byte Variant;
        public byte Unused;
        public int Score;
        public nint Spare;
    }
}

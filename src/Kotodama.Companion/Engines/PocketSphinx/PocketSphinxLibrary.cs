using System.Runtime.InteropServices;

namespace Kotodama.Companion.Engines.PocketSphinx;

/// <summary>The functions of libpocketsphinx that are used here. A decoder belongs to one thread at a time.</summary>
internal sealed unsafe class PocketSphinxLibrary
{
    private const string Sphinx = "libpocketsphinx.so.3", Base = "libsphinxbase.so.3";

    private static readonly Lazy<PocketSphinxLibrary?> Loaded = new(Load);

    private readonly delegate* unmanaged[Cdecl]<nint> _definitions;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int, nint*, int, nint> _parse;
    private readonly delegate* unmanaged[Cdecl]<nint, nint> _initialize;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _free, _freeSettings, _start, _end;
    private readonly delegate* unmanaged[Cdecl]<nint, short*, nuint, int, int, int> _process;
    private readonly delegate* unmanaged[Cdecl]<nint, int*, nint> _hypothesis;

    private PocketSphinxLibrary(nint sphinx, nint sphinxBase)
    {
        _definitions = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(sphinx, "ps_args");
        _parse = (delegate* unmanaged[Cdecl]<nint, nint, int, nint*, int, nint>)NativeLibrary.GetExport(sphinxBase, "cmd_ln_parse_r");
        _freeSettings = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(sphinxBase, "cmd_ln_free_r");
        _initialize = (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(sphinx, "ps_init");
        _free = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(sphinx, "ps_free");
        _start = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(sphinx, "ps_start_utt");
        _process = (delegate* unmanaged[Cdecl]<nint, short*, nuint, int, int, int>)NativeLibrary.GetExport(sphinx, "ps_process_raw");
        _end = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(sphinx, "ps_end_utt");
        _hypothesis = (delegate* unmanaged[Cdecl]<nint, int*, nint>)NativeLibrary.GetExport(sphinx, "ps_get_hyp");
    }

    /// <summary>The library; null where the user has not installed it.</summary>
    public static PocketSphinxLibrary? Instance => Loaded.Value;

    /// <summary>Makes a decoder. 0: the model or the grammar is no good.</summary>
    /// <param name="arguments">Its command line, without the program.</param>
    public nint Create(IEnumerable<string> arguments)
    {
        nint[] texts = [.. arguments.Prepend("kotodama").Select(Marshal.StringToCoTaskMemUTF8)];
        try
        {
            fixed (nint* first = texts)
            {
                var settings = _parse(0, _definitions(), texts.Length, first, 1);
                if (settings == 0)
                    return 0;
                var decoder = _initialize(settings);

                // The decoder keeps a reference of its own.
                _ = _freeSettings(settings);
                return decoder;
            }
        }
        finally
        {
            foreach (var text in texts)
                Marshal.FreeCoTaskMem(text);
        }
    }

    public void Free(nint decoder) => _ = _free(decoder);

    public bool Start(nint decoder) => _start(decoder) >= 0;

    public bool Process(nint decoder, ReadOnlySpan<short> samples)
    {
        fixed (short* first = samples)
            return _process(decoder, first, (nuint)samples.Length, 0, 0) >= 0;
    }

    public bool End(nint decoder) => _end(decoder) >= 0;

    /// <summary>What it believes to have heard so far.</summary>
    public string Hypothesis(nint decoder)
    {
        int score;
        return Marshal.PtrToStringUTF8(_hypothesis(decoder, &score)) ?? "";
    }

    private static PocketSphinxLibrary? Load()
    {
        // Elsewhere it has other names, and the system would look for these in the working directory.
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            return null;
        if (!NativeLibrary.TryLoad(Base, out var sphinxBase) || !NativeLibrary.TryLoad(Sphinx, out var sphinx))
            return null;
        try
        {
            return new PocketSphinxLibrary(sphinx, sphinxBase);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }
}

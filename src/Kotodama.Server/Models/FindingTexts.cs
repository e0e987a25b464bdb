using System.Text;
using static Kotodama.Server.Models.FindingSeverity;

namespace Kotodama.Server.Models;

/// <summary>The sentences of findings in the page's languages. <c>{name}</c> is an argument, <c>{file}</c> the file.</summary>
internal static class FindingTexts
{
    private static readonly Dictionary<string, Sentence> Sentences = new(StringComparer.Ordinal)
    {
        ["no_model"] = new(
            Error,
            "There is no Live2D model in this folder: no .model3.json, no .moc3 and no model.json of Cubism 2.",
            "这个文件夹里没有 Live2D 模型：没有 .model3.json、.moc3，也没有 Cubism 2 的 model.json。",
            "このフォルダーに Live2D モデルがありません（.model3.json も .moc3 も、Cubism 2 の model.json もありません）。"),
        ["editor_file"] = new(
            Error,
            "{file} is a file of the Live2D editor. Open it there and export it for runtime (\"moc3\"), or ask the seller for the export.",
            "{file} 是 Live2D 编辑器的工程文件。请在编辑器里导出运行时文件（moc3），或向卖家索取导出的文件。",
            "{file} は Live2D エディターのファイルです。エディターで組込み用（moc3）に書き出すか、販売者に書き出したものを頼んでください。"),
        ["model_broken"] = new(
            Error,
            "{file} cannot be read at line {line}, column {column}: {problem}.",
            "{file} 第 {line} 行第 {column} 列无法读取：{problem}。",
            "{file} の {line} 行 {column} 列が読めません：{problem}。"),
        ["file_broken"] = new(
            Warning,
            "{file} cannot be read at line {line}, column {column}: {problem}. The model works without it.",
            "{file} 第 {line} 行第 {column} 列无法读取：{problem}。模型会不用它。",
            "{file} の {line} 行 {column} 列が読めません：{problem}。これ無しで動きます。"),
        ["unreadable"] = new(
            Error, "{file} cannot be opened: {problem}", "无法打开 {file}：{problem}", "{file} を開けません：{problem}"),
        ["file_too_large"] = new(
            Error,
            "{file} has {bytes} bytes; at most {limit} are read (setting {setting}).",
            "{file} 有 {bytes} 字节，最多读取 {limit} 字节（设置 {setting}）。",
            "{file} は {bytes} バイトです。読めるのは {limit} バイトまでです（設定 {setting}）。"),
        ["too_many_files"] = new(
            Error,
            "The folder has more than {limit} files (setting {setting}); the rest is not read.",
            "文件夹里的文件超过 {limit} 个（设置 {setting}），其余的不读取。",
            "フォルダーのファイルが {limit} 個を超えています（設定 {setting}）。残りは読まれません。"),
        ["link_ignored"] = new(
            Warning,
            "{file} is a symbolic link and is passed over. Put the file itself there.",
            "{file} 是符号链接，已跳过。请放入文件本身。",
            "{file} はシンボリックリンクなので使われません。ファイルそのものを置いてください。"),
        ["moc_missing"] = new(
            Error,
            "The model itself, {name}, is missing. Without it nothing can be drawn.",
            "缺少模型本体 {name}，没有它什么也画不出来。",
            "モデル本体 {name} がありません。これ無しでは何も描けません。"),
        ["moc_damaged"] = new(
            Error,
            "{file} is no model, or a damaged one. Copy it again from where it came.",
            "{file} 不是模型文件，或已损坏。请重新复制一份。",
            "{file} はモデルではないか、壊れています。元の場所からもう一度コピーしてください。"),
        ["core_too_old"] = new(
            Error,
            "{file} was made for a newer Core: it has version {need}, the Core that is there knows up to {have}. Fetch a newer Core.",
            "{file} 需要更新的 Core：模型版本为 {need}，现有的 Core 只支持到 {have}。请获取新的 Core。",
            "{file} にはもっと新しい Core が必要です：モデルは版 {need}、今の Core は {have} までです。新しい Core を入れてください。"),
        ["cubism2"] = new(
            Hint,
            "This is a model of Cubism 2. It needs Live2D's old live2d.min.js, which you have to bring yourself.",
            "这是 Cubism 2 的模型，需要旧的 live2d.min.js，请自行准备。",
            "Cubism 2 のモデルです。古い live2d.min.js が必要で、ご自身で用意してください。"),
        ["several_models"] = new(
            Hint,
            "There are {count} models in this folder; {file} is used. \"model\" in avatar.json chooses another one.",
            "文件夹里有 {count} 个模型，使用 {file}。可在 avatar.json 的 \"model\" 里选择别的。",
            "モデルが {count} 個あり、{file} を使います。avatar.json の \"model\" で選べます。"),
        ["moc_found"] = new(
            Mended,
            "{name} is named but not there; {file} is taken for it.",
            "找不到指定的 {name}，改用 {file}。",
            "指定の {name} が無いので {file} を使います。"),
        ["definition_missing"] = new(
            Mended,
            "There is no .model3.json; the model was put together from the files that are there.",
            "没有 .model3.json，已用现有文件拼出模型。",
            ".model3.json が無いので、あるファイルから組み立てました。"),
        ["textures_missing"] = new(
            Error,
            "No texture is named and none lies in the folder, so nothing can be drawn.",
            "没有指定贴图，文件夹里也没有，什么也画不出来。",
            "テクスチャの指定が無く、フォルダーにもありません。何も描けません。"),
        ["textures_found"] = new(
            Mended,
            "No texture is named; {count} from the folder are used, by their numbers.",
            "没有指定贴图，按编号使用文件夹里的 {count} 张。",
            "テクスチャの指定が無いので、フォルダーの {count} 枚を番号順に使います。"),
        ["texture_missing"] = new(
            Error, "The texture {name} is missing.", "缺少贴图 {name}。", "テクスチャ {name} がありません。"),
        ["texture_damaged"] = new(
            Error,
            "{file} is no picture that can be read. Copy it again from where it came.",
            "{file} 不是可读取的图片。请重新复制一份。",
            "{file} は読める画像ではありません。元の場所からもう一度コピーしてください。"),
        ["texture_large"] = new(
            Warning,
            "{file} has {width} × {height} points; many devices draw at most {limit}, so it is scaled down there.",
            "{file} 为 {width} × {height} 像素，许多设备最多支持 {limit}，会被缩小。",
            "{file} は {width} × {height} ピクセルです。多くの機器は {limit} までなので縮小されます。"),
        ["textures_heavy"] = new(
            Hint,
            "All textures together take {megabytes} MB of graphics memory; small devices scale them down.",
            "全部贴图占用 {megabytes} MB 显存，小型设备会缩小它们。",
            "テクスチャは合わせて {megabytes} MB の画像メモリーを使います。小さな機器では縮小されます。"),
        ["reference_missing"] = new(
            Warning,
            "{file} names {name}, which is not there.",
            "{file} 提到的 {name} 不存在。",
            "{file} が指す {name} がありません。"),
        ["sound_missing"] = new(
            Warning,
            "The sound {name} of the motion {motion} is missing; it plays silently.",
            "动作 {motion} 的声音 {name} 不存在，播放时没有声音。",
            "モーション {motion} の音声 {name} がありません。無音で再生します。"),
        ["path_mended"] = new(
            Mended,
            "{name} is written differently from the file {found}, which is used.",
            "{name} 与文件 {found} 写法不同，已使用该文件。",
            "{name} はファイル {found} と書き方が違いますが、そのファイルを使います。"),
        ["encoding_mended"] = new(
            Mended,
            "{file} is not written in UTF-8; it was read in its old encoding.",
            "{file} 不是 UTF-8，已按旧编码读取。",
            "{file} は UTF-8 ではないので、古い文字コードで読みました。"),
        ["expressions_found"] = new(
            Mended,
            "{count} expressions are not named in the model's definition and were found in the folder.",
            "模型定义里没有列出的 {count} 个表情，已在文件夹里找到。",
            "モデルの定義に無い表情 {count} 個をフォルダーから見つけました。"),
        ["motions_found"] = new(
            Mended,
            "{count} motions are not named in the model's definition and were found in the folder.",
            "模型定义里没有列出的 {count} 个动作，已在文件夹里找到。",
            "モデルの定義に無いモーション {count} 個をフォルダーから見つけました。"),
        ["part_found"] = new(
            Mended,
            "{file} is not named in the model's definition and is used all the same.",
            "模型定义里没有列出 {file}，仍会使用。",
            "{file} はモデルの定義に無いですが、使います。"),
        ["group_missing"] = new(
            Mended,
            "The model names no parameters for {group}; {ids} are used.",
            "模型没有指定 {group} 的参数，使用 {ids}。",
            "{group} のパラメータ指定が無いので {ids} を使います。"),
        ["motion_counts"] = new(
            Mended,
            "{count} motions say wrong numbers of their curves; the curves themselves are read.",
            "{count} 个动作写错了曲线数量，以曲线本身为准。",
            "{count} 個のモーションは曲線の数が違いますが、曲線そのものを読みます。"),
        ["motion_damaged"] = new(
            Warning,
            "The motion {file} has {count} curves that cannot be read; they stay still.",
            "动作 {file} 有 {count} 条曲线无法读取，不会动。",
            "モーション {file} の曲線 {count} 本が読めません。動きません。"),
        ["blend_unknown"] = new(
            Warning,
            "The expression {file} blends by \"{blend}\", which is not known; it adds instead.",
            "表情 {file} 的混合方式 “{blend}” 未知，改为相加。",
            "表情 {file} の合成方法「{blend}」は不明なので、加算にします。"),
        ["motion_sync"] = new(
            Hint,
            "{file} is for Live2D's MotionSync, which is not used: the lips follow Kotodama's own marks.",
            "{file} 用于 Live2D 的 MotionSync，这里不使用：口型由 Kotodama 控制。",
            "{file} は Live2D の MotionSync 用で、使われません。口は Kotodama が動かします。"),
        ["hotkey_missing"] = new(
            Warning,
            "The hotkey {hotkey} of {file} needs {name}, which is not there.",
            "{file} 的快捷键 {hotkey} 需要 {name}，但不存在。",
            "{file} のホットキー {hotkey} が使う {name} がありません。"),
        ["hotkeys_unsupported"] = new(
            Hint,
            "{count} hotkeys of {file} do what only VTube Studio does, and are left out.",
            "{file} 的 {count} 个快捷键是 VTube Studio 专有功能，已略去。",
            "{file} のホットキー {count} 個は VTube Studio 専用の機能なので省きます。"),
        ["avatar_bad"] = new(
            Error,
            "{file}, line {line}: {field} must be {limit}, got {got}. The whole file is not used.",
            "{file} 第 {line} 行：{field} 应为 {limit}，实际为 {got}。整个文件不会使用。",
            "{file} の {line} 行：{field} は {limit} のはずですが {got} です。ファイル全体を使いません。"),
        ["avatar_unknown"] = new(
            Warning,
            "{field} of {file} names {name}, which the model does not have.",
            "{file} 的 {field} 提到 {name}，模型里没有。",
            "{file} の {field} が指す {name} はモデルにありません。"),
    };

    public static IReadOnlyCollection<string> Codes => Sentences.Keys;

    public static FindingSeverity SeverityOf(string code) => Sentences[code].Severity;

    /// <summary>The sentences in each language, with their places.</summary>
    public static Dictionary<string, string> Templates(string code) => new(StringComparer.Ordinal)
    {
        ["en"] = Sentences[code].English,
        ["zh"] = Sentences[code].Chinese,
        ["ja"] = Sentences[code].Japanese,
    };

    public static Dictionary<string, string> Fill(string code, string? file, IReadOnlyDictionary<string, string> arguments) =>
        Templates(code).ToDictionary(t => t.Key, t => Insert(t.Value, file, arguments), StringComparer.Ordinal);

    /// <summary>Fills each place once: what stands in it is no template again.</summary>
    private static string Insert(string template, string? file, IReadOnlyDictionary<string, string> arguments)
    {
        var text = new StringBuilder();
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] == '{' && template.IndexOf('}', at) is var end and > 0)
            {
                var name = template[(at + 1)..end];
                text.Append(name == "file" ? file : arguments[name]);
                at = end;
            }
            else
            {
                text.Append(template[at]);
            }
        }

        return text.ToString();
    }

    private sealed record Sentence(FindingSeverity Severity, string English, string Chinese, string Japanese);
}

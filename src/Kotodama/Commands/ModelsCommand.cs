using System.CommandLine;
using System.Globalization;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kotodama.Cli.Commands;

/// <summary><c>kotodama models</c>: the Live2D models of the data folder, whether a hub runs or not.</summary>
internal static class ModelsCommand
{
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    public static Command Build()
    {
        var command = new Command("models", "List, check, add and remove Live2D models, and bring Live2D's Core; a hub may run meanwhile.");
        ConfigureList(command);
        command.Subcommands.Add(ConfigureList(new Command("list", "Show the models there are: the default.")));
        command.Subcommands.Add(Show());
        command.Subcommands.Add(Check());
        command.Subcommands.Add(Add());
        command.Subcommands.Add(Remove());
        command.Subcommands.Add(Core());
        return command;
    }

    private static Command ConfigureList(Command command)
    {
        var json = Json();
        command.Options.Add(json);
        SetAction(command, (parsed, models, _) =>
        {
            var reports = models.List();
            if (parsed.GetValue(json))
                ModelsPrinter.Json(reports.Select(ModelRow.Of).ToArray());
            else
                ModelsPrinter.List(models, reports);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command Show()
    {
        var (name, json) = (Name(), Json());
        var command = new Command("show", "Show a model: what it can do and by which names.") { name, json };
        SetAction(command, (parsed, models, _) =>
        {
            var report = models.Find(parsed.GetValue(name)!) ?? throw NoModel();
            if (parsed.GetValue(json))
                ModelsPrinter.Json(report);
            else
                ModelsPrinter.Show(report);
            return Task.FromResult(report.Manifest is null ? ExitCode.Failed : ExitCode.Done);
        });
        return command;
    }

    private static Command Check()
    {
        var what = new Argument<string?>("what")
        {
            Description = "A model, or any folder or zip file, which is not added; without it all models",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var (json, language) = (Json(), Language());
        var command = new Command("check", "Say what is wrong with models, and what to do about it. Changes nothing.")
        {
            what, json, language,
        };
        SetAction(command, async (parsed, models, cancellationToken) =>
        {
            var reports = parsed.GetValue(what) switch
            {
                null => models.List(),
                var name when models.Find(name) is { } report => [report],
                var path when Path.Exists(path) => await models.CheckAsync(path, cancellationToken),
                _ => throw NoModel(),
            };
            if (parsed.GetValue(json))
                ModelsPrinter.Json(reports.ToArray());
            else
                ModelsPrinter.Findings(reports, parsed.GetValue(language)!);
            return reports.All(r => r.IsGood) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Command Add()
    {
        var paths = new Argument<string[]>("path")
        {
            Description = "Folders, zip files, or the files of one model; they stay as they are",
            Arity = ArgumentArity.OneOrMore,
        };
        var name = new Option<string?>("--name") { Description = "The model's name [default: as it calls itself]", HelpName = "NAME" };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !AvatarName.IsValid(given))
                result.AddError($"--name {AvatarName.Rule}, got {(given.Length == 0 ? "nothing" : given)}");
        });
        var (json, language) = (Json(), Language());
        var command = new Command("add", "Add models, or a Core, from folders, zip files and files.") { paths, name, json, language };
        SetAction(command, async (parsed, models, cancellationToken) =>
        {
            AddedModels added;
            using (var progress = ModelsPrinter.Progress(parsed.GetValue(json)))
                added = await models.AddAsync(parsed.GetValue(paths)!, parsed.GetValue(name), progress, cancellationToken);
            if (parsed.GetValue(json))
                ModelsPrinter.Json(added);
            else
                ModelsPrinter.Added(added, parsed.GetValue(language)!);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove()
    {
        var name = Name();
        var command = new Command("remove", "Delete a model's folder for good.") { name };
        SetAction(command, (parsed, models, _) =>
        {
            var report = models.Find(parsed.GetValue(name)!);
            if (report is null || !models.Remove(report.Name))
                throw NoModel();
            Terminal.Line($"Deleted {Terminal.Plain(report.Name)} ({report.Files} files).");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command Core()
    {
        var path = new Argument<string?>("path")
        {
            Description = $"{ModelCores.Cubism} of the Cubism SDK for Web, or {ModelCores.Cubism2}",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var accept = new Option<bool>("--accept-licence", "--accept-license")
        {
            Description = $"Fetch the newest Core from Live2D, as one who has accepted {ModelCores.Licence}",
        };
        var json = Json();
        var command = new Command("core", "Show which Core of Live2D is there, bring one, or fetch it.") { path, accept, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(path) is not null && result.GetValue(accept))
                result.AddError("give either a file or --accept-licence");
        });
        SetAction(command, async (parsed, models, cancellationToken) =>
        {
            if (parsed.GetValue(path) is { } file)
                models.Cores.Put(Script(file, models.Limits));
            else if (parsed.GetValue(accept))
                await models.Cores.FetchAsync(cancellationToken);
            if (parsed.GetValue(json))
                ModelsPrinter.Json(new CoresRow(models.Cores.Core, models.Cores.Core2));
            else
                ModelsPrinter.Cores(models);
            return ExitCode.Done;
        });
        return command;
    }

    private static byte[] Script(string file, ModelLimits limits)
    {
        if (!File.Exists(file))
            throw new ModelException(ErrorCode.NotFound, $"{file} is not there", $"Name {ModelCores.Cubism} of the Cubism SDK for Web.");
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        // One byte more than may be is enough to be refused, with the limit named.
        var bytes = new byte[Math.Min(stream.Length, limits.CoreBytes + 1L)];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void SetAction(Command command, Func<ParseResult, ModelFolder, CancellationToken, Task<int>> action)
    {
        var (data, config) = (SharedOptions.Data(), SharedOptions.Config());
        command.Options.Add(data);
        command.Options.Add(config);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Console.OutputEncoding = Encoding.UTF8;
            var folder = SharedOptions.DataFolder(parsed.GetValue(data));
            var configuration = SharedOptions.Settings([], parsed.GetValue(config), folder).Configuration;
            try
            {
                var options = new KotodamaServerOptions();
                configuration.BindKotodama(KotodamaServerOptions.Section, options);
                return await action(parsed, new ModelFolder(folder, options.Models), cancellationToken);
            }
            catch (OptionsValidationException e)
            {
                return SettingNames.Refuse(e, configuration);
            }
            catch (ModelException e)
            {
                Terminal.Error(Terminal.Bad(Terminal.Plain(Terminal.Sentences(e.Message, e.Hint))));
                return e.Code is ErrorCode.StorageFailed or ErrorCode.StorageFull ? ExitCode.Usage : ExitCode.Failed;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Terminal.Error(Terminal.Bad(Terminal.Plain(Terminal.Sentences(e.Message, "--data names another data folder"))));
                return ExitCode.Usage;
            }
        });
    }

    private static ModelException NoModel() =>
        new(ErrorCode.NotFound, "there is no model of this name", "kotodama models shows which there are");

    private static Argument<string> Name() => new("name") { Description = "The model, as the list shows it" };

    private static Option<bool> Json() => new("--json") { Description = "Print it as JSON" };

    private static Option<string> Language()
    {
        var language = new Option<string>("--lang")
        {
            Description = "The language of what is found: en, zh or ja",
            HelpName = "LANGUAGE",
            DefaultValueFactory = _ => UsersLanguage(),
        };
        language.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !ModelsPrinter.Languages.Contains(given, StringComparer.Ordinal))
                result.AddError($"--lang must be en, zh or ja, got {given}");
        });
        return language;
    }

    /// <summary>The user's locale, as Unix says it; the program itself runs without any.</summary>
    private static string UsersLanguage()
    {
        var locale = LocaleVariables
            .Select(Environment.GetEnvironmentVariable)
            .FirstOrDefault(variable => variable is { Length: > 1 });
        var language = locale?[..2].ToLower(CultureInfo.InvariantCulture);
        return ModelsPrinter.Languages.Contains(language, StringComparer.Ordinal) ? language! : "en";
    }
}

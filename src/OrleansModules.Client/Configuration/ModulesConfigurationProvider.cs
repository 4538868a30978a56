using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace OrleansModules.Client.Configuration;

/// <summary>Shows the modules of one scope as configuration: <c>Modules:{name}:IsAvailable</c>, <c>:FeatureFlags:{flag}</c> and <c>:Config:...</c>; reloads with every change.</summary>
internal sealed class ModulesConfigurationProvider : ConfigurationProvider, IDisposable
{
    private readonly ModulesConfigurationSource _source;
    private readonly ModulesClient _client;
    private readonly IDisposable _watching;
    private readonly Lock _showing = new();
    private ModuleSnapshot? _shown;
    private bool _isLoaded;

    public ModulesConfigurationProvider(ModulesConfigurationSource source)
    {
        _source = source;
        _client = source.Client ?? new ModulesClient(source.Service, source.Loggers);
        try
        {
            _watching = _client.OnChange(source.Scope, _ => Show());
        }
        catch
        {
            EndClient();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Nothing is known, and that is not allowed. At the first time the provider has ended then: nobody else would.</exception>
    public override void Load()
    {
        // On a thread of the pool: hosts load configuration before they have anything asynchronous, some with a synchronization context.
        var snapshot = Task.Run(() => _client.GetAsync(_source.Scope, _source.LoadPatience).AsTask()).GetAwaiter().GetResult();
        if (snapshot is null && !_source.IsOptional)
        {
            var status = _client.Status(_source.Scope);
            if (!_isLoaded)
            {
                Dispose();
            }

            throw new InvalidOperationException($"No configuration of {_source.Scope}: {status.State}, {status.Problem}. {status.Detail}");
        }

        _isLoaded = true;
        Show();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watching.Dispose();
        EndClient();
    }

    private void EndClient()
    {
        if (_source.Client is null)
        {
            _client.Dispose();
        }
    }

    // Loading and a change may come together: each shows what the client knows then, so that nothing older replaces it.
    private void Show()
    {
        lock (_showing)
        {
            var snapshot = _client.Find(_source.Scope);
            if (ReferenceEquals(snapshot, _shown))
            {
                return;
            }

            var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            foreach (var module in snapshot?.Modules ?? [])
            {
                if (_source.Modules.Count == 0 || _source.Modules.Contains(module.Name, StringComparer.Ordinal))
                {
                    Add(data, module);
                }
            }

            (_shown, Data) = (snapshot, data);
        }

        OnReload();
    }

    private void Add(Dictionary<string, string?> data, EffectiveModule module)
    {
        var prefix = ConfigurationPath.Combine(_source.Prefix, module.Name);
        data[$"{prefix}:IsAvailable"] = module.IsAvailable ? "true" : "false";
        foreach (var (flag, isOn) in module.FeatureFlags)
        {
            data[$"{prefix}:FeatureFlags:{flag}"] = isOn ? "true" : "false";
        }

        Add(data, $"{prefix}:Config", module.Config.Json);
    }

    private static void Add(Dictionary<string, string?> data, string path, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    Add(data, $"{path}:{member.Name}", member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in json.EnumerateArray().Index())
                {
                    Add(data, $"{path}:{index}", item);
                }

                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                data[path] = null;
                break;
            case JsonValueKind.String:
                data[path] = json.GetString();
                break;
            default:
                data[path] = json.GetRawText(); // numbers and true, false, as other providers write them
                break;
        }
    }
}

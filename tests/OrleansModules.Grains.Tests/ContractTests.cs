using System.Reflection;
using System.Text;
using OrleansModules.Grains.Contracts;

namespace OrleansModules.Grains.Tests;

/// <summary>What silos of different versions say to each other stays as it was; fields and methods may be added.</summary>
public sealed class ContractTests
{
    [Fact]
    [Invariant("I21")]
    public void Contracts_are_those_that_are_checked_in()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Contracts", "contracts.txt");
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), Describe());
    }

    [Fact]
    public void Every_member_of_a_message_has_a_number_and_every_type_an_alias() => Assert.All(Messages(), type =>
    {
        Assert.NotNull(type.GetCustomAttribute<AliasAttribute>());
        Assert.All(type.GetProperties().Where(p => p.CanWrite), p => Assert.NotNull(p.GetCustomAttribute<IdAttribute>()));
        Assert.True(type.IsEnum || type.GetCustomAttribute<ImmutableAttribute>() is not null, $"{type.Name} is immutable and should say so");
    });

    private static IEnumerable<Type> Messages() => typeof(IScopeGrain).Assembly.GetTypes()
        .Where(t => t.Namespace == typeof(IScopeGrain).Namespace && t.GetCustomAttribute<GenerateSerializerAttribute>() is not null)
        .OrderBy(t => t.Name, StringComparer.Ordinal);

    private static string Describe()
    {
        var text = new StringBuilder();
        foreach (var type in typeof(IScopeGrain).Assembly.GetTypes().Where(t => t.IsInterface && t.Namespace == typeof(IScopeGrain).Namespace).OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            text.Append("interface ").Append(AliasOf(type)).Append('\n');
            foreach (var method in type.GetMethods().OrderBy(m => m.Name, StringComparer.Ordinal))
            {
                text.Append("  ").Append(AliasOf(method)).Append('(').AppendJoin(", ", method.GetParameters().Select(p => NameOf(p.ParameterType))).Append("): ").Append(NameOf(method.ReturnType)).Append('\n');
            }
        }

        foreach (var type in Messages())
        {
            text.Append(type.IsEnum ? "enum " : "message ").Append(AliasOf(type)).Append('\n');
            var lines = type.IsEnum
                ? Enum.GetValues(type).Cast<object>().Select(v => $"  {Convert.ToInt32(v)} {v}")
                : type.GetProperties().Where(p => p.GetCustomAttribute<IdAttribute>() is not null).OrderBy(p => p.GetCustomAttribute<IdAttribute>()!.Id)
                    .Select(p => $"  {p.GetCustomAttribute<IdAttribute>()!.Id} {p.Name}: {NameOf(p.PropertyType)}");
            foreach (var line in lines)
            {
                text.Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()!.Alias;

    private static string NameOf(Type type) => type switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } inner => NameOf(inner) + "?",
        { IsArray: true } => NameOf(type.GetElementType()!) + "[]",
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>",
        _ => type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.Name,
    };
}

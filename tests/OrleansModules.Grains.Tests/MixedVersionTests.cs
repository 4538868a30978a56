using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;
using OrleansModules.Engines.Conformance;
using OrleansModules.Grains.Contracts;
using OrleansModules.Grains.Tests.Contracts;
using OrleansModules.Grains.Wire;

namespace OrleansModules.Grains.Tests;

/// <summary>Silos of this and of another version of the program push to each other.</summary>
public sealed class MixedVersionTests
{
    private const int Histories = 300;
    private const int Changes = 25;

    private static readonly Serializer Serializer = new ServiceCollection()
        .AddSerializer(b => b.AddAssembly(typeof(PushMessage).Assembly).AddAssembly(typeof(LaterPush).Assembly))
        .BuildServiceProvider().GetRequiredService<Serializer>();

    private static readonly ScopeId[] Scopes = [ScopeId.Org("acme"), ScopeId.Workspace("one"), ScopeId.Workspace("two")];

    [Fact]
    [Invariant("I21")]
    public void Messages_of_the_first_version_are_read()
    {
        // Written by the first version; lines are added with new messages, and none is changed.
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Contracts", "messages.v1.txt")).Select(l => l.Split(' ')).ToDictionary(l => l[0], l => Convert.FromBase64String(l[1]));
        Assert.Equal(Samples().Select(s => s.Name), lines.Keys);
        Assert.All(Samples(), sample => Assert.Equal(JsonSerializer.Serialize(sample.Message, sample.Message.GetType()), sample.Read(lines[sample.Name])));
    }

    [Fact]
    [Invariant("I21")]
    public Task Pushes_of_a_later_version_leave_out_nothing_in_the_end_and_never_go_back() => RunAsync(
        push => Serializer.Deserialize<PushMessage>(Serializer.SerializeToArray(new LaterPush(
            push.Origin, push.Number, push.Epoch, push.Head, [.. push.Deltas.Select(d => Later(d, push.Number))], ["hint"], push.Deltas.Length > 0 ? Later(push.Deltas[0], 0) : null)))!);

    [Fact]
    [Invariant("I21")]
    public Task Pushes_of_this_version_are_read_by_a_later_one() => RunAsync(push =>
    {
        var later = Serializer.Deserialize<LaterPush>(Serializer.SerializeToArray(push))!;
        Assert.Equal((null, null), (later.Hints, later.Example));
        return new PushMessage(later.Origin, later.Number, later.Epoch, later.Head, [.. later.Deltas.Select(d => new DeltaMessage(d.Scope, d.From, d.To, d.Changes, d.Layer, d.Positions))]);
    });

    /// <summary>Seeded histories: one node changes and pushes, the other takes in what comes, of which some is lost, doubled and out of order.</summary>
    private static async Task RunAsync(Func<PushMessage, PushMessage> carry)
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var random = new Random(seed);
            await using var store = new MemoryScopeStore();
            var tree = new ModuleTree();
            var replica = new Replica(tree, new WatchHub());
            using var follower = new FeedFollower(store, replica, TimeProvider.System, new FollowOptions());
            await follower.LoadAsync(default);
            var outbox = new Outbox("other", new OutboxOptions { MaxChanges = 3 });
            var batches = new List<PushBatch>();
            var seen = new Dictionary<ScopeId, long>();
            for (var i = 0; i < Changes; i++)
            {
                var scope = Scopes[random.Next(Scopes.Length)];
                var layer = (await store.LoadAsync([scope], default)).Select(s => s.Layer).FirstOrDefault();
                var change = Change(scope, (layer?.Revision ?? 0) + 1, i);
                var after = LayerFold.Apply(layer, change);
                outbox.Add(0, Assert.IsType<AppendResult.Committed>(await store.AppendAsync(change, after, default)).Record, after);
                if (random.Next(3) > 0 && outbox.TakeNext() is { } batch)
                {
                    batches.Add(batch);
                    outbox.Ended(delivered: random.Next(4) > 0); // lost, or only its answer was
                }

                if (random.Next(2) == 0 && batches.Count > 0)
                {
                    replica.Receive(PushWire.FromMessage(carry(PushWire.ToMessage(batches[random.Next(batches.Count)]))));
                    Check(tree, seen);
                }
            }

            await follower.CatchUpAsync(default);
            Assert.Equal((Changes, false), (replica.Position, replica.IsBehind));
            foreach (var (scope, layer) in await store.LoadAsync(Scopes, default))
            {
                Assert.Equal((layer.Revision, ((ScopeLayer)layer).Properties), (tree.FindLayer(scope)!.Revision, ((ScopeLayer)tree.FindLayer(scope)!).Properties));
            }
        }
    }

    private static void Check(ModuleTree tree, Dictionary<ScopeId, long> seen)
    {
        foreach (var scope in Scopes)
        {
            if (tree.FindLayer(scope) is ScopeLayer layer)
            {
                Assert.True(layer.Revision >= seen.GetValueOrDefault(scope), $"{scope} went from {seen.GetValueOrDefault(scope)} to {layer.Revision}");
                Assert.Equal($"{scope} {layer.Revision}", layer.Name);
                seen[scope] = layer.Revision;
            }
        }
    }

    private static LaterDelta Later(DeltaMessage delta, long number) =>
        new(delta.Scope, delta.From, delta.To, [.. delta.Changes.Select(c => Later(c, number))], delta.Layer is { } layer ? Later(layer, 0) : null, delta.Positions, 7);

    /// <summary>JSON with a member that this version does not know, and in every third batch a kind of change that it does not know.</summary>
    private static byte[] Later(byte[] json, long number)
    {
        var text = Encoding.UTF8.GetString(json);
        text = $$"""{"later":{"a":[1]},{{text[1..]}}""";
        return Encoding.UTF8.GetBytes(number % 3 == 2 ? text.Replace("\"scope-updated\"", "\"scope-promoted\"", StringComparison.Ordinal) : text);
    }

    private static ChangeRecord Change(ScopeId scope, long revision, int number) => new()
    {
        Scope = scope,
        Revision = revision,
        Kind = revision == 1 ? ChangeKind.ScopeCreated : ChangeKind.ScopeUpdated,
        Version = new MapVersion(scope.Kind, 0, 1, scope.Kind == ScopeKind.Org ? 0 : revision),
        At = DateTime.UnixEpoch,
        Actor = "tester",
        OperationId = $"operation-{number}",
        Properties = new($"{scope} {revision}", scope.Kind == ScopeKind.Org ? null : "acme", IsDeleted: false, null),
    };

    private static IEnumerable<(string Name, object Message, Func<byte[], string> Read)> Samples()
    {
        byte[] json = [.. "{}"u8];
        var at = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        var command = new CommandMessage { Word = "put-scope", Name = "acme", Text = "Acme", Json = json, Number = 5, Flag = true, CreatedAt = at, ExpiresAt = at.AddDays(1), OldUntil = at.AddDays(2) };
        yield return Sample(new PushMessage("S1", 2, 3, 4, [new DeltaMessage("org/acme", 1, 2, [json], null, [4]), new DeltaMessage("workspace/one", 0, 9, [], json, [2, 3])]));
        yield return Sample(new AckMessage(1, 2, 3));
        yield return Sample(new StatusMessage(1, 2, 3.5, 4, "0.1.0"));
        yield return Sample(new StateMessage("s1.o2", 2));
        yield return Sample(new ChangeMessage { Scope = "org/acme", Command = command, Actor = "otto", Reason = "why", IfRevision = 1, IfEpoch = 2, Force = true, OperationId = "op", Fingerprint = "f", Seen = "s1" });
        yield return Sample(new AnswerMessage { Kind = AnswerKind.Refused, Record = json, IsReplay = true, Version = "s1", Faults = [new FaultMessage("code", "pointer", "message", "kb", "org/acme")], Failure = "Unavailable", Problem = "away", OutcomeUnknown = true });
    }

    private static (string Name, object Message, Func<byte[], string> Read) Sample<T>(T message)
        where T : notnull => (typeof(T).Name, message, bytes => JsonSerializer.Serialize(Serializer.Deserialize<T>(bytes)));
}

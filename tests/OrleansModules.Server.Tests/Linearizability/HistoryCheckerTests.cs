namespace OrleansModules.Server.Tests.Linearizability;

public sealed class HistoryCheckerTests
{
    private static readonly Sight Start = new("w", 1, null);

    [Fact]
    public void Checker_takes_a_history_one_after_another() =>
        Assert.Empty(Check(Seen(0, 1, 1, null), Wrote(2, 3, 1, "a", 2), Seen(4, 5, 2, "a"), Wrote(6, 7, 2, "b", 3), Seen(8, 9, 3, "b")));

    [Fact]
    public void Checker_takes_reads_beside_a_write_that_see_it_or_not() =>
        Assert.Empty(Check(Wrote(0, 10, 1, "a", 2), Seen(1, 3, 1, null), Seen(4, 6, 2, "a")));

    [Fact]
    public void Checker_takes_one_winner_among_writers_of_one_revision() =>
        Assert.Empty(Check(Wrote(0, 10, 1, "a", null), Wrote(1, 9, 1, "b", 2), Wrote(2, 12, 1, "c", null)));

    [Fact]
    public void Checker_refuses_a_stale_read() => Assert.Single(Check(Wrote(0, 1, 1, "a", 2), Seen(2, 3, 1, null)));

    [Fact]
    public void Checker_refuses_a_read_from_the_future() => Assert.NotEmpty(Check(Seen(0, 1, 2, "a"), Wrote(2, 3, 1, "a", 2)));

    [Fact]
    public void Checker_refuses_reads_that_go_back() => Assert.Single(Check(Wrote(0, 10, 1, "a", 2), Seen(1, 3, 2, "a"), Seen(4, 6, 1, null)));

    [Fact]
    public void Checker_refuses_two_winners_with_one_revision() => Assert.NotEmpty(Check(Wrote(0, 10, 1, "a", 2), Wrote(1, 9, 1, "b", 2)));

    [Fact]
    public void Checker_refuses_two_winners_based_on_one_revision() => Assert.Single(Check(Wrote(0, 10, 1, "a", 2), Wrote(1, 9, 1, "b", 3)));

    [Fact]
    public void Checker_refuses_a_gap_between_revisions() => Assert.Single(Check(Wrote(0, 1, 1, "a", 2), Wrote(2, 3, 3, "b", 4)));

    [Fact]
    public void Checker_refuses_a_refusal_without_a_winner() => Assert.Single(Check(Wrote(0, 1, 1, "a", null)));

    [Fact]
    public void Checker_refuses_a_refusal_before_the_winner_began() => Assert.Single(Check(Wrote(0, 1, 1, "a", null), Wrote(2, 3, 1, "b", 2)));

    [Fact]
    public void Checker_refuses_a_value_of_another_revision() => Assert.Single(Check(Wrote(0, 1, 1, "a", 2), Wrote(2, 3, 2, "b", 3), Seen(4, 5, 3, "a")));

    [Fact]
    public void Checker_refuses_a_value_that_nobody_wrote() => Assert.Single(Check(Seen(0, 1, 1, "x")));

    [Fact]
    public void Checker_refuses_a_value_of_a_refused_write() => Assert.NotEmpty(Check(Wrote(0, 5, 1, "a", null), Wrote(1, 4, 1, "b", 2), Seen(6, 7, 2, "a")));

    [Fact]
    public void Checker_refuses_writes_out_of_order() => Assert.NotEmpty(Check(Wrote(0, 1, 2, "b", 3), Wrote(2, 3, 1, "a", 2)));

    [Fact]
    public void Checker_looks_at_every_scope_of_a_read() =>
        Assert.Single(HistoryChecker.Check(
            [new Write(0, 1, "o", 4, "a", 5), new Read(2, 3, new Sight("w", 1, null), new Sight("o", 4, null))], Start, new Sight("o", 4, null)));

    private static List<string> Check(params Operation[] history) => HistoryChecker.Check(history, Start);

    private static Write Wrote(long invoked, long returned, long ifRevision, string value, long? revision) => new(invoked, returned, "w", ifRevision, value, revision);

    private static Read Seen(long invoked, long returned, long revision, string? value) => new(invoked, returned, new Sight("w", revision, value));
}

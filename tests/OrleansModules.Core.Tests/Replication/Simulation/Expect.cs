using System.Runtime.CompilerServices;

namespace OrleansModules.Core.Tests.Replication.Simulation;

/// <summary>Assertions that make their message only when they fail: a history has thousands of them.</summary>
internal static class Expect
{
    public static void That(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] Message message)
    {
        if (!condition)
        {
            Assert.Fail(message.ToString());
        }
    }

    [InterpolatedStringHandler]
    public ref struct Message
    {
        private readonly bool _isWanted;
        private DefaultInterpolatedStringHandler _text;

        public Message(int literalLength, int formattedCount, bool condition, out bool isWanted)
        {
            _isWanted = isWanted = !condition;
            _text = _isWanted ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _isWanted ? _text.ToStringAndClear() : "";
    }
}
